package dev.qssl.tck.contract;

import static dev.qssl.QSsl.AlertType.BAD_CERTIFICATE;
import static dev.qssl.QSsl.AlertType.CERTIFICATE_UNKNOWN;
import static dev.qssl.QSsl.AlertType.CLOSE_NOTIFY;
import static dev.qssl.QSsl.AlertType.HANDSHAKE_FAILURE;
import static dev.qssl.QSsl.AlertType.INSUFFICIENT_SECURITY;
import static dev.qssl.QSsl.AlertType.INTERNAL_ERROR;
import static dev.qssl.QSsl.AlertType.PROTOCOL_VERSION;
import static dev.qssl.QSsl.AlertType.UNKNOWN_CA;
import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.AlertEvent;
import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import dev.qssl.tck.peer.RawPeer;
import dev.qssl.tck.peer.Relay;
import dev.qssl.tck.peer.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said of alerts, both ways, and that they arrive (RFC 8446, section 6). */
@Requires(Capability.ALERTS)
public abstract class AlertContract extends BackendContract {

    /** Creates one. */
    protected AlertContract() {}

    @EachCase
    @Rule(id = "ALERT-001", source = "B-126", level = MUST)
    void connectionThatWorks_hasNoAlertBeforeItsEnd(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(() -> pair.client().socket().write(new byte[1000]));
            pair.until("the bytes", () -> pair.server().socket().bytesAvailable() == 1000);

            assertThat(pair.client()).neverSaw("alertSent", "alertReceived");
            assertThat(pair.server()).neverSaw("alertSent", "alertReceived");
        }
    }

    @EachCase
    @Rule(id = "ALERT-002", source = "B-121, B-124", level = MUST)
    void orderlyClose_isACloseNotifySentAndReceived(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            assertThat(types(pair.client(), "alertSent")).containsExactly(CLOSE_NOTIFY);
            assertThat(types(pair.server(), "alertReceived")).containsExactly(CLOSE_NOTIFY);
            assertThat(pair.client()).hasNoFatalAlert();
        }
    }

    @Test
    @Rule(id = "ALERT-003", source = "B-121", level = MUST)
    void alert_carriesLevelTypeAndText() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();

            AlertEvent alert = pair.server()
                    .transcript()
                    .arguments("alertReceived", AlertEvent.class)
                    .get(0);
            assertThat(alert.level()).isEqualTo(AlertLevel.WARNING);
            assertThat(alert.type()).isEqualTo(CLOSE_NOTIFY);
            assertThat(alert.description()).isNotBlank();
        }
    }

    @Test
    @Rule(id = "ALERT-004", source = "B-184; RFC 8446, section 6.2", level = MUST)
    void noCommonVersion_isToldByAnAlert() {
        assumeTrue(subject().protocols().size() > 1, "there is more than one version");
        List<SslProtocol> versions = List.copyOf(subject().protocols());
        Setup client = client().protocol(versions.get(0));
        Setup server = server().protocol(versions.get(versions.size() - 1));
        try (LoopbackPair pair = pair(client, server)) {
            pair.begin();
            pair.over();

            assertThat(pair.server()).failedInHandshake().sentAlert(PROTOCOL_VERSION, HANDSHAKE_FAILURE);
            assertThat(pair.client()).failedInHandshake().receivedAlert(PROTOCOL_VERSION, HANDSHAKE_FAILURE);
        }
    }

    @EachCase
    @Rule(id = "ALERT-005", source = "B-123", level = MUST)
    void serverThatRefusesTheHandshake_isHeardBeforeTheError(SslProtocol protocol) {
        for (AlertType type : List.of(HANDSHAKE_FAILURE, INSUFFICIENT_SECURITY, INTERNAL_ERROR, PROTOCOL_VERSION)) {
            RawPeer peer = stage().with(RawPeer.serve(connection -> {
                Wire.read(connection.getInputStream());
                connection.getOutputStream().write(Wire.fatalAlert(type.value()));
            }));
            End client = stage().open(client().protocol(protocol));
            client.run(() -> client.socket().connectToHostEncrypted(LoopbackPair.HOST, peer.port()));
            stage().until("the end", () -> client.saw("disconnected"));

            assertThat(client)
                    .failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR)
                    .receivedAlert(type)
                    .sawInOrder("alertReceived", "errorOccurred", "stateChanged(UNCONNECTED_STATE)");
        }
    }

    @EachCase
    @Rule(id = "ALERT-006", source = "B-122; RFC 8446, section 6.2", level = MUST)
    void fatalAlertOfAClient_reachesForeignServers(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup server =
                PeerSetup.create().identity(authority().selfSigned("localhost")).protocol(protocol);
        ForeignPair pair =
                ForeignPair.client(stage(), client().protocol(protocol).unattended(), peer.serve(server));
        pair.until("the end", () -> pair.end().isOver() && pair.peer().isOver());

        assertThat(pair.end()).failedInHandshake().sentAlert(UNKNOWN_CA, CERTIFICATE_UNKNOWN, BAD_CERTIFICATE);
        assertThat(pair.peer().alert().stream()).containsAnyOf(UNKNOWN_CA, CERTIFICATE_UNKNOWN, BAD_CERTIFICATE);
    }

    @EachCase
    @Rule(id = "ALERT-007", source = "B-123, B-127; RFC 8446, section 6.2", level = MUST)
    void fatalAlertOfForeignClients_isHeard(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup client = PeerSetup.create().trust(authority().trust()).protocol(protocol);
        Setup server = server().protocol(protocol).identity(authority().selfSigned("localhost"));
        ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "never");
        pair.until("the end", () -> pair.end().isOver());

        assertThat(pair.end()).failedInHandshake().receivedAlert(UNKNOWN_CA, CERTIFICATE_UNKNOWN, BAD_CERTIFICATE);
        assertThat(pair.end()).failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR);
    }

    @EachCase
    @Rule(id = "ALERT-008", source = "B-153", level = MUST)
    void handshakeThatIsGivenUp_endsWithoutCloseNotify(SslProtocol protocol) {
        try (LoopbackPair pair =
                pair(client().protocol(protocol), server().identity(authority().selfSigned("localhost")))) {
            pair.client()
                    .socket()
                    .sslErrors
                    .connect(() -> pair.client().socket().disconnectFromHost());
            pair.begin();
            pair.over();

            assertThat(types(pair.client(), "alertSent")).doesNotContain(CLOSE_NOTIFY);
        }
    }

    @EachCase
    @Rule(id = "ALERT-009", source = "B-159, B-153", level = MUST)
    void truncation_isNoCloseNotify(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            Relay relay = pair.through(Relay.Fault.NONE, Relay.Direction.TO_CLIENT, 0);
            pair.handshake();
            relay.strike(Relay.Fault.FINISH);
            pair.over();

            assertThat(types(pair.client(), "alertReceived")).doesNotContain(CLOSE_NOTIFY);
        }
    }

    private static List<AlertType> types(End end, String signal) {
        return end.transcript().arguments(signal, AlertEvent.class).stream()
                .map(AlertEvent::type)
                .toList();
    }
}
