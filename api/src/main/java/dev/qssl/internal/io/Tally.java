package dev.qssl.internal.io;

/**
 * How often something happened, how much of that was announced, how much the slots were told, and how much somebody outside
 * saw (C15).
 *
 * <p>The thread that emits waits for an announcement inside its own call: what a slot is just being told is nothing new to
 * that slot. Another thread waits for what nobody saw before, until the slots have run.
 *
 * <p>The counters may wrap around: only their distance says which is ahead, and that stays small.
 */
public final class Tally {

    private volatile int happened;
    private volatile int announced;
    private volatile int told;
    private volatile int seen;

    /** Starts at none. */
    public Tally() {}

    /** It happened once more; the slots are still to be told. Owner only. */
    public void happen() {
        int next = happened + 1;
        happened = next;
    }

    /** The slots are about to be told of everything that happened so far. Owner only. {@return how much that is} */
    public int announce() {
        int now = happened;
        announced = now;
        return now;
    }

    /** The slots have run. Owner only. */
    public void tell(int announcement) {
        told = announcement;
    }

    /** {@return whether slots have still to run, or to return, for what was announced} Owner only. */
    boolean isBeingTold() {
        return announced - told > 0;
    }

    /** Somebody saw everything that happened so far. */
    public void see() {
        seen = happened;
    }

    /** {@return what a wait has to exceed} For a thread that emits, all that was announced; for another, all that was seen. */
    int base(boolean emitsInsideWait) {
        return emitsInsideWait ? announced : seen;
    }

    /**
     * {@return whether a wait with this base is over}
     *
     * @param base from {@link #base}
     * @param emits whether the asking thread is the one that emits
     */
    boolean isOver(int base, boolean emits) {
        return (emits ? announced : told) - base > 0;
    }

    /** {@return whether more than this happened; the slots may still have to be told} */
    boolean isBeyond(int base) {
        return happened - base > 0;
    }
}
