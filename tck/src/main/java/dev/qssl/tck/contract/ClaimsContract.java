package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.Rule.Level.SHOULD;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.AlertEvent;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.QSslEllipticCurve;
import dev.qssl.QSslSocket;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
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
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a backend reports is so, proved against others; what it does not report does not happen. */
public abstract class ClaimsContract extends BackendContract {

    private static final String LINE = "hello from the kit";

    /** Creates one. */
    protected ClaimsContract() {}

    @EachCase
    @Rule(
            id = "CLAIM-001",
            source = "design of the kit: a claim is proved against another implementation",
            level = MUST)
    void claimedVersion_isSpokenAsClientWithForeignServers(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup server = PeerSetup.create().identity(usualServer()).protocol(protocol);
        ForeignPair pair = ForeignPair.client(stage(), client().protocol(protocol), peer.serve(server));

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        pair.converse(LINE); // what the peer prints of its session comes before what it prints of our line
        assertAgreed(pair, protocol);
    }

    @EachCase
    @Rule(
            id = "CLAIM-002",
            source = "design of the kit: a claim is proved against another implementation",
            level = MUST)
    void claimedVersion_isSpokenAsServerWithForeignClients(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup client = PeerSetup.create().trust(authority().trust()).protocol(protocol);
        ForeignPair pair = ForeignPair.server(stage(), server().protocol(protocol), peer, client, LINE);

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        pair.converse(LINE); // what the peer prints of its session comes before what it prints of our line
        assertAgreed(pair, protocol);
    }

    private static void assertAgreed(ForeignPair pair, SslProtocol protocol) {
        assertThat(pair.end().socket().sessionProtocol())
                .isEqualTo(protocol)
                .isEqualTo(pair.peer().protocol());
        assertThat(pair.end().socket().sessionCipher()).isEqualTo(pair.peer().cipher());
    }

    @Test
    @Rule(id = "CLAIM-003", source = "B-031, B-183; what is not claimed is refused by name", level = MUST)
    void versionThatIsNotClaimed_cannotBeAskedForAsClient() {
        for (SslProtocol protocol : unclaimed(TlsRole.CLIENT)) {
            End client = stage().open(client().protocol(protocol));

            client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));

