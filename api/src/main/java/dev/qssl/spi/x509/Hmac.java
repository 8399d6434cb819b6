package dev.qssl.spi.x509;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;

/**
 * HMAC (RFC 2104) for key derivation. Written out because the JDK's allocates two arrays each time, and a file may ask for two
 * million times. One thread.
 */
final class Hmac {

    /** Of SHA-384 and SHA-512 in all their forms (FIPS 180-4). */
    private static final int LONG_BLOCK_BYTES = 128;

    private final MessageDigest digest;
    private final byte[] inner;
    private final byte[] outer;
    private final int length;

    /**
     * @param name the JDK's name of the MAC: {@code HmacSHA1} to {@code HmacSHA512/256}
     * @param secret of any length, even none; hashed or copied
     */
    Hmac(String name, byte[] secret) throws NoSuchAlgorithmException {
        digest = MessageDigest.getInstance(digestName(name));
        length = digest.getDigestLength();
        int block = blockBytes(name);
        byte[] key = Arrays.copyOf(secret.length > block ? digest.digest(secret) : secret, block);
        inner = new byte[block];
        outer = new byte[block];
        for (int i = 0; i < block; i++) {
            inner[i] = (byte) (key[i] ^ 0x36);
            outer[i] = (byte) (key[i] ^ 0x5C);
        }
        Arrays.fill(key, (byte) 0);
        digest.update(inner);
    }

    /** {@return the octets of one result} */
    int length() {
        return length;
    }

    /** {@return what one result costs, as a multiple of the cheapest} */
    int cost() {
        return inner.length == LONG_BLOCK_BYTES ? 2 : 1;
    }

    /** Takes more of the message. */
    void update(byte[] octets) {
        digest.update(octets);
    }

    /** Writes the MAC of the message, and begins the next one. */
    void finish(byte[] result) {
        try {
            digest.digest(result, 0, length);
            digest.update(outer);
            digest.update(result, 0, length);
            digest.digest(result, 0, length);
        } catch (DigestException tooShort) {
            throw new IllegalArgumentException("expected room for " + length + " bytes", tooShort);
        }
        digest.update(inner);
    }

    /** {@return {@code SHA-512/256} for {@code HmacSHA512/256}} */
    private static String digestName(String name) {
        return "SHA-" + name.toUpperCase(Locale.ROOT).substring("HMACSHA".length());
    }

    private static int blockBytes(String name) {
        return name.startsWith("HmacSHA384") || name.startsWith("HmacSHA512") ? LONG_BLOCK_BYTES : 64;
    }
}
