package dev.qssl.spi.x509;

/** The rules a chain must obey. {@link ChainVerifier} applies them. */
public enum VerificationPolicy {
    /**
     * RFC 5280 and RFC 9525: for any public key infrastructure. The default.
     *
     * <p>Every certificate of the path: valid now; known extensions well-formed and no unknown critical one; keys as
     * {@link KeyStrength} demands; extendedKeyUsage, if present, names the peer's role or any purpose; name
     * constraints only in authorities, critical, without a leading dot in a DNS name. All but the trusted one: signed by the
     * next one's key, over a digest of {@link KeyStrength}; authorityKeyIdentifier, if present, names that one; a positive serial number of at
     * most 20 octets; a critical subjectAltName if the subject is empty; the TLS features that its issuer promises.
     * Authorities: basicConstraints with cA (a trusted root of version 1 needs none), keyUsage, if present, with keyCertSign,
     * path length and name constraints respected; and nobody else has keyCertSign or a path length. The peer's own: keyUsage,
     * if present, fit for TLS; the common name may stand in for a missing subjectAltName.
     */
    RFC_5280,
    /**
     * All that {@link #RFC_5280} demands but the form of name constraints, and the CA/Browser Forum's Baseline Requirements
     * for public TLS certificates.
     *
     * <p>All but the trusted certificate: version 3; authorityKeyIdentifier with a key and nothing else; RSA keys of a
     * multiple of 8 bits, or EC keys on P-256, P-384 or P-521; signed with RSA or ECDSA and SHA-2. Authorities: critical
     * basicConstraints, keyUsage and subjectKeyIdentifier. The peer's own: no authority; extendedKeyUsage, not critical, for
     * TLS alone; for servers a subjectAltName, of which each common name is a copy; valid for no longer than 398 days, 200 if
     * issued since 2026-03-15, 100 since 2027-03-15, 47 since 2029-03-15. Trusted roots made since 2023-09-15: no
     * extendedKeyUsage, and authorityKeyIdentifier, if present, naming their own key.
     */
    WEB_PKI
}
