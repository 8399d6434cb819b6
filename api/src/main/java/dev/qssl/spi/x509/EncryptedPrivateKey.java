package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Encrypts and decrypts private keys in PKCS#8's EncryptedPrivateKeyInfo (RFC 5958, section 3).
 *
 * <p>Reads PBES2 (RFC 8018) with PBKDF2 or scrypt (RFC 7914) and AES or triple DES in CBC mode, and PKCS#12's triple DES and
 * RC2 (RFC 7292, appendix C). The work that a file can ask for is bounded: 2,097,152 rounds, 33 MiB. Writes PBES2 with
 * PBKDF2, HMAC-SHA-256 and AES-256. Pass phrases are UTF-8 bytes; they are neither kept nor wiped.
 */
public final class EncryptedPrivateKey {

    /** OWASP's recommendation of 2023 for PBKDF2 with HMAC-SHA-256. */
    private static final int OUR_ITERATIONS = 600_000;

    private static final int OUR_SALT_BYTES = 16;

    private EncryptedPrivateKey() {}

    /**
     * {@return whether these bytes have the outer form of an encrypted PKCS#8 key}
     *
     * @param der any bytes
     */
    public static boolean isEncrypted(byte[] der) {
        try {
            DerReader info = new DerReader(der).sequence();
            info.sequence().objectIdentifier();
            return info.isNext(Der.OCTET_STRING);
        } catch (EncodingException another) {
            return false;
        }
    }

    /**
     * {@return the PKCS#8 key in DER, for the caller to wipe}
     *
     * @param der an EncryptedPrivateKeyInfo
     * @param passPhrase UTF-8
     * @throws EncodingException if it is none, or asks for an unknown algorithm or too much work, or the pass phrase is wrong
     */
    public static byte[] decrypt(byte[] der, byte[] passPhrase) throws EncodingException {
        Der.requireWellFormed(der);
        DerReader info = new DerReader(der).sequence();
        DerReader scheme = info.sequence();
        byte[] data = info.octetString();
        info.end();
        try {
            byte[] key = new PasswordEncryption(Password.of(passPhrase), new WorkLimit()).decrypt(scheme, data);
            PasswordEncryption.requireDer(key);
            return key;
        } catch (EncodingException refused) {
            throw new EncodingException("the private key cannot be decrypted: " + refused.getMessage(), refused);
        }
    }

    /**
     * {@return an EncryptedPrivateKeyInfo}
     *
     * @param pkcs8 the key in DER; not wiped
     * @param passPhrase UTF-8
     */
    public static byte[] encrypt(byte[] pkcs8, byte[] passPhrase) {
        SecureRandom random = new SecureRandom();
        byte[] salt = new byte[OUR_SALT_BYTES];
        byte[] vector = new byte[BlockCipher.AES_256.blockBytes()];
        random.nextBytes(salt);
        random.nextBytes(vector);
        byte[] derivation = Der.sequence(
                Der.objectIdentifier(PasswordEncryption.PBKDF2),
                Der.sequence(
                        Der.octetString(salt),
                        Der.integer(OUR_ITERATIONS),
                        Der.sequence(Der.objectIdentifier(PasswordEncryption.HMAC_SHA_256), Der.nothing())));
        byte[] cipher =
                Der.sequence(Der.objectIdentifier(BlockCipher.AES_256.objectIdentifier()), Der.octetString(vector));
        try {
            byte[] key = PasswordKeyDerivation.pbkdf2(
                    "HmacSHA256", passPhrase, salt, OUR_ITERATIONS, BlockCipher.AES_256.keyBytes());
            byte[] data = BlockCipher.AES_256.encrypt(key, vector, pkcs8);
            Arrays.fill(key, (byte) 0);
            return Der.sequence(
                    Der.sequence(Der.objectIdentifier(PasswordEncryption.PBES2), Der.sequence(derivation, cipher)),
                    Der.octetString(data));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks AES in CBC mode or HmacSHA256", impossible);
        }
    }
}
