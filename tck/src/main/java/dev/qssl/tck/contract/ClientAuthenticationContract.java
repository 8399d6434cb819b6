package dev.qssl.tck.contract;

import static dev.qssl.QSsl.AlertType.BAD_CERTIFICATE;
import static dev.qssl.QSsl.AlertType.CERTIFICATE_REQUIRED;
import static dev.qssl.QSsl.AlertType.HANDSHAKE_FAILURE;
import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.Identity;
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
import dev.qssl.tck.peer.PeerSetup.ClientCertificate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who a client is: what a server asks, what a client shows, and what the server does with it. */
@Requires(Capability.CLIENT_CERTIFICATE)
public abstract class ClientAuthenticationContract extends BackendContract {

    /** Creates one. */
    protected ClientAuthenticationContract() {}

    @EachCase
    @Rule(id = "CLIENT-001", source = "B-086, B-087", level = MUST)
    void goodClient_isKnownByItsChain(SslProtocol protocol) {
        Identity good = authority()
                .clientRecipe("client")
                .issuedBy(authority().intermediate())
                .identity();
        try (LoopbackPair pair =
                pair(client().protocol(protocol).identity(good), server().verify(PeerVerifyMode.VERIFY_PEER))) {
            HandshakeOutcome outcome = exchange(pair);

            assertThat(outcome.client()).isEncrypted();
            assertThat(outcome.server()).isEncrypted().neverSaw("sslErrors");
            assertThat(outcome.server().socket().peerCertificateChain())
                    .containsExactlyElementsOf(
                            good.chain().stream().map(QSslCertificate::of).toList());
        }
    }

