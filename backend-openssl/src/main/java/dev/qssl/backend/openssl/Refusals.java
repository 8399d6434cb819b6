package dev.qssl.backend.openssl;

import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;

/**
 * Says no to settings, in words that name the setting and the backend.
 *
 * @param backend the name that users know it by
 */
record Refusals(String backend) {

    TlsException unsupported(String settingAndReason) {
        return new TlsException(
                TlsError.UNSUPPORTED_SETTING,
                "backend " + backend + " cannot honour " + settingAndReason
                        + "; QSslSocket.backends() shows which backends can");
    }

    TlsException invalid(String reason) {
        return new TlsException(TlsError.INVALID_SETTING, reason);
    }

    TlsException invalid(String reason, Exception cause) {
        return new TlsException(TlsError.INVALID_SETTING, reason, cause);
    }
}
