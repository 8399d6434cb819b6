package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * What happened on a connection and is still to be told, in the order in which it is told. Owner only, but for the tallies
 * and {@link #mute}.
 *
 * <p>Slots run inside {@link #tell}, which may be entered again from them: every step looks at the fields anew.
 */
final class Announcements {

    /** What a connection tells its socket: on the owner's thread, outside engine calls, with no lock held. */
    interface Listener {

        /** The attempt has begun, with a look-up. */
        void lookingUp();

        /** The connection stands from the beginning: it was taken over. */
        void adopted();

        /** The host's addresses are known, and the first is being tried. */
        void hostFound();

        /** The TCP connection stands. */
        void transportConnected();

        /** Engine calls recorded events that are still to be emitted. */
        void engineSpoke();

        /** The engine waits for {@link Connection#decide}. */
        void decisionDue();

        /** The handshake is done. */
        void encrypted();

        /** There are new bytes to read. */
        void readyRead();

        /** This many bytes of the application were encrypted, or taken by TCP if there is no encryption. */
        void bytesWritten(long count);

        /** This many bytes of TLS records were taken by TCP. */
        void encryptedBytesWritten(long count);

        /** Something ended the connection that the application did not ask for. At most once. */
        void failed(SocketError error, String message);

        /** The connection is on its way to its end. */
        void closing();

        /** The channel is closed. The last call. */
        void ended();
    }

    /** Bytes that arrived. */
    final Tally arrivals = new Tally();
    /** Bytes of the application that TCP took. */
    final Tally departures = new Tally();

    private final Listener listener;
    private final ByteQueues bytes;
    private final Waiters waiters;

    boolean lookingUp;
    boolean adopted;
    boolean hostFound;
    boolean connected;
    boolean engineSpoke;
    boolean decisionDue;
    boolean encrypted;
    boolean closing;
    private boolean readyRead;
    private boolean arrived;
    private boolean arrivedInside;
    private boolean departed;
    private long bytesWritten;
    private long encryptedBytesWritten;
    private @Nullable SocketError error;
    private String message = "";
    private boolean ended;

    private boolean insideReadyRead;
    private boolean insideBytesWritten;
    private int writtenDepth;
    private volatile boolean muted;
    private volatile boolean connectedTold;
    private volatile boolean endTold;

    Announcements(Listener listener, ByteQueues bytes, Waiters waiters) {
        this.listener = listener;
        this.bytes = bytes;
        this.waiters = waiters;
    }

    /** {@return whether the slots were told that the connection stands} Any thread. */
    boolean isConnectedTold() {
        return connectedTold;
    }

    /** {@return whether the slots were told that it is over} Any thread. */
    boolean isEndTold() {
        return endTold;
    }

    /** From now on nothing is told but the end. Any thread. */
    void mute() {
        muted = true;
    }

    /** {@return whether nothing is told any more but the end} */
    boolean isMuted() {
        return muted;
    }

    /** New bytes can be read. */
    void arrive() {
        arrivals.happen();
        arrived = true;
        readyRead = true;
    }

    /** Bytes of the application left: count for the signal, if there are any to count. */
    void write(long count) {
        bytesWritten += count;
    }

    /** TCP took bytes of the application. */
    void depart() {
        departures.happen();
        departed = true;
    }

    /** TCP took bytes of records. */
    void writeEncrypted(long count) {
        encryptedBytesWritten += count;
    }

    /** The connection failed: the first reason stays. */
    void fail(SocketError code, String text) {
        if (error == null) {
            error = code;
            message = text;
        }
    }

    /** The connection is over. */
    void end() {
        ended = true;
    }

    /** Forgets everything that was not told. */
    void forget() {
        lookingUp = false;
        adopted = false;
        hostFound = false;
        connected = false;
        engineSpoke = false;
        decisionDue = false;
        encrypted = false;
        closing = false;
        readyRead = false;
        arrived = false;
        departed = false;
        bytesWritten = 0;
        encryptedBytesWritten = 0;
        error = null;
    }

    /** {@return whether something can be told now} */
    boolean hasNews() {
        if (muted && !ended) {
            return false;
        }
        return lookingUp
                || adopted
                || hostFound
                || connected
                || engineSpoke
                || decisionDue
                || encrypted
                || (readyRead && !insideReadyRead)
                || (bytesWritten > 0 && !insideBytesWritten)
                || encryptedBytesWritten > 0
                || (arrived && insideReadyRead)
                || departed
                || error != null
                || closing
                || ended;
    }

    /**
     * Tells everything that can be told now. Who waits is woken when what it may wait for was told: not later, because the
     * next slot may take its time, and not for anything else.
     */
    void tell() {
        while (hasNews()) {
            tellNext();
        }
    }

    private void tellNext() {
        if (!tellProgress() && !tellBytes()) {
            tellEnd();
        }
    }

    private boolean tellProgress() {
        if (lookingUp) {
            lookingUp = false;
            listener.lookingUp();
        } else if (adopted) {
            adopted = false;
            listener.adopted();
            connectedTold = !muted;
            waiters.wake();
        } else if (hostFound) {
            hostFound = false;
            listener.hostFound();
        } else if (connected) {
            connected = false;
            listener.transportConnected();
            connectedTold = !muted;
            waiters.wake();
        } else if (readyRead && closing && !insideReadyRead) {
            tellReadyRead(); // what came before the peer's last alert is told before it
        } else if (engineSpoke) {
            engineSpoke = false;
            listener.engineSpoke();
        } else if (decisionDue) {
            decisionDue = false;
            listener.decisionDue();
        } else if (encrypted) {
            encrypted = false;
            listener.encrypted();
            waiters.wake();
        } else {
            return false;
        }
        return true;
    }

    private boolean tellBytes() {
        if (readyRead && !insideReadyRead) {
            tellReadyRead();
        } else if (arrived && insideReadyRead) {
            // There is no other signal inside a slot of readyRead, but a wait there sees that bytes came (B-173).
            arrived = false;
            arrivedInside = true;
            arrivals.announce();
        } else if (bytesWritten > 0 && !insideBytesWritten) {
            tellBytesWritten();
        } else if (encryptedBytesWritten > 0) {
            tellEncryptedBytesWritten();
        } else if (departed) {
            departed = false;
            settleDepartures();
        } else {
            return false;
        }
        return true;
    }

    private void tellEnd() {
        SocketError code = error;
        if (code != null) {
            error = null;
            listener.failed(code, message);
        } else if (closing) {
            closing = false;
            listener.closing();
        } else if (ended) {
            ended = false;
            try {
                listener.ended();
            } finally {
                endTold = true;
                waiters.wake();
            }
        }
    }

    private void tellReadyRead() {
        readyRead = false;
        arrived = false;
        boolean known = arrivedInside && bytes.available() == 0; // a slot waited for them itself, and has read them
        arrivedInside = false;
        int announcement = arrivals.announce();
        if (!known) {
            insideReadyRead = true;
            try {
                listener.readyRead();
            } finally {
                insideReadyRead = false;
            }
        }
        arrivals.tell(announcement);
        waiters.wake();
    }

    private void tellBytesWritten() {
        long count = bytesWritten;
        bytesWritten = 0;
        departures.announce();
        insideBytesWritten = true;
        writtenDepth++;
        try {
            listener.bytesWritten(count);
        } finally {
            insideBytesWritten = false;
            writtenDepth--;
            departed |= departures.isBeingTold();
        }
    }

    private void tellEncryptedBytesWritten() {
        long count = encryptedBytesWritten;
        encryptedBytesWritten = 0;
        departures.announce();
        writtenDepth++;
        try {
            listener.encryptedBytesWritten(count);
        } finally {
            writtenDepth--;
            departed |= departures.isBeingTold();
        }
    }

    // Inside a slot of either signal the waits of other threads go on: that slot has not returned.
    private void settleDepartures() {
        int announcement = departures.announce();
        if (writtenDepth == 0) {
            departures.tell(announcement);
            waiters.wake();
        }
    }
}
