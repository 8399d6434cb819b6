package dev.qssl.spi.x509;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are not what they should be. The message says what was expected and what came; it never holds key material or
 * a pass phrase.
 */
public final class EncodingException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates one.
     *
     * @param message what was expected and what came, for people
     */
    public EncodingException(String message) {
        super(message);
    }

    /**
     * Creates one that a library's exception caused.
     *
     * @param message what was expected and what came, for people
     * @param cause the library's exception, or null
     */
    @SuppressWarnings("exports") // JSpecify is not needed to compile against this
    public EncodingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
