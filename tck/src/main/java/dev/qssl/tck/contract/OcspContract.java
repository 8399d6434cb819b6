package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.LoopbackPair.HOST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QOcspCertificateStatus;
import dev.qssl.QOcspResponse;
import dev.qssl.QOcspRevocationReason;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.OcspReply;
import dev.qssl.tck.fixture.OcspReply.Failure;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.security.cert.CRLReason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a client makes of the OCSP response that a server staples (RFC 6066, section 8). The server is a foreign one. */
@Requires(value = Capability.OCSP_STAPLING, roles = TlsRole.CLIENT)
public abstract class OcspContract extends BackendContract {

    /** Creates one. */
    protected OcspContract() {}

    @EachCase
    @Rule(id = "OCSP-001", source = "B-230", level = MUST)
    void goodResponse_isAcceptedAndTold(SslProtocol protocol) {
        End client = connect(protocol, reply().der());

        assertThat(client).isEncrypted().neverSaw("sslErrors");
        assertThat(client.socket().ocspResponses()).hasSize(1);
        QOcspResponse response = client.socket().ocspResponses().get(0);
        assertThat(response.certificateStatus()).isEqualTo(QOcspCertificateStatus.GOOD);
        assertThat(response.revocationReason()).isEqualTo(QOcspRevocationReason.NONE);
        assertThat(response.subject())
                .isEqualTo(QSslCertificate.of(usualServer().certificate()));
        assertThat(response.responder())
                .isEqualTo(QSslCertificate.of(authority().root().certificate()));
    }

    @EachCase
    @Rule(id = "OCSP-002", source = "B-229, B-239", level = MUST)
    void noResponse_isAnError(SslProtocol protocol) {
        End client = connect(protocol, stapling(), PeerSetup.create());

        assertThat(client).failedWith(SslError.OCSP_NO_RESPONSE_FOUND);
        assertThat(client.socket().ocspResponses()).isEmpty();
    }

    @Test
    @Rule(id = "OCSP-003", source = "B-229; the error can be ignored", level = MUST)
    void noResponse_canBeIgnored() {
        Setup client = stapling()
                .prepare(socket -> socket.ignoreSslErrors(List.of(new QSslError(
                        SslError.OCSP_NO_RESPONSE_FOUND,
                        QSslCertificate.of(usualServer().certificate())))));

        End end = connect(anyProtocol(), client, PeerSetup.create());

        assertThat(end).isEncrypted();
    }

    @EachCase
    @Rule(id = "OCSP-004", source = "B-232", level = MUST)
    void revokedCertificate_isRefusedWithItsReason(SslProtocol protocol) {
        End client = connect(protocol, reply().revoked(CRLReason.KEY_COMPROMISE).der());

        assertThat(client).failedWith(SslError.CERTIFICATE_REVOKED);
        assertThat(client.socket().ocspResponses()).hasSize(1);
        QOcspResponse response = client.socket().ocspResponses().get(0);
        assertThat(response.certificateStatus()).isEqualTo(QOcspCertificateStatus.REVOKED);
        assertThat(response.revocationReason()).isEqualTo(QOcspRevocationReason.KEY_COMPROMISE);
    }

    @Test
    @Rule(id = "OCSP-005", source = "B-232", level = MUST)
    void certificateThatTheResponderDoesNotKnow_isRefused() {
        assertThat(connect(anyProtocol(), reply().unknown().der())).failedWith(SslError.OCSP_STATUS_UNKNOWN);
    }

    @Test
    @Rule(id = "OCSP-006", source = "B-231", level = MUST)
    void failureOfTheResponder_isToldByItsName() {
        Map<Failure, SslError> errors = Map.of(
                Failure.MALFORMED_REQUEST, SslError.OCSP_MALFORMED_REQUEST,
                Failure.INTERNAL_ERROR, SslError.OCSP_INTERNAL_ERROR,
                Failure.TRY_LATER, SslError.OCSP_TRY_LATER,
                Failure.SIG_REQUIRED, SslError.OCSP_SIG_REQUIRED,
                Failure.UNAUTHORIZED, SslError.OCSP_UNAUTHORIZED);

        errors.forEach((failure, error) -> assertThat(connect(anyProtocol(), failure.der()))
                .as(failure.name())
                .failedWith(error));
    }

