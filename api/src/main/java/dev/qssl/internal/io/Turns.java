package dev.qssl.internal.io;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/**
 * How the owner's time is spent: a turn tells what happened, obeys what was asked, and moves what can be moved without
 * blocking, until nothing is left or others should have theirs. Owner only.
 *
 * <p>It may be entered again from a slot, because every step looks at the fields anew.
 */
final class Turns {

    /** The most bytes that one turn sends. */
    static final int TURN_BYTES = 256 * 1024;

    /** The most steps of one turn: notes and slots that bring each other about must not keep it from ending. */
    private static final int TURN_STEPS = 256;

    private final Driver driver;
    private final Mailbox mailbox;
    private final Announcements news;
    private final Pump pump;

    private int depth;
    private boolean readable;
    private boolean again;
    private boolean cutShort;

    Turns(Driver driver, Mailbox mailbox, Announcements news, Pump pump) {
        this.driver = driver;
        this.mailbox = mailbox;
        this.news = news;
        this.pump = pump;
    }

    /** {@return whether a turn is under way} */
    boolean isTurning() {
        return depth > 0;
    }

    /** Has the turn under way look at everything once more. */
    void goRoundAgain() {
        again = true;
    }

    /** {@return whether the last turn stopped only because others should have theirs} */
    boolean wasCutShort() {
        return cutShort;
    }

    /**
     * Moves what can be moved. Not from inside the engine.
     *
     * @param isReadable whether the channel is known to hold bytes: nothing is read on suspicion, because a read that finds
     *     nothing costs as much as one that does
     * @return the operations to wait for, of {@link SelectionKey}; 0 if only the mailbox can change anything
     */
    int turn(boolean isReadable) {
        depth++;
        readable = isReadable;
        try {
            cutShort = !isDone();
            if (cutShort) {
                driver.requestTurn();
            }
            return pump.rest();
        } finally {
            readable = false;
            depth--;
        }
    }

    // Returns whether nothing is left to do.
    private boolean isDone() {
        long enough = pump.sentBytes() + TURN_BYTES;
        for (int steps = 0; steps < TURN_STEPS; steps++) {
            again = false;
            boolean moved = step(enough);
            if (!moved && !again && !news.hasNews() && mailbox.isEmpty()) {
                return pump.sentBytes() < enough;
            }
        }
        return false;
    }

    private boolean step(long enough) {
        try {
            news.tell();
            mailbox.obey();
            boolean moved = pump.sentBytes() < enough && pump.move();
            if (!moved && readable && pump.wantsInput()) {
                readable = false;
                moved = pump.receive();
            }
            return pump.endsInTime() || moved;
        } catch (IOException | RuntimeException e) {
            pump.fail(e);
            return true;
        } catch (Error e) {
            pump.endAfter(e);
            throw e;
        }
    }
}
