package dev.qssl.tck.verification;

import static dev.qssl.SslError.INVALID_PURPOSE;
import static dev.qssl.SslError.UNSPECIFIED_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.VerificationPolicy;
import dev.qssl.tck.fixture.CertificateRecipe;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an authority may certify (RFC 5280, section 4.2.1.10), whether it is trusted itself or in between. */
final class NameConstraintsTest {

    private final TestAuthority authority = TestAuthority.shared();

    @ParameterizedTest
    @CsvSource({
        "2, example.com, example.com",
        "2, example.com, www.example.com",
        "2, EXAMPLE.com, a.b.Example.COM",
        "2, example.com, *.example.com",
        "2, '', anything.test",
        "7, 10.0.0.0/255.0.0.0, 10.1.2.3",
        "7, 2001:db8::/32, 2001:db8::1",
        "1, example.com, user@EXAMPLE.com",
        "1, .example.com, user@mail.example.com",
        "1, user@example.com, user@Example.com",
        "6, example.com, https://example.com/path",
        "6, .example.com, https://www.example.com:8443/",
        "4, 'C=DE,O=Example', 'C=DE,O=Example,CN=x'",
        "4, 'C=DE,O=Example', 'C=DE,O=EXAMPLE'"
    })
    void permittedName_isAcceptedAndExcludedIfTurnedRound(int tag, String base, String name) {
        assertThat(codes(permitting(tag, base), server(tag, name))).isEmpty();
        assertThat(codes(excluding(tag, base), server(tag, name))).containsOnly(INVALID_PURPOSE);
    }

    @Test
    void leadingDotOfADnsName_isRefusedByTheRfcAndMeansSubdomainsOnTheWeb() {
        byte[] permitting = permitting(2, ".example.com");

        assertThat(codes(permitting, server(2, "www.example.com"))).containsOnly(UNSPECIFIED_ERROR);
        assertThat(webCodes(permitting, server(2, "www.example.com"))).doesNotContain(INVALID_PURPOSE);
        assertThat(webCodes(permitting, server(2, "example.com"))).contains(INVALID_PURPOSE);
        assertThat(webCodes(excluding(2, ".example.com"), server(2, "example.com")))
                .contains(INVALID_PURPOSE);
    }

    @ParameterizedTest
    @CsvSource({
        "2, *.example.com",
        "2, exa mple.com",
        "2, example..com",
        "1, a@b@example.com",
        "1, @example.com",
        "1, a@.example.com"
    })
    void constraintThatMeansNothing_isRefused(int tag, String base) {
        assertThat(codes(excluding(tag, base), server(2, "www.example.com"))).contains(UNSPECIFIED_ERROR);
    }

    @ParameterizedTest
    @CsvSource({
        "2, example.com, example.org",
        "2, example.com, badexample.com",
        "2, example.com, com",
        "2, www.example.com, example.com",
        "7, 10.0.0.0/255.0.0.0, 11.1.2.3",
        "7, 10.0.0.0/255.0.0.0, 2001:db8::1",
        "1, example.com, user@mail.example.com",
        "1, user@example.com, other@example.com",
        "1, user@example.com, User@example.com",
        "6, example.com, https://www.example.com/",
        "6, .example.com, https://example.com/",
        "4, 'C=DE,O=Example', 'C=DE,O=Other'",
        "4, 'C=DE,O=Example', 'C=DE'"
    })
    void nameOutside_isRefusedAndAcceptedIfTurnedRound(int tag, String base, String name) {
        assertThat(codes(permitting(tag, base), server(tag, name))).containsOnly(INVALID_PURPOSE);
        assertThat(codes(excluding(tag, base), server(tag, name))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "2, www.example.com, *.example.com",
        "2, .example.com, example.com",
        "6, example.com, urn:isbn:1",
        "6, example.com, https://10.0.0.1/",
        "1, example.com, nobody"
    })
    void nameThatCannotBeToldInOrOut_isRefusedBothWays(int tag, String base, String name) {
        assertThat(codes(permitting(tag, base), server(tag, name))).contains(INVALID_PURPOSE);
        assertThat(codes(excluding(tag, base), server(tag, name))).contains(INVALID_PURPOSE);
    }

    @Test
    void constraintOfAnotherKind_doesNotMatter() {
        assertThat(codes(permitting(2, "example.com"), server(7, "10.0.0.1"))).isEmpty();
        assertThat(codes(permitting(7, "10.0.0.0/255.0.0.0"), server(2, "example.com")))
                .isEmpty();
    }

    @Test
    void subjectName_isADirectoryName() {
        Identity root =
                root(constraints(new GeneralName(GeneralName.directoryName, "CN=somebody else"), Side.PERMITTED));
        Identity server = authority
                .certificate("nobody")
                .names("localhost")
                .issuedBy(root)
                .identity();

        assertThat(verify(root, server)).containsOnly(INVALID_PURPOSE);
    }

    @Test
    void commonNameThatStandsInForAHost_isConstrained() {
        Identity root = root(constraints(new GeneralName(GeneralName.dNSName, "example.com"), Side.PERMITTED));
        Identity good = authority.certificate("www.example.com").issuedBy(root).identity();
        Identity bad = authority.certificate("www.example.org").issuedBy(root).identity();
        Identity noHost = authority.certificate("Alice Example").issuedBy(root).identity();

        assertThat(verify(root, good)).isEmpty();
        assertThat(verify(root, bad)).containsOnly(INVALID_PURPOSE);
        assertThat(verify(root, noHost)).isEmpty();
    }

