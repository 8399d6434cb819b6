package dev.qssl;

import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Set;

/**
 * The question for a pre-shared key that a socket puts to a slot, and its answer (RFC 4279; RFC 8446, section 4.2.11).
 *
 * <p>Valid only while the slot runs: the key is wiped when it returns. Used by one thread. No key, or an empty one, makes the
 * handshake fail. Arrays are copied in both directions.
 */
public final class QSslPreSharedKeyAuthenticator {

    private static final Set<String> HASHES = Set.of("SHA-256", "SHA-384");
    private static final byte[] EMPTY = {};

    private final byte[] identityHint;
    private final int maximumIdentityLength;
    private final int maximumPreSharedKeyLength;
    private byte[] identity;
    private byte[] preSharedKey = EMPTY;
    private String hash = "SHA-256";

    /** Creates one that belongs to no handshake: nothing can be set in it. */
    public QSslPreSharedKeyAuthenticator() {
        this(EMPTY, EMPTY, 0, 0);
    }

    private QSslPreSharedKeyAuthenticator(byte[] hint, byte[] identity, int maximumIdentity, int maximumKey) {
        this.identityHint = hint;
        this.identity = identity;
        this.maximumIdentityLength = maximumIdentity;
        this.maximumPreSharedKeyLength = maximumKey;
    }

    /** {@return the question that an engine asks} A server's answer is for the first identity. */
    static QSslPreSharedKeyAuthenticator of(PskQuestion question) {
        byte[] identity = question.identities().isEmpty()
                ? EMPTY
                : latin1(question.identities().get(0));
        return new QSslPreSharedKeyAuthenticator(
                latin1(question.hint()), identity, question.maximumIdentityBytes(), question.maximumKeyBytes());
    }

    /** {@return the answer for the engine} */
    PskAnswer answer() {
        return preSharedKey.length == 0 ? PskAnswer.NONE : PskAnswer.of(identity, preSharedKey, hash);
    }

    /** Overwrites the key, when the slot has returned. */
    void wipe() {
        Arrays.fill(preSharedKey, (byte) 0);
        preSharedKey = EMPTY;
    }

    /** {@return client: what the server hinted, maybe nothing; server: its own configured hint} */
    public byte[] identityHint() {
        return identityHint.clone();
    }

    /**
     * Client: sets the name that the key goes by. What is longer than {@link #maximumIdentityLength} is cut off. On a server,
     * which cannot choose it, this does nothing.
     *
     * @param identity any bytes
     */
    public void setIdentity(byte[] identity) {
        if (maximumIdentityLength > 0) {
            this.identity = Arrays.copyOf(identity, Math.min(identity.length, maximumIdentityLength));
        }
    }

    /** {@return client: what was set; server: what the client sent} */
    public byte[] identity() {
        return identity.clone();
    }

    /** {@return client: the longest identity in bytes; server: 0} */
    public int maximumIdentityLength() {
        return maximumIdentityLength;
    }

    /**
     * Sets the key. What is longer than {@link #maximumPreSharedKeyLength} is cut off.
     *
     * @param preSharedKey the secret; the caller may wipe the array at once
     */
    public void setPreSharedKey(byte[] preSharedKey) {
        Arrays.fill(this.preSharedKey, (byte) 0);
        this.preSharedKey = Arrays.copyOf(preSharedKey, Math.min(preSharedKey.length, maximumPreSharedKeyLength));
    }

    /** {@return a copy of the key, for the caller to wipe} */
    public byte[] preSharedKey() {
        return preSharedKey.clone();
    }

    /** {@return the longest key in bytes} */
    public int maximumPreSharedKeyLength() {
        return maximumPreSharedKeyLength;
    }

    /**
     * Sets the hash that the key is bound to in TLS 1.3; TLS 1.2 ignores it.
     *
     * @param hash {@code SHA-256}, the default, or {@code SHA-384}
     * @throws IllegalArgumentException for any other
     */
    public void setHash(String hash) {
        if (!HASHES.contains(hash)) {
            throw new IllegalArgumentException("expected SHA-256 or SHA-384, not " + hash);
        }
        this.hash = hash;
    }

    /** {@return the hash that the key is bound to in TLS 1.3} */
    public String hash() {
        return hash;
    }

    /** {@return whether hint, identity, key and both limits are equal} */
    @Override
    public boolean equals(Object other) {
        return other instanceof QSslPreSharedKeyAuthenticator that
                && Arrays.equals(identityHint, that.identityHint)
                && Arrays.equals(identity, that.identity)
                && maximumIdentityLength == that.maximumIdentityLength
                && MessageDigest.isEqual(preSharedKey, that.preSharedKey)
                && maximumPreSharedKeyLength == that.maximumPreSharedKeyLength;
    }

    /** {@return a hash of hint and limits: the other parts change} */
    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(identityHint) + maximumIdentityLength) + maximumPreSharedKeyLength;
    }

    /** {@return the lengths of the parts; nothing secret} */
    @Override
    public String toString() {
        return "QSslPreSharedKeyAuthenticator[hint of " + identityHint.length + " bytes, identity of " + identity.length
                + " bytes, key " + (preSharedKey.length == 0 ? "not set" : "set") + "]";
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
