package dev.qssl.tck.verification;

import static dev.qssl.SslError.AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH;
import static dev.qssl.SslError.OCSP_NO_RESPONSE_FOUND;
import static dev.qssl.SslError.UNSPECIFIED_ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.OcspVerifier;
import dev.qssl.tck.fixture.CertificateRecipe;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;

/** What one part of a certificate, or of a path, says of another must be true. */
class ConsistencyTest {

    private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";
    private static final byte[] STATUS_REQUEST = HexFormat.of().parseHex("3003020105");

    private final TestAuthority authority = TestAuthority.shared();

    @Test
    void authorityThatPromisesAStaple_issuesOnlyWhatPromisesItToo() {
        Identity promising = authority
                .certificate("promising")
                .authority()
                .extension(TLS_FEATURE, STATUS_REQUEST)
                .identity();

        assertThat(codes(authority.serverRecipe("localhost").issuedBy(promising)))
                .containsExactly(UNSPECIFIED_ERROR);
        assertThat(codes(authority
                        .serverRecipe("localhost")
                        .extension(TLS_FEATURE, STATUS_REQUEST)
                        .issuedBy(promising)))
                .isEmpty();
    }

    @Test
    void brokenPromiseOfAStaple_isToldInSoManyWords() {
        Identity promising = authority
                .serverRecipe("localhost")
                .extension(TLS_FEATURE, STATUS_REQUEST)
                .identity();

        VerificationProblem problem = OcspVerifier.noResponse(promising.certificate());

        assertThat(problem.code()).isEqualTo(OCSP_NO_RESPONSE_FOUND);
        assertThat(problem.detail()).contains("RFC 7633");
    }

    @Test
    void authorityKeyIdentifier_mustNameTheIssuersOwnIssuerAndNumber() throws IOException {
        BigInteger number = authority.root().certificate().getSerialNumber();
        String name = authority.root().certificate().getIssuerX500Principal().getName();

        assertThat(codes(identified(name, number))).isEmpty();
        assertThat(codes(identified("CN=somebody else", number)))
                .containsExactly(AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH);
        assertThat(codes(identified(name, number.add(BigInteger.ONE))))
                .containsExactly(AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH);
    }

    private CertificateRecipe identified(String issuer, BigInteger number) throws IOException {
        GeneralNames names = new GeneralNames(new GeneralName(new X500Name(issuer)));
        return authority
                .serverRecipe("localhost")
                .extension("2.5.29.35", new AuthorityKeyIdentifier(names, number).getEncoded());
    }

    @Test
    void serverThatLimitsPathsOrSignsCertificates_isRefused() {
        byte[] pathLengthWithoutAuthority = HexFormat.of().parseHex("3003020100");

        assertThat(codes(
                        authority.serverRecipe("localhost").criticalExtension("2.5.29.19", pathLengthWithoutAuthority)))
                .containsExactly(UNSPECIFIED_ERROR);
        assertThat(codes(authority
                        .serverRecipe("localhost")
                        .noAuthority()
                        .usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)))
                .containsExactly(UNSPECIFIED_ERROR);
    }

    @Test
    void validity_lastsThroughItsLastSecond() {
        Instant last = authority.now().truncatedTo(ChronoUnit.SECONDS);
        Identity server = authority
                .serverRecipe("localhost")
                .valid(last.minusSeconds(60), last)
                .identity();
        ChainVerifier verifier = ChainVerifier.trusting(authority.trust());

        assertThat(verifier.verifyServer(server.chain(), Optional.empty(), last.plusMillis(999))
                        .isAccepted())
                .isTrue();
        assertThat(verifier.verifyServer(server.chain(), Optional.empty(), last.plusSeconds(1))
                        .isAccepted())
                .isFalse();
    }

    private List<SslError> codes(CertificateRecipe recipe) {
        return ChainVerifier.trusting(authority.trust())
                .verifyServer(recipe.identity().chain(), Optional.empty(), authority.now())
                .problems()
                .stream()
                .map(VerificationProblem::code)
                .toList();
    }
}