            assertThat(client)
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .hasErrorText(subject().backend(), protocol.displayName());
            assertThat(client.socket().state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        }
    }

    @Test
    @Rule(id = "CLAIM-004", source = "B-051, B-183; what is not claimed is refused by name", level = MUST)
    void versionThatIsNotClaimed_cannotBeAskedForAsServer() {
        for (SslProtocol protocol : unclaimed(TlsRole.SERVER)) {
            try (LoopbackPair pair = pair(client(), server().protocol(protocol))) {
                pair.connectPlain();

                pair.server().run(pair.server().socket()::startServerEncryption);

                assertThat(pair.server())
                        .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                        .hasErrorText(subject().backend(), protocol.displayName());
            }
        }
    }

    @EachCase
    @Rule(id = "CLAIM-005", source = "design of the kit: nothing works that is not claimed", level = MUST)
    void versionThatIsNotClaimed_isNotSpokenAsClient(ForeignPeer peer) {
        List<SslProtocol> unclaimed =
                unclaimed(TlsRole.CLIENT).stream().filter(peer::speaks).toList();
        assumeTrue(!unclaimed.isEmpty(), "the peer speaks no version that is not claimed");
        for (SslProtocol protocol : unclaimed) {
            PeerSetup server = PeerSetup.create().identity(usualServer()).protocol(protocol);
            Setup client = client().protocol(SslProtocol.ANY_PROTOCOL);
            ForeignPair pair = ForeignPair.client(stage(), client, peer.serve(server));

            assertRefused(pair, refusals(peer, protocol));
        }
    }

    @EachCase
    @Rule(id = "CLAIM-006", source = "design of the kit: nothing works that is not claimed", level = MUST)
    void versionThatIsNotClaimed_isNotSpokenAsServer(ForeignPeer peer) {
        List<SslProtocol> unclaimed =
                unclaimed(TlsRole.SERVER).stream().filter(peer::speaks).toList();
        assumeTrue(!unclaimed.isEmpty(), "the peer speaks no version that is not claimed");
        for (SslProtocol protocol : unclaimed) {
            PeerSetup client = PeerSetup.create().trust(authority().trust()).protocol(protocol);
            Setup server = server().protocol(SslProtocol.ANY_PROTOCOL);
            ForeignPair pair = ForeignPair.server(stage(), server, peer, client, LINE);

            assertRefused(pair, AlertType.PROTOCOL_VERSION);
        }
    }

    // For want of a version, not for any other reason: whoever notices it says so (RFC 8446, section 6.2). GnuTLS 3.7.9
    // chooses a version that was not offered, and reads no alert of a client that refuses it: then only the end tells.
    private static void assertRefused(ForeignPair pair, AlertType... refusals) {
        pair.until("the end", () -> pair.end().isOver() && pair.peer().isOver());

        assertThat(pair.end()).failedInHandshake();
        List<AlertType> told = new ArrayList<>(pair.peer().alert().stream().toList());
        for (String signal : List.of("alertSent", "alertReceived")) {
            pair.end().transcript().arguments(signal, AlertEvent.class).forEach(alert -> told.add(alert.type()));
        }
        assertThat(told).as("%s, and %s", pair.end(), pair.peer()).containsAnyOf(refusals);
    }

    // GnuTLS's server of TLS 1.2 misses a suite, not a version, where only TLS 1.3 is offered.
    private static AlertType[] refusals(ForeignPeer peer, SslProtocol protocol) {
        return peer.name().equals("gnutls") && protocol == SslProtocol.TLS_V1_2
                ? new AlertType[] {AlertType.PROTOCOL_VERSION, AlertType.HANDSHAKE_FAILURE}
                : new AlertType[] {AlertType.PROTOCOL_VERSION};
    }

    private List<SslProtocol> unclaimed(TlsRole role) {
        Set<SslProtocol> claimed = subject().capabilities().protocols(Capability.HANDSHAKE, role);
        return Stream.of(SslProtocol.TLS_V1_0, SslProtocol.TLS_V1_1, SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3)
                .filter(protocol -> !claimed.contains(protocol))
                .toList();
    }

    @Test
    @Rule(id = "CLAIM-010", source = "B-010; every suite that is reported can be negotiated", level = MUST)
    @Requires(Capability.CIPHER_SUITE_CHOICE)
    void claimedCipherSuite_isNegotiatedWhenItIsTheOnlyOne() {
        List<String> broken = new ArrayList<>();
        for (CipherSuite suite : subject().capabilities().cipherSuites()) {
            if (suite.keyExchange().endsWith("PSK")) {
                continue; // proved with a key, by the contract of pre-shared keys
            }
            QSslCipher cipher = QSslCipher.of(suite);
            // Suites of both kinds are chosen apart, so the other kind has to be out of reach (B-190).
            SslProtocol protocol =
                    suite.protocol() == SslProtocol.TLS_V1_3 ? SslProtocol.TLS_V1_3 : SslProtocol.TLS_V1_2;
            if (!subject().capabilities().can(Capability.CIPHER_SUITE_CHOICE, TlsRole.CLIENT, protocol)) {
                continue; // of that version they are negotiated all together
            }
            Setup client = client().protocol(protocol).configure(own -> own.setCiphers(List.of(cipher)));
            Setup server = server().identity(identityFor(suite)).configure(own -> own.setCiphers(List.of(cipher)));
            try (LoopbackPair pair = pair(client, server)) {
                HandshakeOutcome outcome = pair.handshake();
                if (!outcome.client().socket().sessionCipher().equals(cipher)) {
                    broken.add(
                            suite.ianaName() + ": " + outcome.client().socket().errorString());
                }
            }
        }
        assertThat(broken)
                .as("cipher suites that are claimed and cannot be negotiated")
                .isEmpty();
    }

    private Identity identityFor(CipherSuite suite) {
        return switch (suite.authentication()) {
            case "RSA" -> authority().rsaServer(HOST);
            case "DSS" ->
                authority().serverRecipe(HOST).keys(TestKeys.dsa("server")).identity();
            default -> usualServer();
        };
    }

    @EachCase
    @Rule(
            id = "CLAIM-011",
            source = "design of the backends: every group that is reported can be negotiated",
            level = MUST)
    @Requires(Capability.GROUP_CHOICE)
    void claimedGroup_isNegotiatedWhenItIsTheOnlyOne(SslProtocol protocol) {
        List<String> broken = new ArrayList<>();
        for (String group : subject().curves(protocol)) {
            QSslEllipticCurve curve = QSslEllipticCurve.ofGroup(group);
            if (!curve.isValid()) {
                broken.add(group + ": no such QSslEllipticCurve");
                continue;
            }
            Setup client = client().protocol(protocol).configure(own -> own.setEllipticCurves(List.of(curve)));
            // Not every group that works is on by default.
            Setup server = server().identity(authority().rsaServer("localhost"))
                    .configure(own -> own.setEllipticCurves(List.of(curve)));
            try (LoopbackPair pair = pair(client, server)) {
                HandshakeOutcome outcome = pair.handshake();
                if (!outcome.client().isEncrypted()) {
                    broken.add(group + ": " + outcome.client().socket().errorString());
                }
            }
        }
        assertThat(broken)
                .as("groups that are claimed and cannot be negotiated")
                .isEmpty();
    }

    @Test
    @Rule(id = "CLAIM-020", source = "B-240, B-249", level = MUST)
    void reportedVersions_areTheClaimedOnesAndTheRangesThatLeadToThem() {
        String backend = subject().backend();
        List<SslProtocol> reported = QSslSocket.supportedProtocols(backend);

        assertThat(QSslSocket.availableBackends()).contains(backend);
        assertThat(reported).contains(SslProtocol.ANY_PROTOCOL, SslProtocol.SECURE_PROTOCOLS);
        assertThat(reported.stream().filter(SslProtocol::isConcrete))
                .containsExactlyInAnyOrderElementsOf(subject().capabilities().protocols());
        assertThat(QSslSocket.implementedClasses(backend)).contains(ImplementedClass.SOCKET);
        for (SslProtocol protocol : SslProtocol.values()) {
            assertThat(QSslSocket.isProtocolSupported(protocol, backend)).isEqualTo(reported.contains(protocol));
        }
    }

    @Test
    @Rule(id = "CLAIM-021", source = "B-240; Qt's flags follow from the capabilities", level = MUST)
    void reportedFeaturesAndClasses_followFromTheCapabilities() {
        Capabilities claimed = subject().capabilities();

        assertThat(QSslSocket.supportedFeatures(subject().backend()))
                .containsExactlyInAnyOrderElementsOf(claimed.features());
        assertThat(QSslSocket.implementedClasses(subject().backend()))
                .containsExactlyInAnyOrderElementsOf(claimed.classes());
    }

    @Test
    @Rule(id = "CLAIM-022", source = "a capability is claimed only in versions that can be negotiated", level = MUST)
    void everyCapability_isClaimedOnlyInClaimedVersions() {
        Capabilities claimed = subject().capabilities();
        for (TlsRole role : TlsRole.values()) {
            for (Capability capability : Capability.values()) {
                assertThat(claimed.protocols(Capability.HANDSHAKE, role))
                        .as("%s as %s", capability, role)
                        .containsAll(claimed.protocols(capability, role));
            }
        }
    }

    @EachCase
    @Rule(id = "CLAIM-023", source = "design of the kit: what works is claimed", level = SHOULD)
    void whatIsNotClaimed_doesNotShow(SslProtocol protocol) {
        Setup client = client().protocol(protocol);
        try (LoopbackPair pair = pair(client, server())) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            HandshakeOutcome outcome = pair.handshake();

            Set<String> hidden = new TreeSet<>();
            for (End end : List.of(outcome.client(), outcome.server())) {
                hidden.addAll(shown(end, end == outcome.client() ? TlsRole.CLIENT : TlsRole.SERVER, protocol));
            }
            assertThat(hidden).as("things that work and are not claimed").isEmpty();
        }
    }

    @EachCase
    @Rule(id = "CLAIM-024", source = "design of the kit: what works is claimed", level = SHOULD)
    void resumptionThatIsNotClaimed_doesNotHappen(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            boolean resumed = false;
            for (int i = 0; i < 2; i++) {
                pair.handshake();
                // In TLS 1.3 sessions come after the handshake: a byte from the server is behind them.
                pair.server().run(() -> pair.server().socket().write(new byte[] {1}));
                pair.until("a byte", () -> pair.client().socket().bytesAvailable() == 1);
                resumed =
                        pair.client().socket().sessionParameters().orElseThrow().resumed();
                pair.client().run(pair.client().socket()::disconnectFromHost);
                pair.over();
            }

            assertThat(resumed && !subject().capabilities().can(Capability.RESUMPTION, TlsRole.CLIENT, protocol))
                    .as("a session was resumed, and resumption is not claimed")
                    .isFalse();
        }
    }

    private Set<String> shown(End end, TlsRole role, SslProtocol protocol) {
        NegotiatedParameters agreed = end.socket().sessionParameters().orElseThrow();
        Set<Capability> shown = new TreeSet<>();
        if (agreed.group().isPresent()) {
            shown.add(Capability.NEGOTIATED_GROUP);
        }
        if (role == TlsRole.SERVER && agreed.serverName().isPresent()) {
            shown.add(Capability.SERVER_NAME);
        }
        if (!end.transcript().arguments("alertReceived", AlertEvent.class).isEmpty()) {
            shown.add(Capability.ALERTS);
        }
        if (end.saw("newSessionTicketReceived")) {
            shown.add(Capability.SESSION_EXPORT);
        }
        Set<String> hidden = new TreeSet<>();
        for (Capability capability : shown) {
            if (!subject().capabilities().can(capability, role, protocol)) {
                hidden.add(capability + " (" + role + ", " + protocol + ")");
            }
        }
        return hidden;
    }
}
