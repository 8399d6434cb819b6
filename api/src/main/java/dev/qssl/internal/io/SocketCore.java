package dev.qssl.internal.io;

import dev.qssl.net.BindMode;
import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.Signal;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketOption;
import dev.qssl.net.SocketState;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The inside of a socket: begins and ends attempts to be connected, and passes bytes on. The public classes are thin views
 * of it; TLS extends it.
 *
 * <p>Any thread may call everything here; only the owner of the connection emits.
 */
public class SocketCore implements AttemptHooks {

    /** The logger of the library. */
    protected static final System.Logger LOG = System.getLogger("dev.qssl");

    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(5);

    /** The signals. */
    public final SocketSignals signals = new SocketSignals();

    /** Emits the socket's signals. */
    protected final Signal.Emitter emitter = signals.emitter;

    private final @Nullable SelectorLoop loop;
    private final SocketStatus status = new SocketStatus();
    private final SocketWaits waits = new SocketWaits(status);
    private @Nullable Binding binding;
    private volatile Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
    private volatile long readBufferSize;

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

    /** {@return what the socket tells about itself} */
    public final SocketStatus status() {
        return status;
    }

    /** {@return the functions that wait} */
    public final SocketWaits waits() {
        return waits;
    }

    /** {@return the current attempt} */
    protected final @Nullable Connection connection() {
        return status.connection();
    }

    /** {@return whether this attempt is the current one, and not aborted: what comes from another is dropped (R1)} */
    protected final boolean isLive(Connection attempt) {
        return status.isLive(attempt);
    }

    /** Sets an error that ended nothing, and emits it as the owner. */
    protected final void emitError(SocketError code, String text) {
        status.note(code, text);
        emitAsOwner(() -> emitter.emit(signals.errorOccurred, code));
    }

    /** Emits something: at once if this thread is the owner, else on the owner's (R3). */
    protected final void emitAsOwner(Runnable emission) {
        Connection current = connection();
        if (current != null && !current.news().isEndTold()) {
            Driver driver = current.driver();
            if (driver.enter()) {
                try {
                    emission.run();
                } finally {
                    driver.leave();
                }
            } else {
                current.run(emission);
            }
        } else if (loop == null || loop.isLoopThread()) {
            emission.run();
        } else {
            emitOn(loop, emission);
        }
    }

    private static void emitOn(SelectorLoop loop, Runnable emission) {
        try {
            loop.execute(emission);
        } catch (RejectedExecutionException e) {
            LOG.log(Level.TRACE, "the loop is closed: nobody else emits any more", e);
            emission.run();
        }
    }

    /** Fixes the local address of the next connection. {@return whether it can be had} */
    public final boolean bind(QHostAddress address, int port, BindMode mode) {
        InetSocketAddress wanted = address.isNull() || address.equals(QHostAddress.ANY)
                ? new InetSocketAddress(port)
                : new InetSocketAddress(address.toInetAddress().orElseThrow(), port);
        if (status.state() != SocketState.UNCONNECTED_STATE) {
            return false;
        }
        try {
            Binding taken = Binding.of(wanted, mode);
            if (!status.bind(taken.address())) {
                taken.release();
                return false;
            }
            replaceBinding(taken);
            emitAsOwner(() -> emitter.emit(signals.stateChanged, SocketState.BOUND_STATE));
            return true;
        } catch (IOException e) {
            SocketError code = e instanceof BindException
                    ? Failures.bindError(wanted.getAddress())
                    : SocketError.SOCKET_RESOURCE_ERROR;
            emitError(code, "cannot bind to " + wanted + ": " + e.getMessage());
            return false;
        }
    }

    private void replaceBinding(@Nullable Binding next) {
        Binding before = swapBinding(next);
        if (before != null) {
            before.release();
        }
    }

    private synchronized @Nullable Binding swapBinding(@Nullable Binding next) {
        Binding before = binding;
        binding = next;
        return before;
    }

    private boolean unbind() {
        if (!status.unbind()) {
            return false;
        }
        replaceBinding(null);
        emitAsOwner(() -> emitter.emit(signals.stateChanged, SocketState.UNCONNECTED_STATE));
        return true;
    }

    /** Starts to connect. {@return false, with an error, if the state does not allow it} */
    public final boolean connectToHost(String host, int port, OpenMode mode, NetworkLayerProtocol protocol) {
        return connectToHost(host, port, mode, protocol, this::attemptBegins);
    }

    /** What a subclass does with an attempt before anything happens to it. */
    protected interface Preparation {

