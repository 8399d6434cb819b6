package dev.qssl.internal.backend;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is found out once, when it is first asked for. Other threads wait; a source that asks for its own value
 * fails instead of waiting for itself for ever. A source that throws is asked again next time.
 */
final class Once<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Supplier<T> source;
    private volatile @Nullable T value;

    Once(Supplier<T> source) {
        this.source = source;
    }

    T get() {
        T known = value;
        return known != null ? known : find();
    }

    private T find() {
        if (lock.isHeldByCurrentThread()) {
            throw new IllegalStateException("asked for a value that depends on itself");
        }
        lock.lock();
        try {
            T found = value;
            if (found == null) {
                found = source.get();
                value = found;
            }
            return found;
        } finally {
            lock.unlock();
        }
    }
}
