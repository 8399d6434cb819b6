package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Decrypts what a pass phrase protects: PBES2 (RFC 8018) with PBKDF2 or scrypt (RFC 7914) and AES or triple DES in CBC mode,
 * and the triple DES and RC2 schemes of PKCS #12 (RFC 7292, appendix C).
 *
 * <p>Work and memory are bounded by a {@link WorkLimit}.
 */
final class PasswordEncryption {

    static final String PBES2 = "1.2.840.113549.1.5.13";
    static final String PBKDF2 = "1.2.840.113549.1.5.12";
    static final String HMAC_SHA_256 = "1.2.840.113549.2.9";

    private static final String SCRYPT = "1.3.6.1.4.1.11591.4.11";
    private static final String PKCS12_TRIPLE_DES = "1.2.840.113549.1.12.1.3";
    private static final String PKCS12_TWO_KEY_TRIPLE_DES = "1.2.840.113549.1.12.1.4";
    private static final String PKCS12_RC2_128 = "1.2.840.113549.1.12.1.5";
    private static final String PKCS12_RC2_40 = "1.2.840.113549.1.12.1.6";
    private static final String HMAC_SHA_1 = "1.2.840.113549.2.7";

    private static final int MAXIMUM_SCRYPT_FACTOR = 1 << 20;
    private static final int MAXIMUM_SCRYPT_PARALLELISM = 16;

    /** The longest key that can be asked for. */
    private static final int MAXIMUM_KEY_BYTES = 64;

    private static final Map<String, String> MACS = Map.ofEntries(
            Map.entry(HMAC_SHA_1, "HmacSHA1"),
            Map.entry("1.2.840.113549.2.8", "HmacSHA224"),
            Map.entry(HMAC_SHA_256, "HmacSHA256"),
            Map.entry("1.2.840.113549.2.10", "HmacSHA384"),
            Map.entry("1.2.840.113549.2.11", "HmacSHA512"),
            Map.entry("1.2.840.113549.2.12", "HmacSHA512/224"),
            Map.entry("1.2.840.113549.2.13", "HmacSHA512/256"));

    private final Password password;
    private final WorkLimit limit;

    /**
     * @param password what is tried
     * @param limit of the file; shared by all that is decrypted of it
     */
    PasswordEncryption(Password password, WorkLimit limit) {
        this.password = password;
        this.limit = limit;
    }

    /**
     * {@return the plaintext, for the caller to wipe}
     *
     * @param scheme the content of an AlgorithmIdentifier
     * @param data the ciphertext
     * @throws EncodingException if the scheme is unknown or asks for too much work, or the pass phrase is wrong
     */
    byte[] decrypt(DerReader scheme, byte[] data) throws EncodingException {
        String name = scheme.objectIdentifier();
        Keying keying = switch (name) {
            case PBES2 -> pbes2(scheme.sequence());
            case PKCS12_TRIPLE_DES -> pkcs12(scheme.sequence(), BlockCipher.TRIPLE_DES, 24);
            case PKCS12_TWO_KEY_TRIPLE_DES -> pkcs12(scheme.sequence(), BlockCipher.TRIPLE_DES, 16);
            case PKCS12_RC2_128 -> pkcs12(scheme.sequence(), BlockCipher.RC2_128, 16);
            case PKCS12_RC2_40 -> pkcs12(scheme.sequence(), BlockCipher.RC2_40, 5);
            default -> throw unsupported("scheme", name);
        };
        try {
            return keying.cipher.decrypt(keying.key, keying.vector, data);
        } finally {
            Arrays.fill(keying.key, (byte) 0);
        }
    }

    /**
     * {@return a key derived by PBKDF2}
     *
     * @param parameters the content of PBKDF2-params (RFC 8018, appendix A.2)
     * @param keyBytes the length that is wanted; 0 for the one that the parameters name
     */
    byte[] pbkdf2(DerReader parameters, int keyBytes) throws EncodingException {
        byte[] salt = parameters.octetString();
        int iterations = parameters.integer(Integer.MAX_VALUE);
        int length = keyLength(parameters, keyBytes);
        String macName = parameters.hasMore() ? parameters.sequence().objectIdentifier() : HMAC_SHA_1;
        String mac = mac(macName).orElseThrow(() -> unsupported("pseudo-random function", macName));
        try {
            Hmac hmac = new Hmac(mac, password.utf8());
            int blocks = (length + hmac.length() - 1) / hmac.length();
            limit.spend((long) iterations * blocks * hmac.cost());
            return PasswordKeyDerivation.pbkdf2(hmac, salt, iterations, length);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK cannot derive the key: " + missing.getMessage(), missing);
        }
    }

