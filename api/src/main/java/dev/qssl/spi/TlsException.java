package dev.qssl.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A failure that lies with the peer, the network, a certificate or the settings.
 *
 * <p>The message names what was expected, what came, and the source of the rule; it holds no key, plaintext or password.
 * An engine that threw one stays failed: every later call throws the same first cause.
 */
public final class TlsException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Why, for code to switch on. */
    private final TlsError error;

    /**
     * Creates one.
     *
     * @param error the code to switch on
     * @param message what happened, for people
     */
    public TlsException(TlsError error, String message) {
        super(message);
        this.error = error;
    }

    /**
     * Creates one that a library's exception caused.
     *
     * @param error the code to switch on
     * @param message what happened, for people
     * @param cause the library's exception
     */
    @SuppressWarnings("exports") // JSpecify is not needed to compile against this
    public TlsException(TlsError error, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    /** {@return the code to switch on} */
    public TlsError error() {
        return error;
    }
}
