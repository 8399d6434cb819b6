package dev.qssl.backend.jdk;

import dev.qssl.spi.TlsError;
import dev.qssl.spi.jsse.JsseLibrary;
import java.io.IOException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** The provider that the JSSE was made with. */
final class SunJsse extends JsseLibrary {

    static final String NAME = "SunJSSE";

    @Override
    protected Provider provider() throws NoSuchProviderException {
        Provider provider = Security.getProvider(NAME);
        if (provider == null) {
            throw new NoSuchProviderException("the security provider " + NAME + " is not installed");
        }
        return provider;
    }

    /** {@return what the exception says} Newer JDKs say "Unhandled exception" of any other; the cause says more. */
    @Override
    protected String failureReason(Exception thrown) {
        String reason = super.failureReason(thrown);
        Throwable cause = thrown.getCause();
        if (cause == null || cause.getMessage() == null || reason.contains(cause.getMessage())) {
            return reason;
        }
        return reason + ": " + cause.getMessage();
    }

    /**
     * {@inheritDoc}
     *
     * <p>An engine does no I/O: an {@link IOException} inside of one is about bytes of the peer that cannot be decoded,
     * whatever alert the provider makes of it (internal_error since JDK 25).
     */
    @Override
    protected Optional<TlsError> error(Exception thrown) {
        Throwable cause = thrown.getCause();
        return cause instanceof IOException && !(cause instanceof SSLException)
                ? Optional.of(TlsError.PROTOCOL_VIOLATION)
                : super.error(thrown);
    }
}
