package dev.qssl.internal.io;

/**
 * How often something was emitted, and how much of that somebody has seen (C15). Only the owner's thread adds, after the
 * slots have run; any thread may look.
 */
public final class Tally {

    private volatile long count;
    private volatile long seen;

    /** Starts at none. */
    public Tally() {}

    /** One more was emitted. Owner only. */
    public void add() {
        long next = count + 1;
        count = next;
    }

    /** Notes that everything so far was seen. */
    public void see() {
        seen = count;
    }

    /** {@return how often it was emitted} */
    public long count() {
        return count;
    }

    /** {@return what a waiter has to exceed: what it can see emitted from now on, or what nobody saw before} */
    public long base(boolean emitsInsideWait) {
        return emitsInsideWait ? count : seen;
    }

    /** Starts again. */
    public void reset() {
        count = 0;
        seen = 0;
    }
}
