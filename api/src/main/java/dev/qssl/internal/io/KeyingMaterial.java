package dev.qssl.internal.io;

import dev.qssl.spi.TlsException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keying material that somebody wants of an engine's exporter (RFC 5705), and what became of it. The owner of the connection
 * derives it (rule R3); whoever wants it takes it.
 */
public final class KeyingMaterial {

    /** TLS 1.3 puts six characters before it, and its length into one byte (RFC 8446, section 7.1). */
    private static final int MOST_LABEL_BYTES = 249;

    private static final int MOST_BYTES = 65_535;
    private static final Set<String> RESERVED_LABELS =
            Set.of("client finished", "server finished", "master secret", "extended master secret", "key expansion");

    private final String label;
    private final Optional<byte[]> context;
    private final int length;
    private volatile byte @Nullable [] bytes;
    private volatile @Nullable Exception failure;

    /**
     * Creates what is not derived yet.
     *
     * @param label the disambiguating label
     * @param context the context value, if there is one
     * @param length in bytes
     * @throws IllegalArgumentException if one is what no exporter takes
     */
    public KeyingMaterial(String label, Optional<byte[]> context, int length) {
        if (label.isEmpty()
                || label.length() > MOST_LABEL_BYTES
                || label.chars().anyMatch(c -> c > 0x7F)) {
            throw new IllegalArgumentException(
                    "expected a label of 1 to " + MOST_LABEL_BYTES + " characters of ASCII, not \"" + label + "\"");
        }
        if (RESERVED_LABELS.contains(label)) {
            throw new IllegalArgumentException(
                    "the label \"" + label + "\" is what TLS itself derives with (RFC 5705, section 4)");
        }
        if (context.isPresent() && context.get().length > MOST_BYTES) {
            throw new IllegalArgumentException("expected a context of at most " + MOST_BYTES + " bytes, not "
                    + context.get().length + " (RFC 5705, section 4)");
        }
        if (length < 1 || length > MOST_BYTES) {
            throw new IllegalArgumentException("expected a length of 1 to " + MOST_BYTES + " bytes, not " + length);
        }
        this.label = label;
        this.context = context.map(byte[]::clone);
        this.length = length;
    }

    /** Derives it. Owner only. Throws nothing: whatever goes wrong is for {@link #take}, and the connection goes on. */
    void derive(Pump pump) {
        try {
            bytes = pump.exportKeyingMaterial(label, context, length);
        } catch (TlsException | RuntimeException e) {
            failure = e;
        }
    }

    /** {@return whether it is known how it went} */
    boolean isDerived() {
        return bytes != null || failure != null;
    }

    /**
     * {@return the material}
     *
     * @throws TlsException what the engine threw
     * @throws IllegalStateException if nobody derived it
     */
    byte[] take() throws TlsException {
        byte[] derived = bytes;
        if (derived != null) {
            return derived;
        }
        Exception thrown = failure;
        if (thrown instanceof TlsException e) {
            throw e;
        }
        if (thrown instanceof RuntimeException e) {
            throw e;
        }
        throw new IllegalStateException("there are no keys to derive from: the connection ended, or this thread was"
                + " interrupted while it waited for the one that drives it");
    }
}
