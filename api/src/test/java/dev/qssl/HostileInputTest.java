package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.KeyType;
import dev.qssl.spi.x509.CertificateRecipe;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.HostileCertificates;
import dev.qssl.spi.x509.HostileInputs;
import dev.qssl.spi.x509.Pem;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mebibyte of anything is read or refused, in bounded time and stack, without an undeclared exception. */
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileInputTest {

    private static final int SIZE = 1 << 20;
    private static final byte[] PASS = {1};

    static Stream<byte[]> inputs() {
        return HostileInputs.garbage().values().stream()
                .flatMap(bytes -> Stream.of(bytes, Pem.encode("CERTIFICATE", bytes), Pem.encode("PRIVATE KEY", bytes)));
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void anyBytes_areReadOrRefused(byte[] bytes) {
        for (EncodingFormat format : EncodingFormat.values()) {
            assertThat(QSslCertificate.fromData(bytes, format)).isEmpty();
            assertThat(QSslDiffieHellmanParameters.fromEncoded(bytes, format).isValid())
                    .isFalse();
            for (KeyType type : KeyType.values()) {
                assertThat(new QSslKey(bytes, KeyAlgorithm.RSA, format, type, PASS).isNull())
                        .isTrue();
            }
        }
        assertThat(refuses(() -> QSslCertificate.read(bytes))).isTrue();
        assertThat(refuses(() -> QSslKey.read(bytes, PASS))).isTrue();
        assertThat(refuses(() -> QSslCertificate.readPkcs12(bytes, PASS))).isTrue();
    }

    @Test
    void certificateOfAnyHugePart_isReadAndShownInTime() {
        HostileCertificates.all().values().forEach(HostileInputTest::use);
    }

    @Test
    void certificateThatIsTooLarge_isRefused() {
        byte[] der =
                new CertificateRecipe().extension("1.2.3.4", new byte[SIZE / 2]).der();

        assertThatThrownBy(() -> QSslCertificate.read(der))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 262144");
    }

    /** Verifying with such a key would take minutes. */
    @Test
    void certificateWithAHugeKey_isRefused() {
        byte[] prime = new byte[SIZE / 8];
        Arrays.fill(prime, (byte) 0x55);
        byte[] key = Der.sequence(
                Der.sequence(
                        Der.objectIdentifier("1.2.840.10040.4.1"),
                        Der.sequence(Der.element(Der.INTEGER, prime), Der.integer(7), Der.integer(2))),
                Der.bitString(Der.integer(4)));

        assertThat(QSslCertificate.fromData(
                        new CertificateRecipe().key(key).selfSigned().der(), EncodingFormat.DER))
                .isEmpty();
    }

    private static void use(byte[] der) {
        assertThat(QSslCertificate.fromData(der, EncodingFormat.DER)).hasSize(1);
        for (QSslCertificate certificate : QSslCertificate.fromData(der, EncodingFormat.DER)) {
            assertThat(certificate.toPem()).isNotEmpty();
            assertThat(certificate.subjectInfoAttributes()).isNotNull();
            assertThat(certificate.subjectAlternativeNames()).isNotNull();
            assertThat(certificate.extensions()).isNotNull();
            assertThat(certificate.serialNumber()).isNotEmpty();
            assertThat(certificate.isSelfSigned()).isIn(true, false);
            assertThat(certificate.toString()).isNotEmpty();
            assertThat(certificate.toText()).isNotEmpty();
            assertThat(certificate.isBlacklisted()).isFalse();
        }
    }

    private interface Reading {
        Object read() throws IOException;
    }

    private static boolean refuses(Reading reading) {
        try {
            reading.read();
            return false;
        } catch (IOException refused) {
            return refused.getMessage() != null;
        }
    }
}
