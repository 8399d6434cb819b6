package dev.qssl.spi.x509;

import dev.qssl.QSsl.KeyAlgorithm;
import java.security.Key;
import java.security.interfaces.DSAKey;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.XECKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Locale;
import javax.crypto.interfaces.DHKey;
import org.jspecify.annotations.Nullable;

/**
 * What kind of key a JDK key is.
 *
 * @param algorithm Qt's algorithm; {@code OPAQUE} for one without a constant
 * @param bits its length as OpenSSL counts it (RSA: the modulus; EC: the field; ML-DSA: the public key); -1 if unknown
 */
public record KeyDescription(KeyAlgorithm algorithm, int bits) {

    private static final KeyDescription UNKNOWN = new KeyDescription(KeyAlgorithm.OPAQUE, -1);

    /**
     * {@return the description of a private or public key} Needs no access to its encoding.
     *
     * @param key of any provider
     */
    public static KeyDescription of(Key key) {
        if (key instanceof RSAKey rsa) {
            return new KeyDescription(KeyAlgorithm.RSA, rsa.getModulus().bitLength());
        }
        if (key instanceof ECKey ec) {
            return new KeyDescription(
                    KeyAlgorithm.EC, ec.getParams().getCurve().getField().getFieldSize());
        }
        if (key instanceof DSAKey dsa) {
            return new KeyDescription(
                    KeyAlgorithm.DSA,
                    dsa.getParams() == null ? -1 : dsa.getParams().getP().bitLength());
        }
        if (key instanceof DHKey dh) {
            return new KeyDescription(KeyAlgorithm.DH, dh.getParams().getP().bitLength());
        }
        if (key instanceof EdECKey edwards) {
            return named(edwards.getParams(), key);
        }
        if (key instanceof XECKey montgomery) {
            return named(montgomery.getParams(), key);
        }
        return named(key.getAlgorithm(), key);
    }

    private static KeyDescription named(@Nullable AlgorithmParameterSpec parameters, Key key) {
        return named(parameters instanceof NamedParameterSpec name ? name.getName() : key.getAlgorithm(), key);
    }

    private static KeyDescription named(String name, Key key) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "ED25519" -> new KeyDescription(KeyAlgorithm.EDDSA, 256);
            case "ED448" -> new KeyDescription(KeyAlgorithm.EDDSA, 456);
            case "X25519" -> new KeyDescription(KeyAlgorithm.XDH, 253);
            case "X448" -> new KeyDescription(KeyAlgorithm.XDH, 448);
            case "RSA", "RSASSA-PSS" -> new KeyDescription(KeyAlgorithm.RSA, -1);
            case "EC", "ECDSA" -> new KeyDescription(KeyAlgorithm.EC, -1);
            case "DSA" -> new KeyDescription(KeyAlgorithm.DSA, -1);
            case "DH", "DIFFIEHELLMAN" -> new KeyDescription(KeyAlgorithm.DH, -1);
            default -> encoded(key);
        };
    }

    /** A kind of key without an interface of its own in this JDK, or without any class: its encoding tells. */
    private static KeyDescription encoded(Key key) {
        byte[] der = key.getEncoded();
        if (der == null) {
            return UNKNOWN;
        }
        try {
            DerReader fields = new DerReader(der).sequence();
            if (fields.isNext(Der.INTEGER)) {
                fields.skip();
            }
            String identifier = fields.sequence().objectIdentifier();
            KeyAlgorithm algorithm =
                    KeyKind.of(identifier).map(KeyKind::algorithm).orElse(KeyAlgorithm.OPAQUE);
            return new KeyDescription(algorithm, mlDsaBits(identifier));
        } catch (EncodingException unknown) {
            return UNKNOWN;
        }
    }

    // FIPS 204, table 2: the public key has 1312, 1952 or 2592 bytes.
    private static int mlDsaBits(String identifier) {
        return switch (identifier) {
            case KeyKind.ML_DSA_44 -> 1312 * 8;
            case KeyKind.ML_DSA_65 -> 1952 * 8;
            case KeyKind.ML_DSA_87 -> 2592 * 8;
            default -> -1;
        };
    }
}
