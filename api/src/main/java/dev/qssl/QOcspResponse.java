package dev.qssl;

import java.util.Objects;

/** The status of one certificate, as a verified OCSP response gives it. Immutable; equal if all four parts are. */
public final class QOcspResponse {

    private final QOcspCertificateStatus status;
    private final QOcspRevocationReason reason;
    private final QSslCertificate responder;
    private final QSslCertificate subject;

    /** Creates one that says nothing: status unknown, no certificates. */
    public QOcspResponse() {
        this(QOcspCertificateStatus.UNKNOWN, QOcspRevocationReason.NONE, new QSslCertificate(), new QSslCertificate());
    }

    private QOcspResponse(
            QOcspCertificateStatus status,
            QOcspRevocationReason reason,
            QSslCertificate responder,
            QSslCertificate subject) {
        this.status = status;
        this.reason = reason;
        this.responder = new QSslCertificate(responder);
        this.subject = new QSslCertificate(subject);
    }

    /**
     * {@return a response}
     *
     * @param status what the responder says
     * @param reason why it was revoked, else {@code NONE}
     * @param responder the certificate of the response's signer
     * @param subject the certificate that the response is about
     */
    public static QOcspResponse of(
            QOcspCertificateStatus status,
            QOcspRevocationReason reason,
            QSslCertificate responder,
            QSslCertificate subject) {
        return new QOcspResponse(status, reason, responder, subject);
    }

    /** {@return what the responder says} */
    public QOcspCertificateStatus certificateStatus() {
        return status;
    }

    /** {@return why it was revoked; {@code NONE} if it was not, or no reason was given} */
    public QOcspRevocationReason revocationReason() {
        return reason;
    }

    /** {@return the certificate of the response's signer} */
    public QSslCertificate responder() {
        return new QSslCertificate(responder);
    }

    /** {@return the certificate that the response is about} */
    public QSslCertificate subject() {
        return new QSslCertificate(subject);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QOcspResponse that
                && status == that.status
                && reason == that.reason
                && responder.equals(that.responder)
                && subject.equals(that.subject);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, reason, responder, subject);
    }

    @Override
    public String toString() {
        return "QOcspResponse[" + status + ", " + reason + ", " + subject.subjectDisplayName() + "]";
    }
}
