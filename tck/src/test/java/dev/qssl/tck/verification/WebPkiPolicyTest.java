package dev.qssl.tck.verification;

import static dev.qssl.SslError.INVALID_CA_CERTIFICATE;
import static dev.qssl.SslError.INVALID_PURPOSE;
import static dev.qssl.SslError.UNSPECIFIED_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.VerificationPolicy;
import dev.qssl.tck.fixture.CertificateRecipe.Purpose;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/** What WEB_PKI refuses and RFC_5280 accepts. */
final class WebPkiPolicyTest {

    private final TestAuthority authority = TestAuthority.shared();

    @Test
    void goodServers_areAccepted() {
        assertThat(webPki(authority.server("localhost"))).isEmpty();
        assertThat(webPki(authority.rsaServer("localhost"))).isEmpty();
        assertThat(webPki(authority.viaIntermediate("localhost"))).isEmpty();
    }

    @Test
    void commonNameOnly_isRefused() {
        onlyWebPkiRefuses(
                authority.certificate("localhost").purposes(Purpose.SERVER).identity(), "0 " + UNSPECIFIED_ERROR);
    }

    @Test
    void missingOrGeneralPurpose_isRefused() {
        onlyWebPkiRefuses(authority.certificate("localhost").names("localhost").identity(), "0 " + INVALID_PURPOSE);
        onlyWebPkiRefuses(
                authority
                        .serverRecipe("localhost")
                        .purposes(Purpose.SERVER, Purpose.ANY)
                        .identity(),
                "0 " + INVALID_PURPOSE);
    }

    @Test
    void authorityAsServer_isRefused() {
        onlyWebPkiRefuses(authority.serverRecipe("localhost").authority().identity(), "0 " + INVALID_PURPOSE);
    }

    @Test
    void longValidity_isRefused() {
        onlyWebPkiRefuses(
                authority
                        .serverRecipe("localhost")
                        .valid(
                                authority.now().minus(Duration.ofDays(1)),
                                authority.now().plus(Duration.ofDays(400)))
                        .identity(),
                "0 " + UNSPECIFIED_ERROR);
    }

    @Test
    void unusualKey_isRefused() {
        onlyWebPkiRefuses(
                authority
                        .serverRecipe("localhost")
                        .keys(TestKeys.ed25519("server"))
                        .identity(),
                "0 " + UNSPECIFIED_ERROR);
    }

    @Test
    void missingAuthorityKeyIdentifier_isRefused() {
        Identity server =
                authority.serverRecipe("localhost").withoutKeyIdentifiers().identity();

        onlyWebPkiRefuses(server, "0 " + UNSPECIFIED_ERROR);
    }

    @Test
    void looselyWrittenAuthority_isRefused() {
        // BasicConstraints { cA TRUE }, not critical, and no keyUsage
        Identity loose = authority
                .certificate("loose authority")
                .usage(KeyUsage.keyCertSign)
                .extension("2.5.29.19", HexFormat.of().parseHex("30030101ff"))
                .identity();

        onlyWebPkiRefuses(
                authority.serverRecipe("localhost").issuedBy(loose).identity(), "1 " + INVALID_CA_CERTIFICATE);
    }

    private void onlyWebPkiRefuses(Identity server, String problem) {
        assertThat(problems(server, VerificationPolicy.RFC_5280)).isEmpty();
        assertThat(webPki(server)).containsExactly(problem);
    }

    private List<String> webPki(Identity server) {
        return problems(server, VerificationPolicy.WEB_PKI);
    }

    private List<String> problems(Identity server, VerificationPolicy policy) {
        List<VerificationProblem> problems = ChainVerifier.trusting(authority.trust())
                .withPolicy(policy)
                .verifyServer(server.chain(), Optional.empty(), authority.now())
                .problems();
        return problems.stream()
                .map(problem -> problem.depth() + " " + problem.code())
                .toList();
    }
}
