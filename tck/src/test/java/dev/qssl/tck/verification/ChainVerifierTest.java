package dev.qssl.tck.verification;

import static dev.qssl.SslError.AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH;
import static dev.qssl.SslError.CERTIFICATE_BLACKLISTED;
import static dev.qssl.SslError.CERTIFICATE_EXPIRED;
import static dev.qssl.SslError.CERTIFICATE_NOT_YET_VALID;
import static dev.qssl.SslError.CERTIFICATE_SIGNATURE_FAILED;
import static dev.qssl.SslError.HOST_NAME_MISMATCH;
import static dev.qssl.SslError.INVALID_CA_CERTIFICATE;
import static dev.qssl.SslError.INVALID_PURPOSE;
import static dev.qssl.SslError.NO_PEER_CERTIFICATE;
import static dev.qssl.SslError.PATH_LENGTH_EXCEEDED;
import static dev.qssl.SslError.SELF_SIGNED_CERTIFICATE;
import static dev.qssl.SslError.SELF_SIGNED_CERTIFICATE_IN_CHAIN;
import static dev.qssl.SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE;
import static dev.qssl.SslError.UNABLE_TO_VERIFY_FIRST_CERTIFICATE;
import static dev.qssl.SslError.UNSPECIFIED_ERROR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.HostName;
import dev.qssl.spi.x509.Verification;
import dev.qssl.tck.fixture.CertificateRecipe;
import dev.qssl.tck.fixture.CertificateRecipe.Purpose;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/** Each problem that a chain can have, found as its own code, on the right certificate, and no other. */
final class ChainVerifierTest {

    private final TestAuthority authority = TestAuthority.shared();
    private final ChainVerifier verifier = ChainVerifier.trusting(authority.trust());

    @Test
    void goodServers_haveNoProblem() {
        assertThat(problems(authority.server("localhost"))).isEmpty();
        assertThat(problems(authority.rsaServer("localhost"))).isEmpty();
        assertThat(problems(authority.viaIntermediate("localhost"))).isEmpty();
    }

    @Test
    void goodClient_hasNoProblem() {
        assertThat(verifier.verifyClient(authority.client("alice").chain(), authority.now())
                        .isAccepted())
                .isTrue();
    }

    @Test
    void path_leadsToTheTrustedCertificate() {
        Identity server = authority.viaIntermediate("localhost");

        assertThat(verify(server).path())
                .containsExactly(
                        server.certificate(),
                        authority.intermediate().certificate(),
                        authority.root().certificate());
    }

    @Test
    void noCertificate_isOneProblemOfNoCertificate() {
        List<VerificationProblem> problems =
                verifier.verifyClient(List.of(), authority.now()).problems();

        assertThat(problems).extracting(VerificationProblem::code).containsExactly(NO_PEER_CERTIFICATE);
        assertThat(problems.get(0).depth()).isEqualTo(-1);
        assertThat(problems.get(0).certificate()).isNull();
    }