    @EachCase
    @Rule(id = "OCSP-007", source = "B-233", level = MUST)
    void garbageInsteadOfAResponse_endsTheHandshakeAndCannotBeIgnored(SslProtocol protocol) {
        byte[] garbage = {0x30, 0x03, 0x01, 0x02};
        Setup client = stapling().prepare(socket -> socket.ignoreSslErrors());

        End end = connect(
                ForeignPeer.staplingAnything(),
                protocol,
                client,
                PeerSetup.create().staple(garbage));

        // By our decision: a server that is unable to staple may end the handshake, too, but says so.
        assertThat(end)
                .failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR)
                .neverSaw("encrypted", "sslErrors", "alertReceived");
    }

    @Test
    @Rule(id = "OCSP-008", source = "B-234", level = MUST)
    void responseAboutTwoCertificates_isMalformed() {
        Identity other = authority().server("other.test");

        assertThat(connect(anyProtocol(), reply().andAbout(other).der())).failedWith(SslError.OCSP_MALFORMED_RESPONSE);
    }

    @Test
    @Rule(id = "OCSP-009", source = "B-235", level = MUST)
    void responseOutOfItsTime_isExpired() {
        assertThat(connect(anyProtocol(), reply().expired().der())).failedWith(SslError.OCSP_RESPONSE_EXPIRED);
        assertThat(connect(anyProtocol(), reply().notYetValid().der())).failedWith(SslError.OCSP_RESPONSE_EXPIRED);
    }

    @Test
    @Rule(id = "OCSP-010", source = "B-235", level = MUST)
    void responseWithoutAnEnd_isAccepted() {
        assertThat(connect(anyProtocol(), reply().withoutNextUpdate().der())).isEncrypted();
    }

    @Test
    @Rule(id = "OCSP-011", source = "B-236", level = MUST)
    void responseAboutAnotherCertificate_isRefused() {
        Identity other = authority().server("other.test");

        End client = connect(
                ForeignPeer.staplingAnything(),
                anyProtocol(),
                stapling(),
                PeerSetup.create().staple(reply().about(other).der()));

        assertThat(client).failedInHandshake();
        assertThat(codes(client)).contains(SslError.OCSP_RESPONSE_CERT_ID_UNKNOWN);
    }

    @Test
    @Rule(id = "OCSP-012", source = "B-237", level = MUST)
    void responseOfAStranger_isRefused() {
        End client = connect(
                anyProtocol(), reply().signedBy(authority().unknownRoot()).der());

        assertThat(client).failedInHandshake();
        assertThat(codes(client)).contains(SslError.OCSP_RESPONSE_CANNOT_BE_TRUSTED);
    }

    @Test
    @Rule(id = "OCSP-013", source = "RFC 6960, section 4.2.2.2", level = MUST)
    void responseOfADelegate_isAccepted() {
        assertThat(connect(
                        anyProtocol(),
                        reply().signedBy(authority().ocspResponder()).der()))
                .isEncrypted();
    }

    @Test
    @Rule(id = "OCSP-014", source = "B-237; RFC 6960, section 3.2", level = MUST)
    void responseThatWasChanged_isRefused() {
        End client = connect(anyProtocol(), reply().tampered());

        assertThat(client).failedInHandshake();
        assertThat(codes(client)).contains(SslError.OCSP_RESPONSE_CANNOT_BE_TRUSTED);
    }

    @Test
    @Rule(id = "OCSP-015", source = "B-228", level = MUST)
    void clientThatDoesNotVerify_doesNotCheckTheResponse() {
        Setup client = stapling().verify(PeerVerifyMode.VERIFY_NONE);

        End end = connect(
                anyProtocol(),
                client,
                PeerSetup.create().staple(reply().revoked().der()));

        assertThat(end).isEncrypted().neverSaw("sslErrors");
    }

    @EachCase
    @Rule(id = "OCSP-017", source = "RFC 6066, section 8: where a session is resumed nothing is stapled", level = MUST)
    void secondConnection_isJudgedByTheResponseThatItsSessionBeganWith(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.stapling();
        peer.require();
        PeerSetup setup = PeerSetup.create()
                .identity(usualServer())
                .protocol(protocol)
                .staple(reply().der())
                .connections(2);
        PeerSession server = stage().with(peer.serve(setup));
        Setup client = stapling().protocol(protocol);
        for (int i = 1; i <= 2; i++) {
            ForeignPair pair = ForeignPair.client(stage(), client, server);
            int number = i;
            pair.until("handshake " + i, () -> pair.end().isEncrypted() && server.handshakes() == number);
            pair.converse("hello again");

            assertThat(pair.end()).isEncrypted().neverSaw("sslErrors");
            assertThat(pair.end().socket().ocspResponses())
                    .singleElement()
                    .satisfies(response ->
                            assertThat(response.certificateStatus()).isEqualTo(QOcspCertificateStatus.GOOD));
            pair.end().run(pair.end().socket()::disconnectFromHost);
            pair.until("the end", () -> pair.end().isOver());
        }
    }

    @Test
    @Rule(id = "OCSP-016", source = "B-238, C19", level = MUST)
    void askingAsAServerOrStaplingAsAClient_isAnError() {
        End client = stage().open(client().configure(own -> own.setStapledOcspResponses(List.of(reply().der()))));
        client.run(() -> client.socket().connectToHostEncrypted(HOST, 9));
        assertThat(client).failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR);

        LoopbackPair pair = pair(client(), server().configure(own -> own.setOcspStaplingEnabled(true)));
        pair.connectPlain();
        pair.server().run(pair.server().socket()::startServerEncryption);
        assertThat(pair.server()).failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR);
    }

    private OcspReply reply() {
        return authority().ocsp(usualServer());
    }

    private Setup stapling() {
        return client().configure(own -> own.setOcspStaplingEnabled(true));
    }

    private SslProtocol anyProtocol() {
        return subject()
                .capabilities()
                .protocols(Capability.OCSP_STAPLING, TlsRole.CLIENT)
                .iterator()
                .next();
    }

    private End connect(SslProtocol protocol, byte[] staple) {
        return connect(protocol, stapling(), PeerSetup.create().staple(staple));
    }

    private End connect(SslProtocol protocol, Setup client, PeerSetup server) {
        return connect(ForeignPeer.stapling(), protocol, client, server);
    }

    private End connect(ForeignPeer peer, SslProtocol protocol, Setup client, PeerSetup server) {
        peer.require();
        PeerSetup setup = server.identity(usualServer()).protocol(protocol);
        ForeignPair pair = ForeignPair.client(stage(), client.protocol(protocol), peer.serve(setup));
        pair.settle();
        return pair.end();
    }

    private static List<SslError> codes(End end) {
        return end.transcript().sslErrors().stream().map(QSslError::error).toList();
    }
}
