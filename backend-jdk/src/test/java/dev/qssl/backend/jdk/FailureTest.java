package dev.qssl.backend.jdk;

import static dev.qssl.backend.jdk.EngineFixture.AUTHORITY;
import static dev.qssl.backend.jdk.EngineFixture.SERVER;
import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Need;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.x509.CaStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that break the rules, and the alerts on both sides. */
class FailureTest extends TwoEnginesTest {

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\0\0\0\0\0\0\0\0\0\0\0\0"})
    void garbageInsteadOfHello_isNoTls(String garbage) throws Exception {
        server = server(serverSettings(SslProtocol.TLS_V1_3));
        server.inbox.put(garbage.getBytes(StandardCharsets.ISO_8859_1));

        server.turn();

        assertThat(server.error()).isEqualTo(TlsError.PROTOCOL_VIOLATION);
        assertThat(server.isEstablished()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void applicationDataInsteadOfHello_isRefusedWithAnAlert(SslProtocol protocol) throws Exception {
        byte[] data = {23, 3, 3, 0, 4, 1, 2, 3, 4};
        client = client(settings(protocol));
        client.turn();
        client.inbox.put(data);
        server = server(serverSettings(protocol));
        server.inbox.put(data);

        client.turn();
        server.turn();

        for (OurPeer peer : List.of(client, server)) {
            assertThat(peer.error()).isEqualTo(TlsError.PROTOCOL_VIOLATION);
            assertThat(peer.sent).containsExactly(TlsAlert.fatal(AlertType.UNEXPECTED_MESSAGE));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void garbageInsteadOfRecord_isProtocolViolation(SslProtocol protocol) throws Exception {
        connect(protocol);
        server.inbox.put("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.PROTOCOL_VIOLATION);
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void damagedRecord_isBadRecordMacOnBothSides(SslProtocol protocol) throws Exception {
        connect(protocol);
        client.say(new byte[100]);
        int last = client.outbox.position() - 1;
        client.outbox.put(last, (byte) (client.outbox.get(last) ^ 1));

        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.BAD_RECORD);
        assertThat(server.takeReceived()).isEmpty();
        assertThat(server.sentTypes()).containsExactly(AlertType.BAD_RECORD_MAC);
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(client.receivedTypes()).containsExactly(AlertType.BAD_RECORD_MAC);
        assertThat(client.failure).hasMessageContaining("bad_record_mac (20)");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void failedEngine_staysFailedWithItsFirstCause(SslProtocol protocol) throws Exception {
        connect(protocol);
        server.hears(23, 3, 3, 0, 32);
        server.inbox.put(new byte[32]);
        server.turn();

        assertThat(server.failure).isNotNull();
        assertThat(server.engine().hasOutput()).isTrue();
        assertThatThrownBy(() -> server.engine().decrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isSameAs(server.failure);
        assertThatThrownBy(() -> server.engine().inputEnded()).isSameAs(server.failure);
        assertThat(server.engine().encrypt(MemoryPeer.NO_BYTES, server.outbox)).isEqualTo(Need.NOTHING);
        assertThat(server.said()).isNotEmpty();
        assertThat(server.engine().hasOutput()).isFalse();
        assertThatThrownBy(() -> server.engine().encrypt(MemoryPeer.NO_BYTES, server.outbox))
                .isSameAs(server.failure);
        server.engine().closeOutput();
        assertThat(server.sent).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void recordThatIsTooLong_isRefusedBeforeItIsThere(SslProtocol protocol) throws Exception {
        connect(protocol);
        server.hears(23, 3, 3, 0x60, 0);

        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.RECORD_OVERFLOW);
        assertThat(server.sent).hasSize(1).isEqualTo(client.received);
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
    }

    @Test
    void helloThatIsTooLong_isRefusedBeforeItIsThere() throws Exception {
        server = server(serverSettings(SslProtocol.TLS_V1_3));
        server.hears(22, 3, 1, 0x60, 0);

        server.turn();

        assertThat(server.error()).isEqualTo(TlsError.RECORD_OVERFLOW);
    }

    @Test
    void clientThatRenegotiates_isRefusedWithAFatalAlert() throws Exception {
        BarePeer bare = BarePeer.client(AUTHORITY.trust(), null, "TLSv1.2");
        server = server(serverSettings(SslProtocol.TLS_V1_2));
        MemoryPeer.run(bare, server);
        assertThat(server.isEstablished()).isTrue();

        bare.engine.beginHandshake();
        MemoryPeer.run(bare, server);

        assertThat(server.error()).isEqualTo(TlsError.RENEGOTIATION_REFUSED);
        assertThat(server.sent)
                .singleElement()
                .satisfies(alert -> assertThat(alert.level()).isEqualTo(AlertLevel.FATAL));
        assertThat(bare.failureText()).contains("unexpected_message");
    }

    @Test
    void serverThatRenegotiates_isRefusedWithAFatalAlert() throws Exception {
        client = client(settings(SslProtocol.TLS_V1_2));
        BarePeer bare = BarePeer.server(AUTHORITY.trust(), SERVER, "TLSv1.2");
        MemoryPeer.run(client, bare);

        bare.engine.beginHandshake();
        MemoryPeer.run(client, bare);

        assertThat(client.error()).isEqualTo(TlsError.RENEGOTIATION_REFUSED);
        assertThat(bare.failureText()).contains("unexpected_message");
    }

    @Test
    void tls13KeyUpdate_isAnsweredAndInvisible() throws Exception {
        client = client(settings(SslProtocol.TLS_V1_3));
        BarePeer bare = BarePeer.server(AUTHORITY.trust(), SERVER, "TLSv1.3");
        MemoryPeer.run(client, bare);

        bare.engine.beginHandshake();
        bare.turn();
        bare.say("after the update".getBytes(StandardCharsets.US_ASCII));
        bare.deliverTo(client);
        client.turn();

        assertThat(client.said()).isNotEmpty();
        client.say("so be it".getBytes(StandardCharsets.US_ASCII));
        MemoryPeer.run(client, bare);
        assertThat(client.failure).isNull();
        assertThat(client.takeReceived()).asString().isEqualTo("after the update");
        assertThat(bare.takeReceived()).asString().isEqualTo("so be it");
    }

    @ParameterizedTest
    @EnumSource(
            value = AlertType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CLOSE_NOTIFY", "UNKNOWN_ALERT_MESSAGE"})
    void fatalAlertInTheHandshake_isReportedWithItsCode(AlertType type) throws Exception {
        client = client(settings(SslProtocol.TLS_V1_3));
        client.turn();
        client.hears(21, 3, 3, 0, 2, 2, type.value());

        client.turn();

        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(client.received).containsExactly(TlsAlert.fatal(type));
        assertThat(client.sent).isEmpty();
        assertThat(client.engine().hasOutput()).isFalse();
    }

    @Test
    void alertWithoutName_isReportedWithItsCode() throws Exception {
        client = client(settings(SslProtocol.TLS_V1_3));
        client.turn();
        client.hears(21, 3, 3, 0, 2, 2, 200);

        client.turn();

        assertThat(client.received).singleElement().satisfies(alert -> {
            assertThat(alert.code()).isEqualTo(200);
            assertThat(alert.type()).isEqualTo(AlertType.UNKNOWN_ALERT_MESSAGE);
        });
    }

    @ParameterizedTest
    @CsvSource({"TLS_V1_2, PROTOCOL_VERSION", "TLS_V1_3, PROTOCOL_VERSION"})
    void bareClientOfAnotherVersion_hearsTheAlertThatIsReported(SslProtocol protocol, AlertType expected)
            throws Exception {
        BarePeer bare =
                BarePeer.client(AUTHORITY.trust(), null, protocol == SslProtocol.TLS_V1_2 ? "TLSv1.3" : "TLSv1.2");
        server = server(serverSettings(protocol));

        MemoryPeer.run(bare, server);

        assertThat(server.error()).isEqualTo(TlsError.NO_COMMON_PARAMETERS);
        assertThat(server.sentTypes()).containsExactly(expected);
        assertThat(bare.failureText()).contains("protocol_version");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void bareClientThatRefusesUs_isHeard(SslProtocol protocol) throws Exception {
        BarePeer bare =
                BarePeer.client(CaStore.of(List.of(AUTHORITY.unknownRoot().certificate())), null);
        server = server(serverSettings(protocol));

        MemoryPeer.run(bare, server);

        assertThat(server.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(server.receivedTypes()).containsExactly(AlertType.CERTIFICATE_UNKNOWN);
        assertThat(server.isEstablished()).isFalse();
    }

    @Test
    void clientThatForgesItsFinished_isDropped() throws Exception {
        client = client(settings(SslProtocol.TLS_V1_2));
        server = server(serverSettings(SslProtocol.TLS_V1_2));
        client.turn();
        client.deliverTo(server);
        server.turn();
        server.deliverTo(client);
        client.turn();
        // The last record of the flight is the client's encrypted Finished.
        int last = client.outbox.position() - 1;
        client.outbox.put(last, (byte) (client.outbox.get(last) ^ 1));

        MemoryPeer.run(client, server);

        assertThat(server.isEstablished()).isFalse();
        assertThat(server.error()).isEqualTo(TlsError.BAD_RECORD);
        assertThat(server.sent).isEqualTo(client.received);
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
    }
}
