package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.link.Stage;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import dev.qssl.tck.peer.RawPeer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The waiting functions, called by a thread that does nothing else; on a loop-driven socket, by one that is not the loop. */
public abstract class BlockingContract extends BackendContract {

    private static final int LIMIT = (int) Stage.LIMIT.toMillis();
    private static final long SOON = 25_000; // well before the 30 s that are waited if nothing is said

    /** Creates one. */
    protected BlockingContract() {}

    @EachCase
    @Rule(id = "BLOCK-001", source = "B-166, B-172, B-179", level = MUST)
    void wholeExchange_worksByWaitingOnly(SslProtocol protocol, ForeignPeer peer) {
        End end = stage().open(client().protocol(protocol));
        PeerSession server = serve(peer, protocol);
        QSslSocket client = end.socket();

        client.connectToHostEncrypted(HOST, server.port());
        assertThat(client.waitForEncrypted(LIMIT)).isTrue();
        assertThat(end.saw("encrypted")).isTrue();
        client.write("blocking\n".getBytes(US_ASCII));
        assertThat(client.waitForBytesWritten(LIMIT)).isTrue();
        while (!client.canReadLine()) {
            assertThat(client.waitForReadyRead(LIMIT)).isTrue();
        }
        assertThat(new String(client.readLine(), US_ASCII)).isEqualTo(server.answerTo("blocking") + "\n");
        client.disconnectFromHost();
        assertThat(client.state() == SocketState.UNCONNECTED_STATE || client.waitForDisconnected(LIMIT))
                .isTrue();
        assertThat(end).sawExactly("disconnected", 1).neverSaw("errorOccurred");
    }

    @EachCase
    @Rule(id = "BLOCK-002", source = "B-179; streams", level = MUST)
    void wholeExchange_worksByStreams(SslProtocol protocol, ForeignPeer peer) throws IOException {
        PeerSession server = serve(peer, protocol);
        QSslSocket client = stage().open(client().protocol(protocol)).socket();
        client.connectToHostEncrypted(HOST, server.port());
        assertThat(client.waitForEncrypted(LIMIT)).isTrue();

        OutputStream out = client.outputStream();
        BufferedReader in = new BufferedReader(new InputStreamReader(client.inputStream(Stage.LIMIT), US_ASCII));
        for (String line : new String[] {"first", "second", "x".repeat(5000)}) {
            out.write((line + "\n").getBytes(US_ASCII));
            out.flush();
            assertThat(in.readLine()).isEqualTo(server.answerTo(line));
        }
        client.close();
    }

    @Test
    @Rule(id = "BLOCK-003", source = "B-167, B-168", level = MUST)
    void waitingForTheConnection_ignoresTheHandshake() {
        try (RawPeer silent =
                RawPeer.serve(connection -> connection.getInputStream().readAllBytes())) {
            QSslSocket client = stage().open(client()).socket();
            client.connectToHostEncrypted(HOST, silent.port());

            assertThat(client.waitForConnected(LIMIT)).isTrue();
            assertThat(client.waitForConnected(LIMIT)).isTrue(); // connected already
            assertThat(client.isEncrypted()).isFalse();
            client.abort();
        }
    }

    @Test
    @Rule(id = "BLOCK-004", source = "B-169", level = MUST)
    void waitingForEncryptionThatIsNotComing_isFalseAtOnce() {
        QSslSocket unconnected = stage().open(client()).socket();
        assertThat(unconnected.waitForEncrypted(LIMIT)).isFalse();

        try (LoopbackPair pair = pair()) {
            pair.connectPlain();
            assertThat(pair.client().socket().waitForEncrypted(LIMIT)).isFalse();
        }
    }

    @EachCase
    @Rule(id = "BLOCK-005", source = "B-169, C15", level = MUST)
    void waitingForEncryptionTwice_isTrueOnce(ForeignPeer peer) {
        PeerSession server = serve(peer, usualVersion(peer));
        QSslSocket client = stage().open(client()).socket();
        client.connectToHostEncrypted(HOST, server.port());

        assertThat(client.waitForEncrypted(LIMIT)).isTrue();
        assertThat(client.waitForEncrypted(LIMIT)).isFalse();
        client.abort();
    }

    @Test
    @Rule(id = "BLOCK-006", source = "B-170", level = MUST)
    void waitingForEncryptionThatFails_isFalse() {
        PeerSession server = ForeignPeer.all()
                .get(0)
                .serve(PeerSetup.create().identity(authority().selfSigned("localhost")));
        stage().with(server);
        End end = stage().open(client());
        end.socket().connectToHostEncrypted(HOST, server.port());

        assertThat(end.socket().waitForEncrypted(LIMIT)).isFalse();
        assertThat(end.socket().error()).isEqualTo(SocketError.SSL_HANDSHAKE_FAILED_ERROR);
    }