    /** {@return the JDK's name of a MAC} */
    static Optional<String> mac(String objectIdentifier) {
        return Optional.ofNullable(MACS.get(objectIdentifier));
    }

    /** Checks that a plaintext is DER: one in 256 wrong keys leaves a padding that looks right. */
    static void requireDer(byte[] plaintext) throws EncodingException {
        try {
            Der.requireWellFormed(plaintext);
        } catch (EncodingException nonsense) {
            throw new EncodingException("the pass phrase is wrong, or the file is damaged", nonsense);
        }
    }

    /** What is decrypted with. */
    private static final class Keying {

        private final BlockCipher cipher;
        private final byte[] key;
        private final byte[] vector;

        Keying(BlockCipher cipher, byte[] key, byte[] vector) {
            this.cipher = cipher;
            this.key = key;
            this.vector = vector;
        }
    }

    private Keying pbes2(DerReader parameters) throws EncodingException {
        DerReader derivation = parameters.sequence();
        DerReader encryption = parameters.sequence();
        String name = encryption.objectIdentifier();
        BlockCipher cipher = BlockCipher.ofObjectIdentifier(name).orElseThrow(() -> unsupported("cipher", name));
        byte[] vector = encryption.octetString();
        String function = derivation.objectIdentifier();
        byte[] key = switch (function) {
            case PBKDF2 -> pbkdf2(derivation.sequence(), cipher.keyBytes());
            case SCRYPT -> scrypt(derivation.sequence(), cipher.keyBytes());
            default -> throw unsupported("key derivation", function);
        };
        return new Keying(cipher, key, vector);
    }

    private byte[] scrypt(DerReader parameters, int keyBytes) throws EncodingException {
        byte[] salt = parameters.octetString();
        int cost = parameters.integer(MAXIMUM_SCRYPT_FACTOR);
        int blockSize = parameters.integer(MAXIMUM_SCRYPT_FACTOR);
        int parallelism = parameters.integer(MAXIMUM_SCRYPT_PARALLELISM);
        keyLength(parameters, keyBytes);
        if (cost < 2 || Integer.bitCount(cost) != 1 || blockSize < 1 || parallelism < 1) {
            throw new EncodingException("its scrypt parameters are invalid (RFC 7914, section 2)");
        }
        limit.spendMemory(128L * blockSize * (cost + parallelism));
        limit.spend(2L * cost * blockSize * parallelism);
        try {
            return Scrypt.derive(password.utf8(), salt, cost, blockSize, parallelism, keyBytes);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK cannot derive the key: " + missing.getMessage(), missing);
        }
    }

    private Keying pkcs12(DerReader parameters, BlockCipher cipher, int keyBytes) throws EncodingException {
        byte[] salt = parameters.octetString();
        int iterations = parameters.integer(Integer.MAX_VALUE);
        if (salt.length == 0) {
            throw new EncodingException("its encryption has no salt");
        }
        limit.spend(3L * iterations);
        byte[] secret = password.utf16();
        try {
            byte[] key = PasswordKeyDerivation.pkcs12("SHA-1", 1, secret, salt, iterations, keyBytes);
            byte[] vector = PasswordKeyDerivation.pkcs12("SHA-1", 2, secret, salt, iterations, 8);
            // Triple DES with two keys uses the first again as the third.
            boolean twoKeys = cipher.equals(BlockCipher.TRIPLE_DES) && keyBytes == 16;
            return new Keying(cipher, twoKeys ? Der.concatenate(key, Arrays.copyOf(key, 8)) : key, vector);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK cannot derive the key: " + missing.getMessage(), missing);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static int keyLength(DerReader parameters, int wanted) throws EncodingException {
        if (!parameters.isNext(Der.INTEGER)) {
            if (wanted == 0) {
                throw new EncodingException("its key derivation names no length");
            }
            return wanted;
        }
        int named = parameters.integer(MAXIMUM_KEY_BYTES);
        if (named < 1 || (wanted != 0 && named != wanted)) {
            throw new EncodingException("its encryption derives a key of the wrong length");
        }
        return named;
    }

    private static EncodingException unsupported(String what, String objectIdentifier) {
        return new EncodingException("it is encrypted with the unsupported " + what + " " + objectIdentifier
                + "; convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc");
    }
}
