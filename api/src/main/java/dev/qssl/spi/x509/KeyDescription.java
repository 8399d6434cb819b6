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

/**
 * What kind of key a JDK key is.
 *
 * @param algorithm Qt's algorithm; {@code OPAQUE} for one without a constant
 * @param bits its length as OpenSSL counts it (RSA: the modulus; EC: the field; ML-DSA: the public key); -1 if unknown
 */
public record KeyDescription(KeyAlgorithm algorithm, int bits) {

    private static final KeyDescription UNKNOWN = new KeyDescription(KeyAlgorithm.OPAQUE, -1);

    /** {@return the description of a private or public key} Needs no access to its encoding. */
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
            return named(edwards.getParams());
        }
        if (key instanceof XECKey montgomery) {
            return named(montgomery.getParams());
        }
        return named(key.getAlgorithm());
    }

    private static KeyDescription named(AlgorithmParameterSpec parameters) {
        return parameters instanceof NamedParameterSpec named ? named(named.getName()) : UNKNOWN;
    }

    private static KeyDescription named(String name) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "ED25519" -> new KeyDescription(KeyAlgorithm.EDDSA, 256);
            case "ED448" -> new KeyDescription(KeyAlgorithm.EDDSA, 456);
            case "X25519" -> new KeyDescription(KeyAlgorithm.XDH, 253);
            case "X448" -> new KeyDescription(KeyAlgorithm.XDH, 448);
            // FIPS 204, table 2: the public key has 1312, 1952 or 2592 bytes.
            case "ML-DSA-44" -> new KeyDescription(KeyAlgorithm.ML_DSA, 1312 * 8);
            case "ML-DSA-65" -> new KeyDescription(KeyAlgorithm.ML_DSA, 1952 * 8);
            case "ML-DSA-87" -> new KeyDescription(KeyAlgorithm.ML_DSA, 2592 * 8);
            case "RSA", "RSASSA-PSS" -> new KeyDescription(KeyAlgorithm.RSA, -1);
            case "EC", "ECDSA" -> new KeyDescription(KeyAlgorithm.EC, -1);
            case "DSA" -> new KeyDescription(KeyAlgorithm.DSA, -1);
            case "DH", "DIFFIEHELLMAN" -> new KeyDescription(KeyAlgorithm.DH, -1);
            case "EDDSA" -> new KeyDescription(KeyAlgorithm.EDDSA, -1);
            case "XDH" -> new KeyDescription(KeyAlgorithm.XDH, -1);
            case "ML-DSA" -> new KeyDescription(KeyAlgorithm.ML_DSA, -1);
            default -> UNKNOWN;
        };
    }
}
