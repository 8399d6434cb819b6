package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
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
     * {@return a private key in DER of any form, for the caller to wipe}
     *
     * @throws EncodingException if the result is no DER, most likely because the pass phrase is wrong
     */
    byte[] decryptPrivateKey(byte[] key, byte[] vector, byte[] data) throws EncodingException {
        if (vector.length != blockBytes) {
            throw new EncodingException(
                    "the private key's initialisation vector has " + vector.length + " bytes instead of " + blockBytes);
        }
        try {
            byte[] der = run(Cipher.DECRYPT_MODE, key, vector, data);
            Der.requireWellFormed(der);
            return der;
        } catch (GeneralSecurityException | EncodingException wrong) {
            throw new EncodingException(
                    "the private key could not be decrypted: the pass phrase is wrong, or the file is damaged", wrong);
        }
    }

    /** {@return the ciphertext} */
    byte[] encrypt(byte[] key, byte[] vector, byte[] data) throws GeneralSecurityException {
        return run(Cipher.ENCRYPT_MODE, key, vector, data);
    }

    private byte[] run(int mode, byte[] key, byte[] vector, byte[] data) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(algorithm + "/CBC/PKCS5Padding");
        cipher.init(mode, new SecretKeySpec(key, algorithm), new IvParameterSpec(vector));
        return cipher.doFinal(data);
    }
}
