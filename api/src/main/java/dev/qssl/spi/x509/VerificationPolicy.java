package dev.qssl.spi.x509;

/** The rules a chain must obey. {@link ChainVerifier} applies them. */
public enum VerificationPolicy {
    /**
     * RFC 5280 and RFC 9525: for any public key infrastructure. The default.
     *
     * <p>Every certificate of the path: valid now; known extensions well-formed and no unknown critical one; RSA and DSA keys
     * of 2048 bits or more, EC keys of 224 or more; extendedKeyUsage, if present, names the peer's role or any purpose. All
     * but the trusted one: signed by the next one's key, without MD5 or SHA-1; authorityKeyIdentifier, if present, names that
     * one; a positive serial number of at most 20 octets. Authorities: basicConstraints with cA (a trusted root of version 1
     * needs none), keyUsage, if present, with keyCertSign, path length and name constraints respected. The peer's own:
     * keyUsage, if present, fit for TLS; the common name may stand in for a missing subjectAltName.
     */
    RFC_5280,
    /**
     * All that {@link #RFC_5280} demands, and the CA/Browser Forum's Baseline Requirements for public TLS certificates.
     *
     * <p>All but the trusted certificate: version 3; authorityKeyIdentifier; RSA keys of a multiple of 8 bits, or EC keys on
     * P-256, P-384 or P-521. Authorities: critical basicConstraints, and keyUsage. The peer's own: no authority;
     * extendedKeyUsage without the any-purpose; for servers a subjectAltName; valid for no longer than 398 days, 200 if issued
     * since 2026-03-15, 100 since 2027-03-15, 47 since 2029-03-15.
     */
    WEB_PKI
}
