package dev.qssl.internal.io;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Threads that wait for what another thread brings about. */
final class Waiters {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Waits until something is so.
     *
     * @param done asked at once and after every {@link #wake}; looks at fields, and does nothing else
     * @param deadline {@link System#nanoTime} at which to give up, or {@link Driver#FOREVER}
     * @return whether it is so
     */
    boolean await(BooleanSupplier done, long deadline) throws InterruptedException {
        lock.lock();
        try {
            // Counted before looking, so that whoever changes something after the look sees that somebody waits.
            waiting.incrementAndGet();
            while (!done.getAsBoolean()) {
                long nanos = Driver.left(deadline);
                if (nanos == 0) {
                    return false;
                }
                changed.awaitNanos(nanos);
            }
            return true;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    /** Has the threads look again. Costs nothing while nobody waits. */
    void wake() {
        if (waiting.get() == 0) {
            return;
        }
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
