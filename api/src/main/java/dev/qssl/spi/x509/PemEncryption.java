package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Decrypts the traditional private keys whose PEM headers say how they are encrypted (RFC 1421, section 4.6, as OpenSSL uses
 * it). The key comes from one round of MD5, so that only a strong pass phrase protects it: read it, never write it.
 */
final class PemEncryption {

    private static final int SALT_BYTES = 8;

    private PemEncryption() {}

    static boolean isEncrypted(Pem.Block block) {
        return block.headers().containsKey("DEK-Info");
    }

    /**
     * {@return the key in DER, for the caller to wipe}
     *
     * @param block one with the header
     * @param passPhrase the bytes it was encrypted with
     * @throws EncodingException if the cipher is unknown, the block is malformed, or the pass phrase wrong
     */
    static byte[] decrypt(Pem.Block block, byte[] passPhrase) throws EncodingException {
        String header = Objects.requireNonNull(block.headers().get("DEK-Info"), "DEK-Info");
        int comma = header.indexOf(',');
        String name = header.substring(0, Math.max(comma, 0)).strip();
        BlockCipher cipher = BlockCipher.ofPemName(name)
                .orElseThrow(() -> new EncodingException("the private key is encrypted with the unsupported cipher \""
                        + name + "\"; convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc"));
        byte[] vector = hexadecimal(header.substring(comma + 1).strip());
        if (vector.length < SALT_BYTES) {
            throw new EncodingException("the private key's DEK-Info header has no initialisation vector");
        }
        byte[] key = derive(passPhrase, Arrays.copyOf(vector, SALT_BYTES), cipher.keyBytes());
        try {
            byte[] der = cipher.decrypt(key, vector, block.content());
            PasswordEncryption.requireDer(der);
            return der;
        } catch (EncodingException refused) {
            throw new EncodingException("the private key cannot be decrypted: " + refused.getMessage(), refused);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static byte[] derive(byte[] passPhrase, byte[] salt, int length) throws EncodingException {
        try {
            return PasswordKeyDerivation.md5(passPhrase, salt, length);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK lacks MD5, which the private key's encryption needs", missing);
        }
    }

    private static byte[] hexadecimal(String text) throws EncodingException {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException malformed) {
            throw new EncodingException("the private key's DEK-Info header is malformed", malformed);
        }
    }
}
