package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.KeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.spec.DHPublicKeySpec;

/**
 * Reads public keys from DER: SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7), and PKCS#1 for RSA (RFC 8017, appendix
 * A.1.1). Writes nothing: {@link PublicKey#getEncoded} is a SubjectPublicKeyInfo.
 */
public final class PublicKeyCodec {

    private PublicKeyCodec() {}

    /**
     * {@return the key in these bytes, whichever form they are}
     *
     * @param der not kept
     * @throws EncodingException if they are no public key, or one that the JDK does not know
     */
    public static PublicKey decode(byte[] der) throws EncodingException {
        Der.requireWellFormed(der);
        DerReader key = new DerReader(der).sequence();
        if (key.isNext(Der.INTEGER)) {
            BigInteger modulus = key.integer();
            BigInteger exponent = key.integer();
            key.end();
            return generate("RSA", new RSAPublicKeySpec(modulus, exponent));
        }
        DerReader identifier = key.sequence();
        String name = identifier.objectIdentifier();
        byte[] content = key.bitString();
        key.end();
        if (name.equals(KeyKind.DHX)) {
            DerReader parameters = identifier.sequence();
            BigInteger y = new DerReader(content).integer();
            BigInteger p = parameters.integer();
            return generate("DH", new DHPublicKeySpec(y, p, parameters.integer()));
        }
        KeyKind kind = KeyKind.of(name)
                .orElseThrow(() -> new EncodingException("a public key has the unknown algorithm " + name));
        if (kind.factory().startsWith("RSA")) {
            Der.requireWellFormed(content);
        }
        return generate(kind.factory(), new X509EncodedKeySpec(der));
    }

    /**
     * {@return a certificate's key}
     *
     * <p>The JDK re-encodes keys of algorithms that it does not know, and not faithfully (JDK 17 and 25 add a NULL). Such a
     * key comes back with the certificate's own bytes and the dotted identifier as its algorithm.
     *
     * @param certificate any
     */
    public static PublicKey of(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        try {
            byte[] encoded = CertificateStructure.subjectPublicKeyInfo(certificate.getTBSCertificate());
            if (Arrays.equals(encoded, key.getEncoded())) {
                return key;
            }
            String identifier = new DerReader(encoded).sequence().sequence().objectIdentifier();
            return KeyKind.of(identifier).isPresent() && !key.getAlgorithm().equals(identifier)
                    ? key
                    : new EncodedPublicKey(identifier, encoded);
        } catch (EncodingException | CertificateEncodingException unavailable) {
            return key;
        }
    }

    /** {@return whether these bytes have the outer form of a public key} No private key has it. */
    static boolean looksPublic(byte[] der) {
        try {
            DerReader key = new DerReader(der).sequence();
            int first = key.peekTag();
            key.skip();
            int second = key.peekTag();
            key.skip();
            return !key.hasMore()
                    && ((first == Der.SEQUENCE && second == Der.BIT_STRING)
                            || (first == Der.INTEGER && second == Der.INTEGER));
        } catch (EncodingException another) {
            return false;
        }
    }

    private static PublicKey generate(String factory, KeySpec spec) throws EncodingException {
        try {
            return KeyFactory.getInstance(factory).generatePublic(spec);
        } catch (GeneralSecurityException | RuntimeException refused) {
            throw new EncodingException(
                    "the " + factory + " public key is malformed, or of a kind that this JDK does not know: "
                            + refused.getMessage(),
                    refused);
        }
    }
}
