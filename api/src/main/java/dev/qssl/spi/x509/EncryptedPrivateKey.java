package dev.qssl.spi.x509;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;

/**
 * Encrypts and decrypts private keys in PKCS#8's EncryptedPrivateKeyInfo (RFC 5958, section 3).
 *
 * <p>Reads PBES2 (RFC 8018) with PBKDF2 or scrypt (RFC 7914) and AES or triple DES in CBC mode, and PKCS#12's triple DES (RFC
 * 7292, appendix C). The work that a file can ask for is bounded: {@value #MAXIMUM_ITERATIONS} iterations, 64 MiB. Writes
 * PBES2 with PBKDF2, HMAC-SHA-256 and AES-256. Pass phrases are UTF-8 bytes; they are neither kept nor wiped.
 */
public final class EncryptedPrivateKey {

    /** How many iterations a file may ask for: some seconds of work. */
    static final int MAXIMUM_ITERATIONS = 5_000_000;

    /** OWASP's recommendation of 2023 for PBKDF2 with HMAC-SHA-256. */
    private static final int OUR_ITERATIONS = 600_000;

    private static final int OUR_SALT_BYTES = 16;
    private static final int MAXIMUM_SCRYPT_BYTES = 64 << 20;
    private static final int MAXIMUM_SCRYPT_PARALLELISM = 16;

    /** N times r times p; 16 times OpenSSL's default: a second of work. */
    private static final int MAXIMUM_SCRYPT_WORK = 1 << 21;

    private static final String PBES2 = "1.2.840.113549.1.5.13";
    private static final String PBKDF2 = "1.2.840.113549.1.5.12";
    private static final String SCRYPT = "1.3.6.1.4.1.11591.4.11";
    private static final String PKCS12_TRIPLE_DES = "1.2.840.113549.1.12.1.3";
    private static final String PKCS12_TWO_KEY_TRIPLE_DES = "1.2.840.113549.1.12.1.4";
    private static final String HMAC_SHA_1 = "1.2.840.113549.2.7";
    private static final String HMAC_SHA_256 = "1.2.840.113549.2.9";

