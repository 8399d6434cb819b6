package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QOcspCertificateStatus;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.SslError;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.OcspReply;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSetup;
import java.util.List;

/** A server that staples the OCSP response it was given (RFC 6066, section 8; RFC 8446, section 4.4.2.1). */
@Requires(value = Capability.OCSP_STAPLING, roles = TlsRole.SERVER)
public abstract class OcspServerContract extends BackendContract {

    /** Creates one. */
    protected OcspServerContract() {}

    @EachCase
    @Rule(id = "STAPLE-001", source = "B-230; the server's half", level = MUST)
    @Requires(Capability.OCSP_STAPLING)
    void givenResponse_reachesTheClientThatAsks(SslProtocol protocol) {
        try (LoopbackPair pair = pair(asking(protocol), stapling(reply()))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).isEncrypted().neverSaw("sslErrors");
            assertThat(outcome.server()).isEncrypted();
            assertThat(outcome.client().socket().ocspResponses())
                    .singleElement()
                    .satisfies(response ->
                            assertThat(response.certificateStatus()).isEqualTo(QOcspCertificateStatus.GOOD));
        }
    }

    @EachCase
    @Rule(id = "STAPLE-002", source = "the server passes on what it was given, whatever it says", level = MUST)
    @Requires(Capability.OCSP_STAPLING)
    void responseThatSaysRevoked_isStapledAllTheSame(SslProtocol protocol) {
        try (LoopbackPair pair = pair(asking(protocol), stapling(reply().revoked()))) {
            assertThat(pair.handshake().client()).failedWith(SslError.CERTIFICATE_REVOKED);
        }
    }

    @EachCase
    @Rule(id = "STAPLE-003", source = "RFC 6066, section 8: only for clients that ask", level = MUST)
    void clientThatDoesNotAsk_isServedWithoutResponse(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), stapling(reply()))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).isEncrypted().neverSaw("sslErrors");
            assertThat(outcome.client().socket().ocspResponses()).isEmpty();
        }
    }

    @EachCase
    @Rule(id = "STAPLE-004", source = "nothing is left out in silence: stapled, or refused by name", level = MUST)
    @Requires(Capability.OCSP_STAPLING)
    void responseAboutAnotherCertificate_isStapledOrRefusedByName(SslProtocol protocol) {
        OcspReply other = reply().about(authority().server("other.test"));
        try (LoopbackPair pair = pair(asking(protocol), stapling(other))) {
            pair.begin();
            pair.until(
                    "a refusal, or the end at both sides",
                    () -> isRefused(pair.server())
                            || (pair.client().isOver() && pair.server().isOver()));

            if (isRefused(pair.server())) {
                assertThat(pair.server())
                        .hasErrorText(subject().backend(), "staple")
                        .neverSaw("encryptedBytesWritten");
            } else {
                assertThat(pair.client()).failedInHandshake().failedWith(SslError.OCSP_RESPONSE_CERT_ID_UNKNOWN);
            }
        }
    }

    @EachCase
    @Rule(id = "STAPLE-020", source = "RFC 6066, section 8; proved against another implementation", level = MUST)
    void foreignClient_getsTheResponse(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.askingForStaples();
        peer.require();
        PeerSetup client =
                PeerSetup.create().protocol(protocol).trust(authority().trust()).askForStaple();

        ForeignPair pair = ForeignPair.server(stage(), stapling(reply()), peer, client, "with a staple");

        pair.settle().converse("with a staple");
        assertThat(pair.peer().received("    Cert Status: good"))
                .as("%s", pair.peer())
                .isTrue();
    }

    private static boolean isRefused(End server) {
        return server.socket().error() == SocketError.SSL_INVALID_USER_DATA_ERROR;
    }

    private OcspReply reply() {
        return authority().ocsp(usualServer());
    }

    private Setup asking(SslProtocol protocol) {
        return client().protocol(protocol).configure(own -> own.setOcspStaplingEnabled(true));
    }

    private Setup stapling(OcspReply reply) {
        return server().configure(own -> own.setStapledOcspResponses(List.of(reply.der())));
    }
}