        /** Prepares for it. */
        void prepare(Connection attempt);
    }

    /** As {@link #connectToHost(String, int, OpenMode, NetworkLayerProtocol)}, with another preparation. */
    protected final boolean connectToHost(
            String host, int port, OpenMode mode, NetworkLayerProtocol protocol, Preparation preparation) {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("a port is a number from 1 to 65535, not " + port);
        }
        Attempt attempt = new Attempt(status, signals, this);
        Dialer dialer = new Dialer(host, port, protocol);
        Connection made = attempt.of(Connection.dial(attempt, this::driverOf, dialer));
        if (!status.begin(made, SocketState.HOST_LOOKUP_STATE, mode)) {
            emitError(
                    SocketError.OPERATION_ERROR,
                    "cannot connect to " + Endpoints.text(host, port) + " while the socket is in " + status.state()
                            + "; disconnect or abort it first");
            return false;
        }
        dialer.from(swapBinding(null));
        status.nameHost(host, port);
        preparation.prepare(made);
        return start(made);
    }

    /** Takes over a connected channel. {@return whether it could; if not, the channel is still the caller's} */
    public final boolean adopt(SocketChannel channel, OpenMode mode) {
        if (!channel.isConnected() || !channel.isOpen() || status.state() != SocketState.UNCONNECTED_STATE) {
            return false;
        }
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException e) {
            emitError(SocketError.NETWORK_ERROR, "the connection cannot be taken over: " + e.getMessage());
            return false;
        }
        Attempt attempt = new Attempt(status, signals, this);
        Connection adopted = attempt.of(Connection.adopt(attempt, this::driverOf, channel));
        if (!status.begin(adopted, SocketState.CONNECTED_STATE, mode)) {
            return false;
        }
        status.noteAddresses(adopted, channel);
        attemptBegins(adopted);
        return start(adopted);
    }

    private Driver driverOf(Connection attempt) {
        return loop == null ? new CallerDriver(attempt) : new LoopDriver(loop, attempt);
    }

    /** An attempt begins that is not to be encrypted at once. */
    protected void attemptBegins(Connection attempt) {}

    private boolean start(Connection made) {
        signals.device.lookBack.clear();
        made.bytes().setReadLimit(readBufferSize);
        if (!status.openMode().canRead()) {
            made.bytes().dropInput();
        }
        if (!made.start()) {
            status.abandon(made);
            emitError(SocketError.OPERATION_ERROR, "the event loop of this socket is closed");
            return false;
        }
        if (made.driver() instanceof CallerDriver driver && hasSlots()) {
            CompletableFuture.delayedExecutor(5, TimeUnit.SECONDS).execute(() -> warnIfForgotten(made, driver));
        }
        return true;
    }

    private boolean hasSlots() {
        return emitter.hasSlots(signals.connected) || tellsReadyRead() || emitter.hasSlots(signals.errorOccurred);
    }

    /** {@return whether a slot is told about bytes to read} */
    final boolean tellsReadyRead() {
        return emitter.hasSlots(signals.device.readyRead) || emitter.hasSlots(signals.device.channelReadyRead);
    }

    private void warnIfForgotten(Connection attempt, CallerDriver driver) {
        if (!driver.wasPumped() && attempt.phase() != Phase.ENDED && isLive(attempt)) {
            LOG.log(
                    Level.WARNING,
                    "the socket to " + status.peerName()
                            + " has slots, but nothing drives it: make it with on(EventLoop.shared()), or"
                            + " call waitForConnected() and the other waitFor methods");
        }
    }

    /** From now on no byte passes in clear on this attempt. */
    protected final void holdPlainBytes(Connection attempt) {
        attempt.holdPlainBytes();
    }

    /** {@return the bytes to read} Counts as having seen them. */
    public final long bytesAvailable() {
        Connection current = connection();
        if (current == null) {
            return 0;
        }
        current.news().arrivals.see();
        return current.bytes().available();
    }

    /** {@return the application's bytes that wait} */
    public final long bytesToWrite() {
        Connection current = connection();
        return current == null ? 0 : current.bytes().toWrite();
    }

    /** {@return the bytes of records that TCP has not taken} */
    public final long encryptedBytesToWrite() {
        Connection current = connection();
        return current == null ? 0 : current.encryptedBytesToWrite();
    }

    /** {@return the bytes of records that are not decrypted} */
    public final long encryptedBytesAvailable() {
        Connection current = connection();
        return current == null ? 0 : current.encryptedBytesAvailable();
    }

    /** {@return how many bytes come before the first such byte, or -1} */
    public final long indexOf(byte wanted) {
        Connection current = connection();
        return current == null ? -1 : current.bytes().indexOf(wanted);
    }

    /** Reads. {@return the number of bytes; 0 if there are none now; -1 if none will come} */
    public final int read(ByteBuffer target) {
        Connection current = connection();
        if (current == null) {
            return -1;
        }
        boolean over = current.phase() == Phase.ENDED;
        current.news().arrivals.see();
        int count = current.bytes().read(target);
        return count == 0 && over && target.hasRemaining() ? -1 : count;
    }

    /** Drops bytes. {@return their number} */
    public final long skip(long most) {
        Connection current = connection();
        if (current == null) {
            return 0;
        }
        current.news().arrivals.see();
        return current.bytes().skip(most);
    }

    /** Takes all bytes; drops them if there is no connection. {@return their number} */
    public final long write(ByteBuffer source) {
        int count = source.remaining();
        Connection current = connection();
        if (current != null) {
            current.write(source);
        } else {
            source.position(source.limit());
        }
        return count;
    }

    /** Takes all bytes, and sends at once what goes without blocking; drops them if there is no connection. */
    final void push(ByteBuffer source) {
        Connection current = connection();
        if (current != null) {
            current.push(source);
        }
    }

    /** Pushes what is queued without blocking. {@return whether anything went out, or will} */
    public final boolean flush() {
        Connection current = connection();
        return current != null && current.phase() != Phase.ENDED && current.flush();
    }

    /** Limits the bytes that pile up unread; 0 for no limit. */
    public final void setReadBufferSize(long bytes) {
        readBufferSize = bytes;
        Connection current = connection();
        if (current != null) {
            current.bytes().setReadLimit(bytes);
        }
    }

    /** {@return the limit} */
    public final long readBufferSize() {
        return readBufferSize;
    }

    /** {@return whether the peer ended the connection as the protocol wants it} */
    public final boolean endedCleanly() {
        Connection current = connection();
        return current != null && current.endedCleanly();
    }

    /** Closes once everything is sent. */
    public final void disconnectFromHost() {
        Connection current = connection();
        if (unbind() || current == null || current.isEnding() || current.phase() == Phase.ENDED) {
            return;
        }
        expectClosing(current);
        current.finish(closeTimeout);
    }

    // In the middle of a handshake the close is only remembered (B-148, B-149).
    private void expectClosing(Connection current) {
        if (current.canCloseNow()) {
            status.expect(current, SocketState.CLOSING_STATE);
        }
    }

    /** Closes now; drops what is queued and what is unread. */
    public final void abort() {
        Connection current = connection();
        if (unbind() || current == null) {
            return;
        }
        status.closeDevice(current);
        current.abort();
        status.expect(current, SocketState.UNCONNECTED_STATE);
    }

    /** Closes now, for a reason that the slots are told. */
    protected final void abort(Connection attempt, SocketError reason, String text) {
        attempt.abort(reason, text);
        status.expect(attempt, SocketState.UNCONNECTED_STATE);
    }

    /** Closes the device: sends what is queued, at most for the close timeout, and forgets what is unread. */
    public final void close() {
        if (unbind() || !status.beginClosingDevice()) {
            return;
        }
        emitAsOwner(() -> emitter.emit(signals.device.aboutToClose));
        Connection current = connection();
        status.closeDevice(current);
        if (current == null) {
            return;
        }
        if (current.news().isEndTold()) {
            current.bytes().dropInput();
        } else {
            endAttempt(current);
        }
    }

    private void endAttempt(Connection current) {
        boolean standing = current.canCloseNow() || current.phase() == Phase.CLOSING;
        if (!standing && current.bytes().toWrite() == 0) {
            abort();
            return;
        }
        expectClosing(current);
        current.close(closeTimeout);
        if (loop != null || current.isInsideEngine()) {
            current.expectEnd(closeTimeout);
            return;
        }
        if (!current.driver().await(current.news()::isEndTold, Driver.deadlineIn(closeTimeout))) {
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

    /** Sets an option of the TCP socket; ignored without one (B-015). */
    public final void setOption(SocketOption option, Object value) {
        Connection current = connection();
        SocketOptions.set(current == null ? null : current.channel(), option, value);
    }

    /** {@return the option's value, or null without a TCP socket (B-015)} */
    public final @Nullable Object option(SocketOption option) {
        Connection current = connection();
        return SocketOptions.get(current == null ? null : current.channel(), option);
    }
}
