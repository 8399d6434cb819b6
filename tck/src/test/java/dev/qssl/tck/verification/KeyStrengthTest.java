package dev.qssl.tck.verification;

import static dev.qssl.SslError.CERTIFICATE_SIGNATURE_FAILED;
import static dev.qssl.SslError.OCSP_RESPONSE_CANNOT_BE_TRUSTED;
import static dev.qssl.SslError.UNSPECIFIED_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.KeyStrength;
import dev.qssl.spi.x509.OcspVerdict;
import dev.qssl.spi.x509.OcspVerifier;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which keys and signatures will do: by default, and when an application asks for more or less. */
class KeyStrengthTest {

    private static final KeyStrength DEFAULT = KeyStrength.DEFAULT;

    private final TestAuthority authority = TestAuthority.shared();

    @Test
    void usualKeys_areStrongEnoughByDefault() {
        assertThat(codes(DEFAULT, server(TestKeys.rsa("server of 2048"), ""))).isEmpty();
        assertThat(codes(DEFAULT, server(TestKeys.ec("secp384r1", "server on P-384"), "")))
                .isEmpty();
        assertThat(codes(DEFAULT, server(TestKeys.ed25519("server on Ed25519"), "")))
                .isEmpty();
        assertThat(codes(DEFAULT, server(TestKeys.rsa(1024, "weak"), ""))).containsExactly(UNSPECIFIED_ERROR);
    }

    @Test
    void rsaKey_needsTheBitsThatAreAskedFor() {
        Identity server = server(TestKeys.rsa("server of 2048"), "");
        Identity old = server(TestKeys.rsa(1024, "weak"), "");

        assertThat(codes(DEFAULT.withMinimumRsaBits(3072), server)).containsExactly(UNSPECIFIED_ERROR);
        assertThat(codes(DEFAULT.withMinimumRsaBits(1024), old)).isEmpty();
    }

    @Test
    void keyOfTheTrustedCertificate_isMeasuredToo() {
        Identity root = authority
                .certificate("root of 2048")
                .keys(TestKeys.rsa("root of 2048"))
                .authority()
                .selfSigned()
                .identity();
        Identity server = authority.serverRecipe("localhost").issuedBy(root).identity();

        List<VerificationProblem> problems = verifier(root.certificate())
                .withStrength(DEFAULT.withMinimumRsaBits(3072))
                .verifyServer(server.chain(), Optional.empty(), authority.now())
                .problems();

        assertThat(problems).extracting(VerificationProblem::depth).containsExactly(1);
        assertThat(problems.get(0).detail()).contains("3072");
    }

    @Test
    void ecKey_mustBeOnACurveThatIsAllowed() {
        Identity p256 = server(TestKeys.ec("server on P-256"), "");
        Identity p384 = server(TestKeys.ec("secp384r1", "server on P-384"), "");

        // The shared root is on P-256.
        assertThat(codes(DEFAULT.withCurves(Set.of("secp256r1")), p256)).isEmpty();
        assertThat(problems(DEFAULT.withCurves(Set.of("secp256r1")), p384))
                .singleElement()
                .satisfies(problem -> assertThat(problem.depth()).isZero())
                .satisfies(problem -> assertThat(problem.detail()).contains("secp384r1"));
        assertThat(codes(DEFAULT.withMinimumEcBits(384), p384)).containsExactly(UNSPECIFIED_ERROR);
        assertThat(problems(DEFAULT.withMinimumEcBits(384), p384))
                .extracting(VerificationProblem::depth)
                .containsExactly(1);
    }

    @Test
    void edwardsKey_countsAsOnItsOwnCurve() {
        Identity server = server(TestKeys.ed25519("server on Ed25519"), "");

        assertThat(codes(DEFAULT.withCurves(Set.of("secp256r1", "Ed25519")), server))
                .isEmpty();
        assertThat(codes(DEFAULT.withCurves(Set.of("secp256r1")), server)).containsExactly(UNSPECIFIED_ERROR);
    }

