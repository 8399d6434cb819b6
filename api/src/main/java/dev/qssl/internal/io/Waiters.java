package dev.qssl.internal.io;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Threads that wait for what another thread brings about. Holds no memory beyond itself while nobody waits. */
final class Waiters {

    private static final Thread[] NOBODY = {};
    private static final AtomicReferenceFieldUpdater<Waiters, Thread[]> WAITING =
            AtomicReferenceFieldUpdater.newUpdater(Waiters.class, Thread[].class, "waiting");

    private volatile Thread[] waiting = NOBODY;

    /**
     * Waits until something is so.
     *
     * @param done asked at once and after every {@link #wake}; looks at fields, and does nothing else
     * @param deadline {@link System#nanoTime} at which to give up, or {@link Driver#FOREVER}
     * @return whether it is so
     */
    boolean await(BooleanSupplier done, long deadline) throws InterruptedException {
        // Listed before looking, so that whoever changes something after the look sees that somebody waits.
        WAITING.updateAndGet(this, Waiters::withThisThread);
        try {
            while (!done.getAsBoolean()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long nanos = Driver.left(deadline);
                if (nanos == 0) {
                    return false;
                }
                LockSupport.parkNanos(this, nanos);
            }
            return true;
        } finally {
            WAITING.updateAndGet(this, Waiters::withoutThisThread);
        }
    }

    private static Thread[] withThisThread(Thread[] before) {
        Thread[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = Thread.currentThread();
        return after;
    }

    private static Thread[] withoutThisThread(Thread[] before) {
        Thread self = Thread.currentThread();
        Thread[] after = Arrays.stream(before).filter(other -> other != self).toArray(Thread[]::new);
        return after.length == 0 ? NOBODY : after;
    }

    /** Has the threads look again. Costs nothing while nobody waits. */
    void wake() {
        for (Thread each : waiting) {
            LockSupport.unpark(each);
        }
    }
}