    @Test
    void untrustedSelfSignedLeafWithMatchingName_isExactlyOneProblem() {
        Identity server = authority.selfSigned("localhost");

        List<VerificationProblem> problems = verify(server).problems();

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0).code()).isEqualTo(SELF_SIGNED_CERTIFICATE);
        assertThat(problems.get(0).certificate()).isEqualTo(server.certificate());
        assertThat(problems.get(0).depth()).isZero();
    }

    @Test
    void selfSignedAndExpired_reportsTrustFirst() {
        assertThat(problems(authority.selfSignedExpired("localhost")))
                .containsExactly("0 " + SELF_SIGNED_CERTIFICATE, "0 " + CERTIFICATE_EXPIRED);
    }

    @Test
    void unknownAuthority_isReportedOnTheLoneLeaf() {
        assertThat(problems(authority.issuedByUnknownRoot("localhost")))
                .containsExactly(
                        "0 " + UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE, "0 " + UNABLE_TO_VERIFY_FIRST_CERTIFICATE);
        assertThat(problems(authority.missingIntermediate("localhost")))
                .containsExactly(
                        "0 " + UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE, "0 " + UNABLE_TO_VERIFY_FIRST_CERTIFICATE);
    }

    @Test
    void unknownRootInTheChain_isReportedOnTheRoot() {
        assertThat(problems(authority.withUnknownRoot("localhost")))
                .containsExactly("1 " + SELF_SIGNED_CERTIFICATE_IN_CHAIN);
    }

    @Test
    void intermediateOfAnUnknownRoot_isReportedOnTheIntermediate() {
        Identity intermediate = authority
                .certificate("intermediate of the unknown root")
                .authority()
                .issuedBy(authority.unknownRoot())
                .identity();

        assertThat(problems(serverOf(intermediate))).containsExactly("1 " + UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE);
    }

    @Test
    void validity_isReportedOnEachCertificate() {
        Instant past = authority.now().minus(Duration.ofDays(3));
        Identity expired = authority
                .certificate("expired intermediate")
                .authority()
                .valid(past, past.plus(Duration.ofDays(1)))
                .identity();
        Identity future = authority
                .serverRecipe("localhost")
                .issuedBy(expired)
                .valid(authority.now().plusSeconds(60), authority.now().plusSeconds(3600))
                .identity();

        assertThat(problems(authority.expired("localhost"))).containsExactly("0 " + CERTIFICATE_EXPIRED);
        assertThat(problems(authority.notYetValid("localhost"))).containsExactly("0 " + CERTIFICATE_NOT_YET_VALID);
        assertThat(problems(future)).containsExactly("1 " + CERTIFICATE_EXPIRED, "0 " + CERTIFICATE_NOT_YET_VALID);
    }

    @Test
    void expiredTrustedRoot_isLeftOut() {
        Instant later = authority.now().plus(Duration.ofDays(2));
        Identity longLived = authority
                .serverRecipe("localhost")
                .valid(authority.now(), later.plus(Duration.ofDays(1)))
                .identity();

        assertThat(codes(verifier.verifyServer(longLived.chain(), host("localhost"), later)))
                .containsExactly(
                        "0 " + UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE, "0 " + UNABLE_TO_VERIFY_FIRST_CERTIFICATE);
    }

    @Test
    void authorityThatIsNone_isReportedOnIt() {
        Identity withoutConstraints =
                authority.certificate("no basicConstraints").identity();
        Identity withoutKeyUsage = authority
                .certificate("no keyCertSign")
                .authority()
                .usage(KeyUsage.cRLSign)
                .identity();

        assertThat(problems(authority.viaFakeIntermediate("localhost"))).containsExactly("1 " + INVALID_CA_CERTIFICATE);
        assertThat(problems(serverOf(withoutConstraints))).containsExactly("1 " + INVALID_CA_CERTIFICATE);
        assertThat(problems(serverOf(withoutKeyUsage))).containsExactly("1 " + INVALID_CA_CERTIFICATE);
    }

    @Test
    void trustedIssuerThatIsNoAuthority_isReportedOnIt() {
        Identity leaf = authority.server("issuer.test");
        Identity below = serverOf(leaf);

        assertThat(codes(verifyTrusting(below, leaf.certificate()))).containsExactly("1 " + INVALID_CA_CERTIFICATE);
    }

    @Test
    void pathLength_isReportedOnTheAuthorityThatLimitsIt() {
        Identity below = authority
                .certificate("below the intermediate")
                .authority()
                .issuedBy(authority.intermediate())
                .identity();

        assertThat(problems(serverOf(below))).containsExactly("2 " + PATH_LENGTH_EXCEEDED);
    }

    @Test
    void pathLengthOfTheTrustedCertificate_binds() {
        Identity root =
                authority.certificate("short root").authority(0).selfSigned().identity();
        Identity below = authority
                .certificate("below the short root")
                .authority()
                .issuedBy(root)
                .identity();
        Identity server = serverOf(below);

        assertThat(codes(verifyTrusting(server, root.certificate()))).containsExactly("2 " + PATH_LENGTH_EXCEEDED);
    }

    @Test
    void verifyDepth_countsFromTheLeafToTheLastUntrustedCertificate() {
        Identity direct = authority.server("localhost");
        Identity via = authority.viaIntermediate("localhost");
        ChainVerifier one = verifier.withDepth(1);

        assertThat(codes(one.verifyServer(direct.chain(), host("localhost"), authority.now())))
                .isEmpty();
        assertThat(codes(one.verifyServer(via.chain(), host("localhost"), authority.now())))
                .containsExactly("1 " + PATH_LENGTH_EXCEEDED);
        assertThat(codes(verifier.withDepth(2).verifyServer(via.chain(), host("localhost"), authority.now())))
                .isEmpty();
        assertThatThrownBy(() -> verifier.withDepth(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void purpose_mustFitTheRoleOfThePeer() {
        Identity wrongServer = authority.serverWithClientPurpose("localhost");
        Identity wrongClient = authority.clientWithServerPurpose("alice");

        assertThat(problems(wrongServer)).containsExactly("0 " + INVALID_PURPOSE);
        assertThat(codes(verifier.verifyClient(wrongClient.chain(), authority.now())))
                .containsExactly("0 " + INVALID_PURPOSE);
        assertThat(codes(verifier.verifyClient(wrongServer.chain(), authority.now())))
                .isEmpty();
    }

    @Test
    void purposeOfAnIntermediate_bindsWhatItIssues() {
        Identity clientsOnly = authority
                .certificate("authority for clients")
                .authority()
                .purposes(Purpose.CLIENT)
                .identity();
        Identity anything = authority
                .certificate("authority for anything")
                .authority()
                .purposes(Purpose.ANY)
                .identity();

        assertThat(problems(serverOf(clientsOnly))).containsExactly("1 " + INVALID_PURPOSE);
        assertThat(problems(serverOf(anything))).isEmpty();
    }

    @Test
    void keyUsage_mustAllowTls() {
        Identity server =
                authority.serverRecipe("localhost").usage(KeyUsage.cRLSign).identity();

        assertThat(problems(server)).containsExactly("0 " + INVALID_PURPOSE);
    }

    @Test
    void wrongSignature_isReportedOnTheCertificateThatBearsIt() {
        Identity forger = authority
                .certificate("QSSL test root")
                .authority()
                .selfSigned()
                .keys(TestKeys.ec("forger"))
                .identity();
        Identity forged = authority
                .serverRecipe("localhost")
                .issuedBy(forger)
                .extension("2.5.29.35", HexFormat.of().parseHex("3000"))
                .identity();

        assertThat(problems(forged)).containsExactly("0 " + CERTIFICATE_SIGNATURE_FAILED);
    }

    @Test
    void forgerWithAnotherKeyIdentifier_isAnotherAuthority() {
        Identity forger = authority
                .certificate("QSSL test root")
                .authority()
                .selfSigned()
                .keys(TestKeys.ec("forger"))
                .identity();

        assertThat(problems(authority.serverRecipe("localhost").issuedBy(forger).identity()))
                .containsExactly(
                        "0 " + UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE, "0 " + UNABLE_TO_VERIFY_FIRST_CERTIFICATE);
    }

    @Test
    void keyIdentifierOfAnotherAuthority_isReportedThoughTheSignatureIsRight() {
        Identity server = authority
                .serverRecipe("localhost")
                .extension("2.5.29.35", HexFormat.of().parseHex("300680040102" + "0304"))
                .identity();

        assertThat(problems(server)).containsExactly("0 " + AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH);
    }

    @Test
    void weakSignature_failsBelowTheTrustedCertificateOnly() {
        CertificateRecipe root = authority
                .certificate("old root")
                .authority()
                .selfSigned()
                .keys(TestKeys.rsa("old root"))
                .signature("SHA1withRSA");
        Identity old = root.identity();
        Identity weak = authority
                .serverRecipe("localhost")
                .issuedBy(old)
                .signature("SHA1withRSA")
                .identity();
        Identity strong = authority.serverRecipe("localhost").issuedBy(old).identity();

        assertThat(codes(verifyTrusting(strong, old.certificate()))).isEmpty();
        assertThat(codes(verifyTrusting(weak, old.certificate()))).containsExactly("0 " + CERTIFICATE_SIGNATURE_FAILED);
    }

    @Test
    void weakKey_isReported() {
        Identity server = authority
                .serverRecipe("localhost")
                .keys(TestKeys.rsa(1024, "weak"))
                .identity();

        List<VerificationProblem> problems = verify(server).problems();

        assertThat(problems).extracting(VerificationProblem::code).containsExactly(UNSPECIFIED_ERROR);
        assertThat(problems.get(0).detail()).contains("1024");
    }

    @Test
    void signatureWithUnusedBits_isRefusedThoughTheJdkIgnoresThem() throws Exception {
        Identity server = serverWhoseSignatureIsEven();
        byte[] changed = server.certificate().getEncoded();
        changed[changed.length - server.certificate().getSignature().length - 1] = 1;
        X509Certificate certificate = CertificateTable.shared().parse(changed);
        assertThatCode(() -> certificate.verify(authority.root().certificate().getPublicKey()))
                .doesNotThrowAnyException();

        assertThat(problems(new Identity(List.of(certificate), server.key())))
                .containsExactly("0 " + UNSPECIFIED_ERROR);
    }

    private Identity serverWhoseSignatureIsEven() {
        for (int i = 0; i < 100; i++) {
            Identity server = authority.serverRecipe("localhost").identity();
            byte[] signature = server.certificate().getSignature();
            if ((signature[signature.length - 1] & 1) == 0) {
                return server;
            }
        }
        throw new AssertionError("a hundred odd signatures in a row");
    }

    @Test
    void unknownCriticalExtension_isRefused_unknownOtherIsNot() {
        byte[] nothing = HexFormat.of().parseHex("0500");
        Identity critical = authority
                .serverRecipe("localhost")
                .criticalExtension("1.3.6.1.4.1.99999.1", nothing)
                .identity();
        Identity other = authority
                .serverRecipe("localhost")
                .extension("1.3.6.1.4.1.99999.1", nothing)
                .identity();

        assertThat(problems(critical)).containsExactly("0 " + UNSPECIFIED_ERROR);
        assertThat(problems(other)).isEmpty();
    }

    @Test
    void malformedExtension_isRefusedThoughItIsNotCritical() {
        Identity server = authority
                .serverRecipe("localhost")
                .extension("2.5.29.37", HexFormat.of().parseHex("0500"))
                .identity();

        assertThat(problems(server)).contains("0 " + UNSPECIFIED_ERROR);
    }

    @Test
    void wrongName_isReportedAfterTheChain() {
        assertThat(problems(authority.wrongHost())).containsExactly("0 " + HOST_NAME_MISMATCH);
        assertThat(problems(authority.selfSigned("wrong.host.test")))
                .containsExactly("0 " + SELF_SIGNED_CERTIFICATE, "0 " + HOST_NAME_MISMATCH);
        assertThat(verify(authority.selfSigned("wrong.host.test")).problemsAsReported())
                .extracting(VerificationProblem::code)
                .containsExactly(HOST_NAME_MISMATCH, SELF_SIGNED_CERTIFICATE);
    }

    @Test
    void blockedCertificate_isReported() {
        Identity blocked = authority
                .serverRecipe("NIC CA 2011")
                .names("localhost")
                .serialNumber(BigInteger.valueOf(0x2792))
                .identity();

        assertThat(problems(blocked)).contains("0 " + CERTIFICATE_BLACKLISTED);
    }

    @Test
    void trustedLeaf_needsNoIssuer() {
        Identity pinned = authority.selfSigned("localhost");
        Identity issued = authority.issuedByUnknownRoot("localhost");

        assertThat(codes(verifyTrusting(pinned, pinned.certificate()))).isEmpty();
        assertThat(codes(verifyTrusting(issued, issued.certificate()))).isEmpty();
        assertThat(codes(verifyTrusting(authority.serverWithClientPurpose("localhost"), pinned.certificate())))
                .isNotEmpty();
    }

    @Test
    void trustedLeaf_mustStillFit() {
        Identity wrong = authority.serverWithClientPurpose("wrong.host.test");

        assertThat(codes(verifyTrusting(wrong, wrong.certificate())))
                .containsExactly("0 " + INVALID_PURPOSE, "0 " + HOST_NAME_MISMATCH);
    }

    @Test
    void trustedIntermediate_endsThePath() {
        Identity server = authority.missingIntermediate("localhost");

        assertThat(codes(verifyTrusting(server, authority.intermediate().certificate())))
                .isEmpty();
    }

    @Test
    void order_ofWhatThePeerSentDoesNotMatter() {
        Identity server = authority.viaIntermediate("localhost");
        List<X509Certificate> bag = new ArrayList<>(List.of(
                authority.unknownRoot().certificate(),
                authority.client("alice").certificate(),
                authority.root().certificate(),
                authority.intermediate().certificate()));

        for (int i = 0; i < bag.size(); i++) {
            Collections.rotate(bag, 1);
            List<X509Certificate> chain = new ArrayList<>(bag);
            chain.add(0, server.certificate());
            assertThat(codes(verifier.verifyServer(chain, host("localhost"), authority.now())))
                    .isEmpty();
        }
    }

    @Test
    void issuerOfTheSameName_isPassedOverForTheRightOne() {
        Identity rollover = authority
                .certificate("QSSL test intermediate")
                .authority()
                .keys(TestKeys.ec("new key of the intermediate"))
                .identity();
        Identity server = authority.viaIntermediate("localhost");
        List<X509Certificate> chain = List.of(
                server.certificate(),
                rollover.certificate(),
                authority.intermediate().certificate());

        assertThat(codes(verifier.verifyServer(chain, host("localhost"), authority.now())))
                .isEmpty();
    }

    @Test
    void crossSignedAuthority_isFollowedToTheTrustedSide() {
        CertificateRecipe recipe = authority
                .certificate("cross-signed")
                .keys(TestKeys.ec("cross-signed"))
                .authority();
        Identity unknownSide = recipe.issuedBy(authority.unknownRoot()).identity();
        Identity expiredSide = recipe.issuedBy(authority.root())
                .valid(authority.now().minusSeconds(60), authority.now().minusSeconds(1))
                .identity();
        Identity goodSide = recipe.valid(
                        authority.now().minusSeconds(60), authority.now().plusSeconds(60))
                .identity();
        Identity server = serverOf(unknownSide);
        List<X509Certificate> chain = List.of(
                server.certificate(),
                unknownSide.certificate(),
                authority.unknownRoot().certificate(),
                expiredSide.certificate(),
                goodSide.certificate());

        Verification verification = verifier.verifyServer(chain, host("localhost"), authority.now());

        assertThat(codes(verification)).isEmpty();
        assertThat(verification.path())
                .containsExactly(
                        server.certificate(),
                        goodSide.certificate(),
                        authority.root().certificate());
    }

    private Identity serverOf(Identity issuer) {
        return authority.serverRecipe("localhost").issuedBy(issuer).identity();
    }

    private Verification verify(Identity server) {
        return verifier.verifyServer(server.chain(), host("localhost"), authority.now());
    }

    private Verification verifyTrusting(Identity server, X509Certificate trusted) {
        return ChainVerifier.trusting(CaStore.of(List.of(trusted)))
                .verifyServer(server.chain(), host("localhost"), authority.now());
    }

    private List<String> problems(Identity server) {
        return codes(verify(server));
    }

    private static List<String> codes(Verification verification) {
        return verification.problems().stream()
                .map(problem -> problem.depth() + " " + problem.code())
                .toList();
    }

    private static Optional<HostName> host(String name) {
        return Optional.of(HostName.of(name));
    }
}
