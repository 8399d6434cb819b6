package dev.qssl.spi.x509;

import dev.qssl.SslError;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;

/**
 * The second opinion: a path is accepted only if the JDK's PKIX validation accepts it, too. It also knows rules that are not
 * written again here: certificate policies, and what {@code jdk.certpath.disabledAlgorithms} forbids on this machine.
 *
 * <p>It stops at its first error. So that one problem does not hide another, it is asked whether the path would do if its
 * last certificate were trusted, at a time when all of it is valid, if there is such a time.
 */
final class PkixValidation {

    private PkixValidation() {}

    /** Adds what the JDK finds wrong with the path, unless that is known already. */
    static void check(CertificatePath path, Instant now, Findings findings) {
        if (path.topDepth() == 0) {
            // A lone certificate: trusted as it stands, or already found not to be. There is no path to validate.
            return;
        }
        List<X509Certificate> certificates = path.x509();
        List<X509Certificate> below = certificates.subList(0, path.topDepth());
        try {
            PKIXParameters parameters =
                    new PKIXParameters(Set.of(new TrustAnchor(certificates.get(path.topDepth()), null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(Instant.ofEpochMilli(momentWithin(path, now.toEpochMilli()))));
            CertPathValidator.getInstance("PKIX", "SUN")
                    .validate(CertificateFactory.getInstance("X.509", "SUN").generateCertPath(below), parameters);
        } catch (CertPathValidatorException rejected) {
            int depth = rejected.getIndex() < 0 ? 0 : rejected.getIndex();
            SslError code = codeOf(rejected.getReason());
            if (!isExplained(code, findings)) {
                findings.add(depth, code, "Java's path validation says: " + rejected.getMessage());
            }
        } catch (GeneralSecurityException | RuntimeException failed) {
            // Seen on JDK 17: UnsupportedOperationException for name constraints on otherName.
            findings.add(0, SslError.UNSPECIFIED_ERROR, "Java's path validation failed: " + failed);
        }
    }

    // It may blame another certificate than we do: the one that is too much, say, not the one that sets the limit.
    private static boolean isExplained(SslError code, Findings findings) {
        return code == SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE
                ? findings.has(SslError.AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH, SslError.INVALID_CA_CERTIFICATE)
                : findings.has(code);
    }

    private static long momentWithin(CertificatePath path, long now) {
        long from = Long.MIN_VALUE;
        long until = Long.MAX_VALUE;
        for (int i = 0; i < path.topDepth(); i++) {
            from = Math.max(from, path.certificates().get(i).notBefore());
            until = Math.min(until, path.certificates().get(i).notAfter());
        }
        return from > until ? now : Math.max(from, Math.min(until, now));
    }

    private static SslError codeOf(Reason reason) {
        if (reason instanceof BasicReason basic) {
            return switch (basic) {
                case EXPIRED -> SslError.CERTIFICATE_EXPIRED;
                case NOT_YET_VALID -> SslError.CERTIFICATE_NOT_YET_VALID;
                case REVOKED -> SslError.CERTIFICATE_REVOKED;
                case INVALID_SIGNATURE, ALGORITHM_CONSTRAINED -> SslError.CERTIFICATE_SIGNATURE_FAILED;
                case UNDETERMINED_REVOCATION_STATUS, UNSPECIFIED -> SslError.UNSPECIFIED_ERROR;
            };
        }
        if (reason instanceof PKIXReason pkix) {
            return switch (pkix) {
                case NAME_CHAINING -> SslError.SUBJECT_ISSUER_MISMATCH;
                case INVALID_KEY_USAGE, NOT_CA_CERT -> SslError.INVALID_CA_CERTIFICATE;
                case INVALID_NAME -> SslError.INVALID_PURPOSE;
                case NO_TRUST_ANCHOR -> SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE;
                case PATH_TOO_LONG -> SslError.PATH_LENGTH_EXCEEDED;
                case INVALID_POLICY, UNRECOGNIZED_CRIT_EXT -> SslError.UNSPECIFIED_ERROR;
            };
        }
        return SslError.UNSPECIFIED_ERROR;
    }
}
