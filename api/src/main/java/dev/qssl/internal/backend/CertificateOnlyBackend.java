package dev.qssl.internal.backend;

import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.util.Optional;

/** What is left when there is no TLS library: certificates and keys, which this library reads and verifies by itself. */
final class CertificateOnlyBackend implements TlsBackend {

    static final String NAME = "cert-only";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Availability availability() {
        String version = "QSSL certificates and keys";
        return new Availability.Available(1, version, version, Optional.empty());
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.builder().verifiesCertificates().build();
    }

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        throw new TlsException(
                TlsError.NO_BACKEND,
                "backend " + NAME + " has certificates and keys but no sockets; QSslSocket.backends() shows which do");
    }
}
