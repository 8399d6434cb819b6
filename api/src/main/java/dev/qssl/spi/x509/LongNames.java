package dev.qssl.spi.x509;

import java.util.Map;
import java.util.Optional;

/** The names that {@code openssl x509 -text} gives to algorithms, extensions and purposes. */
final class LongNames {

    private static final Map<String, String> EXTENSIONS = Map.ofEntries(
            Map.entry("2.5.29.9", "X509v3 Subject Directory Attributes"),
            Map.entry("2.5.29.14", "X509v3 Subject Key Identifier"),
            Map.entry("2.5.29.15", "X509v3 Key Usage"),
            Map.entry("2.5.29.16", "X509v3 Private Key Usage Period"),
            Map.entry("2.5.29.17", "X509v3 Subject Alternative Name"),
            Map.entry("2.5.29.18", "X509v3 Issuer Alternative Name"),
            Map.entry("2.5.29.19", "X509v3 Basic Constraints"),
            Map.entry("2.5.29.30", "X509v3 Name Constraints"),
            Map.entry("2.5.29.31", "X509v3 CRL Distribution Points"),
            Map.entry("2.5.29.32", "X509v3 Certificate Policies"),
            Map.entry("2.5.29.33", "X509v3 Policy Mappings"),
            Map.entry("2.5.29.35", "X509v3 Authority Key Identifier"),
            Map.entry("2.5.29.36", "X509v3 Policy Constraints"),
            Map.entry("2.5.29.37", "X509v3 Extended Key Usage"),
            Map.entry("2.5.29.46", "X509v3 Freshest CRL"),
            Map.entry("2.5.29.54", "X509v3 Inhibit Any Policy"),
            Map.entry("1.3.6.1.5.5.7.1.1", "Authority Information Access"),
            Map.entry("1.3.6.1.5.5.7.1.3", "qcStatements"),
            Map.entry("1.3.6.1.5.5.7.1.11", "Subject Information Access"),
            Map.entry("1.3.6.1.5.5.7.1.24", "TLS Feature"),
            Map.entry("1.3.6.1.5.5.7.48.1.5", "OCSP No Check"),
            Map.entry("1.3.6.1.4.1.11129.2.4.2", "CT Precertificate SCTs"),
            Map.entry("1.3.6.1.4.1.11129.2.4.3", "CT Precertificate Poison"),
            Map.entry("2.16.840.1.113730.1.1", "Netscape Cert Type"),
            Map.entry("2.16.840.1.113730.1.13", "Netscape Comment"));

    private static final Map<String, String> PURPOSES = Map.ofEntries(
            Map.entry("1.3.6.1.5.5.7.3.1", "TLS Web Server Authentication"),
            Map.entry("1.3.6.1.5.5.7.3.2", "TLS Web Client Authentication"),
            Map.entry("1.3.6.1.5.5.7.3.3", "Code Signing"),
            Map.entry("1.3.6.1.5.5.7.3.4", "E-mail Protection"),
            Map.entry("1.3.6.1.5.5.7.3.8", "Time Stamping"),
            Map.entry("1.3.6.1.5.5.7.3.9", "OCSP Signing"),
            Map.entry("2.5.29.37.0", "Any Extended Key Usage"));

    private static final Map<String, String> ALGORITHMS = Map.ofEntries(
            Map.entry("1.2.840.113549.1.1.1", "rsaEncryption"),
            Map.entry("1.2.840.113549.1.1.2", "md2WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.1.4", "md5WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.1.5", "sha1WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.1.10", "rsassaPss"),
            Map.entry("1.2.840.113549.1.1.11", "sha256WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.1.12", "sha384WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.1.13", "sha512WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.1.14", "sha224WithRSAEncryption"),
            Map.entry("1.2.840.113549.1.3.1", "dhKeyAgreement"),
            Map.entry("1.2.840.10046.2.1", "X9.42 DH"),
            Map.entry("1.2.840.10040.4.1", "dsaEncryption"),
            Map.entry("1.2.840.10040.4.3", "dsaWithSHA1"),
            Map.entry("2.16.840.1.101.3.4.3.1", "dsa_with_SHA224"),
            Map.entry("2.16.840.1.101.3.4.3.2", "dsa_with_SHA256"),
            Map.entry("2.16.840.1.101.3.4.3.17", "ML-DSA-44"),
            Map.entry("2.16.840.1.101.3.4.3.18", "ML-DSA-65"),
            Map.entry("2.16.840.1.101.3.4.3.19", "ML-DSA-87"),
            Map.entry("1.2.840.10045.2.1", "id-ecPublicKey"),
            Map.entry("1.2.840.10045.4.1", "ecdsa-with-SHA1"),
            Map.entry("1.2.840.10045.4.3.1", "ecdsa-with-SHA224"),
            Map.entry("1.2.840.10045.4.3.2", "ecdsa-with-SHA256"),
            Map.entry("1.2.840.10045.4.3.3", "ecdsa-with-SHA384"),
            Map.entry("1.2.840.10045.4.3.4", "ecdsa-with-SHA512"),
            Map.entry("1.3.101.110", "X25519"),
            Map.entry("1.3.101.111", "X448"),
            Map.entry("1.3.101.112", "ED25519"),
            Map.entry("1.3.101.113", "ED448"));

    /** A named curve, as OpenSSL's object table and NIST call it. */
    record Curve(String name, Optional<String> nist) {}

    private static final Map<String, Curve> CURVES = Map.of(
            "1.2.840.10045.3.1.1", new Curve("prime192v1", Optional.of("P-192")),
            "1.3.132.0.33", new Curve("secp224r1", Optional.of("P-224")),
            "1.2.840.10045.3.1.7", new Curve("prime256v1", Optional.of("P-256")),
            "1.3.132.0.10", new Curve("secp256k1", Optional.empty()),
            "1.3.132.0.34", new Curve("secp384r1", Optional.of("P-384")),
            "1.3.132.0.35", new Curve("secp521r1", Optional.of("P-521")));

    private LongNames() {}

    static String extension(String oid) {
        return EXTENSIONS.getOrDefault(oid, oid);
    }

    static String purpose(String oid) {
        return PURPOSES.getOrDefault(oid, oid);
    }

    static String algorithm(String oid) {
        return ALGORITHMS.getOrDefault(oid, oid);
    }

    static Curve curve(String oid) {
        return CURVES.getOrDefault(oid, new Curve(oid, Optional.empty()));
    }
}
