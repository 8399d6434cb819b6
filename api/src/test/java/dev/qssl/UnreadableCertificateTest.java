package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.HostName;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A certificate object whose bytes are no certificate proves nothing, even if it is trusted. */
final class UnreadableCertificateTest {

    @Test
    void unreadableCertificate_isOneProblemInsteadOfAnException() {
        X509Certificate unreadable = StubCertificate.named("localhost");

        List<VerificationProblem> problems = ChainVerifier.trusting(CaStore.of(List.of(unreadable)))
                .verifyServer(List.of(unreadable), Optional.of(HostName.of("localhost")), Instant.now())
                .problems();

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).code()).isEqualTo(SslError.UNSPECIFIED_ERROR);
        assertThat(problems.get(0).certificate()).isSameAs(unreadable);
    }
}
