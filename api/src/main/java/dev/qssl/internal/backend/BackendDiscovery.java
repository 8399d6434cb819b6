package dev.qssl.internal.backend;

import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.TlsBackend;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * Finds the backends that {@link ServiceLoader} knows, provider by provider: one that cannot be made is kept with the
 * reason and hides no other. Makes instances but asks them nothing but their name.
 */
final class BackendDiscovery {

    /** A broken class loader may report errors without end. */
    private static final int MAX_PROVIDERS_PER_LOADER = 64;

    private static final String REMEDY =
            "Put the libraries that it was built for on the class path, or take the backend off it.";

    private final Set<String> seenClasses = new HashSet<>();
    private final Set<String> seenNames = new HashSet<>();
    private final Set<String> seenFailures = new HashSet<>();
    private final List<FoundBackend> found = new ArrayList<>();

    private BackendDiscovery() {}

    /** {@return what these loaders offer, each class once, without the built-in backend} */
    static List<FoundBackend> search(List<ClassLoader> loaders) {
        BackendDiscovery discovery = new BackendDiscovery();
        discovery.seenNames.add(CertificateOnlyBackend.NAME);
        loaders.forEach(discovery::searchOne);
        return List.copyOf(discovery.found);
    }

    private void searchOne(ClassLoader loader) {
        Iterator<ServiceLoader.Provider<TlsBackend>> providers =
                ServiceLoader.load(TlsBackend.class, loader).stream().iterator();
        for (int i = 0; i < MAX_PROVIDERS_PER_LOADER; i++) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                add(providers.next());
            } catch (ServiceConfigurationError | RuntimeException | LinkageError failure) {
                keep("unknown", failure);
            }
        }
    }

    private void add(ServiceLoader.Provider<TlsBackend> provider) {
        String className = provider.type().getName();
        if (!seenClasses.add(className)) {
            return;
        }
        try {
            FoundBackend backend = FoundBackend.of(provider.get());
            if (!seenNames.add(backend.name())) {
                throw new IllegalStateException("another backend has the name " + backend.name());
            }
            found.add(backend);
        } catch (ServiceConfigurationError | RuntimeException | LinkageError failure) {
            keep(className, failure);
        }
    }

    private void keep(String name, Throwable failure) {
        String reason = "its provider could not be loaded: " + FailureText.of(failure);
        if (seenFailures.add(name + reason)) {
            found.add(FoundBackend.unusable(name, new Unavailable(reason, REMEDY, Optional.of(failure))));
        }
    }
}
