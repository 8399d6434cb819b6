package dev.qssl.cli;

import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server of the JDK's own sockets that plays a script with its one client, in clear and then, if it wants, in TLS. */
final class ScriptedServer implements AutoCloseable {

    private final ServerSocket listener;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /** What the server does. */
    interface Script {

        /** Plays it to the end; the connection is closed afterwards. */
        void play(Stage stage) throws Exception;
    }

    /** The server's side of the connection. */
    static final class Stage {
        private final Socket raw;
        private Socket socket;

        private Stage(Socket raw) {
            this.raw = raw;
            this.socket = raw;
        }

        /** Sends text as it is. */
        void say(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
        }

        /** Reads a line and fails if it does not match. */
        void hear(String pattern) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int c = read(); c != '\n'; c = read()) {
                line.write(c);
            }
            String text = line.toString(StandardCharsets.ISO_8859_1);
            if (!text.matches(pattern + "\r")) {
                throw new AssertionError("expected /" + pattern + "/, heard: " + text);
            }
        }

        /** Reads this many bytes. */
        byte[] hear(int count) throws IOException {
            return socket.getInputStream().readNBytes(count);
        }

        private int read() throws IOException {
            int c = socket.getInputStream().read();
            if (c < 0) {
                throw new AssertionError("the client ended the connection");
            }
            return c;
        }

        /** Ends the TCP connection under TLS. */
        void cut() throws IOException {
            raw.close();
        }

        /** Goes on in TLS, as the server. */
        void secure() throws Exception {
            SSLSocket secured = (SSLSocket) context().getSocketFactory().createSocket(socket, (InputStream) null, true);
            secured.setUseClientMode(false);
            secured.startHandshake();
            socket = secured;
        }

        /** Ends TLS in the orderly way. */
        void closeTls() throws IOException {
            socket.close();
        }

        private static SSLContext context() throws Exception {
            Identity identity = TestAuthority.shared().server("localhost");
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "server",
                    identity.key(),
                    new char[0],
                    identity.chain().toArray(java.security.cert.Certificate[]::new));
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, new char[0]);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        }
    }

    private ScriptedServer(ServerSocket listener, Script script) {
        this.listener = listener;
        Thread thread = new Thread(() -> serve(script), "scripted server");
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return a server that plays this with the first client that comes} */
    static ScriptedServer playing(Script script) throws IOException {
        return new ScriptedServer(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()), script);
    }

    private void serve(Script script) {
        try (Socket raw = listener.accept()) {
            Stage stage = new Stage(raw);
            script.play(stage);
            if (!raw.isClosed()) {
                stage.socket.close();
            }
            end.complete(null);
        } catch (Throwable e) {
            end.completeExceptionally(e);
        }
    }

    /** {@return host and port} */
    String target() {
        return "localhost:" + listener.getLocalPort();
    }

    /** Waits until the script is played to its end, and fails if it could not be. */
    void played() throws Exception {
        end.get(60, java.util.concurrent.TimeUnit.SECONDS);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
