package dev.qssl.tck.verification;

import static dev.qssl.SslError.CERTIFICATE_REVOKED;
import static dev.qssl.SslError.OCSP_INTERNAL_ERROR;
import static dev.qssl.SslError.OCSP_MALFORMED_REQUEST;
import static dev.qssl.SslError.OCSP_MALFORMED_RESPONSE;
import static dev.qssl.SslError.OCSP_RESPONSE_CANNOT_BE_TRUSTED;
import static dev.qssl.SslError.OCSP_RESPONSE_CERT_ID_UNKNOWN;
import static dev.qssl.SslError.OCSP_RESPONSE_EXPIRED;
import static dev.qssl.SslError.OCSP_SIG_REQUIRED;
import static dev.qssl.SslError.OCSP_STATUS_UNKNOWN;
import static dev.qssl.SslError.OCSP_TRY_LATER;
import static dev.qssl.SslError.OCSP_UNAUTHORIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.SslError;
import dev.qssl.spi.Identity;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.OcspVerdict;
import dev.qssl.spi.x509.OcspVerifier;
import dev.qssl.tck.fixture.CertificateRecipe.Purpose;
import dev.qssl.tck.fixture.OcspReply;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.nio.charset.StandardCharsets;
import java.security.cert.CRLReason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stapled response proves, each failure under its own code (B-228 to B-239). */
final class OcspVerifierTest {

    private static final Map<OcspReply.Failure, SslError> FAILURES = Map.of(
            OcspReply.Failure.MALFORMED_REQUEST, OCSP_MALFORMED_REQUEST,
            OcspReply.Failure.INTERNAL_ERROR, OCSP_INTERNAL_ERROR,
            OcspReply.Failure.TRY_LATER, OCSP_TRY_LATER,
            OcspReply.Failure.SIG_REQUIRED, OCSP_SIG_REQUIRED,
            OcspReply.Failure.UNAUTHORIZED, OCSP_UNAUTHORIZED);

    private final TestAuthority authority = TestAuthority.shared();
    private final Identity server = authority.server("localhost");

    @Test
    void goodResponse_provesTheCertificateGood() {
        OcspVerdict.Judged verdict = judge(reply().der());

        assertThat(verdict.problems()).isEmpty();
        OcspVerdict.Answer answer = verdict.answer().orElseThrow();
        assertThat(answer.status()).isEqualTo(OcspVerdict.Status.GOOD);
        assertThat(answer.reason()).isEmpty();
        assertThat(answer.responder()).isEqualTo(authority.root().certificate());
        assertThat(answer.subject()).isEqualTo(server.certificate());
        assertThat(answer.thisUpdate()).isBefore(authority.now());
        assertThat(answer.nextUpdate().orElseThrow()).isAfter(authority.now());
    }

    @Test
    void responderNamedByItsKey_isFound() {
        assertThat(codes(reply().respondingByKey().der())).isEmpty();
    }

    @Test
    void rsaResponder_isUnderstood() {
        Identity root = authority
                .certificate("RSA root")
                .keys(TestKeys.rsa("RSA root"))
                .authority()
                .selfSigned()
                .identity();
        Identity subject = authority.serverRecipe("localhost").issuedBy(root).identity();
        byte[] response = reply().about(subject).asIssuedBy(root).der();

        OcspVerdict verdict =
                OcspVerifier.verify(response, subject.certificate(), Optional.of(root.certificate()), authority.now());

        assertThat(((OcspVerdict.Judged) verdict).problems()).isEmpty();
    }

    @Test
    void selfSignedCertificate_answersForItself() {
        Identity self = authority.selfSigned("localhost");
        Optional<X509Certificate> issuer = ChainVerifier.trusting(authority.trust())
                .verifyServer(self.chain(), Optional.empty(), authority.now())
                .issuer();

        OcspVerdict verdict =
                OcspVerifier.verify(authority.ocsp(self).der(), self.certificate(), issuer, authority.now());

        assertThat(((OcspVerdict.Judged) verdict).answer().orElseThrow().responder())
                .isEqualTo(self.certificate());
    }

    @Test
    void revokedCertificate_isReportedWithItsReason() {
        OcspVerdict.Judged verdict =
                judge(reply().revoked(CRLReason.KEY_COMPROMISE).der());

        assertThat(verdict.problems()).extracting(VerificationProblem::code).containsExactly(CERTIFICATE_REVOKED);
        assertThat(verdict.answer().orElseThrow().status()).isEqualTo(OcspVerdict.Status.REVOKED);
        assertThat(verdict.answer().orElseThrow().reason()).contains(1);
        assertThat(verdict.answer().orElseThrow().revokedAt()).isPresent();
    }

