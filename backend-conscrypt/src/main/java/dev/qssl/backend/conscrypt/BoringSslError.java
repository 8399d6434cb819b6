package dev.qssl.backend.conscrypt;

import dev.qssl.spi.TlsError;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The word that BoringSSL keeps for an error, read from the text of an exception: the only place where Conscrypt tells it.
 *
 * <p>{@code error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE (...)}: the low 12 bits are the reason,
 * and reasons above 1000 are alerts of the peer (seen on BoringSSL 427ec40c, ssl.h: {@code SSL_AD_REASON_OFFSET}).
 *
 * @param code the low 12 bits
 * @param reason its name
 */
record BoringSslError(int code, String reason) {

    private static final int REASON_MASK = 0xFFF;
    private static final int ALERT_OFFSET = 1000;
    private static final int ALERTS = 256;
    private static final Pattern WORD = Pattern.compile("error:([0-9a-fA-F]{1,8}):SSL routines:[^:]*:([A-Za-z0-9_]+)");

    /** {@return the first error of the SSL library that is told by this exception or a cause of it} */
    static Optional<BoringSslError> of(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            Optional<BoringSslError> found = read(cause.getMessage());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<BoringSslError> read(@Nullable String text) {
        Matcher word = WORD.matcher(text == null ? "" : text);
        return word.find()
                ? Optional.of(new BoringSslError((int) Long.parseLong(word.group(1), 16) & REASON_MASK, word.group(2)))
                : Optional.empty();
    }

    /** {@return the code of the peer's alert, if this is one} */
    OptionalInt receivedAlert() {
        int alert = code - ALERT_OFFSET;
        return alert >= 0 && alert < ALERTS ? OptionalInt.of(alert) : OptionalInt.empty();
    }

    /** {@return what it means for the connection, where that is clear} */
    Optional<TlsError> error() {
        return switch (reason) {
            case "PSK_IDENTITY_NOT_FOUND" -> Optional.of(TlsError.PSK_REFUSED);
            case "PEER_DID_NOT_RETURN_A_CERTIFICATE" -> Optional.of(TlsError.CERTIFICATE_MISSING);
            case "DECRYPTION_FAILED_OR_BAD_RECORD_MAC", "BAD_DECRYPT" -> Optional.of(TlsError.BAD_RECORD);
            case "NO_SHARED_CIPHER",
                    "NO_SHARED_GROUP",
                    "NO_COMMON_SIGNATURE_ALGORITHMS",
                    "UNSUPPORTED_PROTOCOL",
                    "WRONG_CURVE" -> Optional.of(TlsError.NO_COMMON_PARAMETERS);
            default -> Optional.empty();
        };
    }
}
