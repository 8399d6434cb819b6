package dev.qssl.benchmarks.bars;

import dev.qssl.spi.Identity;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.util.concurrent.ExecutorService;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A provider's own blocking socket, a thread for each connection. */
final class SslSocketBar implements Bar {

    private final Jsse jsse;
    private final Handshakes handshakes;
    private final Jsse.Clients clients;
    private final ExecutorService threads;

    SslSocketBar(Jsse jsse, Handshakes handshakes) throws GeneralSecurityException, IOException {
        this.jsse = jsse;
        this.handshakes = handshakes;
        this.clients = new Jsse.Clients(jsse, handshakes);
        this.threads = Threads.daemons(name());
    }

    @Override
    public String name() {
        return jsse.socketName();
    }

    @Override
    public Server serve(Identity identity) throws GeneralSecurityException, IOException {
        return new Acceptor(jsse.serverContext(identity));
    }

    @Override
    public Client connect(int port) throws GeneralSecurityException, IOException {
        Socket plain = new Socket();
        try {
            plain.setTcpNoDelay(true);
            plain.connect(Arena.address(port));
            SSLSocket socket = clients.socket(plain);
            socket.startHandshake();
            return new Caller(socket);
        } catch (IOException e) {
            plain.close();
            throw RefusedException.of("no connection", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private final class Caller extends BlockingClient {
        private final SSLSocket socket;
        private final OutputStream output;

        Caller(SSLSocket socket) throws IOException {
            super(socket.getInputStream());
            this.socket = socket;
            output = socket.getOutputStream();
        }

        @Override
        public Agreement agreement() {
            try {
                Certificate shown = socket.getSession().getPeerCertificates()[0];
                return clients.agreement(socket, Arena.isServer(shown));
            } catch (SSLPeerUnverifiedException e) {
                throw new IllegalStateException("the server showed no certificate", e);
            }
        }

        @Override
        void send(byte[] bytes, int length) throws IOException {
            output.write(bytes, 0, length);
        }

        @Override
        void push() {
            // Every write is sent.
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private final class Acceptor implements Server {
        private final SSLContext context;
        private final ServerSocket listening;
        private volatile @Nullable Agreement last;

        Acceptor(SSLContext context) throws IOException {
            this.context = context;
            listening = new ServerSocket(0, Arena.BACKLOG, Arena.address(0).getAddress());
            threads.execute(this::accept);
        }

        private void accept() {
            while (!listening.isClosed()) {
                try {
                    Socket accepted = listening.accept();
                    threads.execute(() -> serve(accepted));
                } catch (IOException e) {
                    Threads.note(e, !listening.isClosed());
                }
            }
        }

        private void serve(Socket accepted) {
            try (accepted) {
                accepted.setTcpNoDelay(true);
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(accepted, null, accepted.getPort(), true);
                socket.setUseClientMode(false);
                socket.setSSLParameters(jsse.restricted(socket.getSSLParameters()));
                socket.startHandshake();
                last = jsse.agreement(socket, handshakes, true); // it does not tell: the client's word counts
                talk(socket);
            } catch (IOException e) {
                Threads.note(e, false);
            }
        }

        @Override
        public int port() {
            return listening.getLocalPort();
        }

        @Override
        public Agreement lastAgreement() {
            return java.util.Objects.requireNonNull(last, "nobody connected yet");
        }

        @Override
        public void close() {
            try {
                listening.close();
            } catch (IOException e) {
                Threads.note(e, true);
            }
        }
    }

    private static void talk(SSLSocket socket) throws IOException {
        try (socket) {
            InputStream input = socket.getInputStream();
            OutputStream output = socket.getOutputStream();
            ServerScript script = new ServerScript();
            ThreadBuffers buffers = ThreadBuffers.get();
            ByteBuffer replies = buffers.replies();
            int count = input.read(buffers.bytes);
            while (count >= 0) {
                script.accept(buffers.received.clear().limit(count), replies);
                if (replies.position() > 0) {
                    output.write(replies.array(), replies.arrayOffset(), replies.position());
                    replies.clear();
                }
                count = input.read(buffers.bytes);
            }
        }
    }
}
