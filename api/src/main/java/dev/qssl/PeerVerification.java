package dev.qssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.HostName;
import dev.qssl.spi.x509.OcspVerdict;
import dev.qssl.spi.x509.OcspVerifier;
import dev.qssl.spi.x509.Verification;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides what is wrong with a peer: its chain, its names, and what it stapled. */
final class PeerVerification {

    private final SharedContext context;
    private final TlsRole role;
    private final String verifyName;

    /**
     * Prepares the verification of one peer.
     *
     * @param context whom to trust, and how strictly; it stays open as long as this is reachable
     * @param role our side; names are checked by clients only (B-094)
     * @param verifyName the name that the peer's certificate must be for
     */
    PeerVerification(SharedContext context, TlsRole role, String verifyName) {
        this.context = context;
        this.role = role;
        this.verifyName = verifyName;
    }

    /**
     * What was found.
     *
     * @param errors everything wrong, in the order of {@code sslErrors} (B-064)
     * @param announced the same, in the order of {@code peerVerifyError}
     * @param chainErrors those of the chain alone
     * @param responses what the staples say
     * @param undecodableStaple whether a staple is no OCSP response at all, which nothing can overrule (B-233)
     */
    record Result(
            List<QSslError> errors,
            List<QSslError> announced,
            List<QSslError> chainErrors,
            List<QOcspResponse> responses,
            boolean undecodableStaple) {

        static final Result NONE = new Result(List.of(), List.of(), List.of(), List.of(), false);
        static final Result UNDECODABLE_STAPLE = new Result(List.of(), List.of(), List.of(), List.of(), true);

        /** {@return the refusal that these errors call for} The first error's text is the reason (B-062). */
        PeerDecision.Refuse refusal() {
            if (undecodableStaple) {
                return new PeerDecision.Refuse(
                        AlertType.BAD_CERTIFICATE_STATUS_RESPONSE, "the stapled OCSP response cannot be decoded");
            }
            QSslError first = errors.get(0);
            return new PeerDecision.Refuse(alertOf(first.error()), first.errorString());
        }
    }

    /** {@return the mode of our role} */
    PeerVerifyMode mode() {
        return context.settings().verifyMode(role);
    }

    /** {@return everything that is wrong with the peer at this moment} */
    Result check(PeerCredentials credentials, Instant now) {
        if (credentials.chain().isEmpty()) {
            return missing();
        }
        Verification bare = verify(credentials.chain(), now);
        if (!isStapleWanted()) {
            return result(bare, credentials.findings(), List.of());
        }
        OcspVerdict verdict = judgeStaple(credentials, bare, now);
        if (verdict instanceof OcspVerdict.Judged judged) {
            return result(
                    bare.withStaple(judged.problems()),
                    credentials.findings(),
                    judged.answer().stream().map(PeerVerification::response).toList());
        }
        return Result.UNDECODABLE_STAPLE;
    }

    private static Result result(
            Verification verification, List<VerificationProblem> findings, List<QOcspResponse> responses) {
        List<VerificationProblem> chain = new ArrayList<>(findings);
        chain.addAll(verification.chainProblems());
        List<VerificationProblem> announced = new ArrayList<>(findings);
        announced.addAll(verification.problems());
        List<VerificationProblem> reported = new ArrayList<>(verification.problemsAsReported());
        reported.addAll(findings);
        return new Result(errors(reported), errors(announced), errors(chain), responses, false);
    }

    // B-228
    private boolean isStapleWanted() {
        return role == TlsRole.CLIENT
                && context.settings().isOcspStaplingEnabled()
                && mode() == PeerVerifyMode.VERIFY_PEER;
    }

    private OcspVerdict judgeStaple(PeerCredentials credentials, Verification chain, Instant now) {
        X509Certificate subject = credentials.chain().get(0);
        List<byte[]> staples = credentials.staples();
        if (staples.isEmpty() || staples.get(0).length == 0) {
            return new OcspVerdict.Judged(List.of(OcspVerifier.noResponse(subject)), Optional.empty());
        }
        return OcspVerifier.verify(
                staples.get(0), subject, chain.issuer(), now, context.settings().keyStrength());
    }

