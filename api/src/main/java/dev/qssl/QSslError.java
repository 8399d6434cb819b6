package dev.qssl;

import dev.qssl.spi.VerificationProblem;
import java.security.cert.X509Certificate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is wrong with a peer's identity, and the certificate it is wrong with. Immutable.
 *
 * <p>Two errors are equal if code and certificate are: the detail in {@link #errorString} does not count, so that an error
 * made by hand can stand in a list of errors to ignore.
 */
public final class QSslError {

    private final SslError error;
    private final @Nullable X509Certificate certificate;
    private final String detail;

    /** Creates the absence of an error. */
    public QSslError() {
        this(SslError.NO_ERROR);
    }

    /**
     * Creates an error that belongs to no certificate.
     *
     * @param error the code
     */
    public QSslError(SslError error) {
        this(error, null, "");
    }

    /**
     * Creates an error with a certificate, which may be null as in {@link QSslCertificate#isNull}.
     *
     * @param error the code
     * @param certificate the certificate that it is wrong with
     */
    public QSslError(SslError error, QSslCertificate certificate) {
        this(error, certificate.x509().orElse(null), "");
    }

    private QSslError(SslError error, @Nullable X509Certificate certificate, String detail) {
        this.error = error;
        this.certificate = certificate;
        this.detail = detail;
    }

    /**
     * {@return what a verifier found, with its detail in {@link #errorString}}
     *
     * @param problem the finding
     */
    public static QSslError of(VerificationProblem problem) {
        X509Certificate certificate = problem.certificate();
        return new QSslError(
                problem.code(),
                certificate == null ? null : QSslCertificate.of(certificate).toX509Certificate(),
                problem.detail());
    }

    /** {@return the code to switch on} */
    public SslError error() {
        return error;
    }

    /** {@return what is wrong, for people: the code's sentence and, after a colon, the detail if there is one} */
    public String errorString() {
        return detail.isEmpty() ? error.text() : error.text() + ": " + detail;
    }

    /** {@return the certificate that it is wrong with; a null certificate if it belongs to none} */
    public QSslCertificate certificate() {
        return certificate == null ? new QSslCertificate() : QSslCertificate.of(certificate);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QSslError that && error == that.error && Objects.equals(certificate, that.certificate);
    }

    @Override
    public int hashCode() {
        return 31 * error.hashCode() + Objects.hashCode(certificate);
    }

    /** {@return code and text} */
    @Override
    public String toString() {
        return "QSslError[" + error + ", " + errorString() + "]";
    }
}
