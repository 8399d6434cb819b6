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
    /** Its suspension is over. Qt's number is 7, which no CRLReason has; the CRLReason is 8. */
    REMOVE_FROM_CRL(7);

    private static final int REMOVE_FROM_CRL_CODE = 8;

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
        return switch (code) {
            case 1 -> KEY_COMPROMISE;
            case 2 -> CA_COMPROMISE;
            case 3 -> AFFILIATION_CHANGED;
            case 4 -> SUPERSEDED;
            case 5 -> CESSATION_OF_OPERATION;
            case 6 -> CERTIFICATE_HOLD;
            case REMOVE_FROM_CRL_CODE -> REMOVE_FROM_CRL;
            default -> UNSPECIFIED;
        };
    }

    /** {@return Qt's number for this constant: the CRLReason code but for {@link #REMOVE_FROM_CRL}, or -1} */
    public int value() {
        return value;
    }
}
