package dev.qssl.internal.io;

/**
 * How often something happened, how much of that the slots were told, and how much somebody outside saw (C15).
 *
 * <p>A thread that emits waits for a telling inside its own call. Another thread waits for one that nobody saw before.
 */
public final class Tally {

    private volatile long happened;
    private volatile long told;
    private volatile long seen;

    /** Starts at none. */
    public Tally() {}

    /** It happened once more; the slots are still to be told. Owner only. */
    public void happen() {
        long next = happened + 1;
        happened = next;
    }

    /** The slots have run. Owner only. */
    public void tell() {
        told = happened;
    }

    /** Somebody saw everything that happened so far. */
    public void see() {
        seen = happened;
    }

    /** {@return what a wait has to exceed} For a thread that emits, all that it told; for another, all that was seen. */
    public long base(boolean emitsInsideWait) {
        return emitsInsideWait ? told : seen;
    }

    /** {@return whether the slots were told more than this} */
    public boolean isToldBeyond(long base) {
        return told > base;
    }

    /** {@return whether more than this happened; the slots may still have to be told} */
    public boolean isBeyond(long base) {
        return happened > base;
    }
}
