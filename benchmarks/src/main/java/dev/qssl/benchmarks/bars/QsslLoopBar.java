package dev.qssl.benchmarks.bars;

import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.EventLoopGroup;
import dev.qssl.spi.Identity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** QSSL driven by loops: everything is done in slots. */
final class QsslLoopBar implements Bar {

    private static final int LOOPS = 2;
    private static final long TIME_LIMIT_SECONDS = 30;

    private final QsslSettings settings;
    private final Writes writes;
    private final QSslConfiguration configuration;
    private final EventLoopGroup clientLoops = new EventLoopGroup(LOOPS);
    private final EventLoopGroup serverLoops = new EventLoopGroup(LOOPS);

    QsslLoopBar(QsslSettings settings, Writes writes) {
        this.settings = settings;
        this.writes = writes;
        this.configuration = settings.client();
    }

    /** What bulk data is written from. */
    enum Writes {
        /** Arrays. */
        ARRAYS("qssl-loop"),
        /** Direct buffers. */
        DIRECT_BUFFERS("qssl-loop-direct");

        final String name;

        Writes(String name) {
            this.name = name;
        }
    }

    @Override
    public String name() {
        return Bars.name(writes.name, settings.backend());
    }

    @Override
    public Server serve(Identity identity) {
        return new Acceptor(identity);
    }

    @Override
    public Client connect(int port) throws Exception {
        EventLoop loop = clientLoops.next();
        Slots slots = new Slots(loop, QSslSocket.on(loop));
        slots.open(port);
        return slots;
    }

    /** {@return an encrypted socket on one of the clients' loops} */
    QSslSocket connected(int port) throws Exception {
        QSslSocket socket = QSslSocket.on(clientLoops.next());
        open(socket, port);
        return socket;
    }

    private void open(QSslSocket socket, int port) throws Exception {
        socket.setSslConfiguration(configuration);
        socket.setPeerVerifyName(Arena.HOST);
        CompletableFuture<Void> encrypted =
                socket.connectToHostEncryptedAsync(Arena.ADDRESS, port).toCompletableFuture();
        try {
            encrypted.get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            IOException failure = RefusedException.of(socket);
            failure.addSuppressed(e);
            throw failure;
        }
    }

    @Override
    public void close() {
        clientLoops.close();
        serverLoops.close();
    }

    /** A client's socket, its slots, and what they do. */
    private final class Slots implements Client, ClientScript.Wire {
        private final EventLoop loop;
        private final QSslSocket socket;
        private final ClientScript script = new ClientScript(this);

        Slots(EventLoop loop, QSslSocket socket) {
            this.loop = loop;
            this.socket = socket;
        }

        void open(int port) throws Exception {
            socket.readyRead.connect(this::read);
            socket.encryptedBytesWritten.connect(script::writable);
            socket.disconnected.connect(() -> script.ended(new IOException(socket.errorString())));
            QsslLoopBar.this.open(socket, port);
        }

        private void read() {
            ByteBuffer received = ThreadBuffers.get().received;
            while (socket.read(received.clear()) > 0) {
                script.received(received.flip());
            }
        }

        @Override
        public Agreement agreement() {
            return QsslServer.agreement(socket, true);
        }

        @Override
        public void ask() throws Exception {
            script.ask();
        }

        @Override
        public void upload(long bytes, int chunk) throws Exception {
            script.upload(bytes, chunk);
        }

        @Override
        public void pingPong(long[] nanos) throws Exception {
            script.pingPong(nanos);
        }

        @Override
        public void close() {
            loop.execute(socket::disconnectFromHost);
        }

        @Override
        public void write(byte[] bytes, int length) {
            socket.write(bytes, length);
        }

        @Override
        public ClientScript.Payload payload(int bytes) {
            if (writes == Writes.ARRAYS) {
                return ClientScript.Wire.super.payload(bytes);
            }
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes);
            return length -> socket.write(direct.clear().limit(length));
        }

        @Override
        public void flush() {
            // The loop sends what is queued at the end of the turn.
        }

        @Override
        public boolean isFull() {
            return socket.bytesToWrite() + socket.encryptedBytesToWrite() >= Arena.HIGH_WATER;
        }

        @Override
        public void execute(Runnable task) {
            loop.execute(task);
        }
    }

    private final class Acceptor implements Server {
        private final QsslServer server;
        private volatile @Nullable Agreement last;

        Acceptor(Identity identity) {
            server = new QsslServer(serverLoops.next(), settings, identity, this::serve);
            server.setEventLoops(serverLoops);
            server.start();
        }

        private void serve(QSslSocket socket) {
            ServerScript script = new ServerScript();
            socket.encrypted.connect(() -> last = QsslServer.agreement(socket, false));
            socket.readyRead.connect(() -> answer(socket, script));
            socket.startServerEncryption();
        }

        private static void answer(QSslSocket socket, ServerScript script) {
            ByteBuffer received = ThreadBuffers.get().received;
            ByteBuffer replies = ThreadBuffers.get().replies();
            while (socket.read(received.clear()) > 0) {
                script.accept(received.flip(), replies);
                if (replies.position() > 0) {
                    socket.write(replies.flip());
                    replies.clear();
                }
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
            server.close();
        }
    }
}
