package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.RawPeer;
import dev.qssl.tck.peer.Relay;
import dev.qssl.tck.peer.Relay.Direction;
import dev.qssl.tck.peer.Relay.Fault;
import dev.qssl.tck.peer.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A peer that speaks no TLS, or breaks it, or goes away: one error with a text that says what happened, no exception past
 * the socket, and the other sockets of the same thread go on.
 */
public abstract class BadInputContract extends BackendContract {

    private static final int RECORD_HEADER_BYTES = 5;
    private static final int PARTS = 50;

    /** Creates one. */
    protected BadInputContract() {}

    private static Map<String, RawPeer.Script> nonsense() {
        byte[] random = new byte[4096];
        new Random(7).nextBytes(random);
        random[0] = 'x';
        Map<String, RawPeer.Script> scripts = new LinkedHashMap<>();
        scripts.put(
                "another protocol", peer -> peer.getOutputStream().write("220 mail.test ESMTP\r\n".getBytes(US_ASCII)));
        scripts.put(
                "HTTP", peer -> peer.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(US_ASCII)));
        scripts.put("random bytes", peer -> peer.getOutputStream().write(random));
        scripts.put("zeros", peer -> peer.getOutputStream().write(new byte[64]));
        scripts.put("SSL 2", peer -> peer.getOutputStream().write(new byte[] {(byte) 0x80, 0x03, 4, 0, 1}));
        return scripts;
    }

    private static Map<String, RawPeer.Script> broken() {
        Map<String, RawPeer.Script> scripts = new LinkedHashMap<>();
        scripts.put("an oversized record", peer -> {
            peer.getOutputStream().write(Wire.record(Wire.HANDSHAKE, new byte[0x4900]));
        });
        scripts.put("an unknown content type", peer -> peer.getOutputStream().write(Wire.record(99, new byte[10])));
        scripts.put("data before the handshake", peer -> {
            peer.getOutputStream().write(Wire.record(Wire.APPLICATION_DATA, new byte[100]));
        });
        scripts.put("an unknown handshake message", peer -> {
            peer.getOutputStream().write(Wire.record(Wire.HANDSHAKE, new byte[] {77, 0, 0, 1, 0}));
        });
        scripts.put("a malformed handshake message", peer -> {
            peer.getOutputStream().write(Wire.record(Wire.HANDSHAKE, new byte[] {2, 0, 0, 4, 3, 3, 0, 0}));
        });
        scripts.put("a malformed alert", peer -> peer.getOutputStream().write(Wire.record(Wire.ALERT, new byte[] {2})));
        scripts.put("a truncated record", peer -> {
            peer.getOutputStream().write(Wire.header(Wire.HANDSHAKE, 500));
            peer.getOutputStream().write(new byte[100]);
        });
        scripts.put("half a header", peer -> peer.getOutputStream().write(new byte[] {0x16, 3}));
        scripts.put("nothing", peer -> {});
        return scripts;
    }

    private static Map<String, RawPeer.Script> all() {
        Map<String, RawPeer.Script> scripts = nonsense();
        scripts.putAll(broken());
        return scripts;
    }

    @Test
    @Rule(id = "BAD-001", source = "bad input: garbage instead of a server", level = MUST)
    void clientOfAServerThatBreaksTls_failsOnceWithAReason() {
        LoopbackPair witness = pair();
        witness.handshake();
        all().forEach((what, script) -> {
            End client = clientOf(what, script);

            assertFailed(client, what);
            assertUndisturbed(witness);
        });
    }

    @Test
    @Rule(id = "BAD-003", source = "B-123; what a peer does wrong is no failure of the library", level = MUST)
    void peerThatBreaksTls_isBlamedAndNotTheLibrary() {
        Map<String, SocketError> wrong = new LinkedHashMap<>();
        all().forEach((what, script) -> {
            for (End end : List.of(clientOf(what, script), serverOf(what, script))) {
                SocketError error = end.socket().error();
                if (error != SocketError.SSL_HANDSHAKE_FAILED_ERROR && error != SocketError.REMOTE_HOST_CLOSED_ERROR) {
                    wrong.put(what + " to " + end, error);
                }
            }
        });

        assertThat(wrong).isEmpty();
    }

    // A client whose server does this, at its end.
    private End clientOf(String what, RawPeer.Script script) {
        RawPeer peer = stage().with(RawPeer.serve(connection -> {
            Wire.read(connection.getInputStream());
            script.run(connection);
        }));
        End client = stage().open(client());
        client.run(() -> client.socket().connectToHostEncrypted(HOST, peer.port()));
        stage().until("the end after " + what, () -> client.saw("disconnected"));
        return client;
    }

    // A server whose client does this, at its end.
    private End serverOf(String what, RawPeer.Script script) {
        try (ServerSocketChannel listener = listener()) {
            stage().with(RawPeer.connect(listener.socket().getLocalPort(), script));
            SocketChannel accepted = listener.accept();
            End server = stage().open(server());
            server.run(() -> {
                server.socket().setSocketChannel(accepted, OpenMode.READ_WRITE);
                server.socket().startServerEncryption();
            });
            stage().until("the end after " + what, () -> server.saw("disconnected"));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("no connection", e);
        }
    }

    @Test
    @Rule(id = "BAD-002", source = "bad input: garbage instead of a client", level = MUST)
    void serverOfAClientThatBreaksTls_failsOnceWithAReason() {
        LoopbackPair witness = pair();
        witness.handshake();
        all().forEach((what, script) -> {
            End server = serverOf(what, script);

            assertFailed(server, what);
            assertUndisturbed(witness);
        });
    }

    @EachCase
    @Rule(id = "BAD-010", source = "bad input: the peer closes at any point of the handshake", level = MUST)
    void connectionThatEndsAnywhereInTheHandshake_failsOnceWithAReason(SslProtocol protocol) {
        everywhere(protocol, Fault.FINISH);
    }

    @EachCase
    @Rule(id = "BAD-011", source = "bad input: the peer goes away at any point of the handshake", level = MUST)
    void connectionThatIsResetAnywhereInTheHandshake_failsOnceWithAReason(SslProtocol protocol) {
        everywhere(protocol, Fault.RESET);
    }

    private void everywhere(SslProtocol protocol, Fault fault) {
        for (Direction direction : Direction.values()) {
            for (long place : places(protocol, direction)) {
                try (LoopbackPair pair = pair(whole(client()).protocol(protocol), whole(server()))) {
                    pair.through(fault, direction, place);
                    pair.begin();
                    pair.until(
                            fault + " after " + place + " bytes " + direction,
                            () -> pair.client().isOver() && pair.server().isOver());

                    for (End end : List.of(pair.client(), pair.server())) {
                        assertThat(end).sawExactly("errorOccurred", 1).sawExactly("disconnected", 1);
                        assertThat(end.socket().errorString()).isNotBlank().isNotEqualTo("Unknown error");
                    }
                }
            }
        }
    }

    // In every connection the same handshake: none is resumed, whatever port it is on.
    private Setup whole(Setup setup) {
        return setup.configure(own -> own.setSslOption(SslOption.DISABLE_SESSION_SHARING, true));
    }

    // Every one around the first header, then some in every message, up to where the handshake is surely not over.
    private List<Long> places(SslProtocol protocol, Direction direction) {
        try (LoopbackPair pair = pair(whole(client()).protocol(protocol), whole(server()))) {
            Relay relay = pair.through(Fault.NONE, direction, 0);
            pair.handshake();
            long size = relay.passed(direction);
            List<Long> places = new ArrayList<>();
            for (long place = 0; place <= RECORD_HEADER_BYTES + 1; place++) {
                places.add(place);
            }
            for (int part = 1; part < PARTS / 2; part++) {
                places.add(size * part / PARTS);
            }
            return places;
        }
    }

    @EachCase
    @Rule(id = "BAD-012", source = "bad input: a changed byte anywhere in the handshake", level = MUST)
    void byteThatIsChangedInTheHandshake_isNeverAccepted(SslProtocol protocol) {
        for (Direction direction : Direction.values()) {
            for (long place : places(protocol, direction)) {
                try (LoopbackPair pair = pair(whole(client()).protocol(protocol), whole(server()))) {
                    pair.client().socket().setCloseTimeout(Duration.ofMillis(100));
                    pair.server().socket().setCloseTimeout(Duration.ofMillis(100));
                    pair.through(Fault.CORRUPT, direction, place);
                    pair.begin();
                    boolean over = stage().within(
                                    Duration.ofMillis(500),
                                    () -> pair.client().isOver()
                                            && pair.server().isOver());

                    assertThat(pair.client().isEncrypted() && pair.server().isEncrypted())
                            .as("byte %s %s changed\n%s\n%s", place, direction, pair.client(), pair.server())
                            .isFalse();
                    assertThat(over || pair.client().count("errorOccurred") <= 1)
                            .isTrue();
                }
            }
        }
    }

    @EachCase
    @Rule(id = "BAD-013", source = "bad input: a changed byte in application data; RFC 8446, section 5.2", level = MUST)
    void byteThatIsChangedInApplicationData_endsTheConnectionAndIsNotDelivered(SslProtocol protocol) {
        long handshake;
        try (LoopbackPair pair = pair(whole(client()).protocol(protocol), whole(server()))) {
            Relay relay = pair.through(Fault.NONE, Direction.TO_SERVER, 0);
            pair.handshake();
            handshake = relay.passed(Direction.TO_SERVER);
        }
        try (LoopbackPair pair = pair(whole(client()).protocol(protocol), whole(server()))) {
            // Signatures vary in length by a few bytes; the record is much longer.
            pair.through(Fault.CORRUPT, Direction.TO_SERVER, handshake + 200);
            pair.handshake();
            pair.client().run(() -> pair.client().socket().write(new byte[1000]));
            pair.over();

            assertThat(pair.server()).sawExactly("errorOccurred", 1).neverSaw("readyRead");
            assertThat(pair.client()).sawExactly("errorOccurred", 1);
        }
    }

    @EachCase
    @Rule(id = "BAD-014", source = "B-159; RFC 8446, section 6.1", level = MUST)
    void connectionThatEndsWithoutCloseNotify_isTruncatedAndSaysSo(SslProtocol protocol) {
        for (Fault fault : List.of(Fault.FINISH, Fault.RESET)) {
            try (LoopbackPair pair = pair(whole(client()).protocol(protocol), whole(server()))) {
                Relay relay = pair.through(Fault.NONE, Direction.TO_CLIENT, 0);
                pair.handshake();
                pair.server().run(() -> pair.server().socket().write("half a mess".getBytes(US_ASCII)));
                pair.until("the bytes", () -> pair.client().socket().bytesAvailable() == 11);
                relay.strike(fault);
                pair.over();

                assertThat(pair.client())
                        .failedWith(SocketError.REMOTE_HOST_CLOSED_ERROR)
                        .sawExactly("disconnected", 1);
                if (fault == Fault.FINISH) {
                    assertThat(pair.client()).wasTruncated();
                }
                assertThat(pair.client().call(() -> pair.client().socket().readAll()))
                        .hasSize(11);
            }
        }
    }

    @Test
    @Rule(id = "BAD-020", source = "B-170; bad input: a peer that stalls", level = MUST)
    void peerThatStallsInTheHandshake_isGivenUpByTheWaitersPatience() {
        RawPeer peer = stage().with(
                        RawPeer.serve(connection -> connection.getInputStream().readAllBytes()));
        End client = stage().open(client());
        client.run(() -> client.socket().connectToHostEncrypted(HOST, peer.port()));
        long start = System.nanoTime();

        boolean encrypted = client.socket().waitForEncrypted(200);

        long millis = (System.nanoTime() - start) / 1_000_000;
        assertThat(encrypted).isFalse();
        assertThat(millis).isGreaterThanOrEqualTo(190L);
        assertThat(client.socket().error()).isEqualTo(SocketError.SOCKET_TIMEOUT_ERROR);
        assertThat(client.socket().errorString()).contains("timed out");
        assertThat(client.socket().state()).isEqualTo(SocketState.CONNECTED_STATE);
        client.run(client.socket()::abort);
        stage().until("the end", client::isOver);
    }

    private static void assertFailed(End end, String what) {
        assertThat(end)
                .as(what)
                .sawExactly("errorOccurred", 1)
                .neverSaw("encrypted")
                .sawExactly("disconnected", 1);
        assertThat(end.socket().errorString()).as(what).isNotBlank().isNotEqualTo("Unknown error");
    }

    private static void assertUndisturbed(LoopbackPair witness) {
        long before = witness.server().socket().bytesAvailable();
        witness.client().run(() -> witness.client().socket().write(new byte[] {1}));
        witness.until(
                "a byte on another connection", () -> witness.server().socket().bytesAvailable() == before + 1);
        assertThat(witness.client()).isEncrypted();
        assertThat(witness.server()).isEncrypted();
    }

    private static ServerSocketChannel listener() throws IOException {
        ServerSocketChannel listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return listener;
    }
}
