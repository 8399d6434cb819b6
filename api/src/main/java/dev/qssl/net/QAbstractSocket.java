package dev.qssl.net;

import dev.qssl.internal.io.Descriptors;
import dev.qssl.internal.io.Endpoints;
import dev.qssl.internal.io.SocketCore;
import dev.qssl.internal.io.SocketStreams;
import dev.qssl.net.Signal.Nothing;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What all sockets share.
 *
 * <p>A socket is driven in one of two ways, chosen when it is made:
 *
 * <ul>
 *   <li><b>loop-driven</b> ({@code on(loop)}, or made on a loop's thread): the loop's thread does the I/O and emits the
 *       signals;
 *   <li><b>caller-driven</b> (made anywhere else): the thread that calls {@code waitFor…}, {@link #flush}, or reads from
 *       {@link #inputStream} does the I/O itself, and the signals are emitted inside that call.
 * </ul>
 *
 * <p>{@link #abort}, {@link #disconnectFromHost}, {@link #write(byte[])} and the queries may be called by any thread;
 * reading belongs to one thread at a time. Waiting on the loop's own thread is possible, but everything else of that loop
 * stands still meanwhile.
 *
 * <p>The first error that ends a connection stays in {@link #error} and {@link #errorString} until the next attempt.
 */
public abstract class QAbstractSocket extends QIODevice {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    /** The default time limit of the waiting functions, in milliseconds. */
    protected static final int DEFAULT_WAIT_MSECS = 30_000;

    /** The host's name was found; emitted in {@link SocketState#CONNECTING_STATE}. */
    public final Signal<Nothing> hostFound;

    /** The TCP connection stands. */
    public final Signal<Nothing> connected;

    /** The connection is over. Once for every one that stood; unread bytes can still be read. */
    public final Signal<Nothing> disconnected;

    /** The state changed. */
    public final Signal<SocketState> stateChanged;

    /** Something went wrong. */
    public final Signal<SocketError> errorOccurred;

    private final SocketType type;
    private final SocketCore core;
    private PauseMode pauseMode = PauseMode.PAUSE_NEVER;
    private String protocolTag = "";

    /**
     * For this library's own sockets.
     *
     * @param type the kind of transport
     * @param core the inside of the socket, of a package that is not exported
     */
    @SuppressWarnings("exports") // the faces live in two packages; nobody outside the module can make a core
    protected QAbstractSocket(SocketType type, SocketCore core) {
        super(core.signals.device);
        this.type = type;
        this.core = core;
        hostFound = core.signals.hostFound;
        connected = core.signals.connected;
        disconnected = core.signals.disconnected;
        stateChanged = core.signals.stateChanged;
        errorOccurred = core.signals.errorOccurred;
    }

    /**
     * Connects to a host. Returns at once; {@link #connected} or {@link #errorOccurred} follows.
     *
     * @param hostName a name, or the text of an address
     * @param port 1..65535
     */
    public void connectToHost(String hostName, int port) {
        connectToHost(hostName, port, OpenMode.READ_WRITE, NetworkLayerProtocol.ANY_IP_PROTOCOL);
    }

    /**
     * Connects to a host. Returns at once; {@link #connected} or {@link #errorOccurred} follows.
     *
     * @param hostName a name, or the text of an address
     * @param port 1..65535
     * @param openMode for what
     * @param protocol which of its addresses may be used
     */
    public void connectToHost(String hostName, int port, OpenMode openMode, NetworkLayerProtocol protocol) {
        core.connectToHost(hostName, port, openMode, protocol);
    }

    /**
     * Connects to an address.
     *
     * @param address whom to connect to
     * @param port 1..65535
     * @param openMode for what
     */
    public void connectToHost(QHostAddress address, int port, OpenMode openMode) {
        connectToHost(address.toString(), port, openMode, NetworkLayerProtocol.ANY_IP_PROTOCOL);
    }

    /**
     * Fixes the local address of the next connection (B-016).
     *
     * @param address one of this host's, or {@link QHostAddress#ANY}
     * @param port 0 for any
     * @param mode how the address may be shared
     * @return whether it can be had
     */
    public boolean bind(QHostAddress address, int port, BindMode mode) {
        return core.bind(address, port, mode);
    }

    /**
     * Fixes the local address of the next connection.
     *
     * @param address one of this host's
     * @param port 0 for any
     * @return whether it can be had
     */
    public boolean bind(QHostAddress address, int port) {
        return bind(address, port, BindMode.DEFAULT_FOR_PLATFORM);
    }

    /**
     * Takes over a connection that a server accepted (B-017, B-055).
     *
     * @param socketDescriptor the number that {@code incomingConnection} was given; valid once
     * @return whether it is this socket's now
     */
    public boolean setSocketDescriptor(long socketDescriptor) {
        return setSocketDescriptor(socketDescriptor, SocketState.CONNECTED_STATE, OpenMode.READ_WRITE);
    }

    /**
     * Takes over a connection that a server accepted.
     *
     * @param socketDescriptor the number that {@code incomingConnection} was given; valid once
     * @param state {@link SocketState#CONNECTED_STATE}: Java knows no other
     * @param openMode for what
     * @return whether it is this socket's now
     */
    public boolean setSocketDescriptor(long socketDescriptor, SocketState state, OpenMode openMode) {
        if (state != SocketState.CONNECTED_STATE || state() != SocketState.UNCONNECTED_STATE) {
            return false;
        }
        SocketChannel channel = Descriptors.claim(socketDescriptor);
        if (channel == null) {
            return false;
        }
        boolean ours = setSocketChannel(channel, openMode);
        if (!ours) {
            Descriptors.discard(Descriptors.offer(channel)); // the number is spent, and nobody else has the channel
        }
        return ours;
    }

    /**
     * Takes over a channel: the Java form of {@link #setSocketDescriptor(long)}.
     *
     * @param channel a connected one, which this socket closes from now on
     * @param openMode for what
     * @return whether it is this socket's now; if not, it is still the caller's
     */
    public boolean setSocketChannel(SocketChannel channel, OpenMode openMode) {
        return core.adopt(channel, openMode);
    }

    /**
     * Closes the connection once everything queued is sent. Before it stands, that is remembered (B-148).
     *
     * <p>A caller-driven socket needs a caller for that: {@link #waitForDisconnected(int)}. If none of its functions is called
     * for the time of {@link #closeTimeout}, the connection ends without one: what TCP has not taken by then is dropped, and
     * the signals are emitted in the next call.
     */
    public void disconnectFromHost() {
        core.disconnectFromHost();
    }

    /**
     * Closes the connection and the device now; what is queued and what is unread is dropped. The settings stay; the socket
     * can be used again.
     */
    public void abort() {
        core.abort();
    }

    /**
     * Closes the device. A caller-driven socket first sends what is queued, for at most {@link #closeTimeout}; a
     * loop-driven one does so in the background. Unread bytes are dropped.
     */
    @Override
    public void close() {
        core.close();
    }

    /**
     * Sets how long closing may take, and how long a caller-driven socket that is to be disconnected may be left alone. The
     * default is 5 s.
     *
     * @param timeout not negative
     */
    public void setCloseTimeout(Duration timeout) {
        if (timeout.isNegative()) {
            throw new IllegalArgumentException("a close timeout is not negative: " + timeout);
        }
        core.setCloseTimeout(timeout);
    }

    /** {@return how long closing may take} */
    public Duration closeTimeout() {
        return core.closeTimeout();
    }

    /** {@return the state} */
    public SocketState state() {
        return core.status().state();
    }

    /** {@return what went wrong; {@link SocketError#UNKNOWN_SOCKET_ERROR} if nothing did} */
    public SocketError error() {
        return core.status().error();
    }

    @Override
    public String errorString() {
        return core.status().errorString();
    }

    @Override
    public OpenMode openMode() {
        return core.status().openMode();
    }

    /**
     * Does nothing, with a warning: a socket is opened by connecting it.
     *
     * @param mode ignored
     * @return false
     */
    @Override
    public boolean open(OpenMode mode) {
        LOG.log(Level.WARNING, "open() on a socket: ignored; call connectToHost(), which opens it");
        return false;
    }

    /** {@return whether there is a connection, or one is being made} */
    public boolean isValid() {
        return state() != SocketState.UNCONNECTED_STATE;
    }

    /** {@return the kind of transport} */
    public SocketType socketType() {
        return type;
    }

    /** {@return the local address; {@link QHostAddress#NULL} if there is none} */
    public QHostAddress localAddress() {
        return core.status().localAddress();
    }

    /** {@return the local port; 0 if there is none} */
    public int localPort() {
        return core.status().localPort();
    }

    /** {@return the peer's address; {@link QHostAddress#NULL} if there is none} */
    public QHostAddress peerAddress() {
        return core.status().peerAddress();
    }

    /** {@return the peer's port; 0 if there is none} */
    public int peerPort() {
        return core.status().peerPort();
    }

    /** {@return the name given to {@code connectToHost}; empty if there is none} */
    public String peerName() {
        return core.status().peerName();
    }

    /** {@return a number for the connection, unique in this process; -1 if there is none} */
    public long socketDescriptor() {
        return core.status().descriptor();
    }

    /** {@return where the socket stops and waits} */
    public PauseMode pauseMode() {
        return pauseMode;
    }

    /**
     * Sets where the socket stops and waits for {@link #resume}.
     *
     * @param mode where
     */
    public void setPauseMode(PauseMode mode) {
        pauseMode = mode;
    }

    /** Goes on after a pause. Does nothing if there is none. */
    public void resume() {}

    /** {@return the tag of the protocol, free for the application} */
    public String protocolTag() {
        return protocolTag;
    }

    /**
     * Sets the tag of the protocol.
     *
     * @param tag any text
     */
    public void setProtocolTag(String tag) {
        protocolTag = tag;
    }

    /** {@return the loop that drives this socket; empty if the callers do} */
    public Optional<EventLoop> eventLoop() {
        return Optional.ofNullable(core.loop()).map(EventLoop::of);
    }

    /**
     * Sets an option of the TCP socket. Ignored while there is none (B-015).
     *
     * @param option which
     * @param value a {@link Boolean} or a {@link Number}
     */
    public void setSocketOption(SocketOption option, Object value) {
        core.setOption(option, value);
    }

    /**
     * {@return the option's value; empty while there is no TCP socket}
     *
     * @param option the option to read
     */
    public Optional<Object> socketOption(SocketOption option) {
        return Optional.ofNullable(core.option(option));
    }

    /** {@return how many bytes may pile up unread; 0 for any number} */
    public long readBufferSize() {
        return core.readBufferSize();
    }

    /**
     * Sets how many bytes may pile up unread. Beyond that nothing is taken from TCP, so that the sender has to wait; what
     * was decrypted already may exceed it by a record.
     *
     * @param size in bytes; 0 for any number
     */
    public void setReadBufferSize(long size) {
        if (size < 0) {
            throw new IllegalArgumentException("a read buffer has 0 bytes (no limit) or more, not " + size);
        }
        core.setReadBufferSize(size);
    }

    @Override
    public long bytesAvailable() {
        return super.bytesAvailable() + core.bytesAvailable();
    }

    @Override
    public long bytesToWrite() {
        return core.bytesToWrite();
    }

    @Override
    public boolean canReadLine() {
        return super.canReadLine() || (isReadable() && core.indexOf((byte) '\n') >= 0);
    }

    @Override
    public boolean atEnd() {
        return bytesAvailable() == 0;
    }

    @Override
    protected final long readData(ByteBuffer target) {
        return core.read(target);
    }

    @Override
    protected final long skipData(long maxSize) {
        return core.skip(maxSize);
    }

    @Override
    protected final long writeData(ByteBuffer source) {
        return core.write(source);
    }

    /**
     * Pushes what is queued to the network, without blocking. Needed only where neither a loop nor a {@code waitFor…}
     * function does it.
     *
     * @return whether anything went out
     */
    public boolean flush() {
        return core.flush();
    }

    /**
     * {@return the bytes as a stream} Reading blocks until there is a byte, the peer ends the stream (-1), the
     * {@link #error} is thrown as an {@code IOException}, or the time limit passes.
     *
     * @param timeout how long one read may wait; zero for ever
     */
    public InputStream inputStream(Duration timeout) {
        return SocketStreams.input(this, core, timeout);
    }

    /** {@return the bytes as a stream, without a time limit} */
    public InputStream inputStream() {
        return inputStream(Duration.ZERO);
    }

    /**
     * {@return a stream to write to} Every write is pushed; it blocks while more than a high-water mark waits. Closing the
     * stream flushes it and leaves the socket open.
     */
    public OutputStream outputStream() {
        return SocketStreams.output(this, core);
    }

    /** {@return whether the TCP connection stands, after waiting at most 30 s for it} */
    public final boolean waitForConnected() {
        return waitForConnected(DEFAULT_WAIT_MSECS);
    }

    /**
     * Waits for the TCP connection. A thread that does not drive the socket learns that it stood even if the peer has ended
     * it meanwhile: what came can be read.
     *
     * @param msecs how long at most, in milliseconds; -1 for ever
     * @return whether it stands; if not, {@link #error} says why, and after a time-out the socket is unconnected (B-167)
     */
    public boolean waitForConnected(int msecs) {
        return core.waits().forConnected(msecs);
    }

    /** {@return whether new bytes came, after waiting at most 30 s for them} */
    public final boolean waitForReadyRead() {
        return waitForReadyRead(DEFAULT_WAIT_MSECS);
    }

    /**
     * Waits for new bytes, even if there are old ones (B-173, B-175). In a slot of {@link #readyRead} those that it is being
     * told of are old. On a thread that does not drive the socket, bytes that nobody has looked at yet count as new, and the
     * wait ends after the slots have run.
     */
    @Override
    public boolean waitForReadyRead(int msecs) {
        return core.waits().forReadyRead(msecs);
    }

    /** {@return whether some of what was written went out, after waiting at most 30 s} */
    public final boolean waitForBytesWritten() {
        return waitForBytesWritten(DEFAULT_WAIT_MSECS);
    }

    @Override
    public boolean waitForBytesWritten(int msecs) {
        return core.waits().forBytesWritten(msecs);
    }

    /** {@return whether the connection is over, after waiting at most 30 s for it} */
    public final boolean waitForDisconnected() {
        return waitForDisconnected(DEFAULT_WAIT_MSECS);
    }

    /**
     * Waits for the end of the connection, sending what is queued.
     *
     * @param msecs how long at most, in milliseconds; -1 for ever
     * @return whether it is over; false, with a warning, if there was none (B-177)
     */
    public boolean waitForDisconnected(int msecs) {
        return core.waits().forDisconnected(msecs);
    }

    /**
     * Waits for the TCP connection.
     *
     * @param timeout how long at most
     * @return whether it stands
     */
    public final boolean waitForConnected(Duration timeout) {
        return waitForConnected(millis(timeout));
    }

    /**
     * Waits for new bytes.
     *
     * @param timeout how long at most
     * @return whether some came
     */
    public final boolean waitForReadyRead(Duration timeout) {
        return waitForReadyRead(millis(timeout));
    }

    /**
     * Waits until some of what was written went out.
     *
     * @param timeout how long at most
     * @return whether it did
     */
    public final boolean waitForBytesWritten(Duration timeout) {
        return waitForBytesWritten(millis(timeout));
    }

    /**
     * Waits for the end of the connection.
     *
     * @param timeout how long at most
     * @return whether it is over
     */
    public final boolean waitForDisconnected(Duration timeout) {
        return waitForDisconnected(millis(timeout));
    }

    /**
     * {@return the duration in milliseconds, rounded up, for the functions that take Qt's}
     *
     * @param timeout how long; a negative one means for ever
     */
    protected static int millis(Duration timeout) {
        return (int) Math.min(
                Integer.MAX_VALUE, Math.max(0, timeout.plusNanos(999_999).toMillis()));
    }

    /**
     * {@return a stage that completes when a signal of this socket is emitted, or fails with its error}
     *
     * @param wanted the signal
     * @param start what leads to it; run on the loop's thread
     */
    protected final CompletionStage<Void> stage(Signal<?> wanted, Runnable start) {
        EventLoop driver = eventLoop()
                .orElseThrow(() -> new IllegalStateException(
                        "a caller-driven socket has nobody to complete a stage; make it with on(EventLoop.shared())"));
        return ConnectionStage.begin(driver, core, wanted, start);
    }

    @Override
    @SuppressWarnings("exports") // JSpecify is not needed to compile against this
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    @Override
    public String toString() {
        String peer = peerName().isEmpty() ? Objects.toString(peerAddress(), "") : peerName();
        return getClass().getSimpleName() + "[" + state()
                + (peer.isEmpty() ? "" : " " + Endpoints.text(peer, peerPort())) + "]";
    }
}
