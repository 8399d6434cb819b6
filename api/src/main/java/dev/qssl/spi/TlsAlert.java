package dev.qssl.spi;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;

/**
 * An alert that was sent or received (RFC 8446, section 6).
 *
 * @param level how serious it is; {@code UNKNOWN} if the library does not tell
 * @param type what it says; {@code UNKNOWN_ALERT_MESSAGE} if the code has no name here or the library hides it
 * @param code the number on the wire, 0..255, or -1 if the library hides it. Never a guess
 * @param description a text for people; may be empty
 */
public record TlsAlert(AlertLevel level, AlertType type, int code, String description) {

    /** A code that the library does not disclose. */
    public static final int HIDDEN_CODE = -1;

    /**
     * {@return the fatal alert of this type}
     *
     *
     * @param type what it says
     */
    public static TlsAlert fatal(AlertType type) {
        return of(AlertLevel.FATAL, type.value());
    }

    /**
     * {@return the warning of this type; close_notify is one}
     *
     * @param type what it says
     */
    public static TlsAlert warning(AlertType type) {
        return of(AlertLevel.WARNING, type.value());
    }

    /**
     * {@return the alert with this code from the wire}
     *
     * @param level warning or fatal
     * @param code one byte, 0 to 255
     */
    public static TlsAlert of(AlertLevel level, int code) {
        AlertType type = AlertType.ofCode(code);
        String name = type == AlertType.UNKNOWN_ALERT_MESSAGE
                ? "alert " + code
                : type.name().toLowerCase(java.util.Locale.ROOT);
        return new TlsAlert(level, type, code, name);
    }

    /**
     * {@return an alert of which only the level is known}
     *
     * @param level warning or fatal
     */
    public static TlsAlert hidden(AlertLevel level) {
        return new TlsAlert(
                level,
                AlertType.UNKNOWN_ALERT_MESSAGE,
                HIDDEN_CODE,
                "an alert whose code the library does not disclose");
    }

    /** {@return whether this is close_notify} */
    public boolean isCloseNotify() {
        return type == AlertType.CLOSE_NOTIFY;
    }
}
