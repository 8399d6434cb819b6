package dev.qssl.tck.link;

import dev.qssl.net.OpenMode;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;

/** One end of the backend under test and a peer that is not, over loopback. One thread: the test's. */
public final class ForeignPair {

    private static final int ACCEPT_MILLIS = 100;

    private final Stage stage;
    private final End end;
    private final PeerSession peer;

    private ForeignPair(Stage stage, End end, PeerSession peer) {
        this.stage = stage;
        this.end = end;
        this.peer = peer;
    }

    /** {@return a client that is connecting to a foreign server} Both are ended with the stage. */
    public static ForeignPair client(Stage stage, Setup client, PeerSession server) {
        stage.with(server); // first of all: from now on somebody ends it
        ForeignPair pair = new ForeignPair(stage, stage.open(client), server);
        pair.end.run(() -> pair.end.socket().connectToHostEncrypted(LoopbackPair.HOST, server.port()));
        return pair;
    }

    /**
     * {@return a server that a foreign client is connecting to} Both are ended with the stage. It answers every line with
     * the same line reversed.
     *
     * @param line what the client sends
     */
    public static ForeignPair server(Stage stage, Setup server, ForeignPeer peer, PeerSetup client, String line) {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            client.protocol().ifPresent(server::meet);
            End end = stage.open(server); // first, so that what is accepted has somebody who closes it
            PeerSession session =
                    stage.with(peer.connect(client, listener.socket().getLocalPort(), line));
            SocketChannel accepted = accept(listener.socket(), session);
            ForeignPair pair = new ForeignPair(stage, end, session);
            pair.end.socket().readyRead.connect(pair::answer);
            pair.end.run(() -> {
                pair.end.socket().setSocketChannel(accepted, OpenMode.READ_WRITE);
                pair.end.socket().startServerEncryption();
            });
            return pair;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection\n" + stage, e);
        }
    }

    // In short slices: a client that is over will not come.
    private static SocketChannel accept(ServerSocket listener, PeerSession client) throws IOException {
        long start = System.nanoTime();
        listener.setSoTimeout(ACCEPT_MILLIS);
        while (true) {
            boolean over = client.isOver(); // asked first: it may have connected just before its end
            try {
                return listener.accept().getChannel();
            } catch (SocketTimeoutException e) {
                if (over || System.nanoTime() - start > PeerSession.LIMIT.toNanos()) {
                    throw new AssertionError(
                            "the client " + (over ? "has ended without a connection: " : "does not connect: ") + client,
                            e);
                }
            }
        }
    }

    private void answer() {
        while (end.socket().canReadLine()) {
            String line = new String(end.socket().readLine(), StandardCharsets.ISO_8859_1).strip();
            write(reversed(line));
        }
    }

    private static String reversed(String line) {
        return new StringBuilder(line).reverse().toString();
    }

    private void write(String line) {
        end.socket().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }

    /** {@return the end under test} */
    public End end() {
        return end;
    }

    /** {@return the other end} */
    public PeerSession peer() {
        return peer;
    }

    /** Drives the end until something is so; see {@link Stage#until}. */
    public void until(String what, BooleanSupplier done) {
        stage.until(what, done);
    }

    /** Goes on until both sides finished the handshake, or the end under test is over. */
    public ForeignPair settle() {
        until(
                "a handshake at both sides, or the end",
                () -> end.isOver() || (end.isEncrypted() && peer.handshakes() > 0));
        return this;
    }

    /** Has the client, whichever it is, ask, and sees to it that the answer is right. */
    public ForeignPair converse(String line) {
        if (peer.port() == 0) {
            String reversed = reversed(line);
            until("the answer \"" + reversed + "\" at the peer", () -> peer.received(reversed));
        } else {
            end.run(() -> write(line));
            until("an answer", () -> end.socket().canReadLine() || end.isOver());
            String answer = end.call(() -> new String(end.socket().readLine(), StandardCharsets.ISO_8859_1));
            if (!answer.strip().equals(peer.answerTo(line))) {
                throw new AssertionError("the answer to \"" + line + "\" was \"" + answer.strip() + "\"\n" + stage);
            }
        }
        return this;
    }
}
