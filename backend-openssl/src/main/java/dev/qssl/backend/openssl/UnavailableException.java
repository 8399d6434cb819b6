package dev.qssl.backend.openssl;

import dev.qssl.spi.Availability;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** OpenSSL cannot be had: why, and what would help. */
final class UnavailableException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String remedy;

    UnavailableException(String reason, String remedy) {
        this(reason, remedy, null);
    }

    UnavailableException(String reason, String remedy, @Nullable Throwable cause) {
        super(reason, cause);
        this.remedy = remedy;
    }

    /** {@return what the user can do about it} */
    String remedy() {
        return remedy;
    }

    /** {@return it in the words of the SPI} */
    Availability.Unavailable asAvailability() {
        return new Availability.Unavailable(String.valueOf(getMessage()), remedy, Optional.ofNullable(getCause()));
    }
}
