package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.spi.x509.CertificateRecipe;
import dev.qssl.spi.x509.Der;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QSslCertificateExtensionTest {

    private static final byte[] TRUE = Der.element(Der.BOOLEAN, new byte[] {-1});

    @Test
    void basicConstraints_areAMap() {
        QSslCertificateExtension extension =
                only(new CertificateRecipe().criticalExtension("2.5.29.19", Der.sequence(TRUE, Der.integer(3))));

        assertThat(extension.oid()).isEqualTo("2.5.29.19");
        assertThat(extension.name()).isEqualTo("basicConstraints");
        assertThat(extension.isCritical()).isTrue();
        assertThat(extension.isSupported()).isTrue();
        assertThat(extension.value()).isEqualTo(Map.of("ca", true, "pathLenConstraint", 3));
        assertThat(only(new CertificateRecipe().extension("2.5.29.19", Der.sequence()))
                        .value())
                .isEqualTo(Map.of("ca", false));
    }

    @Test
    void keyIdentifiers_areHexadecimal() {
        byte[] identifier = HexFormat.of().parseHex("00AB01");

        assertThat(only(new CertificateRecipe().extension("2.5.29.14", Der.octetString(identifier)))
                        .value())
                .isEqualTo("00:AB:01");
        assertThat(only(new CertificateRecipe()
                                .extension(
                                        "2.5.29.35",
                                        Der.sequence(
                                                Der.element(Der.contextPrimitive(0), identifier),
                                                Der.explicit(1, address("http://issuer")),
                                                Der.element(Der.contextPrimitive(2), identifier))))
                        .value())
                .isEqualTo(Map.of("keyid", "00ab01", "serial", "00ab01"));
    }

    @Test
    void authorityInfoAccess_isAMapOfAddresses() {
        QSslCertificateExtension extension = only(new CertificateRecipe()
                .extension(
                        "1.3.6.1.5.5.7.1.1",
                        Der.sequence(
                                access("1.3.6.1.5.5.7.48.1", "http://one"),
                                access("1.3.6.1.5.5.7.48.2", "http://issuer"),
                                access("1.3.6.1.5.5.7.48.1", "http://two"))));

        assertThat(extension.name()).isEqualTo("authorityInfoAccess");
        assertThat(extension.value())
                .isEqualTo(Map.of("OCSP", List.of("http://one", "http://two"), "caIssuers", List.of("http://issuer")));
    }

    @Test
    void otherExtensions_areBytes() {
        byte[] usage = Der.element(Der.BIT_STRING, new byte[] {5, (byte) 0xA0});
        QSslCertificateExtension keyUsage = only(new CertificateRecipe().criticalExtension("2.5.29.15", usage));
        QSslCertificateExtension unknown = only(new CertificateRecipe().extension("1.2.3.4", Der.nothing()));

        assertThat(keyUsage.name()).isEqualTo("keyUsage");
        assertThat(keyUsage.isSupported()).isFalse();
        assertThat(keyUsage.value()).isEqualTo(usage);
        assertThat(unknown.name()).isEqualTo("1.2.3.4");
        assertThat(unknown.encodedValue()).isEqualTo(Der.nothing());
        assertThat(unknown.isCritical()).isFalse();
    }

    @Test
    void extensions_keepTheirOrder() {
        QSslCertificate certificate = new QSslCertificate(
                new CertificateRecipe()
                        .extension("2.5.29.14", Der.octetString(new byte[4]))
                        .extension("1.2.3.4", Der.nothing())
                        .extension("2.5.29.19", Der.sequence())
                        .der(),
                EncodingFormat.DER);

        assertThat(certificate.extensions())
                .extracting(QSslCertificateExtension::oid)
                .containsExactly("2.5.29.14", "1.2.3.4", "2.5.29.19");
    }

    @Test
    void emptyExtension_isNothing() {
        QSslCertificateExtension none = new QSslCertificateExtension();

        assertThat(none.oid()).isEmpty();
        assertThat(none.value()).isEqualTo(new byte[0]);
        assertThat(none).isEqualTo(new QSslCertificateExtension()).hasSameHashCodeAs(new QSslCertificateExtension());
    }

    private static QSslCertificateExtension only(CertificateRecipe recipe) {
        List<QSslCertificateExtension> extensions = new QSslCertificate(recipe.der(), EncodingFormat.DER).extensions();
        assertThat(extensions).hasSize(1);
        return extensions.get(0);
    }

    private static byte[] access(String method, String address) {
        return Der.sequence(Der.objectIdentifier(method), address(address));
    }

    private static byte[] address(String text) {
        return Der.element(Der.contextPrimitive(6), text.getBytes(StandardCharsets.US_ASCII));
    }
}
