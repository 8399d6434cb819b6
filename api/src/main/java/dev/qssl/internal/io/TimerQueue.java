package dev.qssl.internal.io;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tasks of a loop for later. The loop thread's, but for {@link #entry} and {@link Entry#cancel}. */
public final class TimerQueue {

    /** Cancelled timers that are not worth a search. */
    private static final int FEW = 64;

    private static final long LONGEST_NANOS = Long.MAX_VALUE / 4;

    private final PriorityQueue<Entry> entries = new PriorityQueue<>(Entry::compare);
    private final AtomicInteger cancelled = new AtomicInteger();

    TimerQueue() {}

    /** A task with its time. */
    public final class Entry {
        private final long deadline;
        private volatile @Nullable Runnable task;

        private Entry(long deadline, Runnable task) {
            this.deadline = deadline;
            this.task = task;
        }

        // Differences, because the clock may begin anywhere and wrap.
        private static int compare(Entry one, Entry other) {
            return Long.signum(one.deadline - other.deadline);
        }

        /** Takes the task back, from any thread. Does nothing if it has run. */
        public void cancel() {
            if (task != null) {
                task = null; // what it would have touched is not kept until then
                cancelled.incrementAndGet();
            }
        }
    }

    /** {@return a timer that is not in the queue yet} */
    Entry entry(Duration delay, Runnable task) {
        return new Entry(System.nanoTime() + nanos(delay), task);
    }

    private static long nanos(Duration delay) {
        if (delay.isNegative()) {
            return 0;
        }
        return delay.compareTo(Duration.ofNanos(LONGEST_NANOS)) > 0 ? LONGEST_NANOS : delay.toNanos();
    }

    /** Adds a timer. */
    void add(Entry entry) {
        entries.add(entry);
    }

    /** {@return how many milliseconds until something is due, rounded up; {@link Driver#FOREVER} if nothing is} */
    long millisToNext() {
        dropCancelled();
        Entry next = entries.peek();
        return next == null ? Driver.FOREVER : Driver.millisLeft(next.deadline);
    }

    // A connection whose handshake is done takes its timer back: with many of them, they would pile up until their
    // time.
    private void dropCancelled() {
        int gone = cancelled.get();
        if (gone > FEW && gone > entries.size() / 2) {
            entries.removeIf(entry -> entry.task == null);
            cancelled.addAndGet(-gone);
        }
    }

    /** {@return how many timers it holds, cancelled ones included} */
    int size() {
        return entries.size();
    }

    /** Runs what is due by now. */
    void runDue(Consumer<Runnable> runner) {
        long now = System.nanoTime();
        for (Entry next = entries.peek(); next != null && next.deadline - now <= 0; next = entries.peek()) {
            entries.remove();
            Runnable task = next.task;
            if (task != null) {
                next.task = null;
                runner.accept(task);
            } else {
                cancelled.decrementAndGet();
            }
        }
    }

    /** Drops everything. */
    void clear() {
        entries.clear();
    }
}
