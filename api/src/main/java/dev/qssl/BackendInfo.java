package dev.qssl;

import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.backend.FoundBackend;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import java.util.List;
import java.util.Optional;

/**
 * A backend that was found or registered, whether it can run or not: {@code QSslSocket.backends()} lists them.
 *
 * <p>The backend is asked on demand and once per process, so the first answers may take up to a second each: it loads its
 * library and tries out what it can do. May be used by any thread.
 */
public final class BackendInfo {

    private final FoundBackend backend;

    private BackendInfo(FoundBackend backend) {
        this.backend = backend;
    }

    /** {@return every backend of this process in order of preference, the unavailable ones too} */
    static List<BackendInfo> all() {
        return Backends.shared().all().stream().map(BackendInfo::new).toList();
    }

    /** {@return its name, as in {@code QSslSocket.availableBackends()}; the class of a provider that could not be loaded} */
    public String name() {
        return backend.name();
    }

    /** {@return version and path of its library, or why it cannot run and what would help} Never throws. */
    public Availability availability() {
        return backend.availability();
    }

    /** {@return whether it can run} */
    public boolean isAvailable() {
        return backend.isAvailable();
    }

    /** {@return what it can do in this process, per role and version; empty if it cannot run} Never throws. */
    public Optional<Capabilities> capabilities() {
        Capabilities found = backend.capabilities();
        return backend.isAvailable() ? Optional.of(found) : Optional.empty();
    }

    /** {@return its name and whether it can run} Asks it. */
    @Override
    public String toString() {
        return name() + ": " + availability();
    }
}
