package dev.qssl.tck.verification;

import static dev.qssl.SslError.CERTIFICATE_BLACKLISTED;
import static dev.qssl.SslError.CERTIFICATE_EXPIRED;
import static dev.qssl.SslError.HOST_NAME_MISMATCH;
import static dev.qssl.SslError.INVALID_PURPOSE;
import static dev.qssl.SslError.PATH_LENGTH_EXCEEDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.HostName;
import dev.qssl.spi.x509.Verification;
import dev.qssl.tck.fixture.CertificateRecipe.Purpose;
import dev.qssl.tck.fixture.TestAuthority;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a verifier remembers of the chains that it accepted, and what it must never take from memory. */
final class RememberedChainTest {

    private static final Optional<HostName> HOST = Optional.of(HostName.of("localhost"));

    private final TestAuthority authority = TestAuthority.shared();
    private final ChainVerifier verifier = ChainVerifier.trusting(authority.trust());
    private final List<X509Certificate> chain =
            authority.viaIntermediate("localhost").chain();
    private final Instant now = authority.now();

    @Test
    void acceptedChain_isAcceptedAgainWithoutCheckingSignatures() {
        Verification first = verifier.verifyServer(chain, HOST, now);
        Verification second = verifier.verifyServer(chain, HOST, now.plusSeconds(1));

        assertThat(first.signatureChecks()).isPositive();
        assertThat(second.signatureChecks()).isZero();
        assertThat(second.isAccepted()).isTrue();
        assertThat(second.path()).isEqualTo(first.path());
        assertThat(second.issuer()).isEqualTo(first.issuer());
    }

    @Test
    void name_isComparedEachTime() {
        verifier.verifyServer(chain, HOST, now);

        Verification other = verifier.verifyServer(chain, Optional.of(HostName.of("other.test")), now);

        assertThat(codes(other)).containsExactly(HOST_NAME_MISMATCH);
        assertThat(verifier.verifyServer(chain, HOST, now).isAccepted()).isTrue();
    }

    @Test
    void expiry_endsTheMemory() {
        Instant end = now.plusSeconds(30);
        List<X509Certificate> brief = authority
                .serverRecipe("localhost")
                .valid(now.minusSeconds(60), end)
                .identity()
                .chain();

        assertThat(verifier.verifyServer(brief, HOST, end).isAccepted()).isTrue();
        assertThat(codes(verifier.verifyServer(brief, HOST, end.plusSeconds(1))))
                .containsExactly(CERTIFICATE_EXPIRED);
    }

    @Test
    void verdict_isForgottenAfterAMinuteAndHoldsForNoEarlierTime() {
        Duration minute = Duration.ofMinutes(1);
        verifier.verifyServer(chain, HOST, now);

        assertThat(checksAt(now.plus(minute))).isZero();
        assertThat(checksAt(now.plus(minute).plusSeconds(1))).isPositive();
        assertThat(checksAt(now)).isPositive();
    }

    @Test
    void rejectedChain_isJudgedEachTime() {
        Instant late = now.plus(Duration.ofDays(20_000));

        Verification first = verifier.verifyServer(chain, HOST, late);
        Verification second = verifier.verifyServer(chain, HOST, late);

        assertThat(codes(first)).contains(CERTIFICATE_EXPIRED).isEqualTo(codes(second));
        assertThat(second.signatureChecks()).isEqualTo(first.signatureChecks());
    }

    @Test
    void acceptedServer_isNoClient() {
        List<X509Certificate> server = authority
                .serverRecipe("localhost")
                .purposes(Purpose.SERVER)
                .identity()
                .chain();
        assertThat(verifier.verifyServer(server, HOST, now).isAccepted()).isTrue();

        assertThat(codes(verifier.verifyClient(server, now))).containsExactly(INVALID_PURPOSE);
    }

    @Test
    void otherRules_rememberNothing() {
        assertThat(verifier.verifyServer(chain, HOST, now).isAccepted()).isTrue();

        assertThat(codes(verifier.withDepth(1).verifyServer(chain, HOST, now))).containsExactly(PATH_LENGTH_EXCEEDED);
        assertThat(ChainVerifier.trusting(CaStore.EMPTY)
                        .verifyServer(chain, HOST, now)
                        .isAccepted())
                .isFalse();
    }

    @Test
    void chainWithAStrangerInIt_isNotRemembered() {
        List<X509Certificate> more = new ArrayList<>(chain);
        more.add(authority.server("stranger.test").certificate());

        assertThat(verifier.verifyServer(more, HOST, now).isAccepted()).isTrue();
        assertThat(verifier.verifyServer(more, HOST, now).signatureChecks()).isPositive();
    }

    @Test
    void chainWithALargeCertificate_isNotRemembered() {
        byte[] ballast = new byte[CertificateTable.MAXIMUM_REMEMBERED_BYTES];
        List<X509Certificate> large = authority
                .serverRecipe("localhost")
                .extension("1.3.6.1.4.1.99999.1", ballast)
                .identity()
                .chain();

        assertThat(verifier.verifyServer(large, HOST, now).isAccepted()).isTrue();
        assertThat(verifier.verifyServer(large, HOST, now).signatureChecks()).isPositive();
    }

    @Test
    void moreThanWasAccepted_isJudged() {
        Identity blocked = authority
                .serverRecipe("NIC CA 2011")
                .serialNumber(BigInteger.valueOf(0x2792))
                .identity();
        verifier.verifyServer(chain, HOST, now);
        List<X509Certificate> more = new ArrayList<>(chain);
        more.add(blocked.certificate());

        assertThat(codes(verifier.verifyServer(more, HOST, now))).containsExactly(CERTIFICATE_BLACKLISTED);
    }

    @Test
    void manyChains_areJudgedRightWhateverIsRemembered() {
        List<List<X509Certificate>> good = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            good.add(authority.server("localhost" + i).chain());
        }

        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < good.size(); i++) {
                Optional<HostName> own = Optional.of(HostName.of("localhost" + i));
                assertThat(verifier.verifyServer(good.get(i), own, now).isAccepted())
                        .isTrue();
                assertThat(codes(verifier.verifyServer(good.get(i), HOST, now))).containsExactly(HOST_NAME_MISMATCH);
            }
        }
    }

    private int checksAt(Instant time) {
        Verification verification = verifier.verifyServer(chain, HOST, time);
        assertThat(verification.isAccepted()).isTrue();
        return verification.signatureChecks();
    }

    private static List<SslError> codes(Verification verification) {
        return verification.problems().stream().map(VerificationProblem::code).toList();
    }
}
