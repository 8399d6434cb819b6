package dev.qssl.spi.x509;

import java.security.PublicKey;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;

/**
 * How large a key is, and on which curve.
 *
 * @param kind what it is
 * @param bits the length of the modulus or prime, or of the curve's order; 0 if it cannot be told
 * @param curve the dotted identifier of an EC key's curve, or of Ed25519 or Ed448; empty if it has none or does not name it
 */
record CertifiedKey(Kind kind, int bits, String curve) {

    /** The kinds whose strength depends on their size. */
    enum Kind {
        RSA,
        DSA,
        EC,
        EDWARDS,
        OTHER
    }

    static CertifiedKey of(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new CertifiedKey(Kind.RSA, rsa.getModulus().bitLength(), "");
        }
        if (key instanceof ECPublicKey ec) {
            return new CertifiedKey(Kind.EC, ec.getParams().getOrder().bitLength(), namedCurve(key));
        }
        if (key instanceof DSAPublicKey dsa) {
            int bits = dsa.getParams() == null ? 0 : dsa.getParams().getP().bitLength();
            return new CertifiedKey(Kind.DSA, bits, "");
        }
        return key instanceof EdECPublicKey
                ? new CertifiedKey(Kind.EDWARDS, 0, algorithm(key))
                : new CertifiedKey(Kind.OTHER, 0, "");
    }

    /** RFC 5480, section 2.1.1: the parameters of the algorithm are the curve's identifier. */
    private static String namedCurve(PublicKey key) {
        try {
            DerReader identifier = identifier(key);
            identifier.skip();
            return identifier.objectIdentifier();
        } catch (EncodingException unnamed) {
            return "";
        }
    }

    /** RFC 8410, section 3: the algorithm is the curve. */
    private static String algorithm(PublicKey key) {
        try {
            return identifier(key).objectIdentifier();
        } catch (EncodingException unnamed) {
            return "";
        }
    }

    private static DerReader identifier(PublicKey key) throws EncodingException {
        byte[] encoded = key.getEncoded();
        if (encoded == null) {
            throw new EncodingException("a public key has no encoded form");
        }
        return new DerReader(encoded).sequence().sequence();
    }
}
