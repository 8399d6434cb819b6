package dev.qssl.cli;

import dev.qssl.QSsl.AlertType;

/** What a user can do about the alert that a server ended the connection with (RFC 8446, section 6.2). */
final class AlertAdvice {

    private AlertAdvice() {}

    /**
     * {@return what may help}
     *
     * @param alert the last one that came
     * @param identity who we said we are
     */
    static String on(AlertType alert, IdentityOptions identity) {
        return switch (alert) {
            case NO_APPLICATION_PROTOCOL -> "other names for --alpn, or none";
            case UNRECOGNIZED_NAME -> "another --server-name";
            case PROTOCOL_VERSION, INAPPROPRIATE_FALLBACK -> "another --protocol";
            case CERTIFICATE_REQUIRED -> "--cert and --key: the server wants to know who its clients are";
            case BAD_CERTIFICATE,
                    UNSUPPORTED_CERTIFICATE,
                    CERTIFICATE_REVOKED,
                    CERTIFICATE_EXPIRED,
                    CERTIFICATE_UNKNOWN,
                    UNKNOWN_CA,
                    ACCESS_DENIED -> "--cert and --key of somebody whom the server trusts";
            default -> onNothingInCommon(alert, identity);
        };
    }

    private static String onNothingInCommon(AlertType alert, IdentityOptions identity) {
        if (identity.hasPsk()) {
            return "--psk and --psk-identity must be those that the server knows";
        }
        // What a missing certificate is up to TLS 1.2.
        boolean maybeUnknown = alert == AlertType.HANDSHAKE_FAILURE && identity.certificate.isEmpty();
        return "another --protocol or another --backend"
                + (maybeUnknown ? ", or --cert and --key if the server wants to know who its clients are" : "");
    }
}