    @EachCase
    @Rule(id = "BLOCK-007", source = "B-173, B-174", level = MUST)
    void waitingForBytesThatDoNotCome_endsInTimeAndLeavesTheConnection(ForeignPeer peer) {
        PeerSession server = serve(peer, usualVersion(peer));
        QSslSocket client = stage().open(client()).socket();
        client.connectToHostEncrypted(HOST, server.port());
        assertThat(client.waitForEncrypted(LIMIT)).isTrue();
        long start = System.nanoTime();

        assertThat(client.waitForReadyRead(100)).isFalse();

        assertThat((System.nanoTime() - start) / 1_000_000).isBetween(90L, SOON);
        assertThat(client.error()).isEqualTo(SocketError.SOCKET_TIMEOUT_ERROR);
        assertThat(client.state()).isEqualTo(SocketState.CONNECTED_STATE);
        assertThat(client.isEncrypted()).isTrue();
        client.write("still there\n".getBytes(US_ASCII));
        assertThat(client.waitForReadyRead(LIMIT)).isTrue();
        client.abort();
    }

    @EachCase
    @Rule(id = "BLOCK-008", source = "B-176", level = MUST)
    void waitingForWrittenBytes_finishesTheHandshakeFirst(ForeignPeer peer) {
        PeerSession server = serve(peer, usualVersion(peer));
        QSslSocket client = stage().open(client()).socket();
        client.connectToHostEncrypted(HOST, server.port());
        client.write("early\n".getBytes(US_ASCII));

        assertThat(client.waitForBytesWritten(LIMIT)).isTrue();

        assertThat(client.isEncrypted()).isTrue();
        stage().until("nothing left to write", () -> client.bytesToWrite() == 0);
        assertThat(client.waitForBytesWritten(50)).isFalse();
        client.abort();
    }

    @Test
    @Rule(id = "BLOCK-009", source = "B-177", level = MUST)
    void waitingForTheEndOfNothing_isFalseAtOnce() {
        QSslSocket client = stage().open(client()).socket();

        assertThat(client.waitForDisconnected(LIMIT)).isFalse();
    }

    @EachCase
    @Rule(id = "BLOCK-010", source = "B-177", level = MUST)
    void waitingForTheEnd_finishesTheHandshakeAndSendsWhatWaits(ForeignPeer peer) {
        PeerSession server = serve(peer, usualVersion(peer));
        End end = stage().open(client());
        QSslSocket client = end.socket();
        client.connectToHostEncrypted(HOST, server.port());
        client.write("last\n".getBytes(US_ASCII));
        client.disconnectFromHost();

        assertThat(client.waitForDisconnected(LIMIT)).isTrue();

        assertThat(end).sawInOrder("encrypted", "disconnected");
        assertThat(client.bytesToWrite()).isZero();
        stage().until("the line at the peer", () -> server.handshakes() == 1);
    }

    @Test
    @Rule(id = "BLOCK-011", source = "B-178, B-170", level = MUST)
    void timeLimit_coversTheConnectionAndTheHandshake() {
        try (RawPeer silent =
                RawPeer.serve(connection -> connection.getInputStream().readAllBytes())) {
            Setup setup = client();
            QSslSocket client = stage().open(setup).socket();
            client.connectToHostEncrypted(HOST, silent.port());
            long start = System.nanoTime();

            assertThat(client.waitForReadyRead(150)).isFalse();

            assertThat((System.nanoTime() - start) / 1_000_000).isBetween(140L, SOON);
            client.abort();
        }
    }

    @Test
    @Rule(id = "BLOCK-012", source = "design of the drivers: an interrupt ends a wait and stays set", level = MUST)
    void interruptedWait_returnsFalseAndKeepsTheFlag() {
        try (RawPeer silent =
                RawPeer.serve(connection -> connection.getInputStream().readAllBytes())) {
            QSslSocket client = stage().open(client()).socket();
            client.connectToHostEncrypted(HOST, silent.port());
            Thread.currentThread().interrupt();

            boolean encrypted = client.waitForEncrypted(LIMIT);

            assertThat(Thread.interrupted()).isTrue();
            assertThat(encrypted).isFalse();
            client.abort();
        }
    }

    // One that the usual client offers, and that both can speak.
    private SslProtocol usualVersion(ForeignPeer peer) {
        return subject().protocols().stream()
                .filter(configuration().protocol().versions()::contains)
                .filter(peer::speaks)
                .findFirst()
                .orElseGet(
                        () -> Assumptions.abort(peer.name() + " speaks no version that is claimed and on by default"));
    }

    private PeerSession serve(ForeignPeer peer, SslProtocol protocol) {
        return stage().with(
                        peer.serve(PeerSetup.create().identity(usualServer()).protocol(protocol)));
    }
}
