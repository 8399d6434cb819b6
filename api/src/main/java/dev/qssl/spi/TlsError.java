package dev.qssl.spi;

import dev.qssl.QSsl.AlertType;

/** Why a TLS operation failed, for code to switch on; each maps to the alert that tells the peer. */
public enum TlsError {
    /** The settings contradict themselves or hold an unusable value: the caller's mistake. Nothing was sent. */
    INVALID_SETTING(AlertType.INTERNAL_ERROR),
    /** The settings ask for something that this backend lacks. Nothing was sent. */
    UNSUPPORTED_SETTING(AlertType.INTERNAL_ERROR),
    /** The chosen backend cannot be had, or has no sockets. Nothing was sent. */
    NO_BACKEND(AlertType.INTERNAL_ERROR),
    /** The peer's bytes are no TLS, or break a rule of the protocol. */
    PROTOCOL_VIOLATION(AlertType.UNEXPECTED_MESSAGE),
    /** A record failed its authentication. */
    BAD_RECORD(AlertType.BAD_RECORD_MAC),
    /** A record is longer than the protocol allows. */
    RECORD_OVERFLOW(AlertType.RECORD_OVERFLOW),
    /** The two sides have no version, suite, group or signature scheme in common. */
    NO_COMMON_PARAMETERS(AlertType.HANDSHAKE_FAILURE),
    /** The peer's certificate was refused by our side. */
    CERTIFICATE_REFUSED(AlertType.CERTIFICATE_UNKNOWN),
    /** The peer had to present a certificate and did not. */
    CERTIFICATE_MISSING(AlertType.CERTIFICATE_REQUIRED),
    /** No pre-shared key was given, or it does not fit. */
    PSK_REFUSED(AlertType.UNKNOWN_PSK_IDENTITY),
    /** The peer tried to renegotiate. */
    RENEGOTIATION_REFUSED(AlertType.NO_RENEGOTIATION),
    /** The peer sent a fatal alert. */
    PEER_ALERT(AlertType.CLOSE_NOTIFY),
    /** The transport ended without close_notify: data may have been cut off. */
    TRUNCATED(AlertType.CLOSE_NOTIFY),
    /** The transport or the peer ended the connection in the middle of the handshake. */
    CLOSED_IN_HANDSHAKE(AlertType.CLOSE_NOTIFY),
    /** The library failed in a way that is not the peer's doing. */
    INTERNAL(AlertType.INTERNAL_ERROR);

    private final AlertType alert;

    TlsError(AlertType alert) {
        this.alert = alert;
    }

    /** {@return the alert for the peer; {@code CLOSE_NOTIFY} where none is sent because the peer is gone} */
    public AlertType alert() {
        return alert;
    }

    /**
     * {@return what makes one send this alert} Several errors share an alert; this is the one that the alert tells of.
     *
     * @param alert a fatal alert that one's own library chose
     */
    public static TlsError behind(AlertType alert) {
        return switch (alert) {
            case PROTOCOL_VERSION, HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY, NO_APPLICATION_PROTOCOL ->
                NO_COMMON_PARAMETERS;
            case BAD_RECORD_MAC -> BAD_RECORD;
            case RECORD_OVERFLOW -> RECORD_OVERFLOW;
            case CERTIFICATE_REQUIRED -> CERTIFICATE_MISSING;
            case UNKNOWN_PSK_IDENTITY -> PSK_REFUSED;
            case BAD_CERTIFICATE,
                    UNSUPPORTED_CERTIFICATE,
                    CERTIFICATE_REVOKED,
                    CERTIFICATE_EXPIRED,
                    CERTIFICATE_UNKNOWN,
                    UNKNOWN_CA,
                    ACCESS_DENIED -> CERTIFICATE_REFUSED;
            case INTERNAL_ERROR -> INTERNAL;
            default -> PROTOCOL_VIOLATION;
        };
    }
}
