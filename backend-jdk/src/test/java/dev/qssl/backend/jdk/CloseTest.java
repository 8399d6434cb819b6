package dev.qssl.backend.jdk;

import static dev.qssl.backend.jdk.EngineFixture.AUTHORITY;
import static dev.qssl.backend.jdk.EngineFixture.SERVER;
import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Need;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ways in which a connection ends without an error, and those in which only its end is wrong. */
class CloseTest extends TwoEnginesTest {

    private static final TlsAlert CLOSE_NOTIFY = TlsAlert.warning(AlertType.CLOSE_NOTIFY);

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void bothClose_bothHearIt(SslProtocol protocol) throws Exception {
        connect(protocol);

        client.close();
        assertThat(client.engine().hasOutput()).isTrue();
        MemoryPeer.run(client, server);
        server.close();
        MemoryPeer.run(client, server);

        assertThat(client.sent).containsExactly(CLOSE_NOTIFY);
        assertThat(client.received).containsExactly(CLOSE_NOTIFY);
        assertThat(server.sent).containsExactly(CLOSE_NOTIFY);
        assertThat(server.received).containsExactly(CLOSE_NOTIFY);
        assertThat(client.need).isEqualTo(Need.CLOSED);
        assertThat(server.need).isEqualTo(Need.CLOSED);
        assertThat(client.engine().hasOutput()).isFalse();
        assertThat(server.engine().hasOutput()).isFalse();
        assertThat(client.isEstablished()).isTrue();
        client.engine().inputEnded();
        server.engine().inputEnded();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void closingTwice_saysItOnce(SslProtocol protocol) throws Exception {
        connect(protocol);

        client.close();
        client.close();
        client.drain();
        int once = client.outbox.position();
        client.close();
        client.drain();

        assertThat(client.outbox.position()).isEqualTo(once);
        assertThat(client.sent).containsExactly(CLOSE_NOTIFY);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void dataBeforeTheClose_isHandedOutBeforeIt(SslProtocol protocol) throws Exception {
        connect(protocol);

        client.say("last words".getBytes(StandardCharsets.UTF_8));
        client.close();
        MemoryPeer.run(client, server);

        assertThat(server.takeReceived()).asString().isEqualTo("last words");
        assertThat(server.need).isEqualTo(Need.CLOSED);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void ownCloseIsSent_peersDataStillComes(SslProtocol protocol) throws Exception {
        connect(protocol);
        server.say("under way".getBytes(StandardCharsets.UTF_8));

        client.close();
        client.turn();
        server.deliverTo(client);
        client.turn();

        assertThat(client.takeReceived()).asString().isEqualTo("under way");
        ByteBuffer late = ByteBuffer.wrap(new byte[10]);
        client.engine().encrypt(late, client.outbox);
        assertThat(late.remaining()).isEqualTo(10);
    }

    @Test
    void tls13PeerClosed_ourDirectionStaysOpen() throws Exception {
        connect(SslProtocol.TLS_V1_3);
        client.close();
        MemoryPeer.run(client, server);
        assertThat(server.need).isEqualTo(Need.CLOSED);
        assertThat(server.engine().hasOutput()).isFalse();

        server.say("still here".getBytes(StandardCharsets.UTF_8));
        MemoryPeer.run(client, server);

        assertThat(client.takeReceived()).asString().isEqualTo("still here");
        server.close();
        MemoryPeer.run(client, server);
        assertThat(client.need).isEqualTo(Need.CLOSED);
    }

    @Test
    void tls12PeerClosed_ourDirectionIsClosedToo() throws Exception {
        connect(SslProtocol.TLS_V1_2);
        client.close();
        MemoryPeer.run(client, server);

        ByteBuffer late = ByteBuffer.wrap(new byte[10]);
        Need need = server.engine().encrypt(late, server.outbox);

        assertThat(need).isEqualTo(Need.CLOSED);
        assertThat(late.remaining()).isEqualTo(10);
        assertThat(server.sent).containsExactly(CLOSE_NOTIFY);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void endWithoutClose_isTruncation(SslProtocol protocol) throws Exception {
        connect(protocol);

        assertThatThrownBy(() -> client.engine().inputEnded())
                .isInstanceOfSatisfying(
                        TlsException.class, thrown -> assertThat(thrown.error()).isEqualTo(TlsError.TRUNCATED));
        assertThatThrownBy(() -> client.engine().inputEnded()).isInstanceOf(TlsException.class);
        assertThat(client.isEstablished()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void endInsideTheHandshake_isNotTruncation(SslProtocol protocol) throws Exception {
        OurPeer lonely = client(settings(protocol));
        lonely.turn();

        assertThatThrownBy(() -> lonely.engine().inputEnded())
                .isInstanceOfSatisfying(
                        TlsException.class,
                        thrown -> assertThat(thrown.error()).isEqualTo(TlsError.CLOSED_IN_HANDSHAKE));
    }

    @Test
    void closeBeforeAnything_saysNothing() throws Exception {
        OurPeer lonely = client(settings(SslProtocol.TLS_V1_3));

        lonely.close();

        assertThat(lonely.engine().hasOutput()).isFalse();
        assertThat(lonely.engine().encrypt(MemoryPeer.NO_BYTES, lonely.outbox)).isEqualTo(Need.NOTHING);
        assertThat(lonely.said()).isEmpty();
        assertThat(lonely.sent).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void closeInsideTheHandshake_isCancelledOnBothSides(SslProtocol protocol) throws Exception {
        OurPeer hasty = client(settings(protocol));
        OurPeer patient = server(serverSettings(protocol));
        hasty.turn();
        hasty.deliverTo(patient);

        hasty.close();
        MemoryPeer.run(hasty, patient);

        assertThat(hasty.sent)
                .containsExactly(TlsAlert.warning(AlertType.USER_CANCELLED), TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        assertThat(hasty.isEstablished()).isFalse();
        assertThat(patient.isEstablished()).isFalse();
        assertThat(patient.failure).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void peerClosesInsideTheHandshake_isReportedAsThat(SslProtocol protocol) throws Exception {
        OurPeer our = server(serverSettings(protocol));
        our.hears(21, 3, 3, 0, 2, 1, 0);
        our.turn();

        assertThat(our.error()).isEqualTo(TlsError.CLOSED_IN_HANDSHAKE);
        assertThat(our.received).containsExactly(CLOSE_NOTIFY);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void bareServerCloses_weHearIt(SslProtocol protocol) throws Exception {
        OurPeer our = client(settings(protocol));
        BarePeer bare = BarePeer.server(AUTHORITY.trust(), SERVER);
        MemoryPeer.run(our, bare);

        bare.close();
        MemoryPeer.run(our, bare);

        assertThat(our.need).isEqualTo(Need.CLOSED);
        assertThat(our.received).containsExactly(CLOSE_NOTIFY);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void freedEngine_refusesEveryUse(SslProtocol protocol) throws Exception {
        connect(protocol);

        client.engine().close();
        client.engine().close();

        assertThat(client.engine().hasOutput()).isFalse();
        assertThatThrownBy(() -> client.engine().decrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> client.engine().encrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isInstanceOf(IllegalStateException.class);
        client.engine().closeOutput();
        assertThat(client.sent).isEmpty();
    }
}
