package dev.qssl.spi.jsse;

import dev.qssl.spi.TlsBackend;

/** A backend on a JSSE provider. */
public abstract class JsseBackend implements TlsBackend {

    /** Does nothing: loading is left to {@link #availability}. */
    protected JsseBackend() {}
}
