package dev.qssl;

import dev.qssl.net.EventLoop;
import dev.qssl.net.QTcpServer;
import dev.qssl.net.Signal;
import dev.qssl.net.SocketError;
import dev.qssl.spi.ClientHello;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Listens for TLS connections and hands out sockets that are encrypted already.
 *
 * <p>Each connection has {@link #handshakeTimeout} to send its first byte, and as long again to finish the handshake. One
 * whose first byte does not begin a handshake is dropped at once. While the handshake runs, the socket's signals are
 * forwarded by the server's; they name the socket. Running handshakes count towards {@link #maxPendingConnections}.
 *
 * <p>Loop-driven, the handshakes run on the sockets' loops, all at the same time, and {@link #nextPendingConnection} hands
 * out {@link QSslSocket}s from {@link #pendingConnectionAvailable}. Caller-driven, {@link #waitForNewConnection} does the
 * handshakes one after the other in the waiting thread.
 *
 * <p>Closing the server ends the handshakes that run and the sockets that nobody took; those that were handed out live on.
 */
public class QSslServer extends QTcpServer {

    private static final int DEFAULT_HANDSHAKE_TIMEOUT_MSECS = 5000;

    /** What is wrong with a peer, as {@link QSslSocket#sslErrors} tells it: the handshake fails unless a slot ignores it. */
    public final Signal<PeerErrors> sslErrors = emitter.signal();

    /** One thing that is wrong with a peer, as {@link QSslSocket#peerVerifyError} tells it. */
    public final Signal<PeerError> peerVerifyError = emitter.signal();

    /** A handshake failed. */
    public final Signal<Failure> errorOccurred = emitter.signal();

    /** A pre-shared key is wanted. */
    public final Signal<KeyWanted> preSharedKeyAuthenticationRequired = emitter.signal();

    /** An alert went out during a handshake. */
    public final Signal<Alert> alertSent = emitter.signal();

    /** An alert came in during a handshake. */
    public final Signal<Alert> alertReceived = emitter.signal();

    /** A handshake stands still inside the slot. */
    public final Signal<PeerError> handshakeInterruptedOnError = emitter.signal();

    /** A handshake was started. Once per connection. */
    public final Signal<QSslSocket> startedEncryptionHandshake = emitter.signal();

    private final Set<ServerHandshake> handshakes = ConcurrentHashMap.newKeySet();
    private volatile QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
    private volatile int handshakeTimeout = DEFAULT_HANDSHAKE_TIMEOUT_MSECS;
    private volatile @Nullable Function<ClientHello, QSslConfiguration> selector;

    /**
     * Several problems of one peer.
     *
     * @param socket the connection
     * @param errors the problems
     */
    public record PeerErrors(QSslSocket socket, List<QSslError> errors) {}

    /**
     * One problem of one peer.
     *
     * @param socket the connection
     * @param error the problem
     */
    public record PeerError(QSslSocket socket, QSslError error) {}

    /**
     * A failed handshake.
     *
     * @param socket the connection; gone after the slot
     * @param error what went wrong; the socket's {@code errorString()} says it for people
     */
    public record Failure(QSslSocket socket, SocketError error) {}

    /**
     * A wanted key.
     *
     * @param socket the connection
     * @param authenticator valid only during the slot
     */
    public record KeyWanted(QSslSocket socket, QSslPreSharedKeyAuthenticator authenticator) {}

    /**
     * An alert.
     *
     * @param socket the connection
     * @param alert what it says
     */
    public record Alert(QSslSocket socket, AlertEvent alert) {}

    /** Creates a server: driven by the loop whose thread this is, or else by its callers. */
    public QSslServer() {}

    /**
     * Creates a server that a loop drives.
     *
     * @param loop the loop
     */
    public QSslServer(EventLoop loop) {
        super(loop);
    }

    /**
     * {@return a new server that this loop drives}
     *
     * @param loop the loop
     */
    public static QSslServer on(EventLoop loop) {
        return new QSslServer(loop);
    }

    /** {@return a copy of the configuration of connections to come} */
    public QSslConfiguration sslConfiguration() {
        return new QSslConfiguration(configuration);
    }

    /**
     * Sets the configuration of connections to come: at least certificate and key, or a slot for pre-shared keys.
     *
     * @param sslConfiguration copied
     */
    public void setSslConfiguration(QSslConfiguration sslConfiguration) {
        configuration = new QSslConfiguration(sslConfiguration);
    }

    /**
     * Has the configuration of each connection chosen by what its client says first, for example by the server name. Called
     * on the socket's thread, before the handshake; what it throws ends the connection.
     *
     * @param choose gives the configuration; equal ones share their context
     */
    public void setConfigurationSelector(Function<ClientHello, QSslConfiguration> choose) {
        selector = choose;
    }

    /** {@return how long a client may take, in milliseconds} */
    public int handshakeTimeout() {
        return handshakeTimeout;
    }

    /**
     * Sets how long clients to come may take: to send the first byte, and again for the handshake. The default is 5000.
     *
     * @param timeout in milliseconds, above 0
     */
    public void setHandshakeTimeout(int timeout) {
        if (timeout < 1) {
            throw new IllegalArgumentException("a handshake time-out is 1 ms or more, not " + timeout);
        }
        handshakeTimeout = timeout;
    }

    @Override
    protected void incomingConnection(long socketDescriptor) {
        Optional<EventLoop> loop = nextEventLoop();
        QSslSocket socket = loop.map(QSslSocket::on).orElseGet(QSslSocket::new);
        ServerHandshake handshake = new ServerHandshake(socket, new Forwarder(socket), configuration, selector);
        handshakes.add(handshake);
        Duration timeout = Duration.ofMillis(handshakeTimeout);
        if (loop.isPresent()) {
            loop.get().execute(() -> handshake.startOnLoop(loop.get(), socketDescriptor, timeout));
        } else {
            handshake.runHere(socketDescriptor, timeout);
        }
    }

    @Override
    protected int pendingConnectionCount() {
        return super.pendingConnectionCount() + handshakes.size();
    }

    @Override
    public void close() {
        super.close();
        handshakes.forEach(ServerHandshake::cancel);
    }

    private void onServerLoop(Runnable task) {
        Optional<EventLoop> loop = eventLoop();
        if (loop.isPresent() && !loop.get().isLoopThread()) {
            loop.get().execute(task);
        } else {
            task.run();
        }
    }

    /** Tells the server's slots what happens in one handshake, and takes the socket when it is done. */
    private final class Forwarder implements ServerHandshake.Outcome {

        private final QSslSocket socket;
        private final List<Signal.Connection> forwards = new ArrayList<>();

        Forwarder(QSslSocket socket) {
            this.socket = socket;
            // Only what somebody listens to: a slot on sslErrors means that the decision waits for it.
            forward(socket.alertSent, alertSent, alert -> new Alert(socket, alert));
            forward(socket.alertReceived, alertReceived, alert -> new Alert(socket, alert));
            forward(socket.sslErrors, sslErrors, errors -> new PeerErrors(socket, errors));
            forward(socket.peerVerifyError, peerVerifyError, error -> new PeerError(socket, error));
            forward(
                    socket.preSharedKeyAuthenticationRequired,
                    preSharedKeyAuthenticationRequired,
                    authenticator -> new KeyWanted(socket, authenticator));
            forward(
                    socket.handshakeInterruptedOnError,
                    handshakeInterruptedOnError,
                    error -> new PeerError(socket, error));
        }

        private <A, B> void forward(Signal<A> from, Signal<B> to, Function<A, B> wrap) {
            if (emitter.hasSlots(to)) {
                forwards.add(from.connect(argument -> emitter.emit(to, wrap.apply(argument))));
            }
        }

        @Override
        public void started() {
            emitter.emit(startedEncryptionHandshake, socket);
        }

        @Override
        public void encrypted(ServerHandshake handshake) {
            forwards.forEach(Signal.Connection::disconnect);
            handshakes.remove(handshake);
            onServerLoop(() -> addPendingConnection(socket));
        }

        @Override
        public void failed(ServerHandshake handshake, SocketError error) {
            emitter.emit(errorOccurred, new Failure(socket, error));
            forwards.forEach(Signal.Connection::disconnect);
            if (handshakes.remove(handshake)) {
                acceptAgain();
            }
        }
    }
}