    @Test
    void constraintsOfAnIntermediate_bind() {
        Identity intermediate = authority
                .certificate("constrained intermediate")
                .authority()
                .permittingNames("example.com")
                .excludingNames("secret.example.com")
                .identity();
        ChainVerifier verifier = ChainVerifier.trusting(authority.trust());

        for (String host : List.of("example.org", "a.secret.example.com")) {
            Identity server =
                    authority.serverRecipe(host).issuedBy(intermediate).identity();
            assertThat(verifier.verifyServer(server.chain(), Optional.empty(), authority.now())
                            .problems())
                    .extracting(VerificationProblem::code)
                    .containsOnly(INVALID_PURPOSE);
        }
        Identity good =
                authority.serverRecipe("www.example.com").issuedBy(intermediate).identity();
        assertThat(verifier.verifyServer(good.chain(), Optional.empty(), authority.now())
                        .problems())
                .isEmpty();
    }

    @Test
    void otherNameConstraint_forbidsSuchNamesOnly() {
        // otherName { 1.2.3, [0] NULL }
        byte[] constraint = HexFormat.of().parseHex("300ea00c300aa00806022a03a0020500");
        byte[] names = HexFormat.of().parseHex("300aa00806022a03a0020500");
        Identity root = root(constraint);
        Identity named = authority
                .certificate("named otherwise")
                .extension("2.5.29.17", names)
                .issuedBy(root)
                .identity();

        assertThat(verify(root, named)).contains(INVALID_PURPOSE);
        assertThat(verify(
                        root, authority.serverRecipe("localhost").issuedBy(root).identity()))
                .isEmpty();
    }

    @Test
    void malformedConstraints_areRefused() {
        Identity server = authority.server("10.0.0.1");
        for (String der : List.of(
                "3000", // nothing permitted, nothing excluded
                "300ea00c300a8708" + "0a000000" + "ff00ff00", // a mask with a gap
                "300aa00830068704" + "0a000000", // an address instead of a range
                "3011a00f300d8708" + "0a000000" + "ff000000" + "800101", // minimum 1
                "0500")) {
            // Not critical: a critical one that is malformed makes the whole certificate unreadable to the JDK.
            Identity root = authority
                    .certificate("root of malformed constraints")
                    .authority()
                    .extension("2.5.29.30", HexFormat.of().parseHex(der))
                    .selfSigned()
                    .identity();
            Identity below = authority.serverRecipe("10.0.0.1").issuedBy(root).identity();
            assertThat(verify(root, below)).as(der).contains(UNSPECIFIED_ERROR);
        }
        assertThat(verify(authority.root(), server)).isEmpty();
    }

    @Test
    void hostileNumberOfNames_isRefusedInsteadOfCompared() {
        String[] domains = new String[1000];
        String[] hosts = new String[1000];
        for (int i = 0; i < domains.length; i++) {
            domains[i] = "d" + i + ".test";
            hosts[i] = "h" + i + ".d999.test";
        }
        Identity root = authority
                .certificate("root of many constraints")
                .authority()
                .permittingNames(domains)
                .selfSigned()
                .identity();
        Identity server = authority.serverRecipe(hosts).issuedBy(root).identity();

        assertThat(verify(root, server)).contains(UNSPECIFIED_ERROR);
    }

    private List<SslError> codes(byte[] constraints, CertificateRecipe server) {
        Identity root = root(constraints);
        return verify(root, server.issuedBy(root).identity());
    }

    private List<SslError> webCodes(byte[] constraints, CertificateRecipe server) {
        Identity root = root(constraints);
        return verify(
                root,
                server.purposes(CertificateRecipe.Purpose.SERVER).issuedBy(root).identity(),
                VerificationPolicy.WEB_PKI);
    }

    private List<SslError> verify(Identity root, Identity server) {
        return verify(root, server, VerificationPolicy.RFC_5280);
    }

    private List<SslError> verify(Identity root, Identity server, VerificationPolicy policy) {
        return ChainVerifier.trusting(CaStore.of(List.of(root.certificate())))
                .withPolicy(policy)
                .verifyServer(server.chain(), Optional.empty(), authority.now())
                .problems()
                .stream()
                .map(VerificationProblem::code)
                .toList();
    }

    private Identity root(byte[] constraints) {
        return authority
                .certificate("constrained root")
                .authority()
                .criticalExtension("2.5.29.30", constraints)
                .selfSigned()
                .identity();
    }

    private CertificateRecipe server(int tag, String name) {
        return authority
                .certificate("")
                .criticalExtension("2.5.29.17", encoded(new GeneralNames(generalName(tag, name))));
    }

    private static byte[] permitting(int tag, String base) {
        return constraints(generalName(tag, base), Side.PERMITTED);
    }

    private static byte[] excluding(int tag, String base) {
        return constraints(generalName(tag, base), Side.EXCLUDED);
    }

    private static GeneralName generalName(int tag, String text) {
        return new GeneralName(tag, text);
    }

    private static byte[] constraints(GeneralName base, Side side) {
        GeneralSubtree[] subtrees = {new GeneralSubtree(base)};
        GeneralSubtree[] none = {};
        return encoded(
                side == Side.PERMITTED ? new NameConstraints(subtrees, none) : new NameConstraints(none, subtrees));
    }

    private static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private enum Side {
        PERMITTED,
        EXCLUDED
    }
}
