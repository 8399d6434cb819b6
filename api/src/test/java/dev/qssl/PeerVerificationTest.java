package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.internal.backend.Backends;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CertificateRecipe;
import dev.qssl.spi.x509.Der;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a client makes of stapled responses, and of the promise of one (RFC 7633), by what it asked for. */
class PeerVerificationTest {

    private static final byte[] NONE = {};
    private static final byte[] RESPONSE = {0x30, 3, 0x0A, 1, 3};

    private final FakeBackend backend =
            FakeBackend.withSockets("peer-verification-test", PeerVerificationTest::canStaple);
    private final QSslCertificate server = QSslCertificate.fromData(
                    new CertificateRecipe()
                            .selfSigned()
                            .extension("2.5.29.17", Der.sequence(dnsName("localhost")))
                            .extension("1.3.6.1.5.5.7.1.24", Der.sequence(Der.integer(5)))
                            .der(),
                    QSsl.EncodingFormat.DER)
            .get(0);

    @BeforeEach
    void register() {
        Backends.shared().register(backend);
    }

    @AfterEach
    void remove() {
        Backends.shared().remove(backend);
    }

    @Test
    void promisedStaple_bindsTheServerOfAClientThatAsks() throws TlsException {
        assertThat(verify(true, List.of())).containsExactly(new QSslError(SslError.OCSP_NO_RESPONSE_FOUND, server));
    }

    @Test
    void promisedStaple_doesNotBindTheServerOfAClientThatDoesNotAsk() throws TlsException {
        assertThat(verify(false, List.of())).isEmpty();
    }

    @Test
    void responseForTheIssuerAlone_isNoneForTheServer() throws TlsException {
        assertThat(verify(true, List.of(NONE, RESPONSE)))
                .containsExactly(new QSslError(SslError.OCSP_NO_RESPONSE_FOUND, server));
        assertThat(verify(true, List.of(RESPONSE))).containsExactly(new QSslError(SslError.OCSP_TRY_LATER, server));
    }

    private List<QSslError> verify(boolean stapling, List<byte[]> staples) throws TlsException {
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(backend.name());
        configuration.setCaCertificates(List.of(server));
        configuration.setOcspStaplingEnabled(stapling);
        SharedContext context = configuration.openContext(TlsRole.CLIENT, false);
        Instant now = Instant.parse("2030-01-01T00:00:00Z");
        List<X509Certificate> chain = List.of(server.toX509Certificate());
        return new PeerVerification(context, TlsRole.CLIENT, "localhost")
                .check(new PeerCredentials(chain, staples, false, List.of()), now)
                .errors();
    }

    private static void canStaple(Capabilities.Builder more) {
        more.claim(Capability.OCSP_STAPLING, FakeBackend.VERSIONS);
    }

    private static byte[] dnsName(String name) {
        return Der.element(Der.contextPrimitive(2), name.getBytes(StandardCharsets.US_ASCII));
    }
}
