package dev.qssl.spi.x509;

/** The rules a chain must obey. */
public enum VerificationPolicy {
    /** RFC 5280 and RFC 9525: for any public key infrastructure. The default. */
    RFC_5280,
    /** These, and the CA/Browser Forum's Baseline Requirements for public TLS certificates. */
    WEB_PKI
}
