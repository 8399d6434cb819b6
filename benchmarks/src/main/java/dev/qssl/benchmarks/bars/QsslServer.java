package dev.qssl.benchmarks.bars;

import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpServer;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
import java.util.Optional;
import java.util.function.Consumer;

/** A listener that makes a server's socket of every connection, on the server's loops or the callers', and hands it on. */
public final class QsslServer extends QTcpServer {

    private final QSslConfiguration configuration;
    private final Consumer<QSslSocket> accepted;

    /**
     * Creates a server that is driven by whoever waits for connections; each socket is driven by whoever uses it.
     *
     * @param settings its backend
     * @param identity what it proves to be
     * @param accepted takes each socket, on the thread that waits for connections
     */
    QsslServer(QsslSettings settings, Identity identity, Consumer<QSslSocket> accepted) {
        this.configuration = settings.server(identity);
        this.accepted = accepted;
        setMaxPendingConnections(Arena.BACKLOG);
        setListenBacklogSize(Arena.BACKLOG);
    }

    /**
     * Creates a server that a loop drives, and its sockets too unless {@link #setEventLoops} says otherwise.
     *
     * @param loop the loop
     * @param settings its backend
     * @param identity what it proves to be
     * @param accepted takes each socket, on the socket's loop
     */
    public QsslServer(EventLoop loop, QsslSettings settings, Identity identity, Consumer<QSslSocket> accepted) {
        super(loop);
        this.configuration = settings.server(identity);
        this.accepted = accepted;
        setMaxPendingConnections(Arena.BACKLOG);
        setListenBacklogSize(Arena.BACKLOG);
    }

    /** Listens on a port of the loopback address that the system chooses. */
    public void start() {
        if (!listen(QHostAddress.of(Arena.ADDRESS), 0)) {
            throw new IllegalStateException(errorString());
        }
    }

    @Override
    protected void incomingConnection(long socketDescriptor) {
        Optional<EventLoop> loop = nextEventLoop();
        if (loop.isEmpty()) {
            take(new QSslSocket(), socketDescriptor);
        } else {
            loop.get().execute(() -> take(QSslSocket.on(loop.get()), socketDescriptor));
        }
    }

    private void take(QSslSocket socket, long socketDescriptor) {
        socket.setSslConfiguration(configuration);
        if (socket.setSocketDescriptor(socketDescriptor)) {
            accepted.accept(socket);
        }
    }

    /** {@return what a socket agreed on} */
    static Agreement agreement(QSslSocket socket, boolean client) {
        NegotiatedParameters agreed = socket.sessionParameters().orElseThrow();
        boolean verified = !client
                || (socket.sslHandshakeErrors().isEmpty()
                        && socket.peerCertificate()
                                .x509()
                                .filter(Arena::isServer)
                                .isPresent());
        return Agreement.of(
                agreed.protocol().displayName(),
                agreed.cipherSuite().ianaName(),
                agreed.group().orElse(null),
                agreed.resumed() ? Handshakes.RESUMED : Handshakes.FULL,
                verified);
    }
}
