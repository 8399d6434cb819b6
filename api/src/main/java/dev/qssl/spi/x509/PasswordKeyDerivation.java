package dev.qssl.spi.x509;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Turns pass phrases into keys the three ways that key files use. Written out because the JDK's own take characters and
 * refuse or misread what is not ASCII, while a pass phrase here is UTF-8 bytes.
 */
final class PasswordKeyDerivation {

    private PasswordKeyDerivation() {}

    /** PBKDF2 (RFC 8018, section 5.2) with the JDK's MAC of this name. */
    static byte[] pbkdf2(String macName, byte[] passPhrase, byte[] salt, int iterations, int length)
            throws GeneralSecurityException {
        return pbkdf2(new Hmac(macName, passPhrase), salt, iterations, length);
    }

    /** PBKDF2 with a MAC whose secret is the pass phrase. */
    static byte[] pbkdf2(Hmac mac, byte[] salt, int iterations, int length) {
        byte[] key = new byte[length];
        byte[] round = new byte[mac.length()];
        byte[] sum = new byte[mac.length()];
        ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
        for (int block = 1, position = 0; position < length; block++, position += round.length) {
            mac.update(salt);
            mac.update(number.putInt(0, block).array());
            mac.finish(round);
            System.arraycopy(round, 0, sum, 0, sum.length);
            for (int i = 1; i < iterations; i++) {
                mac.update(round);
                mac.finish(round);
                for (int j = 0; j < sum.length; j++) {
                    sum[j] ^= round[j];
                }
            }
            System.arraycopy(sum, 0, key, position, Math.min(sum.length, length - position));
        }
        return key;
    }

    /**
     * The derivation of PKCS#12 (RFC 7292, appendix B.2).
     *
     * @param hash the JDK's name of the hash
     * @param purpose 1 for a key, 2 for an initialisation vector, 3 for the key of a MAC
     * @param password UTF-16, big-endian, with two zero bytes at the end; empty for none
     * @param salt at least one byte
     */
    static byte[] pkcs12(String hash, int purpose, byte[] password, byte[] salt, int iterations, int length)
            throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance(hash);
        int block = hash.equals("SHA-384") || hash.startsWith("SHA-512") ? 128 : 64;
        byte[] diversifier = new byte[block];
        Arrays.fill(diversifier, (byte) purpose);
        byte[] input = Der.concatenate(repeated(salt, block), repeated(password, block));
        byte[] key = new byte[length];
        for (int position = 0; position < length; position += digest.getDigestLength()) {
            digest.update(diversifier);
            byte[] output = digest.digest(input);
            for (int i = 1; i < iterations; i++) {
                digest.update(output);
                digest.digest(output, 0, output.length);
            }
            System.arraycopy(output, 0, key, position, Math.min(output.length, length - position));
            byte[] addend = Arrays.copyOf(repeated(output, block), block);
            for (int start = 0; start < input.length; start += block) {
                addPlusOne(input, start, addend);
            }
        }
        return key;
    }

    /** OpenSSL's derivation for PEM headers: one round of MD5 over what came before, pass phrase and salt. */
    static byte[] md5(byte[] passPhrase, byte[] salt, int length) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        byte[] key = new byte[length];
        byte[] hash = {};
        for (int position = 0; position < length; position += hash.length) {
            digest.update(hash);
            digest.update(passPhrase);
            hash = digest.digest(salt);
            System.arraycopy(hash, 0, key, position, Math.min(hash.length, length - position));
        }
        return key;
    }

    /** {@return the bytes again and again, up to the next whole number of blocks} */
    private static byte[] repeated(byte[] bytes, int block) {
        byte[] filled = new byte[(bytes.length + block - 1) / block * block];
        for (int i = 0; i < filled.length; i++) {
            filled[i] = bytes[i % bytes.length];
        }
        return filled;
    }

    /** Adds the addend and one to the number at this place, and forgets the carry. */
    private static void addPlusOne(byte[] number, int start, byte[] addend) {
        int carry = 1;
        for (int i = addend.length - 1; i >= 0; i--) {
            carry += (number[start + i] & 0xFF) + (addend[i] & 0xFF);
            number[start + i] = (byte) carry;
            carry >>>= 8;
        }
    }
}
