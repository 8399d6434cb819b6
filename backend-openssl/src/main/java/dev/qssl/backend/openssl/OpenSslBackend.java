package dev.qssl.backend.openssl;

import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.probe.CapabilityProbe;
import java.util.Optional;

/** The OpenSSL that the system has: libssl and libcrypto 1.1.1 or 3, loaded at run time. */
public final class OpenSslBackend implements TlsBackend {

    private static final String NAME = "openssl";

    private final CapabilityProbe probe = new CapabilityProbe();

    /** Does nothing yet. */
    public OpenSslBackend() {}

    @Override
    public String name() {
        return NAME;
    }

    /**
     * {@inheritDoc} Looks for the two libraries in the order that {@code docs/backend-openssl.md} describes, and loads the first
     * usable pair, the native part of JNA, and that of wildfly-openssl where there is one.
     */
    @Override
    public Availability availability() {
        try {
            OpenSsl library = OpenSsl.load();
            return new Availability.Available(
                    library.version().number(),
                    library.version().text(),
                    OpenSsl.BUILD_NUMBER,
                    OpenSsl.BUILD_VERSION,
                    Optional.of(library.files().ssl().toString()));
        } catch (UnavailableException why) {
            return why.asAvailability();
        }
    }

    /** {@inheritDoc} Found out by connections of this process with itself: one to two seconds the first time. */
    @Override
    public Capabilities capabilities() {
        return probe.capabilities(new OpenSslSubject(this));
    }

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        try {
            return OpenSslContext.of(OpenSsl.load(), NAME, settings);
        } catch (UnavailableException why) {
            throw new TlsException(TlsError.NO_BACKEND, why.getMessage() + "; " + why.remedy(), why);
        }
    }
}
