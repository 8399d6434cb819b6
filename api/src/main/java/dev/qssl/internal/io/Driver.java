package dev.qssl.internal.io;

import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Who pumps one connection (rule R3). */
interface Driver {

    /** No deadline. */
    long FOREVER = Long.MAX_VALUE;

    /** {@return whether turns can be made from now on} False if the loop that should make them is closed. */
    boolean start();

    /** {@return whether this thread owns the connection now} */
    boolean isOwner();

    /** Takes the permit unless another thread has it; if true, {@link #leave} must follow. */
    boolean enter();

    /** Gives back what {@link #enter} took; the next waiter may have it. */
    void leave();

    /** Has the owner make a turn when it turns next; from any thread (rule R4). */
    void requestTurn();

    /**
     * Has a turn made soon, from any thread: at once if this thread may own the connection, else by the owner before it
     * leaves. Inside the engine it is only noted, for the turn under way (rule R5).
     */
    void nudge();

    /**
     * Waits, pumping if this thread is the owner or becomes it.
     *
     * @param done what is waited for: looks at fields, and does nothing else
     * @param deadline {@link System#nanoTime} at which to give up, or {@link #FOREVER}; if it has passed, what is there is
     *     still looked at
     * @return whether it came true; false also after an interrupt, whose flag stays set, and when the connection ended
     */
    boolean await(BooleanSupplier done, long deadline);

    /**
     * The application asked for the end. If nobody drives the connection for this long, it ends all the same, and frees its
     * channel and its engine; what is to be told of it waits for the next owner.
     */
    void endSoon(Duration patience);

    /** A channel of the connection was closed. Owner only. */
    void closed(SocketChannel channel);

    /** The connection is over. Owner only. */
    void ended();

    /** {@return the deadline this many milliseconds from now; negative means none} */
    static long deadlineIn(long millis) {
        if (millis < 0) {
            return FOREVER;
        }
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        return nanos > FOREVER / 2 ? FOREVER : System.nanoTime() + nanos;
    }

    /** {@return the deadline this long from now} */
    static long deadlineIn(Duration time) {
        return deadlineIn(time.toSeconds() > Integer.MAX_VALUE ? -1 : time.toMillis());
    }

    /** {@return the nanoseconds left; 0 if it has passed} */
    static long left(long deadline) {
        return deadline == FOREVER ? FOREVER : Math.max(0, deadline - System.nanoTime());
    }

    /** {@return the milliseconds left, rounded up: waking late is better than spinning through the last one} */
    static long millisLeft(long deadline) {
        return deadline == FOREVER ? FOREVER : (left(deadline) + 999_999) / 1_000_000;
    }

    /** {@return the one that comes first} */
    static long earlier(long one, long other) {
        if (one == FOREVER || other == FOREVER) {
            return one == FOREVER ? other : one;
        }
        return one - other < 0 ? one : other;
    }
}
