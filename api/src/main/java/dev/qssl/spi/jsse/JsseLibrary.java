package dev.qssl.spi.jsse;

import dev.qssl.spi.BufferKind;
import java.security.GeneralSecurityException;
import java.security.Provider;
import javax.net.ssl.SSLContext;

/**
 * A JSSE provider and where it differs from what the JSSE says: what a {@link JsseBackend} is made of.
 *
 * <p>Instances are shared by all threads. Creating one must do no work.
 */
public abstract class JsseLibrary {

    /** Does nothing. */
    protected JsseLibrary() {}

    /**
     * {@return the provider of {@link SSLContext}}
     *
     * @throws GeneralSecurityException if it cannot be had
     */
    protected abstract Provider provider() throws GeneralSecurityException;

    /** {@return the kind of memory that the engines are fastest with} Arrays, unless overridden. */
    protected BufferKind buffers() {
        return BufferKind.HEAP;
    }

    final SSLContext newSslContext() throws GeneralSecurityException {
        return SSLContext.getInstance("TLS", provider());
    }
}
