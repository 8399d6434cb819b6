package dev.qssl.internal.io;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * What others ask of a connection's owner (rule R4): notes, which the owner obeys in the order in which they came, and
 * wishes, which hold as soon as they are said.
 */
final class Mailbox {

    /** What somebody asks of the owner. */
    interface Note {

        /** Does it, on the owner's thread and outside the engine. */
        void obey() throws IOException;
    }

    /** A note in the box. */
    private static final class Letter {
        final Note note;

        @Nullable Letter next;

        Letter(Note note) {
            this.note = note;
        }
    }

    private static final AtomicReferenceFieldUpdater<Mailbox, @Nullable Letter> LAST =
            AtomicReferenceFieldUpdater.newUpdater(Mailbox.class, Letter.class, "last");

    /** What came and was not looked at, the last first. */
    private volatile @Nullable Letter last;

    /** What is to be obeyed next. The owner's. */
    private @Nullable Letter first;

    private volatile boolean closeWanted;
    private volatile boolean aborted;
    private volatile boolean plainHeld;
    private volatile boolean tlsWanted;

    /** Leaves a note. */
    void leave(Note note) {
        Letter letter = new Letter(note);
        LAST.getAndUpdate(this, before -> {
            letter.next = before;
            return letter;
        });
    }

    /** {@return whether there is no note} Owner only. */
    boolean isEmpty() {
        return first == null && last == null;
    }

    /** Obeys the notes that are there, and those that come meanwhile. Owner only. */
    void obey() throws IOException {
        for (Letter letter = take(); letter != null; letter = take()) {
            letter.note.obey();
        }
    }

    private @Nullable Letter take() {
        if (first == null && last != null) {
            first = reversed(LAST.getAndSet(this, null));
        }
        Letter taken = first;
        if (taken != null) {
            first = taken.next;
        }
        return taken;
    }

    private static @Nullable Letter reversed(@Nullable Letter newest) {
        Letter result = null;
        Letter letter = newest;
        while (letter != null) {
            Letter older = letter.next;
            letter.next = result;
            result = letter;
            letter = older;
        }
        return result;
    }

    /** The application asks for the end, sooner or later. */
    void wantClose() {
        closeWanted = true;
    }

    /** {@return whether the application asked for the end} */
    boolean isCloseWanted() {
        return closeWanted || aborted;
    }

    /** Nothing is to be sent or told any more. */
    void wantAbort() {
        aborted = true;
    }

    /** {@return whether nothing is to be sent or told any more} */
    boolean isAborted() {
        return aborted;
    }

    /** No byte passes in clear any more. */
    void holdPlain() {
        plainHeld = true;
    }

    /** {@return whether no byte may pass in clear} */
    boolean isPlainHeld() {
        return plainHeld;
    }

    /** An engine is coming: what arrives from now on is for it. */
    void wantTls() {
        tlsWanted = true;
    }

    /** {@return whether an engine is coming, or has come} */
    boolean isTlsWanted() {
        return tlsWanted;
    }
}
