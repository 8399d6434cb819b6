package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslCipher;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslEllipticCurve;
import dev.qssl.QSslKey;
import dev.qssl.QSslSocket;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.TestKeys;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a configuration does to handshakes: versions, suites, certificates and keys. */
public abstract class ConfigurationContract extends BackendContract {

    /** Creates one. */
    protected ConfigurationContract() {}

    @EachCase
    @Rule(id = "CONFIG-001", source = "B-182", level = MUST)
    void sessionProtocol_isTheOneVersionThatWasAgreedOn(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server().protocol(SslProtocol.ANY_PROTOCOL))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client().socket().sessionProtocol()).isEqualTo(protocol);
            assertThat(outcome.server().socket().sessionProtocol()).isEqualTo(protocol);
        }
    }

    @Test
    @Rule(id = "CONFIG-002", source = "B-182; RFC 8446, section 4.2.1", level = MUST)
    void bothSidesOpenToAll_theNewestVersionIsAgreedOn() {
        try (LoopbackPair pair = pair()) {
            HandshakeOutcome outcome = pair.handshake();

            List<SslProtocol> versions = List.copyOf(subject().protocols());
            assertThat(outcome.client().socket().sessionProtocol()).isEqualTo(versions.get(versions.size() - 1));
        }
    }

    @Test
    @Rule(id = "CONFIG-003", source = "B-183", level = MUST)
    @Requires(protocols = {SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3})
    void rangeOfVersions_acceptsExactlyWhatItSays() {
        assertThat(agree(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_2_OR_LATER)).isTrue();
        assertThat(agree(SslProtocol.TLS_V1_3, SslProtocol.TLS_V1_2_OR_LATER)).isTrue();
        assertThat(agree(SslProtocol.TLS_V1_3, SslProtocol.TLS_V1_3_OR_LATER)).isTrue();
        assertThat(agree(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3_OR_LATER)).isFalse();
        assertThat(agree(SslProtocol.TLS_V1_3, SslProtocol.TLS_V1_2)).isFalse();
        assertThat(agree(SslProtocol.SECURE_PROTOCOLS, SslProtocol.ANY_PROTOCOL))
                .isTrue();
        assertThat(agree(SslProtocol.ANY_PROTOCOL, SslProtocol.SECURE_PROTOCOLS))
                .isTrue();
    }

    private boolean agree(SslProtocol client, SslProtocol server) {
        try (LoopbackPair pair = pair(client().protocol(client), server().protocol(server))) {
            HandshakeOutcome outcome = pair.handshake();
            if (!outcome.client().isEncrypted()) {
                assertThat(outcome.client()).failedInHandshake();
                assertThat(outcome.server()).failedInHandshake();
                assertThat(outcome.client().socket().state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            }
            return outcome.client().isEncrypted();
        }
    }

    @Test
    @Rule(id = "CONFIG-004", source = "B-180, B-181", level = MUST)
    @Requires(protocols = {SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3})
    void versionSetWhileEncrypted_isForTheNextConnection() {
        try (LoopbackPair pair = pair(client().protocol(SslProtocol.TLS_V1_3), server())) {
            pair.handshake();
            QSslSocket client = pair.client().socket();
            client.setProtocol(SslProtocol.TLS_V1_2);
            assertThat(client.protocol()).isEqualTo(SslProtocol.TLS_V1_2);
            assertThat(client.sessionProtocol()).isEqualTo(SslProtocol.TLS_V1_3);
            pair.client().run(client::disconnectFromHost);
            pair.over();
            pair.client().transcript().clear();
            pair.server().transcript().clear();

            pair.handshake();

            assertThat(client.sessionProtocol()).isEqualTo(SslProtocol.TLS_V1_2);
            assertThat(client.protocol()).isEqualTo(SslProtocol.TLS_V1_2);
        }
    }

    @EachCase
    @Rule(id = "CONFIG-010", source = "B-010, B-185", level = MUST)
    void sessionCipher_isOneOfThoseThatAreSupported(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            QSslCipher cipher = pair.handshake().client().socket().sessionCipher();

            assertThat(cipher.isNull()).isFalse();
            assertThat(cipher.suite()).isPresent();
        }
    }

    @EachCase
    @Rule(id = "CONFIG-011", source = "B-186", level = MUST)
    @Requires(Capability.CIPHER_SUITE_CHOICE)
    void orderOfSuites_isTheServersUnlessItSaysOtherwise(SslProtocol protocol) {
        List<QSslCipher> two = twoSuites(protocol);
        List<QSslCipher> reversed = new ArrayList<>(two);
        Collections.reverse(reversed);
        Setup client = client().protocol(protocol).configure(own -> own.setCiphers(two));
        Setup strict = server().configure(own -> own.setCiphers(reversed));
        Setup lenient = server().configure(own -> {
            own.setCiphers(reversed);
            own.setSslOption(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE, true);
        });

        try (LoopbackPair pair = pair(client, strict)) {
            assertThat(pair.handshake().client().socket().sessionCipher()).isEqualTo(reversed.get(0));
        }
        try (LoopbackPair pair = pair(client, lenient)) {
            assertThat(pair.handshake().client().socket().sessionCipher()).isEqualTo(two.get(0));
        }
    }

    // TLS 1.1 has none of its own.
    private List<QSslCipher> twoSuites(SslProtocol protocol) {
        SslProtocol since = protocol == SslProtocol.TLS_V1_1 ? SslProtocol.TLS_V1_0 : protocol;
        List<QSslCipher> two = subject().capabilities().cipherSuites().stream()
                .filter(suite -> suite.protocol() == since)
                .filter(suite -> protocol == SslProtocol.TLS_V1_3
                        || (suite.keyExchange().equals("ECDH")
                                && suite.authentication().equals("ECDSA")))
                .limit(2)
                .map(QSslCipher::of)
                .toList();
        assumeTrue(two.size() == 2, "there are two suites that fit the certificate");
        return two;
    }

    @EachCase
    @Rule(id = "CONFIG-012", source = "RFC 8446, section 4.1.1; both say that nothing fits", level = MUST)
    @Requires(Capability.CIPHER_SUITE_CHOICE)
    void noCommonSuite_endsTheHandshake(SslProtocol protocol) {
        List<QSslCipher> two = twoSuites(protocol);
        Setup client = client().protocol(protocol).configure(own -> own.setCiphers(two.subList(0, 1)));
        Setup server = server().configure(own -> own.setCiphers(two.subList(1, 2)));
        try (LoopbackPair pair = pair(client, server)) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedInHandshake();
            assertThat(outcome.server()).failedInHandshake();
        }
    }

    @EachCase
    @Rule(id = "CONFIG-016", source = "RFC 8446, section 4.1.1; proved against other implementations", level = MUST)
    @Requires(value = Capability.CIPHER_SUITE_CHOICE, roles = TlsRole.CLIENT)
    void onlySuiteOfAClient_isTheOneThatForeignServersUse(SslProtocol protocol, ForeignPeer peer) {
        for (QSslCipher only : twoSuites(protocol)) {
            Setup client = client().protocol(protocol).configure(own -> own.setCiphers(List.of(only)));
            PeerSetup server = PeerSetup.create().identity(usualServer()).protocol(protocol);
            ForeignPair pair = ForeignPair.client(stage(), client, peer.serve(server));

            pair.settle().converse("chosen");
            assertThat(pair.peer().cipher()).as("%s", pair.peer()).isEqualTo(only);
        }
    }

    @EachCase
    @Rule(id = "CONFIG-017", source = "RFC 8446, section 4.1.1; proved against other implementations", level = MUST)
    @Requires(value = Capability.CIPHER_SUITE_CHOICE, roles = TlsRole.SERVER)
    void onlySuiteOfAServer_isTheOneThatForeignClientsUse(SslProtocol protocol, ForeignPeer peer) {
        for (QSslCipher only : twoSuites(protocol)) {
            Setup server = server().protocol(protocol).configure(own -> own.setCiphers(List.of(only)));
            PeerSetup client = PeerSetup.create().trust(authority().trust()).protocol(protocol);
            ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "chosen");

            pair.settle().converse("chosen");
            assertThat(pair.peer().cipher()).as("%s", pair.peer()).isEqualTo(only);
        }
    }

    @Test
    @Rule(id = "CONFIG-013", source = "B-188", level = MUST)
    void suitesThatTheBackendLacks_areAnErrorBeforeConnecting() {
        End client = stage().open(client().configure(own -> own.setCiphers(List.of(new QSslCipher()))));

        client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));

        assertThat(client).failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR).neverSaw("connected");
    }

    @Test
    @Rule(id = "CONFIG-020", source = "B-056", level = MUST)
    void serverWithoutCertificate_cannotEncrypt() {
        try (LoopbackPair pair = pair(
                client(), new Setup("server", configuration()).trust(authority().trust()))) {
            pair.connectPlain();
            pair.server().run(pair.server().socket()::startServerEncryption);

            assertThat(pair.server()).sawExactly("errorOccurred", 1).neverSaw("encrypted");
            assertThat(pair.server().socket().errorString()).contains("certificate");
        }
    }

    @Test
    @Rule(id = "CONFIG-021", source = "B-057, B-059", level = MUST)
    void certificateWithoutKey_isOneErrorAndThePeerStays() {
        Setup server = server().configure(own -> own.setPrivateKey(new QSslKey()));
        try (LoopbackPair pair = pair(client(), server)) {
            pair.connectPlain();
            pair.server().run(pair.server().socket()::startServerEncryption);

            assertThat(pair.server())
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .hasErrorText("key")
                    .neverSaw("disconnected");
        }
    }

    @Test
    @Rule(id = "CONFIG-022", source = "B-058, B-059; bad input: a key of another certificate", level = MUST)
    void keyOfAnotherCertificate_isOneError() {
        for (QSslKey wrong : List.of(
                QSslKey.fromPrivateKey(TestKeys.ec("somebody else").getPrivate()),
                QSslKey.fromPrivateKey(TestKeys.rsa("somebody else").getPrivate()))) {
            Setup server = server().configure(own -> own.setPrivateKey(wrong));
            try (LoopbackPair pair = pair(client(), server)) {
                pair.connectPlain();
                pair.server().run(pair.server().socket()::startServerEncryption);

                assertThat(pair.server()).failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR);
            }
        }
    }

    @Test
    @Rule(id = "CONFIG-025", source = "B-193, B-057; bad input: PEM that cannot be read", level = MUST)
    void unreadablePem_isNoKeyAndNoCertificateAndThenOneError() {
        byte[] pem = "-----BEGIN PRIVATE KEY-----\nnot base64!\n-----END PRIVATE KEY-----\n".getBytes(US_ASCII);
        QSslKey key = new QSslKey(pem, KeyAlgorithm.EC);
        List<QSslCertificate> chain = QSslCertificate.fromData(
                new String(pem, US_ASCII).replace("PRIVATE KEY", "CERTIFICATE").getBytes(US_ASCII));
        assertThat(key.isNull()).isTrue();
        assertThat(chain).isEmpty();

        for (Setup server : List.of(
                server().configure(own -> own.setPrivateKey(key)),
                server().configure(own -> own.setLocalCertificateChain(chain)))) {
            try (LoopbackPair pair = pair(client(), server)) {
                pair.connectPlain();
                pair.server().run(pair.server().socket()::startServerEncryption);

                assertThat(pair.server()).sawExactly("errorOccurred", 1).neverSaw("encrypted");
                assertThat(pair.server().socket().errorString()).containsPattern("key|certificate");
            }
        }
    }

    @EachCase
    @Rule(id = "CONFIG-014", source = "RFC 8446, section 4.2.3; the only scheme offered is the one used", level = MUST)
    @Requires(Capability.SIGNATURE_SCHEME_CHOICE)
    void onlySignatureSchemeOffered_isTheOneThatIsUsed(SslProtocol protocol) {
        String scheme = "ecdsa_secp256r1_sha256";
        assumeTrue(subject().capabilities().signatureSchemes().contains(scheme), scheme + " is supported");
        Setup client = client().protocol(protocol).configure(own -> own.setSignatureSchemes(List.of(scheme)));
        try (LoopbackPair pair = pair(client, server())) {
            assertThat(pair.handshake().client()).isEncrypted();
        }
        try (LoopbackPair pair = pair(client, server().identity(authority().rsaServer(HOST)))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedInHandshake();
            assertThat(outcome.server()).failedInHandshake();
        }
    }

    @EachCase
    @Rule(id = "CONFIG-015", source = "RFC 8446, section 4.2.7; RFC 8422, section 4", level = MUST)
    @Requires(Capability.GROUP_CHOICE)
    void noCommonGroup_endsTheHandshake(SslProtocol protocol) {
        List<QSslEllipticCurve> curves = subject().curves(protocol).stream()
                .map(QSslEllipticCurve::ofGroup)
                .limit(2)
                .toList();
        assumeTrue(curves.size() == 2, "there are two groups");
        Setup client = client().protocol(protocol).configure(own -> own.setEllipticCurves(curves.subList(0, 1)));
        Setup server = server().identity(authority().rsaServer(HOST))
                .configure(own -> own.setEllipticCurves(curves.subList(1, 2)));
        try (LoopbackPair pair = pair(client, server)) {
            HandshakeOutcome outcome = pair.handshake();
            if (protocol == SslProtocol.TLS_V1_3) {
                assertThat(outcome.client()).failedInHandshake();
                assertThat(outcome.server()).failedInHandshake();
            } else {
                // Up to TLS 1.2 an exchange without elliptic curves may be left.
                assertThat(outcome.client().isEncrypted())
                        .isEqualTo(outcome.server().isEncrypted());
            }
        }
    }

    @EachCase
    @Rule(id = "CONFIG-023", source = "certificates with RSA keys are as good as those with EC keys", level = MUST)
    void serverWithAnRsaKey_isAccepted(SslProtocol protocol) {
        try (LoopbackPair pair =
                pair(client().protocol(protocol), server().identity(authority().rsaServer("localhost")))) {
            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "CONFIG-024", source = "B-196", level = MUST)
    void unknownOptionOfTheBackend_isAnErrorOfServersToo() {
        Setup server = server().configure(own -> own.setBackendConfigurationOption("NoSuchOption", "1"));
        try (LoopbackPair pair = pair(client(), server)) {
            pair.connectPlain();
            pair.server().run(pair.server().socket()::startServerEncryption);

            assertThat(pair.server())
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .hasErrorText("NoSuchOption");
        }
    }

    @Test
    @Rule(id = "CONFIG-030", source = "B-194", level = MUST)
    void configurationOfALiveSocket_handsOnItsSettingsAndNotItsSession() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            QSslConfiguration live = pair.client().socket().sslConfiguration();
            End other = stage().open(new Setup("other", live));

            assertThat(live.peerCertificateChain()).isNotEmpty();
            assertThat(other.socket().sslConfiguration().peerCertificateChain()).isEmpty();
            assertThat(other.socket().sslConfiguration().sessionCipher().isNull())
                    .isTrue();
            assertThat(other.socket().caCertificates()).isEqualTo(live.caCertificates());
        }
    }

    @EachCase
    @Rule(id = "CONFIG-031", source = "B-045; RFC 6066, section 3", level = MUST)
    @Requires(Capability.SERVER_NAME)
    void clientNamesTheServer_andTheServerLearnsIt(SslProtocol protocol) {
        Setup client = client().protocol(protocol).prepare(socket -> socket.setPeerVerifyName("Wrong.Host.Test."));
        try (LoopbackPair pair = pair(client, server().identity(authority().wrongHost()))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(serverName(outcome.server())).isEqualToIgnoringCase("wrong.host.test");
        }
    }

    @Test
    @Rule(id = "CONFIG-032", source = "B-045; RFC 6066, section 3", level = MUST)
    @Requires(Capability.SERVER_NAME)
    void addressesAndForbiddenNames_areNotSent() {
        Setup byAddress = client().prepare(socket -> socket.setPeerVerifyName("127.0.0.1"));
        Setup forbidden = client().configure(own -> own.setSslOption(SslOption.DISABLE_SERVER_NAME_INDICATION, true));
        for (Setup client : List.of(byAddress, forbidden)) {
            try (LoopbackPair pair = pair(client, server())) {
                assertThat(serverName(pair.handshake().server())).isEmpty();
            }
        }
    }

    @EachCase
    @Rule(id = "CONFIG-033", source = "B-045; RFC 6066, section 3; proved against other implementations", level = MUST)
    @Requires(value = Capability.SERVER_NAME, roles = TlsRole.SERVER)
    void foreignClientNamesTheServer_andTheServerLearnsIt(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup client = PeerSetup.create().trust(authority().trust()).protocol(protocol);
        ForeignPair pair = ForeignPair.server(stage(), server().protocol(protocol), peer, client, "named");

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        assertThat(serverName(pair.end())).isEqualTo(HOST);
        pair.converse("named");
    }

    private static String serverName(End server) {
        return server.socket().sessionParameters().orElseThrow().serverName().orElse("");
    }
}
