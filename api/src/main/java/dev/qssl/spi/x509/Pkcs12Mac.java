package dev.qssl.spi.x509;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What protects a PKCS #12 file from changes: MacData (RFC 7292, section 4), with PBMAC1 too (RFC 9579).
 */
final class Pkcs12Mac {

    private static final String PBMAC1 = "1.2.840.113549.1.5.14";

    /** The JDK's names of the hashes that PKCS #12's own derivation is used with. */
    private static final Map<String, String> HASHES = Map.of(
            "1.3.14.3.2.26", "SHA-1",
            "2.16.840.1.101.3.4.2.4", "SHA-224",
            "2.16.840.1.101.3.4.2.1", "SHA-256",
            "2.16.840.1.101.3.4.2.2", "SHA-384",
            "2.16.840.1.101.3.4.2.3", "SHA-512");

    /** RFC 9579, section 9: shorter keys make the MAC too easy to guess. */
    private static final int MINIMUM_KEY_BYTES = 20;

    private final byte[] algorithm;
    private final byte[] value;
    private final byte[] salt;
    private final int iterations;

    private Pkcs12Mac(byte[] algorithm, byte[] value, byte[] salt, int iterations) {
        this.algorithm = algorithm;
        this.value = value;
        this.salt = salt;
        this.iterations = iterations;
    }

    /** Reads the content of a MacData. */
    static Pkcs12Mac read(DerReader data) throws EncodingException {
        DerReader digest = data.sequence();
        byte[] algorithm = digest.element();
        byte[] value = digest.octetString();
        byte[] salt = data.octetString();
        int iterations = data.hasMore() ? data.integer(Integer.MAX_VALUE) : 1;
        return new Pkcs12Mac(algorithm, value, salt, iterations);
    }

    /** {@return whether this pass phrase made the MAC over these octets} */
    boolean confirms(Password password, byte[] content, WorkLimit limit) throws EncodingException {
        DerReader identifier = new DerReader(algorithm).sequence();
        String name = identifier.objectIdentifier();
        try {
            return name.equals(PBMAC1)
                    ? confirmsPbmac1(identifier.sequence(), password, content, limit)
                    : confirmsOwn(name, password, content, limit);
        } catch (GeneralSecurityException missing) {
            throw new EncodingException("this JDK lacks the MAC of the PKCS #12 file", missing);
        }
    }

    private boolean confirmsOwn(String name, Password password, byte[] content, WorkLimit limit)
            throws EncodingException, GeneralSecurityException {
        String hash = HASHES.get(name);
        if (hash == null || salt.length == 0) {
            throw new EncodingException("the PKCS #12 file has an unsupported MAC " + name);
        }
        limit.spend(iterations);
        byte[] secret = password.utf16();
        int length = MessageDigest.getInstance(hash).getDigestLength();
        byte[] key = PasswordKeyDerivation.pkcs12(hash, 3, secret, salt, iterations, length);
        Arrays.fill(secret, (byte) 0);
        return isMac("Hmac" + hash.replace("-", ""), key, content);
    }

    private boolean confirmsPbmac1(DerReader parameters, Password password, byte[] content, WorkLimit limit)
            throws EncodingException, GeneralSecurityException {
        DerReader derivation = parameters.sequence();
        String function = derivation.objectIdentifier();
        String name = parameters.sequence().objectIdentifier();
        Optional<String> mac = PasswordEncryption.mac(name);
        if (!function.equals(PasswordEncryption.PBKDF2) || mac.isEmpty()) {
            throw new EncodingException("the PKCS #12 file has an unsupported MAC " + function + " with " + name);
        }
        byte[] key = new PasswordEncryption(password, limit).pbkdf2(derivation.sequence(), 0);
        if (key.length < MINIMUM_KEY_BYTES) {
            throw new EncodingException("the PKCS #12 file has a MAC with a key of " + key.length + " bytes; at least "
                    + MINIMUM_KEY_BYTES + " are needed (RFC 9579)");
        }
        return isMac(mac.get(), key, content);
    }

    private boolean isMac(String name, byte[] key, byte[] content) throws GeneralSecurityException {
        try {
            Mac mac = Mac.getInstance(name);
            mac.init(new SecretKeySpec(key, name));
            return MessageDigest.isEqual(mac.doFinal(content), value);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
