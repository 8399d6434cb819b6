package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.QSslEllipticCurve;
import dev.qssl.QSslKey;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which groups the two sides agree on keys in (RFC 8422, section 5.1.1; RFC 8446, section 4.2.7). */
@Requires(Capability.GROUP_CHOICE)
public abstract class EllipticCurveContract extends BackendContract {

    private static final String P256 = "secp256r1";
    private static final String P384 = "secp384r1";

    private static final Map<String, Integer> KEY_BITS =
            Map.of("x25519", 253, "x448", 448, P256, 256, P384, 384, "secp521r1", 521);

    /** Creates one. */
    protected EllipticCurveContract() {}

    @EachCase
    @Rule(id = "CURVE-001", source = "RFC 8446, section 4.2.7", level = MUST)
    @Requires(Capability.NEGOTIATED_GROUP)
    void onlyCommonGroup_isAgreedOnAndToldByBothSides(SslProtocol protocol) {
        for (String group : List.of(P256, P384)) {
            Setup server = server().identity(authority().rsaServer("localhost"));
            try (LoopbackPair pair = pair(choosing(client().protocol(protocol), group), choosing(server, P384, P256))) {
                HandshakeOutcome outcome = pair.handshake();

                assertThat(group(outcome.client())).contains(group);
                assertThat(group(outcome.server())).contains(group);
            }
        }
    }

    @EachCase
    @Rule(id = "CURVE-002", source = "RFC 8446, section 4.1.1", level = MUST)
    void noCommonGroup_failsAtBothSides(SslProtocol protocol) {
        Setup server = server().identity(authority().rsaServer("localhost"));
        try (LoopbackPair pair =
                pair(choosing(client().protocol(protocol), P384), choosing(withoutStaticRsa(server), P256))) {
            HandshakeOutcome outcome = pair.handshake();

            // Which alert it is differs: SunJSSE 25 says unexpected_message.
            assertThat(outcome.client()).failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR);
            assertThat(outcome.client().saw("alertReceived")).isTrue();
            assertThat(outcome.server())
                    .failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR)
                    .neverSaw("encrypted");
        }
    }

    // Up to TLS 1.2 a suite without ephemeral keys needs no group.
    private Setup withoutStaticRsa(Setup server) {
        return server.configure(own -> own.setCiphers(subject().capabilities().cipherSuites().stream()
                .filter(suite -> !suite.keyExchange().equals("RSA"))
                .filter(suite -> !suite.keyExchange().endsWith("PSK"))
                .filter(suite -> !suite.keyExchange().equals("DH"))
                .map(QSslCipher::of)
                .toList()));
    }

    @Test
    @Rule(id = "CURVE-003", source = "draft-ietf-tls-ecdhe-mlkem; where the group is claimed", level = MUST)
    @Requires(value = Capability.GROUP_CHOICE, protocols = SslProtocol.TLS_V1_3)
    void hybridGroup_isAgreedOnWhereItIsClaimed() {
        Stream.of("X25519MLKEM768", "SecP256r1MLKEM768")
                .filter(subject().capabilities().groups()::contains)
                .forEach(group -> {
                    Setup client = choosing(client().protocol(SslProtocol.TLS_V1_3), group);
                    try (LoopbackPair pair = pair(client, choosing(server(), group))) {
                        assertThat(group(pair.handshake().client())).contains(group);
                    }
                });
    }

    @EachCase
    @Rule(id = "CURVE-004", source = "not in the library: refused by name", level = MUST)
    void groupThatIsNotClaimed_isRefused(SslProtocol protocol) {
        Optional<String> unknown = Stream.of("brainpoolP512r1", "secp224r1", "x448", "MLKEM512")
                .filter(group -> !subject().capabilities().groups().contains(group))
                .findFirst();
        unknown.ifPresent(group -> {
            End client = stage().open(choosing(client().protocol(protocol), P256, group));
            client.run(() -> client.socket().connectToHostEncrypted(LoopbackPair.HOST, 9));

            assertThat(client)
                    .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                    .hasErrorText(group, subject().backend())
                    .neverSaw("connected");
        });
    }

    @EachCase
    @Rule(id = "CURVE-005", source = "ephemeralServerKey, where the backend tells it", level = MUST)
    void serversEphemeralKey_isOneOfTheGroup(SslProtocol protocol) {
        KEY_BITS.forEach((group, bits) -> {
            if (subject().capabilities().groups().contains(group)) {
                Setup server = server().identity(authority().rsaServer("localhost"));
                try (LoopbackPair pair = pair(choosing(client().protocol(protocol), group), choosing(server, group))) {
                    HandshakeOutcome outcome = pair.handshake();
                    QSslKey key = ephemeral(outcome.client());

                    assertThat(key.isNull() || key.length() == bits)
                            .as("%s: %s of %d bits", group, key.algorithm(), key.length())
                            .isTrue();
                    assertThat(ephemeral(outcome.server()).isNull()).isTrue();
                }
            }
        });
    }

    @EachCase
    @Rule(id = "CURVE-020", source = "RFC 8446, section 4.2.7; proved against another implementation", level = MUST)
    void foreignClient_agreesOnTheServersOnlyGroup(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.tellingTheGroup();
        peer.require();
        Setup server = choosing(server().identity(authority().rsaServer("localhost")), P384);
        PeerSetup client =
                PeerSetup.create().protocol(protocol).trust(authority().trust());

        ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "in this group");

        pair.settle().converse("in this group");
        // In the words of OpenSSL up to 3.4 and from 3.5 on.
        assertThat(Stream.of("Server", "Peer")
                        .flatMap(whose -> Stream.of("secp384r1", "P-384")
                                .map(group -> whose + " Temp Key: ECDH, " + group + ", 384 bits")))
                .as("%s", pair.peer())
                .anyMatch(pair.peer()::received);
    }

    private static Setup choosing(Setup setup, String... groups) {
        return setup.configure(own -> own.setEllipticCurves(
                Stream.of(groups).map(QSslEllipticCurve::ofGroup).toList()));
    }

    private static QSslKey ephemeral(End end) {
        return end.socket().sslConfiguration().ephemeralServerKey();
    }

    private static Optional<String> group(End end) {
        return end.socket().sessionParameters().flatMap(NegotiatedParameters::group);
    }
}
