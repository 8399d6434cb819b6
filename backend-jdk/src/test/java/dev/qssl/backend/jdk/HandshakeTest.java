package dev.qssl.backend.jdk;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_2;
import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static dev.qssl.backend.jdk.EngineFixture.ALICE;
import static dev.qssl.backend.jdk.EngineFixture.AUTHORITY;
import static dev.qssl.backend.jdk.EngineFixture.SERVER;
import static dev.qssl.backend.jdk.EngineFixture.client;
import static dev.qssl.backend.jdk.EngineFixture.server;
import static dev.qssl.backend.jdk.EngineFixture.serverSettings;
import static dev.qssl.tck.fixture.EngineBench.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EphemeralKey;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Handshakes that succeed, and what both sides know afterwards. */
class HandshakeTest {

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientAndServerOfOurs_agreeAndExchangeData(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol).alpn(List.of("h2", "http/1.1")));
        OurPeer server = server(serverSettings(protocol).alpn(List.of("http/1.1", "h2")));

        MemoryPeer.run(client, server);
        client.say(new byte[100_000]);
        server.say("answer".getBytes(StandardCharsets.UTF_8));
        MemoryPeer.run(client, server);

        assertThat(client.failure).isNull();
        assertThat(server.failure).isNull();
        assertThat(server.takeReceived()).hasSize(100_000);
        assertThat(client.takeReceived()).asString().isEqualTo("answer");
        assertThat(client.presented).singleElement().satisfies(shown -> {
            assertThat(shown.chain()).isEqualTo(SERVER.chain());
            assertThat(shown.resumed()).isFalse();
            assertThat(shown.staples()).isEmpty();
        });
        NegotiatedParameters ours = client.engine().parameters();
        NegotiatedParameters theirs = server.engine().parameters();
        assertThat(ours.protocol()).isEqualTo(protocol).isEqualTo(theirs.protocol());
        assertThat(ours.cipherSuite()).isEqualTo(theirs.cipherSuite());
        assertThat(ours.group()).isPresent().isEqualTo(theirs.group());
        assertThat(ours.alpn()).isEqualTo(new Alpn.Selected("h2")).isEqualTo(theirs.alpn());
        assertThat(ours.serverName()).hasValue("localhost").isEqualTo(theirs.serverName());
        assertThat(ours.resumed()).isFalse().isEqualTo(theirs.resumed());
        assertThat(ours.ephemeralKey().flatMap(EphemeralKey::publicKey)).isPresent();
        assertThat(theirs.ephemeralKey()).isEmpty();
        assertThat(ours.signatureScheme().isPresent()).isEqualTo(protocol == TLS_V1_2);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void ourClient_meetsBareServer(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol));
        BarePeer server = BarePeer.server(AUTHORITY.trust(), SERVER);

        MemoryPeer.run(client, server);
        client.say("question".getBytes(StandardCharsets.UTF_8));
        server.say("answer".getBytes(StandardCharsets.UTF_8));
        MemoryPeer.run(client, server);

        assertThat(client.failure).isNull();
        assertThat(server.takeReceived()).asString().isEqualTo("question");
        assertThat(client.takeReceived()).asString().isEqualTo("answer");
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void ourServer_meetsBareClient(SslProtocol protocol) throws Exception {
        BarePeer client = BarePeer.client(AUTHORITY.trust(), null);
        OurPeer server = server(serverSettings(protocol));

        MemoryPeer.run(client, server);
        client.say("question".getBytes(StandardCharsets.UTF_8));
        MemoryPeer.run(client, server);

        assertThat(server.failure).isNull();
        assertThat(server.takeReceived()).asString().isEqualTo("question");
        assertThat(server.presented)
                .singleElement()
                .satisfies(shown -> assertThat(shown.chain()).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void secondConnection_resumesAndIsAskedAboutAgain(SslProtocol protocol) throws Exception {
        TlsContext clients = EngineFixture.context(settings(protocol));
        TlsContext servers = EngineFixture.context(serverSettings(protocol));
        OurPeer first = client(clients);
        MemoryPeer.run(first, server(servers));

        OurPeer client = client(clients);
        OurPeer server = server(servers);
        MemoryPeer.run(client, server);

        assertThat(client.failure).isNull();
        assertThat(server.failure).isNull();
        assertThat(client.engine().parameters().resumed()).isTrue();
        assertThat(server.engine().parameters().resumed()).isTrue();
        assertThat(client.presented).singleElement().satisfies(shown -> {
            assertThat(shown.resumed()).isTrue();
            assertThat(shown.chain()).isEqualTo(first.presented.get(0).chain());
        });
    }

    @Test
    void noOverlapOfProtocols_goesOnWithoutOne() throws Exception {
        OurPeer client = client(settings(TLS_V1_3).alpn(List.of("spdy/1")));
        OurPeer server = server(serverSettings(TLS_V1_3).alpn(List.of("h2")));

        MemoryPeer.run(client, server);

        assertThat(client.engine().parameters().alpn()).isEqualTo(new Alpn.NotNegotiated());
        assertThat(server.engine().parameters().alpn()).isEqualTo(new Alpn.NoOverlap());
    }

    @Test
    void clientWithoutProtocols_isNotNegotiated() throws Exception {
        OurPeer client = client(settings(TLS_V1_3));
        OurPeer server = server(serverSettings(TLS_V1_3).alpn(List.of("h2")));

        MemoryPeer.run(client, server);

        assertThat(client.engine().parameters().alpn()).isEqualTo(new Alpn.NotNegotiated());
        assertThat(server.engine().parameters().alpn()).isEqualTo(new Alpn.NotNegotiated());
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientCertificate_isPresentedToTheServer(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol).identity(ALICE));
        OurPeer server = server(serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER));

        MemoryPeer.run(client, server);

        assertThat(server.failure).isNull();
        assertThat(server.presented)
                .singleElement()
                .satisfies(shown -> assertThat(shown.chain()).isEqualTo(ALICE.chain()));
        assertThat(client.engine().parameters().acceptableAuthorities())
                .containsExactly(AUTHORITY.root().certificate().getSubjectX500Principal());
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void verifyNoneServer_doesNotAskForCertificate(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol).identity(ALICE));
        OurPeer server = server(serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_NONE));

        MemoryPeer.run(client, server);

        assertThat(server.isEstablished()).isTrue();
        assertThat(server.presented).isEmpty();
        assertThat(client.engine().parameters().acceptableAuthorities()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void missingCertificateThatIsFatal_failsOnTheWire(SslProtocol protocol) throws Exception {
        OurPeer client = client(settings(protocol));
        OurPeer server = server(
                serverSettings(protocol).verifyMode(PeerVerifyMode.VERIFY_PEER).missingCertificateFatal(true));

        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.CERTIFICATE_MISSING);
        assertThat(server.isEstablished()).isFalse();
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(server.sent).hasSize(1);
        assertThat(client.received).hasSize(1).isEqualTo(server.sent);
    }

    @Test
    void versionsWithoutOverlap_failWithTheAlertOnBothSides() throws Exception {
        OurPeer client = client(settings(TLS_V1_2));
        OurPeer server = server(serverSettings(TLS_V1_3));

        MemoryPeer.run(client, server);

        assertThat(server.error()).isEqualTo(TlsError.NO_COMMON_PARAMETERS);
        assertThat(client.error()).isEqualTo(TlsError.PEER_ALERT);
        assertThat(server.sentTypes()).containsExactly(AlertType.PROTOCOL_VERSION);
        assertThat(client.receivedTypes()).containsExactly(AlertType.PROTOCOL_VERSION);
        assertThatThrownBy(() -> server.engine().decrypt(MemoryPeer.NO_BYTES, MemoryPeer.NO_BYTES))
                .isSameAs(server.failure);
    }
}