    private static QOcspResponse response(OcspVerdict.Answer answer) {
        QOcspCertificateStatus status = switch (answer.status()) {
            case GOOD -> QOcspCertificateStatus.GOOD;
            case REVOKED -> QOcspCertificateStatus.REVOKED;
            case UNKNOWN -> QOcspCertificateStatus.UNKNOWN;
        };
        return QOcspResponse.of(
                status,
                answer.reason().map(QOcspRevocationReason::ofCode).orElse(QOcspRevocationReason.NONE),
                QSslCertificate.of(answer.responder()),
                QSslCertificate.of(answer.subject()));
    }

    private Verification verify(List<X509Certificate> chain, Instant now) {
        if (role == TlsRole.SERVER) {
            return context.verifier().verifyClient(chain, now);
        }
        return context.verifier().verifyServer(chain, Optional.of(HostName.of(verifyName)), now);
    }

    // A peer that shows nothing is wrong only where it must show something (B-083, B-085, B-222).
    private Result missing() {
        if (mode() != PeerVerifyMode.VERIFY_PEER) {
            return Result.NONE;
        }
        List<QSslError> errors = List.of(new QSslError(SslError.NO_PEER_CERTIFICATE));
        return new Result(errors, errors, List.of(), List.of(), false);
    }

    private static List<QSslError> errors(List<VerificationProblem> problems) {
        return problems.stream().map(QSslError::of).toList();
    }

    // RFC 8446, section 6.2.
    private static AlertType alertOf(SslError error) {
        return switch (error) {
            case SELF_SIGNED_CERTIFICATE,
                    SELF_SIGNED_CERTIFICATE_IN_CHAIN,
                    UNABLE_TO_GET_ISSUER_CERTIFICATE,
                    UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE,
                    UNABLE_TO_VERIFY_FIRST_CERTIFICATE,
                    CERTIFICATE_UNTRUSTED,
                    INVALID_CA_CERTIFICATE,
                    PATH_LENGTH_EXCEEDED -> AlertType.UNKNOWN_CA;
            case CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID -> AlertType.CERTIFICATE_EXPIRED;
            case CERTIFICATE_REVOKED, CERTIFICATE_BLACKLISTED -> AlertType.CERTIFICATE_REVOKED;
            case HOST_NAME_MISMATCH,
                    CERTIFICATE_REJECTED,
                    CERTIFICATE_SIGNATURE_FAILED,
                    UNABLE_TO_DECRYPT_CERTIFICATE_SIGNATURE,
                    UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
                    INVALID_NOT_BEFORE_FIELD,
                    INVALID_NOT_AFTER_FIELD -> AlertType.BAD_CERTIFICATE;
            case INVALID_PURPOSE -> AlertType.UNSUPPORTED_CERTIFICATE;
            case NO_PEER_CERTIFICATE -> AlertType.CERTIFICATE_REQUIRED;
            case OCSP_NO_RESPONSE_FOUND,
                    OCSP_MALFORMED_REQUEST,
                    OCSP_MALFORMED_RESPONSE,
                    OCSP_INTERNAL_ERROR,
                    OCSP_TRY_LATER,
                    OCSP_SIG_REQUIRED,
                    OCSP_UNAUTHORIZED,
                    OCSP_RESPONSE_CANNOT_BE_TRUSTED,
                    OCSP_RESPONSE_CERT_ID_UNKNOWN,
                    OCSP_RESPONSE_EXPIRED,
                    OCSP_STATUS_UNKNOWN -> AlertType.BAD_CERTIFICATE_STATUS_RESPONSE;
            case NO_ERROR,
                    SUBJECT_ISSUER_MISMATCH,
                    AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH,
                    NO_SSL_SUPPORT,
                    CERTIFICATE_STATUS_UNKNOWN,
                    UNSPECIFIED_ERROR -> AlertType.CERTIFICATE_UNKNOWN;
        };
    }
}
