package dev.qssl.internal.io;

import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.Signal;
import dev.qssl.net.Signal.Nothing;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketOption;
import dev.qssl.net.SocketState;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsEngine;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Qt's state of a socket, its signals, and the waiting. The public classes are thin views of it; TLS extends it.
 *
 * <p>Fields that other threads may ask for are volatile. Only the owner's thread emits; the counters of what was emitted
 * grow after the slots have run, so that a waiter is released after them (C15).
 */
public class SocketCore {

    /** The logger of the library. */
    protected static final System.Logger LOG = System.getLogger("dev.qssl");

    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** The signals of the device. */
    public final DeviceSignals device = new DeviceSignals();

    /** Emits the socket's signals. */
    protected final Signal.Emitter emitter = device.emitter;

    /** The host's addresses are known. */
    public final Signal<Nothing> hostFound = emitter.signal();
    /** The TCP connection stands. */
    public final Signal<Nothing> connected = emitter.signal();
    /** The connection is over. */
    public final Signal<Nothing> disconnected = emitter.signal();
    /** The state changed to this. */
    public final Signal<SocketState> stateChanged = emitter.signal();
    /** Something went wrong. */
    public final Signal<SocketError> errorOccurred = emitter.signal();

    private final @Nullable SelectorLoop loop;
    private final Connection.Listener listener = new Told();
    private final SelectorLoop.Closeable member = this::loopClosing;

    private volatile @Nullable Connection connection;
    private volatile SocketState state = SocketState.UNCONNECTED_STATE;
    private volatile SocketError error = SocketError.UNKNOWN_SOCKET_ERROR;
    private volatile String errorString = "Unknown error";
    private volatile OpenMode openMode = OpenMode.NOT_OPEN;
    private volatile String peerName = "";
    private volatile QHostAddress localAddress = QHostAddress.NULL;
    private volatile QHostAddress peerAddress = QHostAddress.NULL;
    private volatile int localPort;
    private volatile int peerPort;
    private volatile long descriptor = -1;
    private volatile Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
    private volatile long readBufferSize;
    private @Nullable SocketAddress bound;
    private SocketState announcedState = SocketState.UNCONNECTED_STATE;
    private boolean wasConnected;

    // How often each was emitted, and how much of that a waiter or reader has seen (C15).
    private final Tally arrivals = new Tally();
    private final Tally departures = new Tally();
    private volatile boolean connectedAnnounced;
    private volatile boolean endAnnounced;

    /**
     * Creates the core of an unconnected socket.
     *
     * @param loop the loop that drives it, or null if the callers do
     */
    public SocketCore(@Nullable SelectorLoop loop) {
        this.loop = loop;
    }

    /** {@return the loop that drives it, or null if the callers do} */
    public final @Nullable SelectorLoop loop() {
        return loop;
    }

    // ---- state ---------------------------------------------------------------------------------------------------

    /** {@return the state} */
    public final SocketState state() {
        return state;
    }

    /** {@return the first error that ended the connection, or the last one otherwise} */
    public final SocketError error() {
        return error;
    }

    /** {@return what went wrong, for people} */
    public final String errorString() {
        return errorString;
    }

    /** {@return what it was opened for} */
    public final OpenMode openMode() {
        return openMode;
    }

    /** {@return the name given to connectToHost} */
    public final String peerName() {
        return peerName;
    }

    /** {@return the local address} */
    public final QHostAddress localAddress() {
        return localAddress;
    }

    /** {@return the local port; 0 if there is none} */
    public final int localPort() {
        return localPort;
    }

    /** {@return the peer's address} */
    public final QHostAddress peerAddress() {
        return peerAddress;
    }

    /** {@return the peer's port; 0 if there is none} */
    public final int peerPort() {
        return peerPort;
    }

    /** {@return the handle of the connection; -1 if there is none} */
    public final long descriptor() {
        return descriptor;
    }

    /** {@return the current attempt} */
    protected final @Nullable Connection connection() {
        return connection;
    }

    /** {@return whether this thread is allowed to emit now} */
    protected final boolean isOwner() {
        Connection current = connection;
        return current == null || current.driver().isOwner();
    }

    /** Sets the error without emitting it. */
    protected final void setError(SocketError code, String text) {
        error = code;
        errorString = text;
    }

