package dev.qssl.tck.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.VerificationPolicy;
import dev.qssl.tck.fixture.TestAuthority;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@link QSslConfiguration#verify} and {@link QSslCertificate#verify} (B-264, B-265). */
class ConfigurationVerifyTest {

    private static final TestAuthority AUTHORITY = TestAuthority.shared();

    private final QSslConfiguration configuration = new QSslConfiguration();

    ConfigurationVerifyTest() {
        configuration.setCaCertificates(
                List.of(QSslCertificate.of(AUTHORITY.root().certificate())));
    }

    @Test
    void goodChain_hasNoErrors() {
        assertThat(configuration.verify(chain(AUTHORITY.viaIntermediate("localhost"))))
                .isEmpty();
        assertThat(configuration.verify(chain(AUTHORITY.viaIntermediate("localhost")), "localhost"))
                .isEmpty();
    }

    @Test
    void emptyChain_isOneUnspecifiedError() {
        assertThat(configuration.verify(List.of())).containsExactly(new QSslError(SslError.UNSPECIFIED_ERROR));
    }

    @Test
    void nullCertificate_isTheCallersMistake() {
        assertThatThrownBy(() -> configuration.verify(List.of(new QSslCertificate())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyError_isToldWithItsCertificate() {
        Identity expired = AUTHORITY.selfSignedExpired("localhost");
        QSslCertificate certificate = QSslCertificate.of(expired.certificate());

        assertThat(configuration.verify(chain(expired), "other.test"))
                .containsExactly(
                        new QSslError(SslError.SELF_SIGNED_CERTIFICATE, certificate),
                        new QSslError(SslError.CERTIFICATE_EXPIRED, certificate),
                        new QSslError(SslError.HOST_NAME_MISMATCH, certificate));
    }

    @Test
    void issuerThatIsNoAuthority_isBlamedItself() {
        Identity leaf = AUTHORITY.viaFakeIntermediate("localhost");

        assertThat(configuration.verify(chain(leaf)))
                .contains(new QSslError(
                        SslError.INVALID_CA_CERTIFICATE,
                        QSslCertificate.of(leaf.chain().get(1))));
    }

    @Test
    void stolenCertificate_isAlwaysTold() {
        Identity stolen = AUTHORITY
                .certificate("*.EGO.GOV.TR")
                .serialNumber(BigInteger.valueOf(0x0827))
                .identity();

        assertThat(configuration.verify(chain(stolen)))
                .containsExactly(
                        new QSslError(SslError.CERTIFICATE_BLACKLISTED, QSslCertificate.of(stolen.certificate())));
    }

    @Test
    void policyAndDepth_areThoseOfTheConfiguration() {
        Identity old = AUTHORITY
                .serverRecipe("localhost")
                .valid(
                        AUTHORITY.now().minus(Duration.ofDays(300)),
                        AUTHORITY.now().plus(Duration.ofDays(800)))
                .identity();
        assertThat(configuration.verify(chain(old))).isEmpty();
        configuration.setVerificationPolicy(VerificationPolicy.WEB_PKI);
        assertThat(configuration.verify(chain(old)))
                .extracting(QSslError::error)
                .contains(SslError.UNSPECIFIED_ERROR);

        configuration.setVerificationPolicy(VerificationPolicy.RFC_5280);
        configuration.setPeerVerifyDepth(1);
        assertThat(configuration.verify(chain(AUTHORITY.viaIntermediate("localhost"))))
                .extracting(QSslError::error)
                .containsExactly(SslError.PATH_LENGTH_EXCEEDED);
    }

    @Test
    void certificatesOwnVerify_usesTheDefaultConfiguration() {
        QSslConfiguration before = QSslConfiguration.defaultConfiguration();
        List<QSslCertificate> good = chain(AUTHORITY.server("localhost"));
        List<QSslCertificate> old = chain(AUTHORITY
                .serverRecipe("localhost")
                .valid(
                        AUTHORITY.now().minus(Duration.ofDays(300)),
                        AUTHORITY.now().plus(Duration.ofDays(800)))
                .identity());
        assertThat(QSslCertificate.verify(good)).isNotEmpty();
        try {
            QSslConfiguration.setDefaultConfiguration(configuration);

            assertThat(QSslCertificate.verify(good)).isEmpty();
            assertThat(QSslCertificate.verify(old, "localhost")).isEmpty();
            assertThat(QSslCertificate.verify(old, "localhost", VerificationPolicy.WEB_PKI))
                    .isNotEmpty();
        } finally {
            QSslConfiguration.setDefaultConfiguration(before);
        }
    }

    @Test
    void verifying_changesNothing() {
        QSslConfiguration before = new QSslConfiguration(configuration);

        configuration.verify(chain(AUTHORITY.selfSigned("localhost")), "localhost");

        assertThat(configuration).isEqualTo(before);
    }

    @Test
    void machinesAuthorities_areReadAgainOnRequest() {
        QSslConfiguration trusting = new QSslConfiguration();
        List<QSslCertificate> before = QSslConfiguration.systemCaCertificates();

        QSslConfiguration.refreshSystemCaCertificates();

        assertThat(QSslConfiguration.systemCaCertificates()).isEqualTo(before);
        assertThat(trusting.verify(chain(AUTHORITY.server("localhost")))).isNotEmpty();
    }

    private static List<QSslCertificate> chain(Identity identity) {
        return identity.chain().stream().map(QSslCertificate::of).toList();
    }
}
