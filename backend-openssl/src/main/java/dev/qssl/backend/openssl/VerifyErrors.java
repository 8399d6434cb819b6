package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import java.util.Map;

/** The verification error that makes OpenSSL send an alert: it derives one from the other ({@code ssl_x509err2alert}). */
final class VerifyErrors {

    /** "Nothing is wrong", with a refusal: certificate_unknown. */
    private static final int NONE = 0;

    private static final Map<AlertType, Integer> ERRORS = Map.of(
            AlertType.CERTIFICATE_UNKNOWN, NONE,
            AlertType.INTERNAL_ERROR, 1, // unspecified
            AlertType.DECRYPT_ERROR, 7, // signature failure
            AlertType.CERTIFICATE_EXPIRED, 10,
            AlertType.UNKNOWN_CA, 20, // no local issuer
            AlertType.CERTIFICATE_REVOKED, 23,
            AlertType.UNSUPPORTED_CERTIFICATE, 26, // invalid purpose
            AlertType.BAD_CERTIFICATE, 28, // rejected
            AlertType.HANDSHAKE_FAILURE, 50); // the application's own verification

    private VerifyErrors() {}

    /** {@return whether there is an error for this very alert} */
    static boolean isExact(AlertType alert) {
        return ERRORS.containsKey(alert);
    }

    /** {@return the error for this alert or, where there is none, for certificate_unknown} */
    static int of(AlertType alert) {
        return ERRORS.getOrDefault(alert, NONE);
    }
}