    @Test
    void revokedWithoutReason_hasNone() {
        assertThat(judge(reply().revoked().der()).answer().orElseThrow().reason())
                .isEmpty();
    }

    @Test
    void unknownCertificate_isReported() {
        assertThat(codes(reply().unknown().der())).containsExactly(OCSP_STATUS_UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource
    void failureOfTheResponder_isTheOnlyProblem(OcspReply.Failure failure) {
        OcspVerdict.Judged verdict = judge(failure.der());

        assertThat(verdict.problems()).extracting(VerificationProblem::code).containsExactly(FAILURES.get(failure));
        assertThat(verdict.answer()).isEmpty();
    }

    @Test
    void severalStatuses_areMalformed() {
        assertThat(codes(reply().andAbout(authority.server("other.test")).der()))
                .containsExactly(OCSP_MALFORMED_RESPONSE);
    }

    @Test
    void responseOutOfDate_isReportedAndProvesNothing() {
        assertThat(codes(reply().expired().der())).containsExactly(OCSP_RESPONSE_EXPIRED);
        assertThat(codes(reply().notYetValid().der())).containsExactly(OCSP_RESPONSE_EXPIRED);
        assertThat(codes(reply().valid(authority.now(), authority.now().minusSeconds(30))
                        .der()))
                .containsExactly(OCSP_RESPONSE_EXPIRED);
        assertThat(judge(reply().expired().der()).answer()).isEmpty();
    }

    @Test
    void clocks_mayDifferByAMinute() {
        Instant now = authority.now();

        assertThat(codes(
                        reply().valid(now.plusSeconds(50), now.plusSeconds(500)).der()))
                .isEmpty();
        assertThat(codes(reply().valid(now.minusSeconds(500), now.minusSeconds(50))
                        .der()))
                .isEmpty();
        assertThat(codes(
                        reply().valid(now.plusSeconds(70), now.plusSeconds(500)).der()))
                .containsExactly(OCSP_RESPONSE_EXPIRED);
        assertThat(codes(reply().valid(now.minusSeconds(500), now.minusSeconds(70))
                        .der()))
                .containsExactly(OCSP_RESPONSE_EXPIRED);
    }

    @Test
    void absentNextUpdate_isAccepted() {
        assertThat(codes(reply().withoutNextUpdate().der())).isEmpty();
    }

    @Test
    void responseAboutAnotherCertificate_isReported() {
        assertThat(codes(reply().about(authority.server("other.test")).der()))
                .containsExactly(OCSP_RESPONSE_CERT_ID_UNKNOWN);
    }

    @Test
    void responseOfAnotherIssuer_isReportedTwice() {
        assertThat(codes(reply().asIssuedBy(authority.unknownRoot()).der()))
                .containsExactly(OCSP_RESPONSE_CANNOT_BE_TRUSTED, OCSP_RESPONSE_CERT_ID_UNKNOWN);
    }

    @Test
    void appointedResponder_isTrusted() {
        Identity responder = authority.ocspResponder();

        assertThat(codes(reply().signedBy(responder).der())).isEmpty();
        assertThat(judge(reply().signedBy(responder).der())
                        .answer()
                        .orElseThrow()
                        .responder())
                .isEqualTo(responder.certificate());
    }

    @Test
    void responderWithoutAppointment_isNotTrusted() {
        Identity anyPurpose = authority
                .certificate("responder for anything")
                .purposes(Purpose.ANY)
                .identity();
        Identity ofAnother = authority
                .certificate("responder of another authority")
                .purposes(Purpose.OCSP_SIGNING)
                .issuedBy(authority.unknownRoot())
                .identity();
        Identity expired = authority
                .certificate("former responder")
                .purposes(Purpose.OCSP_SIGNING)
                .valid(
                        authority.now().minus(Duration.ofHours(2)),
                        authority.now().minus(Duration.ofHours(1)))
                .identity();
        Identity wrongUsage = authority
                .certificate("responder without signatures")
                .purposes(Purpose.OCSP_SIGNING)
                .usage(KeyUsage.keyEncipherment)
                .identity();

        for (Identity responder : List.of(authority.server("localhost"), anyPurpose, ofAnother, expired, wrongUsage)) {
            assertThat(codes(reply().signedBy(responder).der())).containsExactly(OCSP_RESPONSE_CANNOT_BE_TRUSTED);
        }
        assertThat(codes(reply().signedBy(authority.ocspResponder())
                        .withoutCertificates()
                        .der()))
                .containsExactly(OCSP_RESPONSE_CANNOT_BE_TRUSTED);
    }

    @Test
    void wrongSignature_isNotTrustedAndProvesNothing() {
        OcspVerdict.Judged verdict = judge(reply().tampered());

        assertThat(verdict.problems())
                .extracting(VerificationProblem::code)
                .containsExactly(OCSP_RESPONSE_CANNOT_BE_TRUSTED);
        assertThat(verdict.answer()).isEmpty();
    }

    @Test
    void unknownIssuer_meansThatNothingCanBeTrusted() {
        OcspVerdict verdict =
                OcspVerifier.verify(reply().der(), server.certificate(), Optional.empty(), authority.now());

        assertThat(((OcspVerdict.Judged) verdict).problems())
                .extracting(VerificationProblem::code)
                .contains(OCSP_RESPONSE_CANNOT_BE_TRUSTED);
    }

    @Test
    void garbage_isUndecodable() {
        byte[] good = reply().der();

        assertThat(verify(new byte[0])).isInstanceOf(OcspVerdict.Undecodable.class);
        assertThat(verify("not a response".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(OcspVerdict.Undecodable.class);
        assertThat(verify(Arrays.copyOf(good, good.length - 1))).isInstanceOf(OcspVerdict.Undecodable.class);
        assertThat(verify(Arrays.copyOf(good, good.length + 1))).isInstanceOf(OcspVerdict.Undecodable.class);
        assertThat(verify(HexFormat.of().parseHex("30030a0104"))).isInstanceOf(OcspVerdict.Undecodable.class);
    }

    @Test
    void damagedResponses_neverProveAnythingAndNeverThrow() {
        byte[] good = reply().signedBy(authority.ocspResponder()).der();
        Random random = new Random(20261121);

        for (int i = 0; i < 1000; i++) {
            byte[] damaged = good.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            if (verify(damaged) instanceof OcspVerdict.Judged judged) {
                assertThat(judged.problems()).isNotEmpty();
            }
        }
    }

    @Test
    void responseThatMayBeAboutACertificate_isToldFromOthers() {
        byte[] noAnswer = {0x30, 0x03, 0x0A, 0x01, 0x03};
        byte[] garbage = {0x30, 0x03, 0x01, 0x02};
        Identity other = authority.server("other.test");

        assertThat(OcspVerifier.mayBeAbout(reply().der(), server.certificate())).isTrue();
        assertThat(OcspVerifier.mayBeAbout(reply().andAbout(other).der(), other.certificate()))
                .isTrue();
        assertThat(OcspVerifier.mayBeAbout(noAnswer, server.certificate())).isTrue();
        assertThat(OcspVerifier.mayBeAbout(reply().der(), other.certificate())).isFalse();
        assertThat(OcspVerifier.mayBeAbout(
                        reply().asIssuedBy(authority.unknownRoot()).der(), server.certificate()))
                .isFalse();
        assertThat(OcspVerifier.mayBeAbout(garbage, server.certificate())).isFalse();
    }

    @Test
    void promiseOfAStaple_isRead() {
        Identity promising = authority
                .serverRecipe("localhost")
                .extension("1.3.6.1.5.5.7.1.24", HexFormat.of().parseHex("3003020105"))
                .identity();

        assertThat(OcspVerifier.isStaplePromised(promising.certificate())).isTrue();
        assertThat(OcspVerifier.isStaplePromised(server.certificate())).isFalse();
    }

    private OcspReply reply() {
        return authority.ocsp(server);
    }

    private OcspVerdict verify(byte[] response) {
        return OcspVerifier.verify(
                response, server.certificate(), Optional.of(authority.root().certificate()), authority.now());
    }

    private OcspVerdict.Judged judge(byte[] response) {
        OcspVerdict verdict = verify(response);
        assertThat(verdict).isInstanceOf(OcspVerdict.Judged.class);
        return (OcspVerdict.Judged) verdict;
    }

    private List<SslError> codes(byte[] response) {
        return judge(response).problems().stream()
                .map(VerificationProblem::code)
                .toList();
    }
}
