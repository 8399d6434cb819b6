package dev.qssl.benchmarks.bars;

import dev.qssl.QSslSocket;
import java.io.IOException;
import java.security.cert.CertificateException;

/** A client found something wrong with the server's certificate. */
final class RefusedException extends IOException {

    private RefusedException(String message, Throwable cause) {
        super(message, cause);
    }

    /** {@return the failure of a JSSE client: this if the certificate is the reason} */
    static IOException of(String message, Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return new RefusedException(String.valueOf(cause.getMessage()), failure);
            }
        }
        return new IOException(message + ": " + failure.getMessage(), failure);
    }

    /** {@return the failure of a QSslSocket: this if the certificate is the reason} */
    static IOException of(QSslSocket socket) {
        IOException failure = new IOException(socket.errorString());
        return socket.sslHandshakeErrors().isEmpty()
                ? failure
                : new RefusedException(socket.sslHandshakeErrors().toString(), failure);
    }
}
