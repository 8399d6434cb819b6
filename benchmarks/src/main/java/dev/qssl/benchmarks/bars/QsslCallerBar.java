package dev.qssl.benchmarks.bars;

import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** QSSL driven by its callers: a thread for each connection, as with {@link SslSocketBar}. */
final class QsslCallerBar implements Bar {

    static final String NAME = "qssl-caller";

    private final QsslSettings settings;
    private final QSslConfiguration configuration;
    private final ExecutorService threads = Threads.daemons(NAME);

    QsslCallerBar(QsslSettings settings) {
        this.settings = settings;
        this.configuration = settings.client();
    }

    @Override
    public String name() {
        return Bars.name(NAME, settings.backend());
    }

    @Override
    public Server serve(Identity identity) {
        return new Acceptor(identity);
    }

    @Override
    public Client connect(int port) throws IOException {
        QSslSocket socket = new QSslSocket();
        socket.setSslConfiguration(configuration);
        socket.connectToHostEncrypted(Arena.ADDRESS, port, Arena.HOST);
        if (!socket.waitForEncrypted()) {
            IOException failure = RefusedException.of(socket);
            socket.abort();
            throw failure;
        }
        return new Caller(socket);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static final class Caller extends QsslClient {
        private final QSslSocket socket;

        Caller(QSslSocket socket) {
            super(socket);
            this.socket = socket;
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private final class Acceptor implements Server {
        private final QsslServer server;
        private volatile boolean open = true;
        private volatile @Nullable Agreement last;

        Acceptor(Identity identity) {
            server = new QsslServer(settings, identity, socket -> threads.execute(() -> serve(socket)));
            server.start();
            threads.execute(this::accept);
        }

        private void accept() {
            while (open) {
                server.waitForNewConnection(1000);
            }
            server.close();
        }

        private void serve(QSslSocket socket) {
            try (socket) {
                socket.startServerEncryption();
                if (!socket.waitForEncrypted()) {
                    return;
                }
                last = QsslServer.agreement(socket, false);
                talk(socket);
            } catch (IOException e) {
                Threads.note(e, false);
            }
        }

        @Override
        public int port() {
            return server.serverPort();
        }

        @Override
        public Agreement lastAgreement() {
            return java.util.Objects.requireNonNull(last, "nobody connected yet");
        }

        @Override
        public void close() {
            open = false;
        }
    }

    private static void talk(QSslSocket socket) throws IOException {
        InputStream input = socket.inputStream();
        ServerScript script = new ServerScript();
        ThreadBuffers buffers = ThreadBuffers.get();
        ByteBuffer replies = buffers.replies();
        int count = input.read(buffers.bytes);
        while (count >= 0) {
            script.accept(buffers.received.clear().limit(count), replies);
            if (replies.position() > 0) {
                socket.write(replies.flip());
                replies.clear();
            }
            count = input.read(buffers.bytes);
        }
    }
}
