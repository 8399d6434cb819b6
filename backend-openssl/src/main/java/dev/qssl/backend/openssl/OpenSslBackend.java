package dev.qssl.backend.openssl;

import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The OpenSSL that the system has: libssl and libcrypto 1.1.1 or 3, loaded at run time. */
public final class OpenSslBackend implements TlsBackend {

    private static final String NAME = "openssl";

    private final ReentrantLock probing = new ReentrantLock();
    private volatile @Nullable Capabilities capabilities;

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
                    library.version(),
                    library.text(),
                    OpenSsl.BUILD_NUMBER,
                    OpenSsl.BUILD_VERSION,
                    Optional.of(library.files().ssl().toString()));
        } catch (UnavailableException why) {
            return why.asAvailability();
        }
    }

    /** {@inheritDoc} Found out by connections of this process with itself: a second the first time. */
    @Override
    public Capabilities capabilities() {
        Capabilities known = capabilities;
        if (known == null) {
            probing.lock();
            try {
                known = capabilities;
                if (known == null) {
                    known = CapabilityProbe.run(this);
                    capabilities = known;
                }
            } finally {
                probing.unlock();
            }
        }
        return known;
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
