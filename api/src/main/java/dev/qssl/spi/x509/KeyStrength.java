package dev.qssl.spi.x509;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.DSAPublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys and signatures are strong enough: at least 112 bits of security, the level of NIST SP 800-131A.
 *
 * <p>RSA and DSA keys of 2048 bits or more, EC keys of 224 bits or more, every key of a newer kind; no signature over MD2,
 * MD4, MD5 or SHA-1. The signature on a trusted certificate does not matter, its key does.
 */
final class KeyStrength {

    private static final int MINIMUM_RSA_BITS = 2048;
    private static final int MINIMUM_EC_BITS = 224;

    private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
    private static final Set<String> BROKEN_SIGNATURES = Set.of(
            "1.2.840.113549.1.1.2", // md2WithRSAEncryption
            "1.2.840.113549.1.1.3", // md4WithRSAEncryption
            "1.2.840.113549.1.1.4", // md5WithRSAEncryption
            "1.2.840.113549.1.1.5", // sha1WithRSAEncryption
            "1.3.14.3.2.29", // sha1WithRSASignature
            "1.3.14.3.2.27", // dsaWithSHA1, NIST's old number
            "1.2.840.10040.4.3", // dsaWithSHA1
            "1.2.840.10045.4.1"); // ecdsaWithSHA1
    private static final Set<String> BROKEN_HASHES = Set.of(
            "1.3.14.3.2.26", // SHA-1
            "1.2.840.113549.2.2", // MD2
            "1.2.840.113549.2.4", // MD4
            "1.2.840.113549.2.5"); // MD5

    private KeyStrength() {}

    /** {@return whether the key is too weak to prove anything, and why} */
    static Optional<String> weakKey(X509Certificate certificate) {
        PublicKey key = certificate.getPublicKey();
        if (key instanceof RSAPublicKey rsa) {
            return tooShort("RSA", rsa.getModulus().bitLength(), MINIMUM_RSA_BITS);
        }
        if (key instanceof ECPublicKey ec) {
            return tooShort("EC", ec.getParams().getOrder().bitLength(), MINIMUM_EC_BITS);
        }
        if (key instanceof DSAPublicKey dsa) {
            int bits = dsa.getParams() == null ? 0 : dsa.getParams().getP().bitLength();
            return tooShort("DSA", bits, MINIMUM_RSA_BITS);
        }
        return Optional.empty();
    }

    /** {@return whether the signature on the certificate can be forged, and why} */
    static Optional<String> weakSignature(X509Certificate certificate) {
        String oid = certificate.getSigAlgOID();
        boolean broken = BROKEN_SIGNATURES.contains(oid)
                || (oid.equals(RSASSA_PSS) && isBrokenPss(certificate.getSigAlgParams()));
        return broken
                ? Optional.of("the signature uses " + certificate.getSigAlgName() + ", which can be forged")
                : Optional.empty();
    }

    private static Optional<String> tooShort(String algorithm, int bits, int minimum) {
        return bits >= minimum
                ? Optional.empty()
                : Optional.of("the " + algorithm + " key has " + bits + " bits; at least " + minimum + " are needed");
    }

    /** {@return whether RSASSA-PSS with these encoded parameters can be forged} */
    static boolean isBrokenPss(byte @Nullable [] parameters) {
        return BROKEN_HASHES.contains(pssHash(parameters));
    }

    /** {@return the hash of RSASSA-PSS; SHA-1 is the default (RFC 4055, section 3.1), and assumed if it cannot be told} */
    private static String pssHash(byte @Nullable [] parameters) {
        if (parameters != null) {
            try {
                DerReader sequence = new DerReader(parameters).sequence();
                if (sequence.isNext(Der.context(0))) {
                    return sequence.enter(Der.context(0)).sequence().objectIdentifier();
                }
            } catch (EncodingException malformed) {
                return "1.3.14.3.2.26";
            }
        }
        return "1.3.14.3.2.26";
    }
}
