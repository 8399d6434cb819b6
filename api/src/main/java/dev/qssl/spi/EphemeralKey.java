package dev.qssl.spi;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.spec.DHPublicKeySpec;

/**
 * A server's ephemeral public key, kept as it went over the wire: few applications look at it, so that no handshake pays for
 * an object of the JDK. Immutable.
 */
public final class EphemeralKey {

    private static final int UNCOMPRESSED = 4;

    /** Builds the key. */
    private interface Decoder {
        PublicKey decode() throws GeneralSecurityException;
    }

    private final Decoder decoder;

    private EphemeralKey(Decoder decoder) {
        this.decoder = decoder;
    }

    /**
     * {@return a key of a named group}
     *
     * @param group the registry's name
     * @param encoded as in the key_share extension (RFC 8446, section 4.2.8.2); kept
     */
    public static EphemeralKey ofGroup(String group, byte[] encoded) {
        return new EphemeralKey(() -> switch (group) {
            case "x25519" -> montgomery("X25519", encoded, 255);
            case "x448" -> montgomery("X448", encoded, 448);
            default -> weierstrass(group, encoded);
        });
    }

    /**
     * {@return a key of finite-field Diffie-Hellman, its numbers in big-endian order}
     *
     * @param prime the modulus; kept
     * @param generator of the group; kept
     * @param key the public value; kept
     */
    public static EphemeralKey diffieHellman(byte[] prime, byte[] generator, byte[] key) {
        return new EphemeralKey(() -> KeyFactory.getInstance("DH")
                .generatePublic(new DHPublicKeySpec(
                        new BigInteger(1, key), new BigInteger(1, prime), new BigInteger(1, generator))));
    }

    /**
     * {@return a key that the library gave as an object}
     *
     * @param key of any kind
     */
    public static EphemeralKey of(PublicKey key) {
        return new EphemeralKey(() -> key);
    }

    /** {@return the key; empty if the JDK has no object for this kind, such as a hybrid of two, or if its bytes are none} */
    public Optional<PublicKey> publicKey() {
        try {
            return Optional.of(decoder.decode());
        } catch (GeneralSecurityException | RuntimeException unknownKind) {
            // Only shown to the user; what was agreed on does not depend on it.
            return Optional.empty();
        }
    }

    private static PublicKey montgomery(String name, byte[] encoded, int bits) throws GeneralSecurityException {
        if (encoded.length != (bits + 7) / 8) {
            throw new GeneralSecurityException("expected a key of " + bits + " bits (RFC 7748, section 5)");
        }
        byte[] bigEndian = new byte[encoded.length];
        for (int i = 0; i < encoded.length; i++) {
            bigEndian[encoded.length - 1 - i] = encoded[i];
        }
        BigInteger u = new BigInteger(1, bigEndian);
        // RFC 7748, section 5: X25519 leaves the highest bit of the last byte out.
        BigInteger field = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
        return KeyFactory.getInstance("XDH")
                .generatePublic(new XECPublicKeySpec(new NamedParameterSpec(name), u.and(field)));
    }

    private static PublicKey weierstrass(String curve, byte[] encoded) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(curve));
        if (encoded.length < 3 || encoded[0] != UNCOMPRESSED || encoded.length % 2 == 0) {
            throw new GeneralSecurityException("expected an uncompressed point (RFC 8422, section 5.4.1)");
        }
        int middle = 1 + encoded.length / 2;
        ECPoint point = new ECPoint(
                new BigInteger(1, Arrays.copyOfRange(encoded, 1, middle)),
                new BigInteger(1, Arrays.copyOfRange(encoded, middle, encoded.length)));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
    }
}
