package dev.qssl;

import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The contexts in use in this process, by backend and settings, so that equal configurations that know nothing of each other
 * share one. Holds them weakly: configurations and connections keep them alive, and when the last is gone the context is
 * closed and its entry removed. May be used by any thread.
 */
final class ContextTable<S> {

    /** The contexts for streams. */
    static final ContextTable<SharedContext> TLS = new ContextTable<>(
            (backend, settings) -> new SharedContext(backend, backend.newContext(settings), settings),
            SharedContext::context);

    /** The contexts for datagrams. */
    static final ContextTable<SharedDtlsContext> DTLS = new ContextTable<>(
            (backend, settings) -> new SharedDtlsContext(backend, backend.newDtlsContext(settings), settings),
            SharedDtlsContext::context);

    private static final Logger LOG = System.getLogger("dev.qssl");
    private static final Cleaner CLEANER = Cleaner.create();

    private final Maker<S> maker;
    private final Function<S, AutoCloseable> resource;
    private final ConcurrentMap<Key, WeakReference<S>> entries = new ConcurrentHashMap<>();

    private ContextTable(Maker<S> maker, Function<S, AutoCloseable> resource) {
        this.maker = maker;
        this.resource = resource;
    }

    /**
     * {@return the context of these settings on this backend} Two threads that need a new one at once may both make it; one
     * of the two is closed again.
     *
     * @throws TlsException if the backend refuses the settings
     */
    S open(TlsBackend backend, ContextSettings settings) throws TlsException {
        Key key = new Key(backend, settings);
        S known = live(entries.get(key));
        return known != null ? known : add(key, maker.make(backend, settings));
    }

    private S add(Key key, S made) {
        WeakReference<S> mine = new WeakReference<>(made);
        S shared;
        do {
            shared = live(entries.compute(key, (unused, other) -> live(other) == null ? mine : other));
        } while (shared == null);
        Release release = new Release(entries, key, mine, resource.apply(made));
        if (shared == made) {
            CLEANER.register(made, release);
        } else {
            release.run();
        }
        return shared;
    }

    private static <S> @Nullable S live(@Nullable WeakReference<S> reference) {
        return reference == null ? null : reference.get();
    }

    /** {@return how many entries there are, for tests} */
    int size() {
        return entries.size();
    }

    private interface Maker<S> {
        S make(TlsBackend backend, ContextSettings settings) throws TlsException;
    }

    private record Key(TlsBackend backend, ContextSettings settings) {}

    /** Closes a context that nobody holds any more. Must not lead back to what it waits for. */
    private record Release(
            ConcurrentMap<Key, ? extends WeakReference<?>> entries,
            Key key,
            WeakReference<?> reference,
            AutoCloseable context)
            implements Runnable {

        @Override
        public void run() {
            entries.remove(key, reference);
            try {
                context.close();
            } catch (Exception failure) {
                LOG.log(
                        Level.WARNING,
                        "closing a context of backend " + key.backend().name() + " failed",
                        failure);
            }
        }
    }
}
