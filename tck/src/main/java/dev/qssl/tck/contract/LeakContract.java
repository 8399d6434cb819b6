package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSslSocket;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Resources;
import dev.qssl.tck.peer.RawPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What connections leave behind when they are over: no thread, and no descriptor. */
public abstract class LeakContract extends BackendContract {

    private static final int MANY = 1000;

    /** Creates one. */
    protected LeakContract() {}

    @Test
    @Timeout(600)
    @Rule(id = "LEAK-001", source = "design of the sockets: what is opened is closed", level = MUST)
    void manyConnections_leaveNoThreadAndNoDescriptorBehind() {
        try (LoopbackPair pair = pair()) {
            connectOften(pair, 10); // whatever is made once and kept
            Resources before = Resources.inUse();

            connectOften(pair, MANY);

            assertNothingIsLeft(before);
        }
    }

    // Each kind of end in turn.
    private static void connectOften(LoopbackPair pair, int times) {
        for (int i = 0; i < times; i++) {
            pair.handshake();
            assertThat(pair.client()).isEncrypted();
            End first = i % 2 == 0 ? pair.client() : pair.server();
            QSslSocket socket = first.socket();
            switch (i % 3) {
                case 0 -> first.run(socket::disconnectFromHost);
                case 1 -> first.run(socket::abort);
                default ->
                    first.run(() -> {
                        socket.write(new byte[100]);
                        socket.disconnectFromHost();
                    });
            }
            pair.over();
            pair.client().transcript().clear();
            pair.server().transcript().clear();
        }
    }

    @Test
    @Rule(id = "LEAK-002", source = "bad input: no thread and no descriptor left behind", level = MUST)
    void failedConnections_leaveNoThreadAndNoDescriptorBehind() {
        failOften(3); // whatever is made once and kept
        Resources before = Resources.inUse();

        failOften(30);

        assertNothingIsLeft(before);
    }

    private void failOften(int times) {
        for (int i = 0; i < times; i++) {
            try (RawPeer peer = RawPeer.serve(
                            connection -> connection.getOutputStream().write(new byte[64]));
                    LoopbackPair cut = pair()) {
                End client = stage().open(client());
                client.run(() -> client.socket().connectToHostEncrypted(HOST, peer.port()));
                cut.begin();
                cut.client().run(cut.client().socket()::abort);
                stage().until(
                                "the ends",
                                () -> client.saw("disconnected") && cut.server().isOver());
                cut.release();
            }
        }
    }

    private void assertNothingIsLeft(Resources before) {
        stage().until(
                        "as many threads and descriptors as before: " + before,
                        () -> Resources.inUse().fitIn(before));
    }
}
