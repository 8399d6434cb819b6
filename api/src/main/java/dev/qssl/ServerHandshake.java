package dev.qssl;

import dev.qssl.internal.io.Endpoints;
import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a {@link QSslServer} from its first byte to its last handshake message. Lives on the socket's thread.
 */
final class ServerHandshake {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private final ClientHelloReader reader = new ClientHelloReader();
    private final QSslSocket socket;
    private final Outcome outcome;
    private final QSslConfiguration configuration;
    private final @Nullable Function<ClientHello, QSslConfiguration> selector;
    private EventLoop.@Nullable Timer timer;
    private boolean sawFirstByte;
    private boolean started;
    private boolean over;

    /** Who is told. */
    interface Outcome {

        /** The handshake was started. */
        void started();

        /** The handshake is done. */
        void encrypted(ServerHandshake handshake);

        /** It failed; the socket is closed afterwards. Once. */
        void failed(ServerHandshake handshake, SocketError error);
    }

    ServerHandshake(
            QSslSocket socket,
            Outcome outcome,
            QSslConfiguration configuration,
            @Nullable Function<ClientHello, QSslConfiguration> selector) {
        this.socket = socket;
        this.outcome = outcome;
        this.configuration = configuration;
        this.selector = selector;
    }

    /** Runs on the socket's loop, without blocking it. */
    void startOnLoop(EventLoop loop, long descriptor, Duration timeout) {
        connectSlots();
        arm(loop, timeout);
        socket.readyRead.connect(() -> {
            if (!over && !sawFirstByte) {
                sawFirstByte = true;
                arm(loop, timeout); // the time begins anew, once (B-307)
            }
            look();
        });
        if (!socket.setSocketDescriptor(descriptor, SocketState.CONNECTED_STATE, OpenMode.READ_WRITE)) {
            fail(socket.error());
        }
    }

    /** Runs in this thread, until it is decided. */
    void runHere(long descriptor, Duration timeout) {
        connectSlots();
        if (!socket.setSocketDescriptor(descriptor, SocketState.CONNECTED_STATE, OpenMode.READ_WRITE)) {
            fail(socket.error());
            return;
        }
        while (!over && !started) {
            if (socket.waitForReadyRead(timeout)) {
                look();
            } else if (!over) {
                timeOut(timeout);
            }
        }
        if (!over && !socket.waitForEncrypted(timeout) && !over) {
            timeOut(timeout);
        }
    }

    /** Ends it, from any thread. */
    void cancel() {
        socket.abort();
    }

    private void connectSlots() {
        socket.encrypted.connect(this::succeed);
        socket.errorOccurred.connect(this::fail);
        socket.disconnected.connect(() -> fail(socket.error()));
    }

    private void arm(EventLoop loop, Duration timeout) {
        disarm();
        timer = loop.schedule(timeout, () -> timeOut(timeout));
    }

    private void timeOut(Duration timeout) {
        String awaited = started ? "finish its handshake" : sawFirstByte ? "finish its ClientHello" : "say anything";
        socket.refuse(
                SocketError.SOCKET_TIMEOUT_ERROR,
                "client " + peer() + " did not " + awaited + " within " + timeout.toMillis() + " ms");
    }

    private String peer() {
        return Endpoints.text(socket.peerAddress().toString(), socket.peerPort());
    }

    private void disarm() {
        EventLoop.Timer current = timer;
        if (current != null) {
            current.cancel();
            timer = null;
        }
    }

    // Looks at what the client said so far, without taking it.
    private void look() {
        if (over || started) {
            return;
        }
        byte[] seen = socket.peek(Long.MAX_VALUE);
        ClientHelloReader.Progress progress = reader.read(ByteBuffer.wrap(seen));
        if (progress instanceof ClientHelloReader.Progress.NotTls no) {
            socket.refuse(
                    SocketError.SSL_HANDSHAKE_FAILED_ERROR, "client " + peer() + " does not speak TLS: " + no.reason());
        } else if (selector == null && seen.length > 0) {
            start(configuration);
        } else if (selector != null && progress instanceof ClientHelloReader.Progress.Found found) {
            choose(selector, found.hello());
        }
    }

    private void choose(Function<ClientHello, QSslConfiguration> chooser, ClientHello hello) {
        try {
            start(chooser.apply(hello));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "the configuration selector failed: the client is refused", e);
            socket.refuse(SocketError.SSL_INVALID_USER_DATA_ERROR, "the configuration selector failed: " + e);
        }
    }

    private void start(QSslConfiguration chosen) {
        started = true;
        socket.setSslConfiguration(chosen);
        socket.startServerEncryption();
        if (!over) {
            outcome.started();
        }
    }

    private void succeed() {
        if (!over) {
            over = true;
            disarm();
            outcome.encrypted(this);
        }
    }

    private void fail(SocketError error) {
        if (over) {
            return;
        }
        over = true;
        disarm();
        outcome.failed(this, error);
        if (!started || socket.mode() == QSsl.SslMode.UNENCRYPTED_MODE) {
            socket.abort(); // there is no TLS to end in an orderly way
        }
    }
}
