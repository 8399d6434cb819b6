package dev.qssl.tck.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration;
import dev.qssl.tck.Driving;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.link.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import org.junit.jupiter.api.Test;

/** How the peers that are programs fail. */
class ProgramPeerTest {

    private static final String TOO_LONG = "x".repeat(300); // for a name of ALPN (RFC 7301, section 3.1)

    @Test
    void everySingleVersion_isSpokenByGnuTlsWhateverThePolicyOfTheHost() {
        ForeignPeer peer = new GnuTlsPeer();

        assertThat(SslProtocol.values())
                .filteredOn(peer::speaks)
                .containsExactlyInAnyOrder(
                        SslProtocol.TLS_V1_0, SslProtocol.TLS_V1_1, SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
    }

    @Test
    void serverThatIsMetByAStranger_failsByName() throws IOException {
        ForeignPeer peer = new GnuTlsPeer();
        peer.require();
        try (Stage stage = new Stage(Driving.CALLER, PeerSession.LIMIT)) {
            PeerSession server = stage.with(peer.serve(PeerSetup.create()
                    .identity(TestAuthority.shared().server("localhost"))
                    .connections(1)));
            connect(server);
            stage.until("the end of the only connection", server::isOver);
            connect(server);

            assertThatThrownBy(() -> stage.until("a failure", () -> server.handshakes() > 0))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("a stranger connected");
            assertThatThrownBy(server::isOver).hasMessageContaining("a stranger connected");
        }
    }

    private static void connect(PeerSession server) throws IOException {
        new Socket(InetAddress.getLoopbackAddress(), server.port()).close();
    }

    @Test
    void serverThatCannotStart_isNotWaitedFor() {
        ForeignPeer peer = new OpenSslPeer();
        peer.require();

        assertThatThrownBy(() -> peer.serve(PeerSetup.create().alpn(TOO_LONG)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("openssl has ended");
    }

    @Test
    void clientThatEndsWithoutConnecting_isNotWaitedForAndSaysWhy() {
        ForeignPeer peer = new OpenSslPeer();
        peer.require();
        try (Stage stage = new Stage(Driving.CALLER, PeerSession.LIMIT)) {
            Setup server = new Setup("server", QSslConfiguration.defaultConfiguration());

            assertThatThrownBy(() -> ForeignPair.server(
                            stage, server, peer, PeerSetup.create().alpn(TOO_LONG), "never"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("has ended without a connection")
                    .hasMessageContaining("-alpn");
        }
    }
}
