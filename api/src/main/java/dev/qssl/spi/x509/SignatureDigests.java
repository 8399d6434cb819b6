package dev.qssl.spi.x509;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which digests signatures are made over, by the names of the JDK's message digests. */
final class SignatureDigests {

    private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
    private static final String SHA_1 = "SHA-1";

    /** By the identifiers of digests (NIST's register, RFC 4055, RFC 8017). */
    private static final Map<String, String> BY_DIGEST = Map.ofEntries(
            Map.entry("1.2.840.113549.2.2", "MD2"),
            Map.entry("1.2.840.113549.2.4", "MD4"),
            Map.entry("1.2.840.113549.2.5", "MD5"),
            Map.entry("1.3.14.3.2.26", SHA_1),
            Map.entry("2.16.840.1.101.3.4.2.1", "SHA-256"),
            Map.entry("2.16.840.1.101.3.4.2.2", "SHA-384"),
            Map.entry("2.16.840.1.101.3.4.2.3", "SHA-512"),
            Map.entry("2.16.840.1.101.3.4.2.4", "SHA-224"),
            Map.entry("2.16.840.1.101.3.4.2.5", "SHA-512/224"),
            Map.entry("2.16.840.1.101.3.4.2.6", "SHA-512/256"),
            Map.entry("2.16.840.1.101.3.4.2.7", "SHA3-224"),
            Map.entry("2.16.840.1.101.3.4.2.8", "SHA3-256"),
            Map.entry("2.16.840.1.101.3.4.2.9", "SHA3-384"),
            Map.entry("2.16.840.1.101.3.4.2.10", "SHA3-512"));

    /** By the identifiers of signature algorithms: RSA, DSA and ECDSA with each. */
    private static final Map<String, String> BY_SIGNATURE = new HashMap<>();

    static {
        register("MD2", "1.2.840.113549.1.1.2");
        register("MD4", "1.2.840.113549.1.1.3");
        register("MD5", "1.2.840.113549.1.1.4");
        register(SHA_1, "1.2.840.113549.1.1.5", "1.3.14.3.2.29", "1.3.14.3.2.27");
        register(SHA_1, "1.2.840.10040.4.3", "1.2.840.10045.4.1");
        register("RIPEMD-160", "1.3.36.3.3.1.2");
        register("SHA-224", "1.2.840.113549.1.1.14", "2.16.840.1.101.3.4.3.1", "1.2.840.10045.4.3.1");
        register("SHA-256", "1.2.840.113549.1.1.11", "2.16.840.1.101.3.4.3.2", "1.2.840.10045.4.3.2");
        register("SHA-384", "1.2.840.113549.1.1.12", "2.16.840.1.101.3.4.3.3", "1.2.840.10045.4.3.3");
        register("SHA-512", "1.2.840.113549.1.1.13", "2.16.840.1.101.3.4.3.4", "1.2.840.10045.4.3.4");
        register("SHA-512/224", "1.2.840.113549.1.1.15");
        register("SHA-512/256", "1.2.840.113549.1.1.16");
        register("SHA3-224", "2.16.840.1.101.3.4.3.5", "2.16.840.1.101.3.4.3.9", "2.16.840.1.101.3.4.3.13");
        register("SHA3-256", "2.16.840.1.101.3.4.3.6", "2.16.840.1.101.3.4.3.10", "2.16.840.1.101.3.4.3.14");
        register("SHA3-384", "2.16.840.1.101.3.4.3.7", "2.16.840.1.101.3.4.3.11", "2.16.840.1.101.3.4.3.15");
        register("SHA3-512", "2.16.840.1.101.3.4.3.8", "2.16.840.1.101.3.4.3.12", "2.16.840.1.101.3.4.3.16");
    }

    private SignatureDigests() {}

    private static void register(String digest, String... signatures) {
        for (String signature : signatures) {
            BY_SIGNATURE.put(signature, digest);
        }
    }

    /** {@return the digest of the signature on a certificate; empty if its algorithm has none to choose, such as Ed25519} */
    static Optional<String> of(X509Certificate certificate) {
        return of(certificate.getSigAlgOID(), certificate.getSigAlgParams());
    }

    /**
     * {@return the digest of a signature}
     *
     * @param algorithm dotted
     * @param parameters encoded; of no meaning but for RSASSA-PSS
     */
    static Optional<String> of(String algorithm, byte @Nullable [] parameters) {
        return algorithm.equals(RSASSA_PSS)
                ? Optional.of(ofPss(parameters))
                : Optional.ofNullable(BY_SIGNATURE.get(algorithm));
    }

    /** SHA-1 is the default (RFC 4055, section 3.1), and assumed if the digest cannot be told. */
    private static String ofPss(byte @Nullable [] parameters) {
        if (parameters == null) {
            return SHA_1;
        }
        try {
            DerReader sequence = new DerReader(parameters).sequence();
            return sequence.isNext(Der.context(0))
                    ? BY_DIGEST.getOrDefault(
                            sequence.enter(Der.context(0)).sequence().objectIdentifier(), SHA_1)
                    : SHA_1;
        } catch (EncodingException malformed) {
            return SHA_1;
        }
    }
}
