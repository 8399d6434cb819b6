package dev.qssl.spi.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslDiffieHellmanParameters;
import dev.qssl.QSslKey;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** No parser allocates more than 64 MiB for an input of up to 1 MiB, all in all, garbage included. */
class ParserMemoryTest {

    private static final long LIMIT_BYTES = 64L << 20;
    private static final byte[] PASS = {1};
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Takes bytes; may refuse them with the exception that is declared. */
    private interface Parser {
        void parse(byte[] input) throws IOException;
    }

    private static final Map<String, Parser> PARSERS = Map.of(
            "certificate", CertificateTable.shared()::parse,
            "certificates", QSslCertificate::read,
            "PEM certificates", QSslCertificate::fromData,
            "key", input -> QSslKey.read(input, PASS),
            "private key", input -> KeyReader.privateDer(input, PASS),
            "public key", PublicKeyCodec::decode,
            "PKCS #12", input -> QSslCertificate.readPkcs12(input, PASS),
            "OCSP response", OcspResponse::parse,
            "parameters in PEM", QSslDiffieHellmanParameters::fromEncoded,
            "parameters in DER", input -> QSslDiffieHellmanParameters.fromEncoded(input, EncodingFormat.DER));

    @Test
    void garbage_isRefusedByEveryParserWithinTheLimit() {
        HostileInputs.garbage().forEach((input, bytes) -> {
            for (String label : List.of("", "CERTIFICATE", "PRIVATE KEY", "DH PARAMETERS")) {
                byte[] wrapped = label.isEmpty() ? bytes : Pem.encode(label, bytes);
                PARSERS.forEach((name, parser) -> assertWithin(name + " of " + input + ' ' + label, parser, wrapped));
            }
        });
    }

    @Test
    void certificate_isReadVerifiedAndShownWithinTheLimit() {
        HostileCertificates.all().forEach((input, der) -> {
            assertThat(der).as(input).hasSizeLessThanOrEqualTo(CertificateTable.MAXIMUM_CERTIFICATE_BYTES);
            X509Certificate certificate =
                    QSslCertificate.fromData(der, EncodingFormat.DER).get(0).toX509Certificate();
            assertWithin("reading " + input, bytes -> new CertificateTable(4).parse(bytes), der);
            assertWithin("verifying " + input, bytes -> verify(certificate), der);
            assertWithin("showing " + input, bytes -> CertificateText.of(certificate), der);
            assertWithin("names of " + input, bytes -> AlternativeNames.of(certificate), der);
            assertWithin(
                    "extensions of " + input,
                    bytes -> QSslCertificate.of(certificate).extensions(),
                    der);
        });
    }

    @Test
    void fileOfSmallCertificates_isReadWithinTheLimit() {
        assertWithin("many certificates", QSslCertificate::read, HostileCertificates.file(1 << 20));
    }

    @Test
    void encryptedKey_isTriedWithinTheLimit() {
        HostileInputs.encryptedKeys()
                .forEach((input, der) -> assertWithin(input, bytes -> QSslKey.read(bytes, PASS), der));
    }

    @Test
    void pkcs12File_isReadOrRefusedWithinTheLimit() {
        HostileInputs.pkcs12Files()
                .forEach((input, der) -> assertWithin(input, bytes -> QSslCertificate.readPkcs12(bytes, PASS), der));
    }

    @Test
    void ocspResponse_isReadWithinTheLimit() {
        HostileInputs.ocspResponses().forEach((input, der) -> assertWithin(input, OcspResponse::parse, der));
    }

    private static void verify(X509Certificate certificate) {
        ChainVerifier.trusting(CaStore.EMPTY)
                .verifyServer(List.of(certificate), Optional.of(HostName.of("a.example")), Instant.now());
    }

    private static void assertWithin(String what, Parser parser, byte[] input) {
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        try {
            parser.parse(input);
        } catch (IOException refused) {
            assertThat(refused).as(what).hasMessageNotContaining("null");
        }
        long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
        assertThat(allocated).as(what).isLessThanOrEqualTo(LIMIT_BYTES);
    }
}
