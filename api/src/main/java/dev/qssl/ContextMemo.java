package dev.qssl;

import dev.qssl.internal.backend.FoundBackend;
import dev.qssl.spi.TlsException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of one snapshot, held strongly: one per kind of request, renewed if the backend or the cipher suites that the
 * configuration leaves to others have changed since. While one is being made, others who want it wait.
 */
final class ContextMemo<S> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ContextRequest, Slot<S>> slots = new ConcurrentHashMap<>();

    /**
     * {@return the context for this request}
     *
     * @param request what the connection adds
     * @param basis what it depends on besides
     * @param maker makes it if it is not known
     */
    S get(ContextRequest request, Basis basis, Maker<S> maker) throws TlsException {
        S known = known(request, basis);
        return known != null ? known : make(request, basis, maker);
    }

    private S make(ContextRequest request, Basis basis, Maker<S> maker) throws TlsException {
        lock.lock();
        try {
            S made = known(request, basis);
            if (made == null) {
                made = maker.make();
                slots.put(request, new Slot<>(basis, made));
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable S known(ContextRequest request, Basis basis) {
        Slot<S> slot = slots.get(request);
        return slot != null && slot.basis.equals(basis) ? slot.shared : null;
    }

    /**
     * What a context depends on that is not in the snapshot.
     *
     * @param backend who makes it
     * @param ciphers the choice of suites, the default configuration's if the snapshot has none
     * @param systemReading which reading of this machine's authorities is the last
     */
    record Basis(FoundBackend backend, CipherChoice ciphers, int systemReading) {}

    /** Makes a context. */
    interface Maker<S> {
        S make() throws TlsException;
    }

    private record Slot<S>(Basis basis, S shared) {}
}
