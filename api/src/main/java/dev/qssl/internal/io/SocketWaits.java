package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The functions that wait (B-166 to B-179, C15). */
public final class SocketWaits {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private final SocketStatus status;
    private volatile @Nullable Connection seenBeginning;
    private volatile @Nullable Connection seenEnd;

    SocketWaits(SocketStatus status) {
        this.status = status;
    }

    /**
     * Waits for something that is counted and that this thread does not know of yet (C15).
     *
     * @param attempt the connection
     * @param tally what is counted
     * @param what what is waited for, for the error's text
     * @param millis how long at most; negative for ever
     * @return whether it was
     */
    public boolean forTally(Connection attempt, Tally tally, String what, long millis) {
        return forTally(attempt, tally, base(attempt, tally), what, millis);
    }

    private boolean forTally(Connection attempt, Tally tally, int base, String what, long millis) {
        Driver driver = attempt.driver();
        long deadline = Driver.deadlineIn(millis);
        if (!driver.await(() -> tally.isOver(base, driver.isOwner()), deadline)) {
            return timedOut(attempt, what, deadline);
        }
        tally.see();
        return true;
    }

    /** {@return whether something happened that this thread does not know of: a wait for it will not be in vain} */
    public boolean isUnknown(Connection attempt, Tally tally) {
        return tally.isBeyond(base(attempt, tally));
    }

    private static int base(Connection attempt, Tally tally) {
        return tally.base(isDriver(attempt));
    }

    /** {@return whether the calling thread drives the connection, or can: then it waits for emissions inside its call} */
    private static boolean isDriver(Connection connection) {
        Driver driver = connection.driver();
        if (driver.enter()) {
            driver.leave();
            return true;
        }
        return false;
    }

    /** Notes that time ran out, unless there is a better reason. {@return false} */
    private boolean timedOut(Connection connection, String what, long deadline) {
        boolean hasNoReason = status.error() == SocketError.UNKNOWN_SOCKET_ERROR
                || status.error() == SocketError.SOCKET_TIMEOUT_ERROR;
        if (hasNoReason && Driver.left(deadline) == 0 && connection.phase() != Phase.ENDED) {
            status.note(SocketError.SOCKET_TIMEOUT_ERROR, "timed out waiting for " + what + peer());
        }
        return false;
    }

    private String peer() {
        String host = status.peerName().isEmpty() ? status.peerAddress().toString() : status.peerName();
        return host.isEmpty() ? "" : " " + Endpoints.text(host, status.peerPort());
    }

    /** Waits for the TCP connection. {@return whether it stands} */
    public boolean forConnected(long millis) {
        Connection current = status.connection();
        if (current == null) {
            return false;
        }
        Announcements news = current.news();
        boolean toldHere = current.driver().isOwner(); // in a slot that is being told just now (B-167)
        if (status.state() == SocketState.CONNECTED_STATE && (toldHere || news.isConnectedTold())) {
            seenBeginning = current;
            return true;
        }
        if (news.isEndTold() || (isPast(status.state()) && (current.isEnding() || isDriver(current)))) {
            return isBeginningUnseen(current);
        }
        long deadline = Driver.deadlineIn(millis);
        if (current.driver().await(news::isConnectedTold, deadline)) {
            seenBeginning = current;
            return true;
        }
        if (Driver.left(deadline) == 0 && !current.phase().isConnected() && current.phase() != Phase.ENDED) {
            String text = "timed out connecting to" + peer();
            status.note(SocketError.SOCKET_TIMEOUT_ERROR, text);
            current.abort(SocketError.SOCKET_TIMEOUT_ERROR, text);
            status.expect(current, SocketState.UNCONNECTED_STATE);
        }
        return false;
    }

    private static boolean isPast(SocketState state) {
        return switch (state) {
            case UNCONNECTED_STATE, BOUND_STATE, CLOSING_STATE -> true;
            case HOST_LOOKUP_STATE, CONNECTING_STATE, CONNECTED_STATE, LISTENING_STATE -> false;
        };
    }

    // For a thread that does not drive: the peer may have ended the connection before it asked.
    private boolean isBeginningUnseen(Connection current) {
        boolean unseen = seenBeginning != current
                && current.news().isConnectedTold()
                && !current.isEnding()
                && !isDriver(current);
        seenBeginning = current;
        return unseen;
    }

    /** Waits for new bytes. {@return whether some came} */
    public boolean forReadyRead(long millis) {
        Connection current = status.connection();
        if (current == null) {
            return false;
        }
        Tally arrivals = current.news().arrivals;
        int base = base(current, arrivals);
        if (current.news().isEndTold() && !arrivals.isBeyond(base)) {
            return false;
        }
        return forTally(current, arrivals, base, "data from", millis);
    }

    /** Waits until TCP took some of what was written. {@return whether it did} */
    public boolean forBytesWritten(long millis) {
        Connection current = status.connection();
        if (current == null) {
            return false;
        }
        Tally departures = current.news().departures;
        int base = base(current, departures);
        // Asked in this order: what leaves in between is counted before it is not there any more.
        boolean noneWillLeave = current.news().isEndTold() || !current.hasUnsent();
        if (noneWillLeave && !departures.isBeyond(base)) {
            return false;
        }
        return forTally(current, departures, base, "data to go out to", millis);
    }

    /** Waits for the end. {@return whether it came} */
    public boolean forDisconnected(long millis) {
        Connection current = status.connection();
        boolean isOver = status.state() == SocketState.UNCONNECTED_STATE;
        if (current == null || (isOver && !isEndUnseen(current))) {
            LOG.log(Level.WARNING, "waitForDisconnected() is not allowed on an unconnected socket");
            return false;
        }
        long deadline = Driver.deadlineIn(millis);
        if (!current.driver().await(current.news()::isEndTold, deadline)) {
            return timedOut(current, "the end of the connection to", deadline);
        }
        seenEnd = current;
        return true;
    }

    // For a thread that does not drive: the end may have come before it asked.
    private boolean isEndUnseen(Connection current) {
        return seenEnd != current && current.news().isConnectedTold() && !isDriver(current);
    }

    /**
     * Waits until there is something to read, or nothing will come.
     *
     * @param target receives bytes at once if that is possible; otherwise they wait to be read
     * @return whether it is so
     */
    boolean forInput(ByteBuffer target, long deadline) {
        Connection current = status.connection();
        if (current == null) {
            return true;
        }
        int before = target.position();
        BooleanSupplier done = () -> target.position() > before
                || current.bytes().available() > 0
                || current.news().isEndTold();
        if (!done.getAsBoolean() && !current.awaitInput(target, done, deadline)) {
            return false;
        }
        current.news().arrivals.see();
        return true;
    }

    /** Waits until no more than this many bytes are on their way out, or none can go. {@return whether it is so} */
    boolean forRoom(long most) {
        Connection current = status.connection();
        BooleanSupplier done = () -> current == null
                || current.bytes().toWrite() + current.encryptedBytesToWrite() <= most
                || current.news().isEndTold();
        return done.getAsBoolean() || (current != null && current.driver().await(done, Driver.FOREVER));
    }
}
