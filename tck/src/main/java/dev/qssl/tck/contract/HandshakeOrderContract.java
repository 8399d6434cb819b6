package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.SslMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration;
import dev.qssl.net.EventLoop;
import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.tck.Driving;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Transcript;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** From the call to {@code encrypted}: which signals, which states, in which order. */
public abstract class HandshakeOrderContract extends BackendContract {

    /** Creates one. */
    protected HandshakeOrderContract() {}

    @EachCase
    @Rule(id = "ORDER-001", source = "B-019", level = MUST)
    void clientThatConnects_goesThroughEveryStateInOrder(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .isEncrypted()
                    .sawExactlyInOrder(
                            "stateChanged(HOST_LOOKUP_STATE)",
                            "stateChanged(CONNECTING_STATE)",
                            "stateChanged(CONNECTED_STATE)");
        }
    }

    @Test
    @Rule(id = "ORDER-002", source = "B-019", level = MUST)
    void connecting_isLookingUpTheHostWhenTheCallReturns() {
        try (LoopbackPair pair = pair()) {
            SocketState state = pair.client().call(() -> {
                pair.client().socket().connectToHostEncrypted(HOST, pair.port());
                return pair.client().socket().state();
            });

            assertThat(state).isEqualTo(SocketState.HOST_LOOKUP_STATE);
        }
    }

    @Test
    @Rule(id = "ORDER-003", source = "B-020, B-021, C3", level = MUST)
    void clientThatConnects_tellsEveryStepInOrder() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .sawExactlyInOrder(
                            "stateChanged(HOST_LOOKUP_STATE)",
                            "stateChanged(CONNECTING_STATE)",
                            "hostFound",
                            "stateChanged(CONNECTED_STATE)",
                            "modeChanged(SSL_CLIENT_MODE)",
                            "connected",
                            "encrypted");
        }
    }

    @Test
    @Rule(id = "ORDER-004", source = "B-022", level = MUST)
    void insideConnected_theModeIsClientAndNothingIsEncrypted() {
        try (LoopbackPair pair = pair()) {
            List<Object> seen = Collections.synchronizedList(new ArrayList<>());
            End client = pair.client();
            client.socket()
                    .connected
                    .connect(() -> Collections.addAll(
                            seen,
                            client.socket().state(),
                            client.socket().mode(),
                            client.socket().isEncrypted()));

            pair.handshake();

            assertThat(seen).containsExactly(SocketState.CONNECTED_STATE, SslMode.SSL_CLIENT_MODE, false);
        }
    }

    @EachCase
    @Rule(id = "ORDER-005", source = "B-023", level = MUST)
    void handshakeThatSucceeds_tellsEncryptedOnceWhenItIs(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            List<Boolean> seen = Collections.synchronizedList(new ArrayList<>());
            for (End end : List.of(pair.client(), pair.server())) {
                end.socket().encrypted.connect(() -> seen.add(end.socket().isEncrypted()));
            }

            HandshakeOutcome outcome = pair.handshake();
            pair.until("the slots", () -> seen.size() == 2);

            assertThat(outcome.client()).isEncrypted();
            assertThat(outcome.server()).isEncrypted();
            assertThat(seen).containsExactly(true, true);
        }
    }

    @EachCase
    @Rule(id = "ORDER-006", source = "B-024, B-150, B-152", level = MUST)
    void connectionFromBeginningToEnd_tellsEveryStepInOrder(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            HandshakeOutcome outcome = pair.handshake();
            outcome.client().run(outcome.client().socket()::disconnectFromHost);
            pair.over();

            assertThat(outcome.client())
                    .sawExactlyInOrder(
                            "stateChanged(HOST_LOOKUP_STATE)",
                            "stateChanged(CONNECTING_STATE)",
                            "hostFound",
                            "stateChanged(CONNECTED_STATE)",
                            "modeChanged(SSL_CLIENT_MODE)",
                            "connected",
                            "encrypted",
                            "stateChanged(CLOSING_STATE)",
                            "stateChanged(UNCONNECTED_STATE)",
                            "readChannelFinished",
                            "disconnected")
                    .neverSaw("errorOccurred");
        }
    }

    @Test
    @Rule(id = "ORDER-007", source = "B-025, B-049, B-055", level = MUST)
    void serverOnAnAcceptedConnection_tellsItsModeAndThenEncrypted() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.server())
                    .isEncrypted()
                    .sawExactlyInOrder("stateChanged(CONNECTED_STATE)", "modeChanged(SSL_SERVER_MODE)", "encrypted")
                    .neverSaw("connected", "hostFound");
        }
    }

    @Test
    @Rule(id = "ORDER-008", source = "B-027", level = MUST)
    void beforeTheConnectionIsMade_thereIsNoModeAndNoPeer() {
        try (LoopbackPair pair = pair()) {
            List<Object> seen = pair.client().call(() -> {
                pair.client().socket().connectToHostEncrypted(HOST, pair.port());
                return List.of(
                        pair.client().socket().mode(),
                        pair.client().socket().peerCertificateChain().size());
            });

            assertThat(seen).containsExactly(SslMode.UNENCRYPTED_MODE, 0);
        }
    }

    @Test
    @Rule(id = "ORDER-009", source = "B-028", level = MUST)
    void connectingEncryptedOnAConnectedSocket_doesNothing() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();
            outcome.client().run(() -> outcome.client().socket().connectToHostEncrypted(HOST, pair.port()));

            exchange(pair);
            assertThat(outcome.client()).isEncrypted().sawExactly("connected", 1);
        }
    }

    @Test
    @Rule(id = "ORDER-010", source = "B-029", level = MUST)
    void connectingPlainOnAConnectedSocket_isAnOperationErrorAndNothingElse() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();
            outcome.client().run(() -> outcome.client().socket().connectToHost(HOST, pair.port()));

            exchange(pair);
            assertThat(outcome.client().transcript().arguments("errorOccurred", SocketError.class))
                    .containsExactly(SocketError.OPERATION_ERROR);
            assertThat(outcome.client()).sawExactly("connected", 1).neverSaw("disconnected");
        }
    }

    @Test
    @Rule(id = "ORDER-011", source = "B-031, B-171", level = MUST)
    void protocolThatCannotBeUsedForConnections_isAnErrorAtOnce() {
        for (SslProtocol protocol : List.of(
                SslProtocol.UNKNOWN_PROTOCOL,
                SslProtocol.DTLS_V1_0,
                SslProtocol.DTLS_V1_2,
                SslProtocol.DTLS_V1_0_OR_LATER,
                SslProtocol.DTLS_V1_2_OR_LATER)) {
            End client = stage().open(client().protocol(protocol));
            client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));

            assertThat(client)
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .neverSaw("stateChanged");
            assertThat(client.socket().waitForEncrypted(1000)).isFalse();
        }
    }

    @Test
    @Rule(id = "ORDER-012", source = "B-051", level = MUST)
    void protocolThatCannotBeUsed_leavesAConnectedSocketUnencrypted() {
        try (LoopbackPair pair =
                pair(client().protocol(SslProtocol.UNKNOWN_PROTOCOL), server().protocol(SslProtocol.DTLS_V1_2))) {
            pair.connectPlain();
            pair.client().run(pair.client().socket()::startClientEncryption);
            pair.server().run(pair.server().socket()::startServerEncryption);

            for (End end : List.of(pair.client(), pair.server())) {
                assertThat(end)
                        .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                        .neverSaw("modeChanged");
                assertThat(end.socket().mode()).isEqualTo(SslMode.UNENCRYPTED_MODE);
            }
        }
    }

    @Test
    @Rule(id = "ORDER-013", source = "B-032", level = MUST)
    void unknownHost_endsBeforeItsErrorIsTold() {
        End client = stage().open(client());
        List<SocketError> early = Collections.synchronizedList(new ArrayList<>());
        client.socket().stateChanged.connect(state -> {
            if (state == SocketState.UNCONNECTED_STATE) {
                early.add(client.socket().error());
            }
        });

        // A label of more than 63 characters exists in no name system (RFC 1035, section 2.3.4): nobody has to be
        // asked.
        client.run(() -> client.socket().connectToHostEncrypted("x".repeat(64) + ".test", 9));
        stage().until("an error", () -> client.saw("errorOccurred"));

        assertThat(client)
                .failedWith(SocketError.HOST_NOT_FOUND_ERROR)
                .sawInOrder("stateChanged(UNCONNECTED_STATE)", "errorOccurred")
                .neverSaw("hostFound", "connected", "disconnected");
        assertThat(early).containsExactly(SocketError.HOST_NOT_FOUND_ERROR);
    }

    @Test
    @Rule(id = "ORDER-014", source = "B-033", level = MUST)
    void refusedConnection_endsBeforeItsErrorIsTold() throws IOException {
        try (SocketChannel deaf = SocketChannel.open()) {
            deaf.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)); // taken, and nobody listens
            End client = stage().open(client());
            int port = deaf.socket().getLocalPort();

            client.run(() -> client.socket().connectToHostEncrypted("127.0.0.1", port));
            stage().until("an error", () -> client.saw("errorOccurred"));

            assertThat(client)
                    .failedWith(SocketError.CONNECTION_REFUSED_ERROR)
                    .sawInOrder("hostFound", "stateChanged(UNCONNECTED_STATE)", "errorOccurred")
                    .neverSaw("connected", "disconnected");
        }
    }

    @Test
    @Rule(id = "ORDER-015", source = "B-034", level = MUST)
    void protocolOfTheNetworkLayer_restrictsTheAddresses() {
        End client = stage().open(client());

        client.run(() -> client.socket()
                .connectToHostEncrypted("127.0.0.1", 9, OpenMode.READ_WRITE, NetworkLayerProtocol.IPV6_PROTOCOL));
        stage().until("an error", () -> client.saw("errorOccurred"));

        assertThat(client).failedWith(SocketError.HOST_NOT_FOUND_ERROR);
    }

    @Test
    @Rule(id = "ORDER-016", source = "B-038, B-040, B-130", level = MUST)
    void plainConnectionAfterAnEncryptedOne_isAnOrdinaryOne() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            pair.client().transcript().clear();

            pair.connectPlain();
            exchange(pair);

            assertThat(pair.client().socket().mode()).isEqualTo(SslMode.UNENCRYPTED_MODE);
            assertThat(pair.client().socket().peerCertificate().isNull()).isTrue();
            assertThat(outcome.client()).neverSaw("encrypted", "modeChanged", "encryptedBytesWritten");
        }
    }

    @EachCase
    @Rule(id = "ORDER-017", source = "B-041", level = MUST)
    void socketThatWasEncryptedBefore_canBeAgain(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            pair.client().transcript().clear();
            pair.server().transcript().clear();

            HandshakeOutcome again = pair.handshake();

            exchange(pair);
            assertThat(again.client()).isEncrypted();
            assertThat(again.server()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "ORDER-018", source = "B-046, C2", level = MUST)
    void encryptingAnUnconnectedSocket_doesNothing() {
        End client = stage().open(client());
        End server = stage().open(server());
        client.run(client.socket()::startClientEncryption);
        server.run(server.socket()::startServerEncryption);

        for (End end : List.of(client, server)) {
            assertThat(end.socket().mode()).isEqualTo(SslMode.UNENCRYPTED_MODE);
            assertThat(end).neverSaw("modeChanged", "errorOccurred", "stateChanged");
        }
    }

    @Test
    @Rule(id = "ORDER-019", source = "B-047, B-050", level = MUST)
    void encryptingTwice_doesNothingMore() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();
            outcome.client().run(outcome.client().socket()::startClientEncryption);
            outcome.client().run(outcome.client().socket()::startServerEncryption);
            outcome.server().run(outcome.server().socket()::startServerEncryption);

            exchange(pair);
            assertThat(outcome.client()).isEncrypted().sawExactly("modeChanged", 1);
            assertThat(outcome.server()).isEncrypted().sawExactly("modeChanged", 1);
        }
    }

    @Test
    @Rule(id = "ORDER-020", source = "B-048", level = MUST)
    void encryptingAConnectedSocket_changesTheModeBeforeTheCallReturns() {
        try (LoopbackPair pair = pair()) {
            pair.connectPlain();
            List<Object> seen = pair.client().call(() -> {
                pair.client().socket().startClientEncryption();
                return List.of(
                        pair.client().socket().mode(), pair.client().socket().isEncrypted());
            });

            assertThat(seen).containsExactly(SslMode.SSL_CLIENT_MODE, false);
            assertThat(pair.client()).sawExactly("modeChanged(SSL_CLIENT_MODE)", 1);
        }
    }

    @EachCase
    @Rule(id = "ORDER-021", source = "B-052", level = MUST)
    void plainBytesBeforeTheSwitch_arriveAndTheHandshakeSucceeds(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.connectPlain();
            exchange(pair);

            HandshakeOutcome outcome = pair.encrypt();

            exchange(pair);
            assertThat(outcome.client()).isEncrypted();
            assertThat(outcome.server()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "ORDER-022", source = "B-053", level = MUST)
    void peekedBeginningOfTheHandshake_isNotLost() {
        try (LoopbackPair pair = pair()) {
            pair.connectPlain();
            pair.client().run(pair.client().socket()::startClientEncryption);
            pair.until("a ClientHello", () -> pair.server().socket().bytesAvailable() > 0);
            byte[] first = pair.server().call(() -> pair.server().socket().peek(1));
            pair.server().run(pair.server().socket()::startServerEncryption);

            HandshakeOutcome outcome = pair.settle();

            assertThat(first).containsExactly(0x16); // a handshake record
            assertThat(outcome.client()).isEncrypted();
            assertThat(outcome.server()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "ORDER-023", source = "B-052; RFC 3207, section 4.2", level = MUST)
    void plainBytesThatCameBeforeTheHandshake_neverBecomeDecryptedBytes() {
        try (LoopbackPair pair = pair()) {
            pair.connectPlain();
            pair.client()
                    .run(() -> pair.client()
                            .socket()
                            .write("injected".getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
            pair.until("the plain bytes", () -> pair.server().socket().bytesAvailable() == 8);

            HandshakeOutcome outcome = pair.encrypt();

            assertThat(outcome.server()).failedInHandshake();
            assertThat(pair.server().socket().bytesAvailable()).isZero();
        }
    }

    @EachCase
    @Rule(id = "ORDER-024", source = "B-054, B-035, B-146", level = MUST)
    void bytesWrittenRightAfterTheSwitch_areDelivered(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.connectPlain();
            pair.server().run(() -> {
                pair.server().socket().startServerEncryption();
                pair.server().socket().write(new byte[] {1, 2, 3});
            });
            pair.client().run(() -> {
                pair.client().socket().startClientEncryption();
                pair.client().socket().write(new byte[] {4, 5});
            });

            pair.until(
                    "the bytes",
                    () -> pair.client().socket().bytesAvailable() == 3
                            && pair.server().socket().bytesAvailable() == 2);

            assertThat(pair.client().call(() -> pair.client().socket().readAll()))
                    .containsExactly(1, 2, 3);
            assertThat(pair.server().call(() -> pair.server().socket().readAll()))
                    .containsExactly(4, 5);
        }
    }

    @Test
    @Rule(id = "ORDER-025", source = "B-055", level = MUST)
    void acceptedConnection_hasAddressesAtOnce() {
        try (LoopbackPair pair = pair()) {
            pair.connectPlain();

            assertThat(pair.server().socket().localPort()).isEqualTo(pair.port());
            assertThat(pair.server().socket().peerPort())
                    .isEqualTo(pair.client().socket().localPort());
            assertThat(pair.server().socket().peerAddress())
                    .isEqualTo(pair.client().socket().localAddress());
            assertThat(pair.server().socket().socketDescriptor()).isNotEqualTo(-1);
        }
    }

    @Test
    @Rule(id = "ORDER-026", source = "B-194, B-003, B-185", level = MUST)
    void everythingNegotiated_isThereOnlyWhileEncrypted() {
        try (LoopbackPair pair = pair()) {
            assertThat(pair.client().socket().sessionCipher().isNull()).isTrue();
            assertThat(pair.client().socket().sessionProtocol()).isEqualTo(SslProtocol.UNKNOWN_PROTOCOL);

            HandshakeOutcome outcome = pair.handshake();

            QSslConfiguration agreed = outcome.client().socket().sslConfiguration();
            assertThat(agreed.sessionCipher())
                    .isEqualTo(outcome.server().socket().sessionCipher())
                    .isEqualTo(outcome.client().socket().sessionCipher());
            assertThat(agreed.sessionCipher().isNull()).isFalse();
            assertThat(agreed.sessionProtocol())
                    .isEqualTo(outcome.server().socket().sessionProtocol());
            assertThat(agreed.peerCertificateChain()).hasSize(1);
        }
    }

    @Test
    @Rule(id = "ORDER-027", source = "design of the sockets, R3", level = MUST)
    void loopDrivenSocket_emitsEverySignalOnItsLoop() {
        assumeTrue(driving() == Driving.LOOP, "a loop drives the sockets");
        EventLoop loop = stage().loop().orElseThrow();
        Thread loopThread = stage().open(client()).call(Thread::currentThread);
        try (LoopbackPair pair = pair()) {
            // From the test's thread, as an application would that knows nothing of loops.
            pair.client().socket().connectToHostEncrypted(HOST, pair.port());
            pair.accept();
            pair.server().socket().startServerEncryption();
            pair.settle();
            pair.client().socket().write(new byte[] {1});
            pair.until("a byte", () -> pair.server().socket().bytesAvailable() == 1);
            pair.client().socket().disconnectFromHost();
            pair.over();

            for (End end : List.of(pair.client(), pair.server())) {
                assertThat(end.transcript().emissions().stream()
                                .filter(each -> each.thread() != loopThread)
                                .map(Transcript.Emission::toString))
                        .as("signals of %s outside %s", end, loop)
                        .isEmpty();
            }
        }
    }

    // Both directions still work.
    private static void exchange(LoopbackPair pair) {
        pair.client().run(() -> pair.client().socket().write(new byte[] {1, 2}));
        pair.server().run(() -> pair.server().socket().write(new byte[] {3}));
        pair.until(
                "bytes both ways",
                () -> pair.client().socket().bytesAvailable() == 1
                        && pair.server().socket().bytesAvailable() == 2);
        assertThat(pair.client().call(() -> pair.client().socket().readAll())).containsExactly(3);
        assertThat(pair.server().call(() -> pair.server().socket().readAll())).containsExactly(1, 2);
    }
}