    @EachCase
    @Rule(id = "CLIENT-002", source = "B-085", level = MUST)
    void clientWithoutCertificate_isDroppedByAServerThatVerifies(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server().verify(PeerVerifyMode.VERIFY_PEER))) {
            pair.begin();
            pair.over();

            assertThat(pair.server()).failedWith(SslError.NO_PEER_CERTIFICATE);
            assertThat(pair.client()).sawExactly("errorOccurred", 1);
        }
    }

    @EachCase
    @Rule(id = "CLIENT-003", source = "B-085; the error can be ignored", level = MUST)
    void clientWithoutCertificate_canBeLetIn(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server().verify(PeerVerifyMode.VERIFY_PEER))) {
            pair.server()
                    .socket()
                    .sslErrors
                    .connect(() -> pair.server().socket().ignoreSslErrors());

            exchange(pair);

            assertThat(pair.server()).isEncrypted().reported(SslError.NO_PEER_CERTIFICATE);
        }
    }

    @EachCase
    @Rule(id = "CLIENT-004", source = "B-086, B-314", level = MUST)
    void selfSignedClient_isDroppedByAServerThatVerifies(SslProtocol protocol) {
        Identity bad = authority().clientRecipe("client").selfSigned().identity();
        try (LoopbackPair pair =
                pair(client().protocol(protocol).identity(bad), server().verify(PeerVerifyMode.VERIFY_PEER))) {
            pair.begin();
            pair.over();

            assertThat(pair.server()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
            assertThat(pair.client()).sawExactly("errorOccurred", 1);
        }
    }

    @EachCase
    @Rule(id = "CLIENT-005", source = "B-086; RFC 5280, section 4.2.1.12", level = MUST)
    void clientWhoseCertificateIsForServers_isDropped(SslProtocol protocol) {
        Setup client = client().protocol(protocol).identity(authority().clientWithServerPurpose("client"));
        try (LoopbackPair pair = pair(client, server().verify(PeerVerifyMode.VERIFY_PEER))) {
            pair.begin();
            pair.over();

            assertThat(pair.server()).failedWith(SslError.INVALID_PURPOSE);
        }
    }

    @EachCase
    @Rule(id = "CLIENT-006", source = "B-060, B-082", level = MUST)
    void badClient_isReportedAndLetInByAServerThatOnlyAsks(SslProtocol protocol) {
        Identity bad = authority().clientRecipe("client").selfSigned().identity();
        for (PeerVerifyMode mode : List.of(PeerVerifyMode.QUERY_PEER, PeerVerifyMode.AUTO_VERIFY_PEER)) {
            try (LoopbackPair pair = pair(client().protocol(protocol).identity(bad), server().verify(mode))) {
                End server = exchange(pair).server();

                assertThat(server).isEncrypted();
                assertThat(server.socket().peerCertificate()).isEqualTo(QSslCertificate.of(bad.certificate()));
                assertThat(server.socket().sslHandshakeErrors())
                        .extracting(QSslError::error)
                        .containsExactly(SslError.SELF_SIGNED_CERTIFICATE);
            }
        }
    }

    @EachCase
    @Rule(id = "CLIENT-007", source = "B-083", level = MUST)
    void clientWithoutCertificate_isLetInSilentlyByAServerThatOnlyAsks(SslProtocol protocol) {
        for (PeerVerifyMode mode : List.of(PeerVerifyMode.QUERY_PEER, PeerVerifyMode.AUTO_VERIFY_PEER)) {
            try (LoopbackPair pair = pair(client().protocol(protocol), server().verify(mode))) {
                End server = exchange(pair).server();

                assertThat(server).isEncrypted().neverSaw("sslErrors", "peerVerifyError");
                assertThat(server.socket().peerCertificate().isNull()).isTrue();
                assertThat(server.socket().peerCertificateChain()).isEmpty();
            }
        }
    }

    @EachCase
    @Rule(id = "CLIENT-008", source = "B-084", level = MUST)
    void serverThatVerifiesNothing_doesNotAsk(SslProtocol protocol) {
        Setup client = client().protocol(protocol).identity(authority().client("client"));
        try (LoopbackPair pair = pair(client, server().verify(PeerVerifyMode.VERIFY_NONE))) {
            End server = exchange(pair).server();

            assertThat(server).isEncrypted();
            assertThat(server.socket().peerCertificate().isNull()).isTrue();
        }
    }

    @EachCase
    @Rule(id = "CLIENT-009", source = "B-091", level = MUST)
    void clientThatVerifiesNothing_showsItsCertificateAllTheSame(SslProtocol protocol) {
        Identity own = authority().client("client");
        Setup client =
                client().protocol(protocol).verify(PeerVerifyMode.VERIFY_NONE).identity(own);
        try (LoopbackPair pair = pair(client, server().verify(PeerVerifyMode.VERIFY_PEER))) {
            End server = exchange(pair).server();

            assertThat(server).isEncrypted();
            assertThat(server.socket().peerCertificate()).isEqualTo(QSslCertificate.of(own.certificate()));
        }
    }

    @EachCase
    @Rule(id = "CLIENT-010", source = "B-119", level = MUST)
    void missingCertificateThatIsFatal_endsTheHandshakeOnTheWire(SslProtocol protocol) {
        for (PeerVerifyMode mode : List.of(PeerVerifyMode.QUERY_PEER, PeerVerifyMode.VERIFY_PEER)) {
            Setup server = server().verify(mode).configure(own -> own.setMissingCertificateIsFatal(true));
            try (LoopbackPair pair = pair(client().protocol(protocol), server)) {
                pair.server().socket().ignoreSslErrors(); // cannot be ignored
                pair.begin();
                pair.over();

                assertThat(pair.server()).failedInHandshake();
                if (protocol != SslProtocol.TLS_V1_3) {
                    assertThat(pair.client()).neverSaw("encrypted");
                }
            }
        }
    }

    @EachCase
    @Rule(id = "CLIENT-011", source = "B-119", level = MUST)
    @Requires(Capability.ALERTS)
    void missingCertificateThatIsFatal_isToldByAnAlert(SslProtocol protocol) {
        Setup server = server().configure(own -> own.setMissingCertificateIsFatal(true));
        try (LoopbackPair pair = pair(client().protocol(protocol), server)) {
            pair.begin();
            pair.over();

            assertThat(pair.server()).sentAlert(CERTIFICATE_REQUIRED, HANDSHAKE_FAILURE, BAD_CERTIFICATE);
            assertThat(pair.client()).receivedAlert(CERTIFICATE_REQUIRED, HANDSHAKE_FAILURE, BAD_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "CLIENT-012", source = "B-120", level = MUST)
    void missingCertificate_isNotFatalToAServerThatVerifiesNothing() {
        Setup server =
                server().verify(PeerVerifyMode.VERIFY_NONE).configure(own -> own.setMissingCertificateIsFatal(true));
        try (LoopbackPair pair = pair(client(), server)) {
            assertThat(exchange(pair).server()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "CLIENT-013", source = "B-094", level = MUST)
    void namesInAClientsCertificate_areNotCompared() {
        Identity stranger = authority().client("some.other.host.test");
        try (LoopbackPair pair = pair(client().identity(stranger), server().verify(PeerVerifyMode.VERIFY_PEER))) {
            assertThat(exchange(pair).server()).isEncrypted().neverSaw("sslErrors");
        }
    }

    @EachCase
    @Rule(id = "CLIENT-014", source = "B-088", level = MUST)
    void chainOfTheServer_isSeenAsItWasSet(SslProtocol protocol) {
        Identity chained = authority().viaIntermediate("localhost");
        try (LoopbackPair pair = pair(client().protocol(protocol), server().identity(chained))) {
            assertThat(exchange(pair).client().socket().peerCertificateChain())
                    .containsExactlyElementsOf(
                            chained.chain().stream().map(QSslCertificate::of).toList());
        }
    }

    @EachCase
    @Rule(id = "CLIENT-015", source = "B-086, B-097", level = MUST)
    void clientOfAnUnknownAuthority_isDroppedByAServerThatVerifies(SslProtocol protocol) {
        Identity stranger = authority()
                .clientRecipe("client")
                .issuedBy(authority().unknownRoot())
                .identity();
        try (LoopbackPair pair =
                pair(client().protocol(protocol).identity(stranger), server().verify(PeerVerifyMode.VERIFY_PEER))) {
            pair.begin();
            pair.over();

            assertThat(pair.server())
                    .failedWith(
                            SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE,
                            SslError.UNABLE_TO_VERIFY_FIRST_CERTIFICATE);
            assertThat(pair.client()).sawExactly("errorOccurred", 1);
        }
    }

    @EachCase
    @Rule(id = "CLIENT-020", source = "B-086, proved against other implementations", level = MUST)
    void clientCertificate_isShownToForeignServers(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup server = PeerSetup.create()
                .identity(usualServer())
                .trust(authority().trust())
                .protocol(protocol)
                .clientCertificate(ClientCertificate.REQUIRE);
        Setup client = client().protocol(protocol).identity(authority().client("client"));
        ForeignPair pair = ForeignPair.client(stage(), client, peer.serve(server));

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        pair.converse("known");
    }

    @EachCase
    @Rule(id = "CLIENT-021", source = "B-086, proved against other implementations", level = MUST)
    void certificateOfForeignClients_isVerified(SslProtocol protocol, ForeignPeer peer) {
        Identity own = authority().client("client");
        PeerSetup client =
                PeerSetup.create().identity(own).trust(authority().trust()).protocol(protocol);
        Setup server = server().protocol(protocol).verify(PeerVerifyMode.VERIFY_PEER);
        ForeignPair pair = ForeignPair.server(stage(), server, peer, client, "known");

        pair.settle();

        assertThat(pair.end()).isEncrypted();
        assertThat(pair.end().socket().peerCertificate()).isEqualTo(QSslCertificate.of(own.certificate()));
        pair.converse("known");
    }

    // In TLS 1.3 a client is done before the server has seen its certificate: a byte both ways shows that all is well.
    private static HandshakeOutcome exchange(LoopbackPair pair) {
        HandshakeOutcome outcome = pair.handshake();
        pair.client().run(() -> pair.client().socket().write(new byte[] {1}));
        pair.until("a byte", () -> pair.server().socket().bytesAvailable() == 1);
        return outcome;
    }
}
