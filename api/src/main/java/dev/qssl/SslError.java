package dev.qssl;

/**
 * What can be wrong with a certificate, a chain or a stapled response. Names and numbers are Qt's.
 *
 * <p>All backends speak in these codes, so that {@code ignoreSslErrors(list)} means the same on each.
 */
public enum SslError {
    /** No problem. */
    NO_ERROR(0, "No error"),
    /** The issuer's certificate is missing. */
    UNABLE_TO_GET_ISSUER_CERTIFICATE(1, "The issuer's certificate could not be found"),
    /** The signature cannot be decrypted. */
    UNABLE_TO_DECRYPT_CERTIFICATE_SIGNATURE(2, "The certificate's signature could not be decrypted"),
    /** The issuer's public key is unreadable. */
    UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY(3, "The public key in the issuer's certificate could not be read"),
    /** The signature does not verify, or is too weak to count. */
    CERTIFICATE_SIGNATURE_FAILED(4, "The certificate's signature is wrong"),
    /** The validity period starts later. */
    CERTIFICATE_NOT_YET_VALID(5, "The certificate is not valid yet"),
    /** The validity period is over. */
    CERTIFICATE_EXPIRED(6, "The certificate has expired"),
    /** The notBefore field is malformed. */
    INVALID_NOT_BEFORE_FIELD(7, "The certificate's notBefore field holds no valid time"),
    /** The notAfter field is malformed. */
    INVALID_NOT_AFTER_FIELD(8, "The certificate's notAfter field holds no valid time"),
    /** The leaf is self-signed and not trusted. */
    SELF_SIGNED_CERTIFICATE(9, "The certificate is self-signed and not trusted"),
    /** The chain ends in an untrusted self-signed root. */
    SELF_SIGNED_CERTIFICATE_IN_CHAIN(10, "The chain ends in a self-signed certificate that is not trusted"),
    /** The issuer of the chain's last certificate is not among the trusted ones. */
    UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE(11, "No trusted authority is known for the last certificate of the chain"),
    /** The chain is a lone leaf that nothing vouches for. */
    UNABLE_TO_VERIFY_FIRST_CERTIFICATE(
            12, "The certificate could not be verified: nothing in the chain leads to a trusted authority"),
    /** The issuer revoked it. */
    CERTIFICATE_REVOKED(13, "The certificate was revoked by its issuer"),
    /** A certificate of the chain is used as an authority and is none. */
    INVALID_CA_CERTIFICATE(14, "A certificate used as an authority is not an authority"),
    /** The path length constraint, or the verify depth, is exceeded. */
    PATH_LENGTH_EXCEEDED(15, "The chain is longer than an authority in it allows"),
    /** Key usage or extended key usage does not fit, or a name constraint forbids the name. */
    INVALID_PURPOSE(16, "The certificate is not meant for this purpose"),
    /** The root is not trusted for this purpose. */
    CERTIFICATE_UNTRUSTED(17, "The root certificate is not trusted for this purpose"),
    /** The root is marked as rejecting this purpose. */
    CERTIFICATE_REJECTED(18, "The root certificate is marked to reject this purpose"),
    /** Subject and issuer names differ. */
    SUBJECT_ISSUER_MISMATCH(19, "The candidate issuer's subject is not the issuer's name in the certificate"),
    /** The authority key identifier points elsewhere. */
    AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH(20, "The authority key identifier does not match the candidate issuer"),
    /** The peer sent no certificate although one is required. */
    NO_PEER_CERTIFICATE(21, "The peer presented no certificate"),
    /** The certificate is for other names. */
    HOST_NAME_MISMATCH(22, "The host name is not among the names the certificate is valid for"),
    /** There is no backend with sockets. */
    NO_SSL_SUPPORT(23, "TLS is not available"),
    /** It is on the built-in block list. */
    CERTIFICATE_BLACKLISTED(24, "The certificate is on the list of compromised certificates"),
    /** Its revocation status could not be learned. */
    CERTIFICATE_STATUS_UNKNOWN(25, "The certificate's revocation status is unknown"),
    /** Nothing was stapled. */
    OCSP_NO_RESPONSE_FOUND(26, "No OCSP response was stapled"),
    /** The responder said malformedRequest. */
    OCSP_MALFORMED_REQUEST(27, "The OCSP responder says that it received a malformed request"),
    /** The response holds not exactly one status. */
    OCSP_MALFORMED_RESPONSE(28, "The OCSP response does not hold exactly one certificate's status"),
    /** The responder said internalError. */
    OCSP_INTERNAL_ERROR(29, "The OCSP responder had an internal error"),
    /** The responder said tryLater. */
    OCSP_TRY_LATER(30, "The OCSP responder asks to try again later"),
    /** The responder said sigRequired. */
    OCSP_SIG_REQUIRED(31, "The OCSP responder wants the request to be signed"),
    /** The responder said unauthorized. */
    OCSP_UNAUTHORIZED(32, "The OCSP responder refuses to answer this client"),
    /** The responder's identity or signature cannot be verified. */
    OCSP_RESPONSE_CANNOT_BE_TRUSTED(33, "The OCSP response's signer is not trusted, or its signature is wrong"),
    /** The response is about another certificate. */
    OCSP_RESPONSE_CERT_ID_UNKNOWN(34, "The OCSP response is about another certificate"),
    /** The time lies outside thisUpdate..nextUpdate. */
    OCSP_RESPONSE_EXPIRED(35, "The OCSP response is out of date or not valid yet"),
    /** The responder said unknown. */
    OCSP_STATUS_UNKNOWN(36, "The OCSP responder does not know the certificate"),
    /** Something without a code of its own; its text says what. */
    UNSPECIFIED_ERROR(-1, "Unknown error");

    private final int value;
    private final String text;

    SslError(int value, String text) {
        this.value = value;
        this.text = text;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }

    /** {@return one sentence without a full stop, in English} */
    public String text() {
        return text;
    }
}