    private static final Map<String, String> MACS = Map.of(
            HMAC_SHA_1,
            "HmacSHA1",
            "1.2.840.113549.2.8",
            "HmacSHA224",
            HMAC_SHA_256,
            "HmacSHA256",
            "1.2.840.113549.2.10",
            "HmacSHA384",
            "1.2.840.113549.2.11",
            "HmacSHA512",
            "1.2.840.113549.2.12",
            "HmacSHA512/224",
            "1.2.840.113549.2.13",
            "HmacSHA512/256");

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
        String name = scheme.objectIdentifier();
        byte[] data = info.octetString();
        info.end();
        Keying keying = switch (name) {
            case PBES2 -> pbes2(scheme.sequence(), passPhrase);
            case PKCS12_TRIPLE_DES -> pkcs12(scheme.sequence(), passPhrase, 24);
            case PKCS12_TWO_KEY_TRIPLE_DES -> pkcs12(scheme.sequence(), passPhrase, 16);
            default -> throw unsupported("scheme", name);
        };
        try {
            return keying.cipher.decryptPrivateKey(keying.key, keying.vector, data);
        } finally {
            Arrays.fill(keying.key, (byte) 0);
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
                Der.objectIdentifier(PBKDF2),
                Der.sequence(
                        Der.octetString(salt),
                        Der.integer(OUR_ITERATIONS),
                        Der.sequence(Der.objectIdentifier(HMAC_SHA_256), Der.nothing())));
        byte[] cipher =
                Der.sequence(Der.objectIdentifier(BlockCipher.AES_256.objectIdentifier()), Der.octetString(vector));
        try {
            byte[] key = PasswordKeyDerivation.pbkdf2(
                    "HmacSHA256", passPhrase, salt, OUR_ITERATIONS, BlockCipher.AES_256.keyBytes());
            byte[] data = BlockCipher.AES_256.encrypt(key, vector, pkcs8);
            Arrays.fill(key, (byte) 0);
            return Der.sequence(
                    Der.sequence(Der.objectIdentifier(PBES2), Der.sequence(derivation, cipher)), Der.octetString(data));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("this JDK lacks AES in CBC mode or HmacSHA256", impossible);
        }
    }

    /** What a key is decrypted with. */
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

    private static Keying pbes2(DerReader parameters, byte[] passPhrase) throws EncodingException {
        DerReader derivation = parameters.sequence();
        DerReader encryption = parameters.sequence();
        String name = encryption.objectIdentifier();
        BlockCipher cipher = BlockCipher.ofObjectIdentifier(name).orElseThrow(() -> unsupported("cipher", name));
        byte[] vector = encryption.octetString();
        String function = derivation.objectIdentifier();
        try {
            byte[] key = switch (function) {
                case PBKDF2 -> pbkdf2(derivation.sequence(), passPhrase, cipher.keyBytes());
                case SCRYPT -> scrypt(derivation.sequence(), passPhrase, cipher.keyBytes());
                default -> throw unsupported("key derivation", function);
            };
            return new Keying(cipher, key, vector);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK cannot derive the key: " + missing.getMessage(), missing);
        }
    }

    private static byte[] pbkdf2(DerReader parameters, byte[] passPhrase, int keyBytes)
            throws EncodingException, GeneralSecurityException {
        byte[] salt = parameters.octetString();
        int iterations = iterations(parameters);
        requireKeyLength(parameters, keyBytes);
        String macName = parameters.hasMore() ? parameters.sequence().objectIdentifier() : HMAC_SHA_1;
        String mac = MACS.get(macName);
        if (mac == null) {
            throw unsupported("pseudo-random function", macName);
        }
        return PasswordKeyDerivation.pbkdf2(mac, passPhrase, salt, iterations, keyBytes);
    }

    private static byte[] scrypt(DerReader parameters, byte[] passPhrase, int keyBytes)
            throws EncodingException, GeneralSecurityException {
        byte[] salt = parameters.octetString();
        int cost = parameters.integer(MAXIMUM_SCRYPT_BYTES / 128);
        int blockSize = parameters.integer(MAXIMUM_SCRYPT_BYTES / 128);
        int parallelism = parameters.integer(MAXIMUM_SCRYPT_PARALLELISM);
        requireKeyLength(parameters, keyBytes);
        if (cost < 2 || Integer.bitCount(cost) != 1 || blockSize < 1 || parallelism < 1) {
            throw new EncodingException("the private key's scrypt parameters are invalid (RFC 7914, section 2)");
        }
        if (128L * blockSize * Math.max(cost, parallelism) > MAXIMUM_SCRYPT_BYTES) {
            throw new EncodingException("the private key's scrypt parameters ask for " + 128L * blockSize * cost
                    + " bytes of memory, more than " + MAXIMUM_SCRYPT_BYTES);
        }
        if ((long) cost * blockSize * parallelism > MAXIMUM_SCRYPT_WORK) {
            throw new EncodingException("the private key's scrypt parameters ask for too much work");
        }
        return Scrypt.derive(passPhrase, salt, cost, blockSize, parallelism, keyBytes);
    }

    private static Keying pkcs12(DerReader parameters, byte[] passPhrase, int keyBytes) throws EncodingException {
        byte[] salt = parameters.octetString();
        int iterations = iterations(parameters);
        if (salt.length == 0) {
            throw new EncodingException("the private key's encryption has no salt");
        }
        byte[] password = utf16(passPhrase);
        try {
            byte[] key = PasswordKeyDerivation.pkcs12(1, password, salt, iterations, keyBytes);
            byte[] vector = PasswordKeyDerivation.pkcs12(2, password, salt, iterations, 8);
            // With two keys, the first is used again as the third.
            byte[] whole = keyBytes == 24 ? key : Der.concatenate(key, Arrays.copyOf(key, 8));
            return new Keying(BlockCipher.TRIPLE_DES, whole, vector);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK cannot derive the key: " + missing.getMessage(), missing);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    /** {@return the pass phrase as PKCS#12 wants it (RFC 7292, appendix B.1)} */
    private static byte[] utf16(byte[] passPhrase) throws EncodingException {
        try {
            ByteBuffer text = StandardCharsets.UTF_16BE.encode(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(passPhrase)));
            byte[] terminated = new byte[text.remaining() + 2];
            text.get(terminated, 0, text.remaining());
            return terminated;
        } catch (CharacterCodingException malformed) {
            throw new EncodingException("the pass phrase is not UTF-8", malformed);
        }
    }

    private static int iterations(DerReader parameters) throws EncodingException {
        int iterations = parameters.integer(Integer.MAX_VALUE);
        if (iterations < 1 || iterations > MAXIMUM_ITERATIONS) {
            throw new EncodingException("the private key's encryption asks for " + iterations
                    + " iterations; between 1 and " + MAXIMUM_ITERATIONS + " are accepted");
        }
        return iterations;
    }

    private static void requireKeyLength(DerReader parameters, int keyBytes) throws EncodingException {
        if (parameters.isNext(Der.INTEGER) && parameters.integer(Integer.MAX_VALUE) != keyBytes) {
            throw new EncodingException("the private key's encryption derives a key of the wrong length");
        }
    }

    private static EncodingException unsupported(String what, String objectIdentifier) {
        return new EncodingException("the private key is encrypted with the unsupported " + what + " "
                + objectIdentifier + "; convert it with: openssl pkcs8 -topk8 -v2 aes-256-cbc");
    }
}
