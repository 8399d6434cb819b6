package dev.qssl;

/** What an OCSP responder says about a certificate (RFC 6960, section 2.2). */
public enum QOcspCertificateStatus {
    /** It is not known to be revoked. */
    GOOD(0),
    /** It was revoked. */
    REVOKED(1),
    /** The responder does not know it. */
    UNKNOWN(2);

    private final int value;

    QOcspCertificateStatus(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
