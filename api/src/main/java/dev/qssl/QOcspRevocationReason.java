package dev.qssl;

/** Why a certificate was revoked (RFC 5280, section 5.3.1). */
public enum QOcspRevocationReason {
    /** It was not, or no reason was given. */
    NONE(-1),
    /** Unspecified. */
    UNSPECIFIED(0),
    /** The subject's private key is known, or thought to be known, to others. */
    KEY_COMPROMISE(1),
    /** The same of the authority's private key. */
    CA_COMPROMISE(2),
    /** The subject's name or another particular changed. */
    AFFILIATION_CHANGED(3),
    /** There is a newer certificate. */
    SUPERSEDED(4),
    /** It is not needed any more. */
    CESSATION_OF_OPERATION(5),
    /** It is suspended. */
    CERTIFICATE_HOLD(6),
    /** Its suspension is over. */
    REMOVE_FROM_CRL(7);

    private final int value;

    QOcspRevocationReason(int value) {
        this.value = value;
    }

    /**
     * {@return the constant of a CRLReason code; {@code UNSPECIFIED} for one without a constant}
     *
     * @param code a CRLReason, or any other number
     */
    public static QOcspRevocationReason ofCode(int code) {
        for (QOcspRevocationReason reason : values()) {
            if (reason.value == code) {
                return reason;
            }
        }
        return UNSPECIFIED;
    }

    /** {@return Qt's number for this constant: the CRLReason code, or -1} */
    public int value() {
        return value;
    }
}
