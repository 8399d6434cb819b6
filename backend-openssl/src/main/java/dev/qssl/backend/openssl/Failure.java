package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The library gave up: what it says, and which alerts went which way.
 *
 * @param error the first reason of libssl
 * @param received the peer's fatal alert, or null
 * @param sent our fatal alert, or null
 * @param backend the name that users know it by
 */
record Failure(
        LibraryError error,
        @Nullable TlsAlert received,
        @Nullable TlsAlert sent,
        String backend) {

    /**
     * {@return our own exception}
     *
     * @param doing what failed, with the peer's name: the beginning of the sentence
     */
    TlsException exception(String doing) {
        Optional<TlsAlert> heard = heard();
        if (heard.isPresent()) {
            return new TlsException(
                    TlsError.PEER_ALERT,
                    doing + " failed: the peer sent the alert " + heard.get().description() + " ("
                            + heard.get().code() + ")");
        }
        return new TlsException(code(), doing + " failed: backend " + backend + " says: " + error.text());
    }

    /** In TLS 1.3 an alert ends the connection whatever level it claims to have (RFC 8446, section 6); the library knows. */
    private Optional<TlsAlert> heard() {
        if (received != null) {
            return Optional.of(received);
        }
        OptionalInt code = error.receivedAlert();
        return code.isPresent() ? Optional.of(TlsAlert.of(AlertLevel.FATAL, code.getAsInt())) : Optional.empty();
    }

    private TlsError code() {
        if (!error.isOfSsl()) {
            return sent == null ? TlsError.INTERNAL : TlsError.behind(sent.type());
        }
        return switch (error.reason()) {
            case LibraryError.PEER_DID_NOT_RETURN_A_CERTIFICATE -> TlsError.CERTIFICATE_MISSING;
            case LibraryError.PSK_IDENTITY_NOT_FOUND,
                    LibraryError.BAD_PSK,
                    LibraryError.BINDER_DOES_NOT_VERIFY,
                    LibraryError.PSK_NO_CLIENT_CB,
                    LibraryError.PSK_NO_SERVER_CB -> TlsError.PSK_REFUSED;
            case LibraryError.NO_SHARED_CIPHER -> TlsError.NO_COMMON_PARAMETERS;
            default -> sent == null ? TlsError.PROTOCOL_VIOLATION : TlsError.behind(sent.type());
        };
    }
}
