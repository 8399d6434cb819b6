package dev.qssl.tck.contract;

import static dev.qssl.QSslConfiguration.NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_NEGOTIATED;
import static dev.qssl.QSslConfiguration.NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_NONE;
import static dev.qssl.QSslConfiguration.NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_UNSUPPORTED;
import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration;
import dev.qssl.spi.Capability;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import java.util.List;

/** Which protocol the two sides agree to speak inside (RFC 7301), and what happens if there is none. */
@Requires(Capability.ALPN)
public abstract class AlpnContract extends BackendContract {

    /** Creates one. */
    protected AlpnContract() {}

    @EachCase
    @Rule(id = "ALPN-001", source = "B-209", level = MUST)
    void nobodyTakesPart_nothingIsNegotiated(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            none(pair.handshake());
        }
    }

    @EachCase
    @Rule(id = "ALPN-002", source = "B-210, B-211", level = MUST)
    void commonProtocol_isAgreedOnAtBothEnds(SslProtocol protocol) {
        negotiated(protocol, List.of("uber-cool", "cool", "not-so-cool"), List.of("cool", "not-so-cool"), "cool");
    }

    @EachCase
    @Rule(id = "ALPN-003", source = "B-212, C18", level = MUST)
    void severalCommonProtocols_theClientsOrderDecides(SslProtocol protocol) {
        negotiated(protocol, List.of("one", "two", "three"), List.of("three", "two"), "two");
    }

    @EachCase
    @Rule(id = "ALPN-004", source = "B-213", level = MUST)
    void onlyTheClientTakesPart_theConnectionWorksWithoutAProtocol(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol).alpn("h2"), server())) {
            none(pair.handshake());
        }
    }

    @EachCase
    @Rule(id = "ALPN-005", source = "B-209", level = MUST)
    void onlyTheServerTakesPart_theConnectionWorksWithoutAProtocol(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server().alpn("h2"))) {
            none(pair.handshake());
        }
    }

    @EachCase
    @Rule(id = "ALPN-006", source = "B-214, C6", level = MUST)
    void noCommonProtocol_theConnectionWorksWithoutOneAndNoAlertIsSent(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol).alpn("one"), server().alpn("two"))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).isEncrypted().hasNoFatalAlert();
            assertThat(outcome.server()).isEncrypted().hasNoFatalAlert();
            QSslConfiguration atServer = outcome.server().socket().sslConfiguration();
            assertThat(atServer.nextProtocolNegotiationStatus()).isEqualTo(NEXT_PROTOCOL_NEGOTIATION_UNSUPPORTED);
            assertThat(atServer.nextNegotiatedProtocol()).isEmpty();
            assertThat(outcome.client().socket().sslConfiguration().nextNegotiatedProtocol())
                    .isEmpty();
        }
    }

    @EachCase
    @Rule(id = "ALPN-007", source = "B-215; RFC 7301, section 3.1", level = MUST)
    void namesThatAreTooLongOrEmpty_areLeftOut(SslProtocol protocol) {
        String tooLong = "x".repeat(256);
        String longest = "y".repeat(255);
        negotiated(protocol, List.of(tooLong, "", longest), List.of(tooLong, "", longest), longest);
    }

    @EachCase
    @Rule(id = "ALPN-008", source = "B-210, proved against other implementations", level = MUST)
    void commonProtocol_isAgreedOnWithForeignServers(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup server =
                PeerSetup.create().identity(usualServer()).protocol(protocol).alpn("http/1.1");
        ForeignPair pair =
                ForeignPair.client(stage(), client().protocol(protocol).alpn("h2", "http/1.1"), peer.serve(server));

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        assertThat(chosen(pair.end())).isEqualTo("http/1.1");
        pair.end().run(pair.end().socket()::disconnectFromHost);
        pair.until(
                "the end of the server, which then tells all", () -> pair.peer().isOver());
        assertThat(pair.peer().alpn()).contains("http/1.1");
    }

    @EachCase
    @Rule(id = "ALPN-009", source = "B-210, B-212, C18, proved against other implementations", level = MUST)
    void commonProtocol_isAgreedOnWithForeignClients(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup client =
                PeerSetup.create().trust(authority().trust()).protocol(protocol).alpn("one", "two");
        ForeignPair pair =
                ForeignPair.server(stage(), server().protocol(protocol).alpn("two", "one"), peer, client, "hello");

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        assertThat(chosen(pair.end())).isEqualTo("one");
        assertThat(pair.peer().alpn()).contains("one");
    }

    private void negotiated(SslProtocol protocol, List<String> offered, List<String> allowed, String expected) {
        try (LoopbackPair pair = pair(
                client().protocol(protocol).alpn(offered.toArray(String[]::new)),
                server().alpn(allowed.toArray(String[]::new)))) {
            HandshakeOutcome outcome = pair.handshake();

            for (End end : List.of(outcome.client(), outcome.server())) {
                assertThat(end).isEncrypted();
                assertThat(chosen(end)).isEqualTo(expected);
                assertThat(end.socket().sslConfiguration().nextProtocolNegotiationStatus())
                        .isEqualTo(NEXT_PROTOCOL_NEGOTIATION_NEGOTIATED);
            }
        }
    }

    private static void none(HandshakeOutcome outcome) {
        for (End end : List.of(outcome.client(), outcome.server())) {
            assertThat(end).isEncrypted();
            assertThat(chosen(end)).isEmpty();
            assertThat(end.socket().sslConfiguration().nextProtocolNegotiationStatus())
                    .isEqualTo(NEXT_PROTOCOL_NEGOTIATION_NONE);
        }
    }

    private static String chosen(End end) {
        return new String(end.socket().sslConfiguration().nextNegotiatedProtocol(), ISO_8859_1);
    }
}
