package dev.qssl.internal.io;

import java.nio.channels.SocketChannel;
import java.util.function.BooleanSupplier;

/** Who pumps one connection (rule R3). */
interface Driver {

    /** No deadline. */
    long FOREVER = Long.MAX_VALUE;

    /** {@return whether this thread owns the connection now} */
    boolean isOwner();

    /** Takes the permit unless another thread has it; if true, {@link #leave} must follow. */
    boolean enter();

    /** Gives back what {@link #enter} took; the next waiter may have it. */
    void leave();

    /** Turns may be made from now on, and one is due. */
    void start();

    /** Has the owner make a turn soon; from any thread (rule R4). */
    void requestTurn();

    /**
     * Waits, pumping if this thread is the owner or becomes it.
     *
     * @param done what is waited for; asked without a lock, after slots have run
     * @param deadline {@link System#nanoTime} at which to give up, or {@link #FOREVER}
     * @return whether it came true; false also after an interrupt, whose flag stays set, and when the connection ended
     */
    boolean await(BooleanSupplier done, long deadline);

    /** The connection has a channel. */
    void opened(SocketChannel channel);

    /** That channel was closed. */
    void closed(SocketChannel channel);

    /** {@return the deadline this many milliseconds from now; negative means none} */
    static long deadlineIn(long millis) {
        return millis < 0 ? FOREVER : System.nanoTime() + millis * 1_000_000L;
    }

    /** {@return the nanoseconds left; 0 if it has passed} */
    static long left(long deadline) {
        return deadline == FOREVER ? FOREVER : Math.max(0, deadline - System.nanoTime());
    }
}
