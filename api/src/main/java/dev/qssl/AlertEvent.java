package dev.qssl;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.TlsAlert;

/**
 * An alert that was sent or received (B-121).
 *
 * @param level how serious it is
 * @param type what it says; {@code UNKNOWN_ALERT_MESSAGE} if the code has no name here or the library hides it
 * @param description a text for people
 */
public record AlertEvent(AlertLevel level, AlertType type, String description) {

    static AlertEvent of(TlsAlert alert) {
        return new AlertEvent(alert.level(), alert.type(), alert.description());
    }
}
