package dev.qssl.net;

import dev.qssl.internal.io.Descriptors;
import dev.qssl.internal.io.Endpoints;
import dev.qssl.internal.io.Failures;
import dev.qssl.internal.io.Listener;
import dev.qssl.internal.io.SelectorLoop;
import dev.qssl.net.Signal.Nothing;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Listens for TCP connections.
 *
 * <p>Loop-driven ({@code on(loop)}, or made on a loop's thread), it accepts on the loop and emits {@link #newConnection}
 * there; {@link #setEventLoops} spreads the connections over a group. Caller-driven, it accepts while a thread is in
 * {@link #waitForNewConnection}, and the sockets it hands out are caller-driven too.
 *
 * <p>To use sockets of another class, override {@link #incomingConnection}: make the socket, give it the descriptor, and
 * hand it to {@link #addPendingConnection}.
 *
 * <p>Methods may be called from any thread.
 */
public class QTcpServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    /** Emits the server's signals: for subclasses that add their own. */
    protected final Signal.Emitter emitter = new Signal.Emitter();

    /** A connection was accepted. */
    public final Signal<Nothing> newConnection = emitter.signal();

    /** Accepting failed with this error; the server goes on. */
    public final Signal<SocketError> acceptError = emitter.signal();

    /** A socket was added to those that {@link #nextPendingConnection} hands out. */
    public final Signal<Nothing> pendingConnectionAvailable = emitter.signal();

    private final @Nullable SelectorLoop loop;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition available = lock.newCondition();
    private final Queue<QTcpSocket> pending = new ArrayDeque<>();
    private volatile @Nullable EventLoopGroup connectionLoops;
    private volatile @Nullable Listener listener;
    private volatile boolean closed;
    private volatile QHostAddress address = QHostAddress.NULL;
    private volatile int port;
    private volatile int maxPendingConnections = 30;
    private volatile int backlog = 50;
    private volatile SocketError error = SocketError.UNKNOWN_SOCKET_ERROR;
    private volatile String errorString = "Unknown error";

    /** Creates a server: driven by the loop whose thread this is, or else by its callers. */
    public QTcpServer() {
        this(SelectorLoop.current());
    }

    /**
     * Creates a server that a loop drives.
     *
     * @param loop the loop
     */
    public QTcpServer(EventLoop loop) {
        this(loop.selectorLoop());
    }

    private QTcpServer(@Nullable SelectorLoop loop) {
        this.loop = loop;
    }

    /**
     * {@return a new server that this loop drives}
     *
     * @param loop the loop
     */
    public static QTcpServer on(EventLoop loop) {
        return new QTcpServer(loop);
    }

    /**
     * Has the sockets driven by these loops in turn, instead of by the server's own. Before {@link #listen}.
     *
     * <p>Such a socket works from the moment it is made, on its own thread: bytes may have come before a slot of
     * {@link #newConnection} connects to its {@code readyRead}. Look at {@code bytesAvailable()} once after connecting, or
     * override {@link #incomingConnection} and connect the slots before the socket is given its descriptor.
     *
     * @param group the loops; the server does not close them
     */
    public void setEventLoops(EventLoopGroup group) {
        if (loop == null) {
            throw new IllegalStateException("a caller-driven server has caller-driven sockets; make it with on(loop)");
        }
        connectionLoops = group;
    }

    /** {@return the loop for the next socket; empty if the callers drive them} */
    protected Optional<EventLoop> nextEventLoop() {
        EventLoopGroup group = connectionLoops;
        if (group != null) {
            return Optional.of(group.next());
        }
        return Optional.ofNullable(loop).map(EventLoop::of);
    }

    /** {@return the loop that drives the server; empty if its callers do} */
    public Optional<EventLoop> eventLoop() {
        return Optional.ofNullable(loop).map(EventLoop::of);
    }

    /** {@return whether it listens now, on every address of this host and a port that the system chose} */
    public boolean listen() {
        return listen(QHostAddress.ANY, 0);
    }

    /**
     * Begins to listen.
     *
     * @param where an address of this host
     * @param onPort 0 for one that the system chooses
     * @return whether it listens now; if not, {@link #serverError} says why
     */
    public boolean listen(QHostAddress where, int onPort) {
        if (isListening()) {
            LOG.log(Level.WARNING, "listen() on a server that listens already: ignored");
            return false;
        }
        Optional<InetAddress> inet = where.toInetAddress();
        InetSocketAddress wanted = inet.isPresent() && !where.equals(QHostAddress.ANY)
                ? new InetSocketAddress(inet.get(), onPort)
                : new InetSocketAddress(onPort);
        try {
            Listener made = new Listener(wanted, backlog, loop, acceptor());
            port = made.address().getPort();
            address = where;
            closed = false;
            listener = made;
            if (made.start()) {
                return true;
            }
            close();
            fail(SocketError.OPERATION_ERROR, "cannot listen: the server's event loop is closed");
        } catch (BindException e) {
            fail(Failures.bindError(wanted.getAddress()), "cannot listen on " + text(wanted) + ": " + e.getMessage());
        } catch (IOException e) {
            fail(SocketError.SOCKET_RESOURCE_ERROR, "cannot listen on " + text(wanted) + ": " + e.getMessage());
        }
        return false;
    }

    // Without the slash that InetSocketAddress writes before an address that has no name.
    private static String text(InetSocketAddress wanted) {
        return Endpoints.text(wanted.getAddress().getHostAddress(), wanted.getPort());
    }

    private void fail(SocketError code, String text) {
        error = code;
        errorString = text;
    }

    /** Stops listening, and aborts the sockets that nobody took. */
    @Override
    public void close() {
        closed = true;
        Listener current = listener;
        listener = null;
        if (current != null) {
            current.close();
        }
        port = 0;
        address = QHostAddress.NULL;
        abortPending();
    }

    private void abortPending() {
        List<QTcpSocket> left;
        lock.lock();
        try {
            left = new ArrayList<>(pending);
            pending.clear();
            available.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(QTcpSocket::abort);
    }

    /** {@return whether it listens} */
    public boolean isListening() {
        Listener current = listener;
        return current != null && current.isOpen();
    }

    /** {@return where it listens; {@link QHostAddress#NULL} if it does not} */
    public QHostAddress serverAddress() {
        return address;
    }

    /** {@return the port it listens on; 0 if it does not} */
    public int serverPort() {
        return port;
    }

    /** {@return what went wrong last} */
    public SocketError serverError() {
        return error;
    }

    /** {@return what went wrong last, for people} */
    public String errorString() {
        return errorString;
    }

    /** {@return how many sockets may wait to be taken before it stops accepting} */
    public int maxPendingConnections() {
        return maxPendingConnections;
    }

    /**
     * Sets how many sockets may wait to be taken before it stops accepting. The default is 30.
     *
     * @param number 1 or more
     */
    public void setMaxPendingConnections(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("at least one connection must be allowed to wait, not " + number);
        }
        maxPendingConnections = number;
        acceptAgain();
    }

    /** {@return how many connections the system holds before they are accepted} */
    public int listenBacklogSize() {
        return backlog;
    }

    /**
     * Sets how many connections the system holds before they are accepted. Before {@link #listen}; the default is 50.
     *
     * @param size 1 or more
     */
    public void setListenBacklogSize(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a backlog has room for at least one connection, not " + size);
        }
        backlog = size;
    }

    /** Stops accepting; the system goes on to hold connections. */
    public void pauseAccepting() {
        Listener current = listener;
        if (current != null) {
            current.setPaused(true);
        }
    }

    /** Goes on accepting. */
    public void resumeAccepting() {
        Listener current = listener;
        if (current != null) {
            current.setPaused(false);
        }
    }

    /** {@return whether a socket waits to be taken} */
    public boolean hasPendingConnections() {
        lock.lock();
        try {
            return !pending.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** {@return the next socket, which is the caller's from now on; empty if none waits} */
    public Optional<QTcpSocket> nextPendingConnection() {
        QTcpSocket next;
        lock.lock();
        try {
            next = pending.poll();
        } finally {
            lock.unlock();
        }
        acceptAgain();
        return Optional.ofNullable(next);
    }

    /**
     * Waits for a connection.
     *
     * @param msecs how long at most, in milliseconds; -1 for ever; 0 only looks
     * @return whether a socket waits to be taken
     */
    public boolean waitForNewConnection(int msecs) {
        Listener current = listener;
        if (current == null) {
            LOG.log(Level.WARNING, "waitForNewConnection() on a server that does not listen: returned false");
            return false;
        }
        if (hasPendingConnections()) {
            return true;
        }
        long deadline = msecs < 0 ? Long.MAX_VALUE : System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(msecs);
        try {
            while (loop == null && current.await(deadline) > 0) {
                if (hasPendingConnections()) {
                    return true;
                }
            }
            return loop == null ? hasPendingConnections() : awaitPending(deadline);
        } catch (IOException e) {
            fail(SocketError.SOCKET_RESOURCE_ERROR, "cannot accept a connection: " + e.getMessage());
            emitter.emit(acceptError, SocketError.SOCKET_RESOURCE_ERROR);
            return false;
        }
    }

    private boolean awaitPending(long deadline) {
        if (Objects.requireNonNull(loop).isLoopThread()) {
            LOG.log(
                    Level.WARNING,
                    "waitForNewConnection() on the server's own loop would wait for itself: returned false");
            return false;
        }
        lock.lock();
        try {
            while (pending.isEmpty() && isListening()) {
                long nanos = deadline == Long.MAX_VALUE ? deadline : deadline - System.nanoTime();
                if (nanos <= 0) {
                    return false;
                }
                available.awaitNanos(nanos);
            }
            return !pending.isEmpty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Makes a socket of an accepted connection and adds it to the pending ones. To be overridden by servers with sockets of
     * their own.
     *
     * @param socketDescriptor the number of the connection, for {@link QAbstractSocket#setSocketDescriptor(long)}; an
     *     override that does not use it leaves the connection open
     */
    protected void incomingConnection(long socketDescriptor) {
        Optional<EventLoop> driver = nextEventLoop();
        QTcpSocket socket = driver.isPresent() ? QTcpSocket.on(driver.get()) : new QTcpSocket();
        if (socket.setSocketDescriptor(socketDescriptor)) {
            addPendingConnection(socket);
        }
    }

    /**
     * Adds a socket to those that {@link #nextPendingConnection} hands out; aborts it if the server was closed meanwhile.
     *
     * @param socket a connected one
     */
    protected void addPendingConnection(QTcpSocket socket) {
        lock.lock();
        try {
            pending.add(socket);
            available.signalAll();
        } finally {
            lock.unlock();
        }
        if (closed) {
            abortPending(); // whoever closed the server did not see it
            return;
        }
        emitter.emit(pendingConnectionAvailable);
    }

    /** {@return how many connections count towards {@link #maxPendingConnections}} */
    protected int pendingConnectionCount() {
        lock.lock();
        try {
            return pending.size();
        } finally {
            lock.unlock();
        }
    }

    /** Looks whether connections may be accepted again. */
    protected final void acceptAgain() {
        Listener current = listener;
        if (current != null && current.isOpen()) {
            current.changed();
        }
    }

    private Listener.Acceptor acceptor() {
        return new Listener.Acceptor() {
            @Override
            public boolean wantsMore() {
                return pendingConnectionCount() < maxPendingConnections;
            }

            @Override
            public void accepted(SocketChannel connection) {
                long descriptor = Descriptors.offer(connection);
                boolean taken = false;
                try {
                    incomingConnection(descriptor);
                    taken = true;
                } finally {
                    if (!taken) {
                        Descriptors.discard(descriptor);
                    }
                }
                emitter.emit(newConnection);
            }

            @Override
            public void acceptFailed(IOException failure) {
                fail(SocketError.SOCKET_RESOURCE_ERROR, "cannot accept a connection: " + failure.getMessage());
                emitter.emit(acceptError, SocketError.SOCKET_RESOURCE_ERROR);
            }

            @Override
            public void listenerClosed() {
                close();
            }
        };
    }
}
