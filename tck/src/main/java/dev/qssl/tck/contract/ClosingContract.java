package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.SslMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslSocket;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.tck.Driving;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Received;
import dev.qssl.tck.link.Setup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The end of a connection: by either side, at any time, with or without bytes on their way. */
public abstract class ClosingContract extends BackendContract {

    /** Creates one. */
    protected ClosingContract() {}

    @EachCase
    @Rule(id = "CLOSE-001", source = "B-148, B-149", level = MUST)
    void disconnectingWhileConnecting_isRememberedUntilQueuedBytesWereSent(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            QSslSocket client = pair.client().socket();
            List<SocketState> states = pair.client().call(() -> {
                client.connectToHostEncrypted(HOST, pair.port());
                client.write("last words".getBytes(US_ASCII));
                SocketState before = client.state();
                client.disconnectFromHost();
                return List.of(before, client.state());
            });
            Received received = Received.by(pair.server());
            pair.serve();
            pair.over();

            assertThat(states.get(1)).isEqualTo(states.get(0));
            assertThat(new String(received.bytes(), US_ASCII)).isEqualTo("last words");
            assertThat(pair.client())
                    .neverSaw("errorOccurred")
                    .sawInOrder(
                            "encrypted",
                            "stateChanged(CLOSING_STATE)",
                            "stateChanged(UNCONNECTED_STATE)",
                            "disconnected");
        }
    }

    @EachCase
    @Rule(id = "CLOSE-002", source = "B-150", level = MUST)
    void disconnectingWithPendingBytes_deliversAllOfThem(SslProtocol protocol) {
        byte[] data = new byte[2_000_000];
        new Random(1).nextBytes(data);
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            Received received = Received.by(pair.server());
            SocketState state = pair.client().call(() -> {
                pair.client().socket().write(data);
                pair.client().socket().disconnectFromHost();
                return pair.client().socket().state();
            });
            pair.over();

            assertThat(state).isEqualTo(SocketState.CLOSING_STATE);
            assertThat(Arrays.equals(received.bytes(), data)).isTrue();
            assertThat(pair.client().socket().bytesToWrite()).isZero();
        }
    }

    @Test
    @Rule(id = "CLOSE-003", source = "B-151", level = MUST)
    void disconnectingAnUnconnectedSocket_doesNothing() {
        End client = stage().open(client());

        client.run(client.socket()::disconnectFromHost);

        assertThat(client.transcript().emissions()).isEmpty();
    }

    @EachCase
    @Rule(id = "CLOSE-004", source = "B-152, B-160", level = MUST)
    void endOfAConnection_isToldOnceAndInOrderAtBothEnds(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            for (End end : List.of(pair.client(), pair.server())) {
                assertThat(end)
                        .sawInOrder("stateChanged(UNCONNECTED_STATE)", "readChannelFinished", "disconnected")
                        .sawExactly("readChannelFinished", 1)
                        .sawExactly("disconnected", 1);
            }
        }
    }

    @Test
    @Rule(id = "CLOSE-005", source = "both ends may close at the same time", level = MUST)
    void bothEndsDisconnecting_isNoError() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.server().run(pair.server().socket()::disconnectFromHost);
            pair.over();

            assertThat(pair.client()).sawExactly("disconnected", 1);
            assertThat(pair.server()).sawExactly("disconnected", 1);
            for (End end : List.of(pair.client(), pair.server())) {
                assertThat(end.transcript().arguments("errorOccurred", SocketError.class))
                        .isSubsetOf(SocketError.REMOTE_HOST_CLOSED_ERROR);
            }
        }
    }

    @EachCase
    @Rule(id = "CLOSE-010", source = "B-158, C12", level = MUST)
    void orderlyCloseByThePeer_isToldOnceWithItsReason(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            assertThat(pair.server()).closedByThePeer().sawInOrder("errorOccurred", "disconnected");
        }
    }

    @EachCase
    @Rule(id = "CLOSE-011", source = "B-157", level = MUST)
    void unreadBytes_stayReadableAfterThePeerClosed(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(() -> {
                pair.client().socket().write("unread".getBytes(US_ASCII));
                pair.client().socket().disconnectFromHost();
            });
            pair.over();

            assertThat(pair.server()).sawInOrder("readyRead", "disconnected");
            assertThat(pair.server().call(() -> pair.server().socket().readAll()))
                    .isEqualTo("unread".getBytes(US_ASCII));
        }
    }

    @EachCase
    @Rule(id = "CLOSE-012", source = "a reset must not destroy what was sent last", level = MUST)
    void lastBytes_arriveThoughTheirSenderHasNotReadWhatThePeerSent(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().write(new byte[20_000]));
            pair.until("unread bytes", () -> pair.server().socket().bytesAvailable() > 0);
            pair.server().run(() -> {
                pair.server().socket().write("bye".getBytes(US_ASCII));
                pair.server().socket().disconnectFromHost();
            });
            pair.over();

            assertThat(pair.client().call(() -> pair.client().socket().readAll()))
                    .isEqualTo("bye".getBytes(US_ASCII));
        }
    }

    @Test
    @Rule(id = "CLOSE-020", source = "B-154, B-156", level = MUST)
    void afterTheEnd_theModeStaysAndWhatWasNegotiatedIsGone() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            QSslSocket client = pair.client().socket();
            assertThat(client.isEncrypted()).isFalse();
            assertThat(client.mode()).isEqualTo(SslMode.SSL_CLIENT_MODE);
            assertThat(client.isOpen()).isTrue();
            assertThat(client.sessionCipher().isNull()).isTrue();
            assertThat(client.sessionProtocol()).isEqualTo(SslProtocol.UNKNOWN_PROTOCOL);
            assertThat(client.peerCertificate())
                    .isEqualTo(QSslCertificate.of(usualServer().certificate()));
        }
    }

    @Test
    @Rule(id = "CLOSE-021", source = "B-155", level = MUST)
    void addresses_areThereInTheSlotAndGoneAfterwards() {
        try (LoopbackPair pair = pair()) {
            QSslSocket client = pair.client().socket();
            List<Object> inside = Collections.synchronizedList(new ArrayList<>());
            client.disconnected.connect(() ->
                    Collections.addAll(inside, client.peerPort(), client.peerName(), client.socketDescriptor() != -1));
            pair.handshake();
            pair.client().run(client::disconnectFromHost);
            pair.until("the slot, and what follows it", () -> inside.size() == 3 && client.peerPort() == 0);

            assertThat(inside).containsExactly(pair.port(), HOST, true);
            assertThat(client.peerAddress()).isEqualTo(QHostAddress.NULL);
            assertThat(client.localAddress()).isEqualTo(QHostAddress.NULL);
            assertThat(client.peerName()).isEmpty();
            assertThat(client.socketDescriptor()).isEqualTo(-1);
        }
    }

    @Test
    @Rule(id = "CLOSE-030", source = "B-161, B-162", level = MUST)
    void closing_leavesNothingToReadOrWrite() {
        try (LoopbackPair pair = pair()) {
            QSslSocket client = pair.client().socket();
            List<Boolean> open = Collections.synchronizedList(new ArrayList<>());
            client.aboutToClose.connect(() -> open.add(client.isOpen()));
            pair.handshake();
            pair.server().run(() -> pair.server().socket().write(new byte[10]));
            pair.until("unread bytes", () -> client.bytesAvailable() == 10);
            pair.client().run(client::close);

            assertThat(client.isOpen()).isFalse();
            assertThat(client.bytesAvailable()).isZero();
            assertThat(client.bytesToWrite()).isZero();
            assertThat(open).containsExactly(true);
            pair.until("the end", () -> client.state() == SocketState.UNCONNECTED_STATE);
        }
    }

    @EachCase
    @Rule(id = "CLOSE-031", source = "C16; closing tells the peer", level = MUST)
    void closingWithQueuedBytes_deliversThemAndTellsThePeer(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            Received received = Received.by(pair.server());
            pair.client().run(() -> {
                pair.client().socket().write(new byte[50_000]);
                pair.client().socket().close();
            });
            pair.over();

            assertThat(received.size()).isEqualTo(50_000);
            assertThat(pair.server()).closedByThePeer();
        }
    }

    @Test
    @Rule(id = "CLOSE-040", source = "B-163", level = MUST)
    void aborting_dropsPendingBytesAndIsOverWhenItReturns() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            List<Object> after = pair.client().call(() -> {
                pair.client().socket().write(new byte[1000]);
                pair.client().socket().abort();
                return List.of(
                        pair.client().socket().state(), pair.client().socket().bytesToWrite());
            });
            pair.over();

            assertThat(after).containsExactly(SocketState.UNCONNECTED_STATE, 0L);
            assertThat(pair.client()).sawExactly("disconnected", 1).neverSaw("errorOccurred");
        }
    }

    @Test
    @Rule(id = "CLOSE-041", source = "B-164", level = MUST)
    void aborting_keepsTheSettingsForTheNextConnection() {
        SslProtocol protocol = subject().protocols().iterator().next();
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(pair.client().socket()::abort);
            pair.over();
            pair.client().transcript().clear();
            pair.server().transcript().clear();

            assertThat(pair.client().socket().protocol()).isEqualTo(protocol);
            assertThat(pair.handshake().client()).isEncrypted();
            assertThat(pair.client().socket().sessionProtocol()).isEqualTo(protocol);
        }
    }

    @EachCase
    @Rule(id = "CLOSE-042", source = "B-165; every stage of a handshake can be given up", level = MUST)
    void abortingInAnySlot_isSafeAndTheEnd(SslProtocol protocol) {
        for (String signal : List.of("hostFound", "connected", "modeChanged", "encrypted", "encryptedBytesWritten")) {
            endsIn(protocol, signal, QSslSocket::abort);
        }
    }

    @EachCase
    @Rule(id = "CLOSE-043", source = "B-165; every stage of a handshake can be given up", level = MUST)
    void closingInAnySlot_isSafeAndTheEnd(SslProtocol protocol) {
        for (String signal : List.of("hostFound", "connected", "modeChanged", "encrypted", "encryptedBytesWritten")) {
            endsIn(protocol, signal, QSslSocket::close);
        }
    }

    // A caller-driven close waits for a server that this very thread drives: not for long, then.
    private void endsIn(SslProtocol protocol, String signal, Consumer<QSslSocket> ending) {
        Setup setup = client().protocol(protocol).prepare(socket -> socket.setCloseTimeout(Duration.ofMillis(100)));
        try (LoopbackPair pair = pair(setup, server())) {
            QSslSocket client = pair.client().socket();
            Runnable slot = () -> ending.accept(client);
            switch (signal) {
                case "hostFound" -> client.hostFound.connect(slot);
                case "connected" -> client.connected.connect(slot);
                case "modeChanged" -> client.modeChanged.connect(slot);
                case "encrypted" -> client.encrypted.connect(slot);
                default -> client.encryptedBytesWritten.connect(slot);
            }
            pair.client().run(() -> client.connectToHostEncrypted(HOST, pair.port()));
            if (!pair.client().isOver()) {
                pair.serve();
            }
            pair.until(
                    "the end after closing in " + signal,
                    () -> pair.client().saw(signal) && pair.client().isOver());
            pair.client().run(() -> {});

            assertThat(client.isEncrypted()).isFalse();
            assertThat(pair.client()).isSilentAfterTheEnd();
        }
    }

    @Test
    @Rule(id = "CLOSE-045", source = "C16; closing ends, whatever the peer does", level = MUST)
    void closingWhileThePeerStallsInTheHandshake_endsAllTheSame() {
        Setup client = client().prepare(socket -> socket.setCloseTimeout(Duration.ofMillis(100)));
        try (LoopbackPair pair = pair(client, server())) {
            pair.client().run(() -> pair.client().socket().connectToHostEncrypted(HOST, pair.port()));
            pair.accept(); // and the server never answers
            pair.until("a connection", () -> pair.client().saw("connected"));
            pair.client().run(() -> {
                pair.client().socket().write(new byte[] {1});
                pair.client().socket().close();
            });

            pair.until("the end", () -> pair.client().isOver());
        }
    }

    @Test
    @Rule(id = "CLOSE-044", source = "an event loop outlives the sockets it drives", level = MUST)
    void closingOneSocket_leavesTheOthersOfTheLoopAlone() {
        assumeTrue(driving() == Driving.LOOP, "a loop drives the sockets");
        try (LoopbackPair pair = pair();
                LoopbackPair other = pair()) {
            pair.handshake();
            other.handshake();
            pair.client().run(pair.client().socket()::abort);
            pair.over();
            other.client().run(() -> other.client().socket().write(new byte[] {1}));

            other.until("a byte", () -> other.server().socket().bytesAvailable() == 1);
        }
    }
}
