package dev.qssl.backend.jdk;

import static dev.qssl.backend.jdk.EngineFixture.ALICE;
import static dev.qssl.backend.jdk.EngineFixture.AUTHORITY;
import static dev.qssl.backend.jdk.EngineFixture.SERVER;
import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.context;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a handshake when the owner accepts, refuses or takes its time. */
class PeerDecisionTest {

    private static final PeerDecision.Refuse UNKNOWN_CA =
            new PeerDecision.Refuse(AlertType.UNKNOWN_CA, "nobody we know signed it");

    @Test
    void clientRefusesAtOnce_tls12ServerHearsTheVeryAlert() throws Exception {
        OurPeer client = client(settings(SslProtocol.TLS_V1_2));
        OurPeer server = server(serverSettings(SslProtocol.TLS_V1_2));
        client.answer = UNKNOWN_CA;

        MemoryPeer.run(client, server);

        assertThat(client.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(client.failure).hasMessage(UNKNOWN_CA.reason());
        assertThat(client.sentTypes()).containsExactly(AlertType.UNKNOWN_CA);
        assertThat(server.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(server.receivedTypes()).containsExactly(AlertType.UNKNOWN_CA);
        assertThat(client.isEstablished()).isFalse();
        assertThat(server.isEstablished()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = AlertType.class,
            names = {"CERTIFICATE_UNKNOWN", "CERTIFICATE_REVOKED", "CERTIFICATE_EXPIRED", "UNSUPPORTED_CERTIFICATE"})
    void clientRefusesAtOnce_tls13ReportsTheAlertThatTheServerHears(AlertType wanted) throws Exception {
        OurPeer client = client(settings(SslProtocol.TLS_V1_3));
        OurPeer server = server(serverSettings(SslProtocol.TLS_V1_3));
        client.answer = new PeerDecision.Refuse(wanted, "for this test");

        MemoryPeer.run(client, server);

        assertThat(client.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(server.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(server.received).hasSize(1).isEqualTo(client.sent);
        assertThat(server.isEstablished()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void bareServer_hearsTheAlertOfARefusal(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol));
        BarePeer server = BarePeer.server(AUTHORITY.trust(), SERVER);
        client.answer = new PeerDecision.Refuse(AlertType.CERTIFICATE_REVOKED, "for this test");

        MemoryPeer.run(client, server);

        assertThat(server.failureText()).contains("certificate_revoked");
        assertThat(client.sentTypes()).containsExactly(AlertType.CERTIFICATE_REVOKED);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serverRefusesAtOnce_clientHearsTheAlertThatIsReported(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol).identity(ALICE));
        OurPeer server = server(serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER));
        server.answer = new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "for this test");

        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(client.receivedTypes()).containsExactly(AlertType.CERTIFICATE_UNKNOWN);
        assertThat(server.sentTypes()).containsExactly(AlertType.CERTIFICATE_UNKNOWN);
        assertThat(server.isEstablished()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientTakesItsTime_nothingIsSentUntilItAccepts(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol));
        OurPeer server = server(serverSettings(protocol));
        client.answer = PeerDecision.DEFER;

        MemoryPeer.run(client, server);

        assertThat(client.need).isEqualTo(Need.DECISION);
        assertThat(client.engine().hasOutput()).isFalse();
        assertThat(client.isEstablished()).isFalse();
        assertThat(server.isEstablished()).isFalse();
        assertThatThrownBy(() -> client.engine().decrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.engine().encrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.engine().takeTask()).isInstanceOf(IllegalStateException.class);

        client.decide(PeerDecision.ACCEPT);
        MemoryPeer.run(client, server);
        client.say("at last".getBytes(StandardCharsets.UTF_8));
        MemoryPeer.run(client, server);

        assertThat(client.failure).isNull();
        assertThat(server.takeReceived()).asString().isEqualTo("at last");
        assertThat(client.presented).hasSize(1);
        assertThatThrownBy(() -> client.engine().resume(PeerDecision.ACCEPT)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void clientRefusesLater_tls12ServerHearsTheVeryAlert() throws Exception {
        OurPeer client = client(settings(SslProtocol.TLS_V1_2));
        BarePeer server = BarePeer.server(AUTHORITY.trust(), SERVER, "TLSv1.2");
        client.answer = PeerDecision.DEFER;
        MemoryPeer.run(client, server);

        client.decide(UNKNOWN_CA);
        MemoryPeer.run(client, server);

        assertThat(client.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(client.sentTypes()).containsExactly(AlertType.UNKNOWN_CA);
        assertThat(server.failureText()).contains("unknown_ca");
        assertThat(server.isEstablished()).isFalse();
    }

    @Test
    void clientRefusesLater_tls13ServerHearsNothingMore() throws Exception {
        OurPeer client = client(settings(SslProtocol.TLS_V1_3));
        BarePeer server = BarePeer.server(AUTHORITY.trust(), SERVER, "TLSv1.3");
        client.answer = PeerDecision.DEFER;
        MemoryPeer.run(client, server);

        client.decide(UNKNOWN_CA);
        MemoryPeer.run(client, server);

        assertThat(client.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(client.sent).isEmpty();
        assertThat(client.said()).isEmpty();
        assertThat(server.isEstablished()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serverTakesItsTime_dataFlowsOnlyAfterItAccepts(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol).identity(ALICE));
        OurPeer server = server(serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER));
        server.answer = PeerDecision.DEFER;
        MemoryPeer.run(client, server);

        assertThat(server.need).isEqualTo(Need.DECISION);
        assertThat(server.isEstablished()).isFalse();

        server.decide(PeerDecision.ACCEPT);
        MemoryPeer.run(client, server);
        server.say("welcome".getBytes(StandardCharsets.UTF_8));
        MemoryPeer.run(client, server);

        assertThat(server.failure).isNull();
        assertThat(client.takeReceived()).asString().isEqualTo("welcome");
    }

    @Test
    void serverRefusesLater_tls12ClientHearsTheVeryAlert() throws Exception {
        OurPeer client = client(settings(SslProtocol.TLS_V1_2).identity(ALICE));
        OurPeer server = server(serverSettings(SslProtocol.TLS_V1_2).verifyMode(PeerVerifyMode.VERIFY_PEER));
        server.answer = PeerDecision.DEFER;
        MemoryPeer.run(client, server);

        server.decide(UNKNOWN_CA);
        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(server.sentTypes()).containsExactly(AlertType.UNKNOWN_CA);
        assertThat(client.receivedTypes()).containsExactly(AlertType.UNKNOWN_CA);
        assertThat(client.isEstablished()).isFalse();
    }

    @Test
    void serverRefusesLater_tls13ClientHearsGoodbye() throws Exception {
        OurPeer client = client(settings(SslProtocol.TLS_V1_3).identity(ALICE));
        OurPeer server = server(serverSettings(SslProtocol.TLS_V1_3).verifyMode(PeerVerifyMode.VERIFY_PEER));
        server.answer = PeerDecision.DEFER;
        MemoryPeer.run(client, server);

        server.decide(UNKNOWN_CA);
        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(server.sent).containsExactly(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        assertThat(client.received).containsExactly(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        assertThat(server.isEstablished()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"TLS_V1_2, UNKNOWN_CA", "TLS_V1_3, CLOSE_NOTIFY"})
    void serverRefusesMissingCertificate_clientHearsIt(SslProtocol protocol, AlertType heard) throws Exception {
        OurPeer client = client(settings(protocol));
        OurPeer server = server(serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER));
        server.answer = UNKNOWN_CA;

        MemoryPeer.run(client, server);

        assertThat(server.presented)
                .singleElement()
                .satisfies(shown -> assertThat(shown.chain()).isEmpty());
        assertThat(server.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(server.isEstablished()).isFalse();
        assertThat(server.sentTypes()).containsExactly(heard);
        assertThat(client.receivedTypes()).containsExactly(heard);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void resumedPeerThatIsRefused_isNotResumedAgain(SslProtocol protocol) throws Exception {
        TlsContext clients = context(settings(protocol));
        TlsContext servers = context(serverSettings(protocol));
        MemoryPeer.run(client(clients), server(servers));
        OurPeer refusing = client(clients);
        refusing.answer = UNKNOWN_CA;
        OurPeer refused = server(servers);

        MemoryPeer.run(refusing, refused);
        OurPeer next = client(clients);
        MemoryPeer.run(next, server(servers));

        assertThat(refusing.presented)
                .singleElement()
                .satisfies(shown -> assertThat(shown.resumed()).isTrue());
        assertThat(refusing.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(refusing.isEstablished()).isFalse();
        assertThat(refused.isEstablished()).isFalse();
        assertThat(next.isEstablished()).isTrue();
        assertThat(next.engine().parameters().resumed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void resumedClient_isPresentedToTheServerAgain(SslProtocol protocol) throws Exception {
        TlsContext clients = context(settings(protocol).identity(ALICE));
        TlsContext servers = context(serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER));
        MemoryPeer.run(client(clients), server(servers));
        OurPeer client = client(clients);
        OurPeer server = server(servers);
        server.answer = UNKNOWN_CA;

        MemoryPeer.run(client, server);

        assertThat(server.presented).singleElement().satisfies(shown -> {
            assertThat(shown.resumed()).isTrue();
            assertThat(shown.chain()).isEqualTo(ALICE.chain());
        });
        assertThat(server.isEstablished()).isFalse();
        assertThat(server.sentTypes()).containsExactly(AlertType.CLOSE_NOTIFY);
        assertThat(client.receivedTypes()).containsExactly(AlertType.CLOSE_NOTIFY);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void closingWhileDeciding_neverSendsTheAcceptance(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol));
        OurPeer server = server(serverSettings(protocol));
        client.answer = PeerDecision.DEFER;
        MemoryPeer.run(client, server);

        client.close();
        client.deciding = false;
        MemoryPeer.run(client, server);

        assertThat(client.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
        assertThat(server.isEstablished()).isFalse();
        assertThat(client.sentTypes())
                .isEqualTo(protocol == SslProtocol.TLS_V1_2 ? List.of(AlertType.USER_CANCELLED) : List.of());
    }
}
