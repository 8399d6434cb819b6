package dev.qssl.tck.link;

import dev.qssl.net.OpenMode;
import dev.qssl.tck.peer.Relay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A client and a server of the backend under test, on a port that the system chose. One thread: the test's. */
public final class LoopbackPair implements AutoCloseable {

    /** The name that clients connect to. */
    public static final String HOST = "localhost";

    private final Stage stage;
    private final End client;
    private final End server;
    private final ServerSocketChannel listener;
    private @Nullable Relay relay;

    /** Creates the two ends, unconnected. */
    public LoopbackPair(Stage stage, Setup client, Setup server) {
        this.stage = stage;
        this.client = stage.open(client);
        this.server = stage.open(server);
        try {
            listener = stage.with(ServerSocketChannel.open());
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no port", e);
        }
    }

    /** {@return the end that connects} */
    public End client() {
        return client;
    }

    /** {@return the end that is connected to} */
    public End server() {
        return server;
    }

    /** {@return where the client has to connect to} */
    public int port() {
        Relay between = relay;
        return between == null ? listener.socket().getLocalPort() : between.port();
    }

    /** {@return a relay that the next connection goes through, and that does this to it} Ended with the stage. */
    public Relay through(Relay.Fault fault, Relay.Direction direction, long place) {
        Relay made = stage.with(new Relay(listener.socket().getLocalPort(), fault, direction, place));
        relay = made;
        return made;
    }

    /** Drives both ends until something is so; see {@link Stage#until}. */
    public void until(String what, BooleanSupplier done) {
        stage.until(what, done);
    }

    /** Connects, encrypts from the start, and goes on until both ends are encrypted, or over. */
    public HandshakeOutcome handshake() {
        begin();
        return settle();
    }

    /** Has the client connect and encrypt, and the server accept and encrypt, without waiting for the outcome. */
    public void begin() {
        client.run(() -> client.socket().connectToHostEncrypted(HOST, port()));
        serve();
    }

    /** Gives the server the connection that the client is making, and has it encrypt at once. */
    public void serve() {
        accept(() -> server.socket().startServerEncryption());
    }

    /** Connects without encryption. */
    public void connectPlain() {
        client.run(() -> client.socket().connectToHost(HOST, port()));
        accept();
        until("a plain connection", () -> client.saw("connected"));
    }

    /** Has both ends of a plain connection encrypt, and goes on until both are encrypted, or over. */
    public HandshakeOutcome encrypt() {
        server.run(() -> server.socket().startServerEncryption());
        client.run(() -> client.socket().startClientEncryption());
        return settle();
    }

    /** Goes on until both ends are encrypted, or over. */
    public HandshakeOutcome settle() {
        until(
                "both ends encrypted, or over",
                () -> (client.isEncrypted() && server.isEncrypted()) || (client.isOver() && server.isOver()));
        return new HandshakeOutcome(client, server);
    }

    /** Goes on until the connection is over at both ends. */
    public HandshakeOutcome over() {
        until("both ends over", () -> client.isOver() && server.isOver());
        return new HandshakeOutcome(client, server);
    }

    /** Gives the server the connection that the client is making. */
    public void accept() {
        accept(() -> {});
    }

    private void accept(Runnable next) {
        AtomicReference<@Nullable SocketChannel> accepted = new AtomicReference<>();
        until("a connection", () -> {
            accepted.set(poll());
            return accepted.get() != null || (client.saw("errorOccurred") && !client.saw("connected"));
        });
        if (accepted.get() == null) {
            throw new AssertionError("no connection came: " + client);
        }
        SocketChannel channel = Objects.requireNonNull(accepted.get());
        server.run(() -> {
            server.socket().setSocketChannel(channel, OpenMode.READ_WRITE);
            next.run();
        });
    }

    private @Nullable SocketChannel poll() {
        try {
            return listener.accept();
        } catch (IOException e) {
            throw new UncheckedIOException("accepting failed", e);
        }
    }

    /** Stops listening, before the stage does: for tests that count what is open. */
    public void release() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection at once. */
    @Override
    public void close() {
        client.socket().abort();
        server.socket().abort();
    }
}