    /** Sets the error and emits it. */
    protected final void emitError(SocketError code, String text) {
        setError(code, text);
        onDriver(() -> emitter.emit(errorOccurred, code));
    }

    /** Emits something: at once, or on the loop's thread if a loop drives the socket and this is another one (R3). */
    protected final void onDriver(Runnable emission) {
        if (loop == null || loop.isLoopThread()) {
            emission.run();
            return;
        }
        try {
            loop.execute(emission);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "a socket outlived its event loop", e);
        }
    }

    private void moveTo(SocketState next) {
        state = next;
        onDriver(() -> announce(next));
    }

    private void announce(SocketState next) {
        if (announcedState != next) {
            announcedState = next;
            emitter.emit(stateChanged, next);
        }
    }

    // ---- connecting ----------------------------------------------------------------------------------------------

    /** Fixes the local address of the next connection. {@return whether it can be had} */
    public final boolean bind(QHostAddress address, int port) {
        if (state != SocketState.UNCONNECTED_STATE) {
            return false;
        }
        InetSocketAddress wanted = address.toInetAddress()
                .map(inet -> new InetSocketAddress(inet, port))
                .orElseGet(() -> new InetSocketAddress(port));
        try (SocketChannel probe = SocketChannel.open()) {
            // Found out now, as B-016 wants; the port is free again at once and is taken when the connection is made.
            probe.bind(wanted);
            InetSocketAddress got = (InetSocketAddress) probe.getLocalAddress();
            bound = got;
            localAddress = QHostAddress.of(got.getAddress());
            localPort = got.getPort();
            moveTo(SocketState.BOUND_STATE);
            return true;
        } catch (IOException e) {
            emitError(
                    SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR, "cannot bind to " + wanted + ": " + e.getMessage());
            return false;
        }
    }

    /** Starts to connect. {@return false, with an error, if the state does not allow it} */
    public final boolean connectToHost(String host, int port, OpenMode mode, NetworkLayerProtocol protocol) {
        if (state != SocketState.UNCONNECTED_STATE && state != SocketState.BOUND_STATE) {
            emitError(
                    SocketError.OPERATION_ERROR,
                    "cannot connect to " + host + ":" + port + " while the socket is in " + state
                            + "; disconnect or abort it first");
            return false;
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535, not " + port);
        }
        resetForAttempt();
        openMode = mode;
        peerName = host;
        peerPort = port;
        Dialer dialer = new Dialer(host, port, protocol, bound);
        bound = null;
        begin(Connection.dial(listener, this::driverOf, dialer));
        moveTo(SocketState.HOST_LOOKUP_STATE);
        start();
        return true;
    }

    /** Takes over a connected channel. {@return whether it could} */
    public final boolean adopt(SocketChannel channel, OpenMode mode) {
        if (state != SocketState.UNCONNECTED_STATE || !channel.isConnected()) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            emitError(SocketError.NETWORK_ERROR, "the connection cannot be taken over: " + e.getMessage());
            return false;
        }
        resetForAttempt();
        openMode = mode;
        wasConnected = true;
        connectedAnnounced = true;
        Connection adopted = Connection.adopt(listener, this::driverOf, channel);
        begin(adopted);
        noteAddresses(channel);
        moveTo(SocketState.CONNECTED_STATE);
        adopted.start();
        return true;
    }

    private Driver driverOf(Connection attempt) {
        return loop == null ? new CallerDriver(attempt) : new LoopDriver(loop, attempt);
    }

    private void begin(Connection attempt) {
        connection = attempt;
        attempt.setReadLimit(readBufferSize);
        if (isPlainHeld()) {
            attempt.holdPlainBytes();
        }
        if (loop != null) {
            loop.join(member);
        }
    }

    private void start() {
        Connection attempt = java.util.Objects.requireNonNull(connection);
        attempt.start();
        if (attempt.driver() instanceof CallerDriver driver && hasSlots()) {
            CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS).execute(() -> warnIfForgotten(attempt, driver));
        }
    }

    private boolean hasSlots() {
        return emitter.hasSlots(connected) || emitter.hasSlots(device.readyRead) || emitter.hasSlots(errorOccurred);
    }

    private void warnIfForgotten(Connection attempt, CallerDriver driver) {
        if (!driver.wasPumped() && attempt.phase() != Phase.ENDED && connection == attempt) {
            LOG.log(
                    Level.WARNING,
                    "the socket to " + peerName
                            + " has slots, but nothing drives it: make it with on(EventLoop.shared()), or"
                            + " call waitForConnected() and the other waitFor methods");
        }
    }

    /** Clears what belonged to the attempt before. */
    protected void resetForAttempt() {
        error = SocketError.UNKNOWN_SOCKET_ERROR;
        errorString = "Unknown error";
        wasConnected = false;
        connectedAnnounced = false;
        endAnnounced = false;
        arrivals.reset();
        departures.reset();
    }

    private void noteAddresses(SocketChannel channel) {
        try {
            InetSocketAddress here = (InetSocketAddress) channel.getLocalAddress();
            InetSocketAddress there = (InetSocketAddress) channel.getRemoteAddress();
            localAddress = QHostAddress.of(here.getAddress());
            localPort = here.getPort();
            peerAddress = QHostAddress.of(there.getAddress());
            peerPort = there.getPort();
            descriptor = Descriptors.next();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the connection ended before its addresses were asked for", e);
        }
    }

    // ---- TLS, for the subclass -----------------------------------------------------------------------------------

    /** The TCP connection stands; called before {@code connected} is emitted. */
    protected void transportConnected() {}

    /** Engine calls recorded events. */
    protected void engineSpoke(Connection from) {}

    /** The engine waits for a decision. */
    protected void decisionDue(Connection from) {}

    /** The handshake is done. */
    protected void encrypted(Connection from) {}

    /** TCP took this many bytes of records. */
    protected void encryptedBytesWritten(long count) {}

    /** The connection is over; called before {@code disconnected} is emitted. */
    protected void connectionEnded() {}

    /** {@return whether the attempt that begins must not let a byte pass in clear} */
    protected boolean isPlainHeld() {
        return false;
    }

    /** {@return whether TLS was started on this attempt} */
    protected boolean isTlsStarted() {
        return false;
    }

    /** Starts TLS on the current attempt. The engine is the connection's from now on. */
    protected final void startTls(Connection attempt, TlsEngine engine, byte[] putBack) {
        attempt.startTls(engine, putBack);
        nudge(attempt);
    }

    /** From now on no byte passes in clear on the current attempt. */
    protected final void holdPlainBytes() {
        Connection attempt = connection;
        if (attempt != null) {
            attempt.holdPlainBytes();
        }
    }

    /** Answers {@link #decisionDue}. */
    protected final void decide(Connection attempt, PeerDecision.Final answer) {
        attempt.decide(answer);
    }

    // Makes a turn at once if this thread may: what was just asked for should be on its way when the call returns.
    private void nudge(Connection attempt) {
        Driver driver = attempt.driver();
        if (driver instanceof CallerDriver && driver.enter()) {
            try {
                if (!attempt.isInsideEngine()) {
                    attempt.turn(false);
                }
            } finally {
                driver.leave();
            }
        }
    }

    // ---- bytes ---------------------------------------------------------------------------------------------------

    /** {@return the bytes to read} Counts as having seen them. */
    public final long bytesAvailable() {
        arrivals.see();
        Connection current = connection;
        return current == null ? 0 : current.bytesAvailable();
    }

    /** {@return the application's bytes that wait} */
    public final long bytesToWrite() {
        Connection current = connection;
        return current == null ? 0 : current.bytesToWrite();
    }

    /** {@return the bytes of records that TCP has not taken} */
    public final long encryptedBytesToWrite() {
        Connection current = connection;
        return current == null ? 0 : current.encryptedBytesToWrite();
    }

    /** {@return the bytes of records that are not decrypted} */
    public final long encryptedBytesAvailable() {
        Connection current = connection;
        return current == null ? 0 : current.encryptedBytesAvailable();
    }

    /** {@return how many bytes come before the first such byte, or -1} */
    public final long indexOf(byte wanted) {
        Connection current = connection;
        return current == null ? -1 : current.indexOf(wanted);
    }

    /** Reads. {@return the number of bytes; 0 if there are none now; -1 if none will come} */
    public final int read(ByteBuffer target) {
        Connection current = connection;
        if (current == null) {
            return -1;
        }
        boolean over = endAnnounced || current.phase() == Phase.ENDED;
        arrivals.see();
        int count = current.read(target);
        return count == 0 && over && target.hasRemaining() ? -1 : count;
    }

    /**
     * Reads, waiting for a byte. Decrypts straight into {@code target} where nothing waits in between.
     *
     * @return the number of bytes; 0 if time ran out; -1 if none will come
     */
    public final int readBlocking(ByteBuffer target, long deadline) {
        int[] count = {0};
        BooleanSupplier got = () -> {
            count[0] = read(target);
            return count[0] != 0;
        };
        if (!await(got, deadline)) {
            count[0] = read(target);
        }
        if (count[0] == 0) {
            timedOut("data from", deadline);
        }
        return count[0];
    }

    /** {@return whether the peer ended the connection as the protocol wants it} */
    public final boolean endedCleanly() {
        Connection current = connection;
        return current != null && current.endedCleanly();
    }

    /** Drops bytes. {@return their number} */
    public final long skip(long most) {
        Connection current = connection;
        arrivals.see();
        return current == null ? 0 : current.skip(most);
    }

    /** Takes all bytes. {@return their number} */
    public final long write(ByteBuffer source) {
        int count = source.remaining();
        Connection current = connection;
        if (current != null && current.phase() != Phase.ENDED) {
            current.write(source);
        } else {
            source.position(source.limit());
        }
        return count;
    }

    /** Pushes what is queued without blocking. {@return whether anything went out, or will} */
    public final boolean flush() {
        Connection current = connection;
        if (current == null || current.phase() == Phase.ENDED) {
            return false;
        }
        Driver driver = current.driver();
        if (!driver.enter()) {
            driver.requestTurn();
            return current.bytesToWrite() > 0;
        }
        try {
            if (current.isInsideEngine()) {
                driver.requestTurn();
                return false;
            }
            return current.flush();
        } finally {
            driver.leave();
        }
    }

    /** Limits the bytes that pile up unread; 0 for no limit. */
    public final void setReadBufferSize(long bytes) {
        readBufferSize = bytes;
        Connection current = connection;
        if (current != null) {
            current.setReadLimit(bytes);
        }
    }

    /** {@return the limit} */
    public final long readBufferSize() {
        return readBufferSize;
    }

    // ---- ending --------------------------------------------------------------------------------------------------

    /** Closes once everything is sent. */
    public final void disconnectFromHost() {
        Connection current = connection;
        if (current == null || state == SocketState.UNCONNECTED_STATE || state == SocketState.CLOSING_STATE) {
            return;
        }
        Driver driver = current.driver();
        if (loop != null && !driver.isOwner()) {
            onDriver(() -> announceClosing(current));
        }
        current.close(closeTimeout);
        if (driver.enter()) {
            try {
                if (current.isInsideEngine()) {
                    return;
                }
                announceClosing(current);
                if (driver instanceof CallerDriver) {
                    current.turn(false);
                }
            } finally {
                driver.leave();
            }
        }
    }

    // In the middle of a handshake the close is only remembered (B-149).
    private void announceClosing(Connection current) {
        if (current == connection
                && state == SocketState.CONNECTED_STATE
                && (!isTlsStarted() || current.phase() == Phase.ENCRYPTED)) {
            moveTo(SocketState.CLOSING_STATE);
        }
    }

    /** Closes now; drops what is queued and what is unread. */
    public final void abort() {
        Connection current = connection;
        if (current == null || current.phase() == Phase.ENDED) {
            if (state == SocketState.BOUND_STATE) {
                moveTo(SocketState.UNCONNECTED_STATE);
            }
            return;
        }
        current.abort();
        state = SocketState.UNCONNECTED_STATE;
    }

    /** Closes the device: sends what is queued, at most for the close timeout, and forgets what is unread. */
    public final void close() {
        if (openMode == OpenMode.NOT_OPEN) {
            return;
        }
        onDriver(() -> emitter.emit(device.aboutToClose));
        Connection current = connection;
        if (current != null && current.phase() != Phase.ENDED) {
            endAttempt(current);
        }
        openMode = OpenMode.NOT_OPEN;
        if (current != null) {
            current.clearReceived();
        }
    }

    private void endAttempt(Connection current) {
        boolean hasMore = current.bytesToWrite() > 0;
        boolean standing = current.phase() == Phase.ENCRYPTED || current.phase() == Phase.PLAIN;
        if (!hasMore && !standing && current.phase() != Phase.CLOSING) {
            abort();
            return;
        }
        disconnectFromHost();
        if (current.isInsideEngine() || !(current.driver() instanceof CallerDriver)) {
            return;
        }
        Duration timeout = closeTimeout;
        current.driver().await(() -> current.phase() == Phase.ENDED, Driver.deadlineIn(timeout.toMillis()));
        if (current.phase() != Phase.ENDED) {
            abort();
        }
    }

    /** Sets how long closing may take. */
    public final void setCloseTimeout(Duration timeout) {
        closeTimeout = timeout;
    }

    /** {@return how long closing may take} */
    public final Duration closeTimeout() {
        return closeTimeout;
    }

    private void loopClosing() {
        Connection current = connection;
        if (current != null && current.phase() != Phase.ENDED) {
            setError(SocketError.OPERATION_ERROR, "the event loop was closed");
            emitter.emit(errorOccurred, SocketError.OPERATION_ERROR);
            current.abort();
        }
    }

    // ---- waiting -------------------------------------------------------------------------------------------------

    /** {@return the deadline this many milliseconds from now; negative means none} */
    protected static long deadlineIn(long millis) {
        return Driver.deadlineIn(millis);
    }

    /** Waits for {@code done} on the current attempt; false if there is none. */
    protected final boolean await(BooleanSupplier done, long deadline) {
        Connection current = connection;
        return current != null && current.driver().await(done, deadline);
    }

    /** {@return whether the calling thread drives the socket, or can: then it waits for emissions inside its call (C15)} */
    protected final boolean isDriver() {
        Connection current = connection;
        if (current == null) {
            return true;
        }
        if (current.driver().enter()) {
            current.driver().leave();
            return true;
        }
        return false;
    }

    /** Notes that time ran out, unless there is a better reason. {@return false} */
    protected final boolean timedOut(String what, long deadline) {
        boolean hasNoReason = error == SocketError.UNKNOWN_SOCKET_ERROR || error == SocketError.SOCKET_TIMEOUT_ERROR;
        if (hasNoReason && Driver.left(deadline) == 0) {
            setError(SocketError.SOCKET_TIMEOUT_ERROR, "timed out waiting for " + what + peer());
        }
        return false;
    }

    private String peer() {
        return peerName.isEmpty() ? "" : " " + peerName + ":" + peerPort;
    }

    /** Waits for the TCP connection. {@return whether it stands} */
    public final boolean waitForConnected(long millis) {
        if (state == SocketState.CONNECTED_STATE && connectedAnnounced) {
            return true;
        }
        Connection current = connection;
        if (current == null || current.phase() == Phase.ENDED) {
            return false;
        }
        long deadline = Driver.deadlineIn(millis);
        if (await(() -> connectedAnnounced, deadline)) {
            return true;
        }
        if (Driver.left(deadline) == 0 && current.phase() != Phase.ENDED) {
            timedOut("the connection to", deadline);
            current.abort();
            onDriver(() -> emitter.emit(errorOccurred, SocketError.SOCKET_TIMEOUT_ERROR));
        }
        return false;
    }

    /** Waits for new bytes. {@return whether some came} */
    public final boolean waitForReadyRead(long millis) {
        if (connection == null || endAnnounced) {
            return false;
        }
        long base = arrivals.base(isDriver());
        long deadline = Driver.deadlineIn(millis);
        boolean came = await(() -> arrivals.count() > base, deadline);
        if (!came) {
            return timedOut("data from", deadline);
        }
        arrivals.see();
        return true;
    }

    /** Waits until TCP took some of what was written. {@return whether it did} */
    public final boolean waitForBytesWritten(long millis) {
        Connection current = connection;
        if (current == null || endAnnounced) {
            return false;
        }
        long base = departures.base(isDriver());
        if (departures.count() == base && current.bytesToWrite() + current.encryptedBytesToWrite() == 0) {
            return false;
        }
        long deadline = Driver.deadlineIn(millis);
        boolean went = await(() -> departures.count() > base, deadline);
        if (!went) {
            return timedOut("data to go out to", deadline);
        }
        departures.see();
        return true;
    }

    /** Waits for the end. {@return whether it came} */
    public final boolean waitForDisconnected(long millis) {
        Connection current = connection;
        if (current == null || state == SocketState.UNCONNECTED_STATE) {
            LOG.log(Level.WARNING, "waitForDisconnected() is not allowed on an unconnected socket");
            return false;
        }
        long deadline = Driver.deadlineIn(millis);
        boolean ended = await(() -> endAnnounced, deadline);
        return ended || timedOut("the end of the connection to", deadline);
    }

    // ---- options -------------------------------------------------------------------------------------------------

    /** Sets an option of the TCP socket; ignored without one (B-015). */
    public final void setOption(SocketOption option, Object value) {
        SocketChannel channel = openChannel();
        if (channel == null) {
            return;
        }
        try {
            SocketOptions.set(channel, option, value);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "option " + option + " cannot be set: " + e.getMessage());
        }
    }

    /** {@return the option's value, or null without a TCP socket (B-015)} */
    public final @Nullable Object option(SocketOption option) {
        SocketChannel channel = openChannel();
        try {
            return channel == null ? null : SocketOptions.get(channel, option);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "option " + option + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    private @Nullable SocketChannel openChannel() {
        Connection current = connection;
        SocketChannel channel = current == null ? null : current.channel();
        return channel != null && channel.isOpen() ? channel : null;
    }

    // ---- what the connection tells -------------------------------------------------------------------------------

    private final class Told implements Connection.Listener {

        private boolean isStale(Connection from) {
            return from != connection;
        }

        @Override
        public void hostFound(Connection from) {
            if (!isStale(from)) {
                moveTo(SocketState.CONNECTING_STATE);
                emitter.emit(hostFound);
            }
        }

        @Override
        public void transportConnected(Connection from) {
            if (isStale(from)) {
                return;
            }
            wasConnected = true;
            noteAddresses(java.util.Objects.requireNonNull(from.channel()));
            moveTo(SocketState.CONNECTED_STATE);
            SocketCore.this.transportConnected();
            emitter.emit(connected);
            connectedAnnounced = true;
        }

        @Override
        public void engineSpoke(Connection from) {
            if (!isStale(from)) {
                SocketCore.this.engineSpoke(from);
            }
        }

        @Override
        public void decisionDue(Connection from) {
            if (!isStale(from)) {
                SocketCore.this.decisionDue(from);
            }
        }

        @Override
        public void encrypted(Connection from) {
            if (!isStale(from)) {
                SocketCore.this.encrypted(from);
            }
        }

        @Override
        public void readyRead(Connection from) {
            if (isStale(from)) {
                return;
            }
            emitter.emit(device.readyRead);
            emitter.emit(device.channelReadyRead, 0);
            arrivals.add();
        }

        @Override
        public void bytesWritten(Connection from, long count) {
            if (isStale(from)) {
                return;
            }
            emitter.emit(device.bytesWritten, count);
            if (!isTlsStarted()) {
                departures.add();
            }
        }

        @Override
        public void encryptedBytesWritten(Connection from, long count) {
            if (isStale(from)) {
                return;
            }
            SocketCore.this.encryptedBytesWritten(count);
            if (from.phase() != Phase.HANDSHAKING) {
                departures.add();
            }
        }

        @Override
        public void failed(Connection from, SocketError code, String message) {
            if (isStale(from)) {
                return;
            }
            setError(code, message);
            if (wasConnected) {
                emitter.emit(errorOccurred, code);
                if (!isStale(from) && from.phase() != Phase.ENDED) {
                    moveTo(SocketState.CLOSING_STATE);
                }
            } else {
                moveTo(SocketState.UNCONNECTED_STATE);
                emitter.emit(errorOccurred, code);
            }
        }

        @Override
        public void ended(Connection from) {
            if (isStale(from)) {
                return;
            }
            if (loop != null) {
                loop.forget(member);
            }
            if (wasConnected && state == SocketState.CONNECTED_STATE) {
                moveTo(SocketState.CLOSING_STATE);
            }
            connectionEnded();
            moveTo(SocketState.UNCONNECTED_STATE);
            if (wasConnected && !isStale(from)) {
                emitter.emit(device.readChannelFinished);
                emitter.emit(disconnected);
            }
            if (!isStale(from)) {
                forgetPeer();
                endAnnounced = true;
            }
        }

        private void forgetPeer() {
            localAddress = QHostAddress.NULL;
            peerAddress = QHostAddress.NULL;
            localPort = 0;
            peerPort = 0;
            peerName = "";
            descriptor = -1;
        }
    }
}
