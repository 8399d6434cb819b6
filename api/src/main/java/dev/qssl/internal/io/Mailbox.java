package dev.qssl.internal.io;

import java.io.IOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

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

    private final Queue<Note> notes = new ConcurrentLinkedQueue<>();
    private volatile boolean closeWanted;
    private volatile boolean aborted;
    private volatile boolean plainHeld;
    private volatile boolean tlsWanted;

    /** Leaves a note. */
    void leave(Note note) {
        notes.add(note);
    }

    /** {@return whether there is no note} */
    boolean isEmpty() {
        return notes.isEmpty();
    }

    /** Obeys the notes that are there, and those that come meanwhile. Owner only. */
    void obey() throws IOException {
        for (Note note = notes.poll(); note != null; note = notes.poll()) {
            note.obey();
        }
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
