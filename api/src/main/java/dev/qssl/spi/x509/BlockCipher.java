package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.RC2ParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A cipher that key files are encrypted with, always in CBC mode with padding.
 *
 * @param objectIdentifier its identifier in PBES2 (RFC 8018, appendix B.2; RFC 3565)
 * @param pemName its name in a DEK-Info header (RFC 1421, section 4.6.1.3)
 * @param algorithm the JDK's name
 * @param keyBytes how long its key is
 * @param blockBytes how long its block and its initialisation vector are
 */
record BlockCipher(String objectIdentifier, String pemName, String algorithm, int keyBytes, int blockBytes) {

    static final BlockCipher AES_256 = new BlockCipher("2.16.840.1.101.3.4.1.42", "AES-256-CBC", "AES", 32, 16);
    static final BlockCipher TRIPLE_DES = new BlockCipher("1.2.840.113549.3.7", "DES-EDE3-CBC", "DESede", 24, 8);

    /** Only in PKCS #12's own schemes, which name key and cipher together. */
    static final BlockCipher RC2_128 = new BlockCipher("", "", "RC2", 16, 8);

    /** Only in PKCS #12's own schemes. */
    static final BlockCipher RC2_40 = new BlockCipher("", "", "RC2", 5, 8);

    private static final List<BlockCipher> ALL = List.of(
            AES_256,
            new BlockCipher("2.16.840.1.101.3.4.1.22", "AES-192-CBC", "AES", 24, 16),
            new BlockCipher("2.16.840.1.101.3.4.1.2", "AES-128-CBC", "AES", 16, 16),
            TRIPLE_DES);

    static Optional<BlockCipher> ofObjectIdentifier(String identifier) {
        return ALL.stream()
                .filter(cipher -> cipher.objectIdentifier.equals(identifier))
                .findFirst();
    }

    static Optional<BlockCipher> ofPemName(String name) {
        return ALL.stream().filter(cipher -> cipher.pemName.equals(name)).findFirst();
    }

    /**
     * {@return the plaintext, for the caller to wipe}
     *
     * @throws EncodingException if the padding is wrong, most likely because the pass phrase is
     */
    byte[] decrypt(byte[] key, byte[] vector, byte[] data) throws EncodingException {
        if (vector.length != blockBytes) {
            throw new EncodingException(
                    "its initialisation vector has " + vector.length + " bytes instead of " + blockBytes);
        }
        try {
            return run(Cipher.DECRYPT_MODE, key, vector, data);
        } catch (GeneralSecurityException wrong) {
            throw new EncodingException("the pass phrase is wrong, or the file is damaged", wrong);
        }
    }

    /** {@return the ciphertext} */
    byte[] encrypt(byte[] key, byte[] vector, byte[] data) throws GeneralSecurityException {
        return run(Cipher.ENCRYPT_MODE, key, vector, data);
    }

    private byte[] run(int mode, byte[] key, byte[] vector, byte[] data) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
        cipher.init(mode, new SecretKeySpec(key, algorithm), parameters(vector));
        return cipher.doFinal(data);
    }

    // The JDK's RC2 reduces a key to the bits that are effective, which PKCS #12 wants to be all of it.
    private AlgorithmParameterSpec parameters(byte[] vector) {
        return algorithm.equals("RC2") ? new RC2ParameterSpec(keyBytes * 8, vector) : new IvParameterSpec(vector);
    }
}
