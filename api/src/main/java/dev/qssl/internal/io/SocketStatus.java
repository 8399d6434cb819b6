package dev.qssl.internal.io;

import dev.qssl.net.OpenMode;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * What a socket tells about itself: Qt's state, the error, names and addresses; and which attempt they are of. Any thread
 * may read. Every change that belongs to an attempt is refused once it is not the socket's any more (R1): looking at that
 * and changing is one step.
 */
public final class SocketStatus {

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final String NO_ERROR = "Unknown error";

    private volatile @Nullable Connection connection;
    private volatile SocketState state = SocketState.UNCONNECTED_STATE;
    private volatile SocketError error = SocketError.UNKNOWN_SOCKET_ERROR;
    private volatile String errorString = NO_ERROR;
    private volatile OpenMode openMode = OpenMode.NOT_OPEN;
    private volatile String peerName = "";
    private volatile QHostAddress localAddress = QHostAddress.NULL;
    private volatile QHostAddress peerAddress = QHostAddress.NULL;
    private volatile int localPort;
    private volatile int peerPort;
    private volatile long descriptor = -1;

    // Guarded by this.
    private SocketState announced = SocketState.UNCONNECTED_STATE;
    private boolean errorStays;
    private boolean closingDevice;

    SocketStatus() {}

    /** {@return the current attempt} */
    @Nullable Connection connection() {
        return connection;
    }

    /** {@return the state} */
    public SocketState state() {
        return state;
    }

    /** {@return the first error that ended the connection, or the last one otherwise} */
    public SocketError error() {
        return error;
    }

    /** {@return what went wrong, for people} */
    public String errorString() {
        return errorString;
    }

    /** {@return what the device was opened for} */
    public OpenMode openMode() {
        return openMode;
    }

    /** {@return the name given to connectToHost; empty if there is none} */
    public String peerName() {
        return peerName;
    }

    /** {@return the local address} */
    public QHostAddress localAddress() {
        return localAddress;
    }

    /** {@return the local port; 0 if there is none} */
    public int localPort() {
        return localPort;
    }

    /** {@return the peer's address} */
    public QHostAddress peerAddress() {
        return peerAddress;
    }

    /** {@return the peer's port; 0 if there is none} */
    public int peerPort() {
        return peerPort;
    }

    /** {@return the number of the connection; -1 if there is none} */
    public long descriptor() {
        return descriptor;
    }

    /**
     * Makes an attempt the socket's, and forgets the one before.
     *
     * @return false if the state does not allow it
     */
    boolean begin(Connection attempt, SocketState first, OpenMode mode) {
        synchronized (this) {
            if (!mayBegin()) {
                return false;
            }
            connection = attempt;
            state = first;
            openMode = mode;
            error = SocketError.UNKNOWN_SOCKET_ERROR;
            errorString = NO_ERROR;
            errorStays = false;
            closingDevice = false;
            return true;
        }
    }

    private boolean mayBegin() {
        return state == SocketState.UNCONNECTED_STATE || state == SocketState.BOUND_STATE;
    }

    /** Takes back {@link #begin}: nothing will come of the attempt. */
    void abandon(Connection attempt) {
        synchronized (this) {
            if (isOf(attempt)) {
                connection = null;
                state = SocketState.UNCONNECTED_STATE;
                openMode = OpenMode.NOT_OPEN;
            }
        }
        forgetPeer(null);
    }

    /** Notes whom the attempt is for. */
    void nameHost(String host, int port) {
        peerName = host;
        peerPort = port;
    }

    /** Notes the local address that the next attempt will have. {@return false if the state does not allow it} */
    boolean bind(InetSocketAddress here) {
        synchronized (this) {
            if (!mayBegin()) {
                return false;
            }
            state = SocketState.BOUND_STATE;
            announced = state;
            localAddress = QHostAddress.of(here.getAddress());
            localPort = here.getPort();
            return true;
        }
    }

    /** Undoes {@link #bind}. {@return whether there was something to undo} */
    boolean unbind() {
        synchronized (this) {
            if (state != SocketState.BOUND_STATE) {
                return false;
            }
            state = SocketState.UNCONNECTED_STATE;
            announced = state;
            localAddress = QHostAddress.NULL;
            localPort = 0;
            return true;
        }
    }

    /** {@return whether this attempt is the socket's} */
    boolean isOf(@Nullable Connection attempt) {
        return connection == attempt;
    }

    /** {@return whether slots may still be told about this attempt} */
    boolean isLive(Connection attempt) {
        return connection == attempt && !attempt.isAborted();
    }

    /**
     * Moves on. Owner only.
     *
     * @return whether the slots are to be told: not if they know, nor if the attempt is over
     */
    boolean become(Connection attempt, SocketState next) {
        synchronized (this) {
            boolean may = next == SocketState.UNCONNECTED_STATE ? isOf(attempt) : isLive(attempt);
            if (!may) {
                return false;
            }
            state = next;
            boolean isNews = announced != next;
            announced = next;
            return isNews;
        }
    }

    /** Notes at once what the owner of the attempt will tell the slots: that it is over, or closing. */
    void expect(Connection attempt, SocketState next) {
        synchronized (this) {
            if (isOf(attempt) && state != SocketState.UNCONNECTED_STATE) {
                state = next;
            }
        }
    }

    /** Notes what ended an attempt: the first such error stays. {@return whether it is news} */
    boolean fail(Connection attempt, SocketError code, String text) {
        synchronized (this) {
            if (!isOf(attempt) || errorStays) {
                return false;
            }
            error = code;
            errorString = text;
            errorStays = true;
            return true;
        }
    }

    /** Notes an error that ends nothing; one that ended the attempt stays before it. */
    void note(SocketError code, String text) {
        synchronized (this) {
            if (!errorStays) {
                error = code;
                errorString = text;
            }
        }
    }

    /** {@return whether the device is open and nobody else closes it already} */
    boolean beginClosingDevice() {
        synchronized (this) {
            boolean first = openMode != OpenMode.NOT_OPEN && !closingDevice;
            closingDevice |= first;
            return first;
        }
    }

    /** The device is closed, unless another attempt has opened it again. */
    void closeDevice(@Nullable Connection attempt) {
        synchronized (this) {
            if (connection == attempt) {
                openMode = OpenMode.NOT_OPEN;
                closingDevice = false;
            }
        }
    }

    /** Notes the addresses of the attempt's channel. */
    void noteAddresses(Connection attempt, SocketChannel channel) {
        try {
            InetSocketAddress here = (InetSocketAddress) channel.getLocalAddress();
            InetSocketAddress there = (InetSocketAddress) channel.getRemoteAddress();
            synchronized (this) {
                if (isOf(attempt)) {
                    localAddress = QHostAddress.of(here.getAddress());
                    localPort = here.getPort();
                    peerAddress = QHostAddress.of(there.getAddress());
                    peerPort = there.getPort();
                    descriptor = Descriptors.next();
                }
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the connection ended before its addresses were asked for", e);
        }
    }

    /** Forgets the addresses of an attempt that is over (B-155). */
    void forgetPeer(@Nullable Connection attempt) {
        synchronized (this) {
            if (isOf(attempt)) {
                localAddress = QHostAddress.NULL;
                peerAddress = QHostAddress.NULL;
                localPort = 0;
                peerPort = 0;
                peerName = "";
                descriptor = -1;
            }
        }
    }
}
