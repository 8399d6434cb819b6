package dev.qssl.spi;

import java.util.Arrays;

/** A pre-shared key and the identity it goes by, or none. Owns its arrays; {@link #close} wipes the key. */
public final class PskAnswer implements AutoCloseable {

    /** There is no key: the engine refuses the handshake safely. */
    public static final PskAnswer NONE = new PskAnswer(new byte[0], new byte[0], "SHA-256");

    private final byte[] identity;
    private final byte[] key;
    private final String hash;
    private boolean closed;

    private PskAnswer(byte[] identity, byte[] key, String hash) {
        this.identity = identity;
        this.key = key;
        this.hash = hash;
    }

    /**
     * {@return a key}
     *
     * @param identity the name it goes by; copied
     * @param key the secret, at least one byte; copied
     * @param hash {@code SHA-256} or {@code SHA-384}: the hash that the key is bound to in TLS 1.3 (RFC 8446, 4.2.11)
     */
    public static PskAnswer of(byte[] identity, byte[] key, String hash) {
        if (key.length == 0) {
            throw new IllegalArgumentException("a pre-shared key has at least one byte; use PskAnswer.NONE for no key");
        }
        return new PskAnswer(identity.clone(), key.clone(), hash);
    }

    /** {@return whether there is no key, or none any more} */
    public boolean isNone() {
        return closed || key.length == 0;
    }

    /** {@return a copy of the identity} */
    public byte[] identity() {
        return identity.clone();
    }

    /**
     * {@return a copy of the key, for the caller to wipe}
     *
     * @throws IllegalStateException if it was overwritten: zeros must not pass for a key
     */
    public byte[] key() {
        if (closed) {
            throw new IllegalStateException("the pre-shared key was wiped");
        }
        return key.clone();
    }

    /** {@return the hash that the key is bound to in TLS 1.3} */
    public String hash() {
        return hash;
    }

    /** Overwrites the key; from now on there is none. */
    @Override
    public void close() {
        closed = key.length > 0;
        Arrays.fill(key, (byte) 0);
    }
}