    @Test
    void signature_mustUseADigestThatIsAllowed() {
        KeyStrength strict = DEFAULT.withDigests(Set.of("SHA-384", "SHA-512"));

        assertThat(codes(strict, server(TestKeys.ec("server"), "SHA256withECDSA")))
                .containsExactly(CERTIFICATE_SIGNATURE_FAILED);
        assertThat(codes(strict, server(TestKeys.ec("server"), "SHA384withECDSA")))
                .isEmpty();
    }

    @Test
    void sha1_countsOnlyWhereItIsAskedFor() {
        Identity server = server(TestKeys.ec("server"), "SHA1withECDSA");

        assertThat(codes(DEFAULT, server)).containsExactly(CERTIFICATE_SIGNATURE_FAILED);
        assertThat(codes(DEFAULT.withDigests(Set.of("SHA-1", "SHA-256")), server))
                .isEmpty();
    }

    @Test
    void stapledResponse_isMeasuredAlike() {
        Identity server = authority.server("localhost");
        byte[] response = authority.ocsp(server).der();

        assertThat(ocsp(server, response, DEFAULT)).isEmpty();
        assertThat(ocsp(server, response, DEFAULT.withDigests(Set.of("SHA-512"))))
                .containsExactly(OCSP_RESPONSE_CANNOT_BE_TRUSTED);
    }

    @Test
    void configuration_appliesItsOwnDemands() {
        Identity server = server(TestKeys.rsa("server of 2048"), "");
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setCaCertificates(
                List.of(QSslCertificate.of(authority.root().certificate())));
        QSslConfiguration unchanged = new QSslConfiguration(configuration);
        configuration.setKeyStrength(DEFAULT.withMinimumRsaBits(4096));

        assertThat(configuration).isNotEqualTo(unchanged);
        assertThat(configuration.keyStrength().minimumRsaBits()).isEqualTo(4096);
        assertThat(unchanged.keyStrength()).isEqualTo(DEFAULT);
        assertThat(unchanged.verify(chain(server))).isEmpty();
        assertThat(configuration.verify(chain(server)))
                .containsExactly(new QSslError(UNSPECIFIED_ERROR, QSslCertificate.of(server.certificate())));
    }

    @Test
    void demandsThatMeanNothing_areTheCallersMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withMinimumRsaBits(512));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withMinimumEcBits(160));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withCurves(Set.of("P-999")));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withDigests(Set.of("MD5")));
        assertThatIllegalArgumentException().isThrownBy(() -> DEFAULT.withDigests(Set.of()));
    }

    @Test
    void equalDemands_areEqual() {
        assertThat(DEFAULT.withMinimumRsaBits(2048).withCurves(Set.of()))
                .isEqualTo(DEFAULT)
                .hasSameHashCodeAs(DEFAULT);
        assertThat(DEFAULT.withDigests(Set.of("SHA-256"))).isNotEqualTo(DEFAULT);
        assertThat(DEFAULT.withMinimumRsaBits(3072))
                .hasToString(DEFAULT.toString().replace("2048", "3072"));
    }

    private Identity server(KeyPair keys, String signature) {
        return authority
                .serverRecipe("localhost")
                .keys(keys)
                .signature(signature)
                .identity();
    }

    private static ChainVerifier verifier(X509Certificate root) {
        return ChainVerifier.trusting(CaStore.of(List.of(root)));
    }

    private List<VerificationProblem> problems(KeyStrength strength, Identity server) {
        return verifier(authority.root().certificate())
                .withStrength(strength)
                .verifyServer(server.chain(), Optional.empty(), authority.now())
                .problems();
    }

    private List<SslError> codes(KeyStrength strength, Identity server) {
        return problems(strength, server).stream()
                .map(VerificationProblem::code)
                .toList();
    }

    private List<SslError> ocsp(Identity server, byte[] response, KeyStrength strength) {
        OcspVerdict verdict = OcspVerifier.verify(
                response, server.certificate(), Optional.of(authority.root().certificate()), authority.now(), strength);
        return ((OcspVerdict.Judged) verdict)
                .problems().stream().map(VerificationProblem::code).toList();
    }

    private static List<QSslCertificate> chain(Identity server) {
        return server.chain().stream().map(QSslCertificate::of).toList();
    }
}
