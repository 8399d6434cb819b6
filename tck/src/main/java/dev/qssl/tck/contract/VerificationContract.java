package dev.qssl.tck.contract;

import static dev.qssl.QSsl.AlertType.BAD_CERTIFICATE;
import static dev.qssl.QSsl.AlertType.CERTIFICATE_UNKNOWN;
import static dev.qssl.QSsl.AlertType.UNKNOWN_CA;
import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.EndAssert;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a client does with a server's certificate: what it finds and what it tells. */
@Requires(features = SupportedFeature.CERTIFICATE_VERIFICATION)
public abstract class VerificationContract extends BackendContract {

    /** Creates one. */
    protected VerificationContract() {}

    @EachCase
    @Rule(id = "VERIFY-001", source = "B-067, B-097", level = MUST)
    void trustedPeer_isAcceptedWithoutAWord(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).isEncrypted().neverSaw("peerVerifyError", "sslErrors");
            assertThat(outcome.client().socket().sslHandshakeErrors()).isEmpty();
        }
    }

    @EachCase
    @Rule(id = "VERIFY-002", source = "B-061, B-095", level = MUST)
    void selfSignedPeer_isReportedAndDropped(SslProtocol protocol) {
        refused(protocol, authority().selfSigned("localhost"), SslError.SELF_SIGNED_CERTIFICATE);
    }

    @EachCase
    @Rule(id = "VERIFY-003", source = "B-061; RFC 5280, section 6.1.3", level = MUST)
    void expiredPeer_isReportedAndDropped(SslProtocol protocol) {
        refused(protocol, authority().expired("localhost"), SslError.CERTIFICATE_EXPIRED);
    }

    @EachCase
    @Rule(id = "VERIFY-004", source = "B-061; RFC 5280, section 6.1.3", level = MUST)
    void peerThatIsNotYetValid_isReportedAndDropped(SslProtocol protocol) {
        refused(protocol, authority().notYetValid("localhost"), SslError.CERTIFICATE_NOT_YET_VALID);
    }

    @EachCase
    @Rule(id = "VERIFY-005", source = "B-061; RFC 9525, section 6", level = MUST)
    void peerOfAnotherName_isReportedAndDropped(SslProtocol protocol) {
        refused(protocol, authority().wrongHost(), SslError.HOST_NAME_MISMATCH);
    }

    @EachCase
    @Rule(id = "VERIFY-006", source = "B-061; RFC 5280, section 4.2.1.12", level = MUST)
    void serverWhoseCertificateIsForClients_isReportedAndDropped(SslProtocol protocol) {
        refused(protocol, authority().serverWithClientPurpose("localhost"), SslError.INVALID_PURPOSE);
    }

    @Test
    @Rule(id = "VERIFY-007", source = "B-061, B-097", level = MUST)
    void peerOfAnUnknownAuthority_isDropped() {
        try (LoopbackPair pair = pair(client(), server().identity(authority().issuedByUnknownRoot("localhost")))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .failedWith(
                            SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE,
                            SslError.UNABLE_TO_VERIFY_FIRST_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "VERIFY-008", source = "B-097, B-198", level = MUST)
    void clientThatTrustsNobody_acceptsNobody() {
        try (LoopbackPair pair = pair(client().trust(CaStore.EMPTY), server())) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedInHandshake();
            assertThat(outcome.client().transcript().sslErrors()).isNotEmpty();
        }
    }

    @Test
    @Rule(id = "VERIFY-009", source = "B-061; RFC 5280, section 6.1", level = MUST)
    void chainThroughAnIntermediate_isAccepted() {
        try (LoopbackPair pair = pair(client(), server().identity(authority().viaIntermediate("localhost")))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).isEncrypted().neverSaw("sslErrors");
            assertThat(outcome.client().socket().peerCertificateChain()).hasSize(2);
        }
    }

    @Test
    @Rule(id = "VERIFY-010", source = "B-061; RFC 5280, section 6.1", level = MUST)
    void chainWithAHole_isDropped() {
        try (LoopbackPair pair = pair(client(), server().identity(authority().missingIntermediate("localhost")))) {
            assertThat(pair.handshake().client()).failedInHandshake().sawExactly("sslErrors", 1);
        }
    }

    @Test
    @Rule(id = "VERIFY-011", source = "B-264; RFC 5280, section 4.2.1.9", level = MUST)
    void certificateIssuedByOneThatIsNoAuthority_isDropped() {
        try (LoopbackPair pair = pair(client(), server().identity(authority().viaFakeIntermediate("localhost")))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedInHandshake();
            assertThat(codes(outcome.client())).contains(SslError.INVALID_CA_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "VERIFY-012", source = "B-096, B-107, C17", level = MUST)
    void peerByAddress_needsTheAddressInItsCertificate() {
        Identity named = authority().server("localhost");
        try (LoopbackPair pair =
                pair(client().prepare(socket -> socket.setPeerVerifyName("127.0.0.1")), server().identity(named))) {
            assertThat(pair.handshake().client()).failedWith(SslError.HOST_NAME_MISMATCH);
        }
        try (LoopbackPair pair = pair(client().prepare(socket -> socket.setPeerVerifyName("127.0.0.1")), server())) {
            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "VERIFY-013", source = "B-064, B-063; all problems are collected", level = MUST)
    void everythingWrong_isReportedAtOnce() {
        Identity bad = authority()
                .serverRecipe("wrong.host.test")
                .valid(authority().now().minusSeconds(7200), authority().now().minusSeconds(3600))
                .selfSigned()
                .identity();
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .failedWith(
                            SslError.SELF_SIGNED_CERTIFICATE,
                            SslError.CERTIFICATE_EXPIRED,
                            SslError.HOST_NAME_MISMATCH);
        }
    }

    @Test
    @Rule(id = "VERIFY-014", source = "B-093", level = MUST)
    void chainLongerThanTheDepth_isDropped() {
        Setup server = server().identity(authority().viaIntermediate("localhost"));
        try (LoopbackPair pair = pair(client().configure(client -> client.setPeerVerifyDepth(1)), server)) {
            assertThat(pair.handshake().client()).failedInHandshake().sawExactly("sslErrors", 1);
        }
        try (LoopbackPair pair = pair(client().configure(client -> client.setPeerVerifyDepth(3)), server)) {
            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "VERIFY-030", source = "B-061; RFC 5280, section 6.1", level = MUST)
    void rootThatNobodyTrusts_isBlamedWhenItIsSent() {
        problemIsFound(authority().withUnknownRoot("localhost"), SslError.SELF_SIGNED_CERTIFICATE_IN_CHAIN);
    }

    @Test
    @Rule(id = "VERIFY-031", source = "B-061; RFC 5280, section 6.1.3", level = MUST)
    void forgedSignature_isFound() {
        Identity root = authority().root();
        Identity forger = new Identity(root.chain(), authority().unknownRoot().key());
        problemIsFound(
                authority().serverRecipe("localhost").issuedBy(forger).identity(),
                SslError.CERTIFICATE_SIGNATURE_FAILED);
    }

    @Test
    @Rule(id = "VERIFY-032", source = "B-061; RFC 5280, section 4.2.1.9", level = MUST)
    void moreAuthoritiesThanOneAllows_areFound() {
        Identity last = authority().certificate("last").authority(0).identity();
        Identity tooMany =
                authority().certificate("too many").authority().issuedBy(last).identity();
        problemIsFound(
                authority().serverRecipe("localhost").issuedBy(tooMany).identity(), SslError.PATH_LENGTH_EXCEEDED);
    }

    @Test
    @Rule(id = "VERIFY-033", source = "B-061; RFC 5280, section 4.2.1.1", level = MUST)
    void keyIdentifierOfAnotherAuthority_isFound() {
        byte[] identifier = {0x30, 6, (byte) 0x80, 4, 1, 2, 3, 4};
        problemIsFound(
                authority()
                        .serverRecipe("localhost")
                        .extension("2.5.29.35", identifier)
                        .identity(),
                SslError.AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH);
    }

    @Test
    @Rule(id = "VERIFY-034", source = "B-099", level = MUST)
    void stolenCertificate_isFound() {
        Identity stolen = authority()
                .certificate("*.EGO.GOV.TR")
                .serialNumber(BigInteger.valueOf(0x0827))
                .names("localhost")
                .identity();
        problemIsFound(stolen, SslError.CERTIFICATE_BLACKLISTED);
    }

    @Test
    @Rule(id = "VERIFY-035", source = "B-061; RFC 5280, section 4.2", level = MUST)
    void unknownCriticalExtension_isFound() {
        problemIsFound(
                authority()
                        .serverRecipe("localhost")
                        .criticalExtension("1.3.6.1.4.1.99999.1", new byte[] {5, 0})
                        .identity(),
                SslError.UNSPECIFIED_ERROR);
    }

    @Test
    @Rule(id = "VERIFY-036", source = "B-061; RFC 5280, section 4.2.1.10", level = MUST)
    void nameThatTheAuthorityMayNotCertify_isFound() {
        Identity limited = authority()
                .certificate("limited")
                .authority()
                .permittingNames("example.test")
                .identity();
        problemIsFound(authority().serverRecipe("localhost").issuedBy(limited).identity(), SslError.INVALID_PURPOSE);
    }

    private void problemIsFound(Identity bad, SslError problem) {
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedInHandshake().neverSaw("encrypted");
            assertThat(codes(outcome.client())).contains(problem);
            assertThat(outcome.server()).neverSaw("readyRead");
        }
    }

    @EachCase
    @Rule(id = "VERIFY-020", source = "B-061, B-026, B-152", level = MUST)
    void refusal_isToldInOrder(SslProtocol protocol) {
        try (LoopbackPair pair = untrusted(protocol)) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .sawInOrder(
                            "connected",
                            "peerVerifyError",
                            "sslErrors",
                            "errorOccurred(SSL_HANDSHAKE_FAILED_ERROR)",
                            "stateChanged(CLOSING_STATE)",
                            "stateChanged(UNCONNECTED_STATE)",
                            "readChannelFinished",
                            "disconnected")
                    .sawExactly("connected", 1)
                    .sawExactly("disconnected", 1)
                    .neverSaw("encrypted");
        }
    }

    @Test
    @Rule(id = "VERIFY-021", source = "B-062", level = MUST)
    void textOfARefusal_isThatOfTheFirstError() {
        try (LoopbackPair pair = untrusted()) {
            End client = pair.handshake().client();

            assertThat(client.socket().errorString())
                    .endsWith(client.transcript().sslErrors().get(0).errorString());
        }
    }

    @Test
    @Rule(id = "VERIFY-022", source = "B-063", level = MUST)
    void everyProblem_isToldOneByOneAndTogether() {
        Identity bad = authority().selfSigned("wrong.host.test");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            End client = pair.handshake().client();

            List<QSslError> together = client.transcript().sslErrors();
            assertThat(together).hasSize(2);
            assertThat(client.transcript().arguments("peerVerifyError", QSslError.class))
                    .containsExactlyInAnyOrderElementsOf(together);
            assertThat(client.socket().sslHandshakeErrors()).containsExactlyElementsOf(together);
            assertThat(client.socket().sslErrors()).containsExactlyElementsOf(together);
        }
    }

    @Test
    @Rule(id = "VERIFY-023", source = "B-064", level = MUST)
    void nameMismatch_isToldLastOneByOneAndFirstTogether() {
        Identity bad = authority().selfSigned("wrong.host.test");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            End client = pair.handshake().client();

            assertThat(client.transcript().arguments("peerVerifyError", QSslError.class))
                    .extracting(QSslError::error)
                    .containsExactly(SslError.SELF_SIGNED_CERTIFICATE, SslError.HOST_NAME_MISMATCH);
            assertThat(codes(client)).containsExactly(SslError.HOST_NAME_MISMATCH, SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "VERIFY-024", source = "B-066", level = MUST)
    void peersCertificate_isThereInEverySlotOfVerification() {
        Identity bad = authority().selfSigned("localhost");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            List<QSslCertificate> seen = Collections.synchronizedList(new ArrayList<>());
            End client = pair.client();
            client.socket()
                    .peerVerifyError
                    .connect(error -> seen.add(client.socket().peerCertificate()));
            client.socket().sslErrors.connect(errors -> {
                seen.add(client.socket().peerCertificateChain().get(0));
                client.socket().ignoreSslErrors();
            });
            client.socket().encrypted.connect(() -> seen.add(client.socket().peerCertificate()));

            pair.handshake();
            pair.until("the slots", () -> seen.size() == 3);

            assertThat(seen).containsOnly(QSslCertificate.of(bad.certificate()));
        }
    }

    @Test
    @Rule(id = "VERIFY-025", source = "B-095; the error names the certificate", level = MUST)
    void problemWithACertificate_namesTheCertificate() {
        Identity bad = authority().selfSigned("localhost");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            assertThat(pair.handshake().client().transcript().sslErrors())
                    .containsExactly(
                            new QSslError(SslError.SELF_SIGNED_CERTIFICATE, QSslCertificate.of(bad.certificate())));
        }
    }

    @EachCase
    @Rule(id = "VERIFY-026", source = "RFC 8446, section 6.2; the refusal reaches the peer as an alert", level = MUST)
    @Requires(Capability.ALERTS)
    void refusalThatNobodyCouldOverrule_reachesThePeerAsAnAlert(SslProtocol protocol) {
        Setup client = client().protocol(protocol).unattended();
        try (LoopbackPair pair = pair(client, server().identity(authority().selfSigned("localhost")))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .failedInHandshake()
                    .sentAlert(UNKNOWN_CA, CERTIFICATE_UNKNOWN, BAD_CERTIFICATE);
            assertThat(outcome.server())
                    .failedInHandshake()
                    .receivedAlert(UNKNOWN_CA, CERTIFICATE_UNKNOWN, BAD_CERTIFICATE);
            assertThat(outcome.client().socket().sslHandshakeErrors())
                    .extracting(QSslError::error)
                    .containsExactly(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @EachCase
    @Rule(id = "VERIFY-027", source = "fail closed: no data before the verdict", level = MUST)
    void refusedPeer_getsNoByteOfWhatWasQueued(SslProtocol protocol) {
        try (LoopbackPair pair = untrusted(protocol)) {
            pair.client()
                    .socket()
                    .connected
                    .connect(() -> pair.client().socket().write(new byte[] {1, 2, 3}));
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedInHandshake().neverSaw("bytesWritten");
            assertThat(outcome.server()).neverSaw("readyRead");
        }
    }

    @EachCase
    @Rule(id = "VERIFY-050", source = "B-090, C8", level = MUST)
    void clientThatVerifiesNothing_acceptsAnybodyAndStillSeesTheCertificate(SslProtocol protocol) {
        Identity bad = authority().selfSigned("wrong.host.test");
        Setup client = client().protocol(protocol).verify(PeerVerifyMode.VERIFY_NONE);
        try (LoopbackPair pair = pair(client, server().identity(bad))) {
            End end = pair.handshake().client();

            assertThat(end).isEncrypted().neverSaw("peerVerifyError", "sslErrors");
            assertThat(end.socket().peerCertificate()).isEqualTo(QSslCertificate.of(bad.certificate()));
        }
    }

    @EachCase
    @Rule(id = "VERIFY-051", source = "B-060, B-082", level = MUST)
    void clientThatOnlyAsks_isToldAndGoesOn(SslProtocol protocol) {
        Setup client = client().protocol(protocol).verify(PeerVerifyMode.QUERY_PEER);
        try (LoopbackPair pair = pair(client, server().identity(authority().selfSigned("localhost")))) {
            assertThat(pair.handshake().client()).isEncrypted().reported(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "VERIFY-052", source = "B-060", level = MUST)
    void automaticMode_verifiesServersAndStaysAsItWasSet() {
        try (LoopbackPair pair = untrusted()) {
            End client = pair.handshake().client();

            assertThat(client).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
            assertThat(client.socket().peerVerifyMode()).isEqualTo(PeerVerifyMode.AUTO_VERIFY_PEER);
        }
    }

    @Test
    @Rule(id = "VERIFY-053", source = "B-092", level = MUST)
    void modeChangedAfterTheHandshakeBegan_isForTheNextOne() {
        try (LoopbackPair pair = untrusted()) {
            pair.client()
                    .socket()
                    .connected
                    .connect(() -> pair.client().socket().setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE));

            End client = pair.handshake().client();

            assertThat(client).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
            assertThat(client.socket().peerVerifyMode()).isEqualTo(PeerVerifyMode.VERIFY_NONE);
        }
    }

    @Test
    @Rule(id = "VERIFY-054", source = "B-156", level = MUST)
    void peersCertificate_staysUntilTheNextConnection() {
        try (LoopbackPair pair = pair()) {
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            assertThat(pair.client().socket().peerCertificate())
                    .isEqualTo(QSslCertificate.of(usualServer().certificate()));

            pair.client().run(() -> pair.client().socket().connectToHostEncrypted(LoopbackPair.HOST, pair.port()));
            assertThat(pair.client().socket().peerCertificate().isNull()).isTrue();
        }
    }

    @Test
    @Rule(id = "VERIFY-060", source = "B-042", level = MUST)
    void nameGivenToConnect_isTheNameThatIsVerified() {
        try (LoopbackPair pair = pair(client(), server().identity(authority().wrongHost()))) {
            pair.client()
                    .run(() -> pair.client()
                            .socket()
                            .connectToHostEncrypted(LoopbackPair.HOST, pair.port(), "wrong.host.test"));
            pair.serve();

            assertThat(pair.settle().client()).isEncrypted();
            assertThat(pair.client().socket().peerVerifyName()).isEqualTo("wrong.host.test");
        }
    }

    @Test
    @Rule(id = "VERIFY-061", source = "B-043", level = MUST)
    void nameSetBeforeConnecting_isVerifiedOnEveryConnection() {
        Setup client = client().prepare(socket -> socket.setPeerVerifyName("wrong.host.test"));
        try (LoopbackPair pair = pair(client, server().identity(authority().wrongHost()))) {
            for (int i = 0; i < 2; i++) {
                assertThat(pair.handshake().client()).isEncrypted();
                pair.client().run(pair.client().socket()::disconnectFromHost);
                pair.over();
                pair.client().transcript().clear();
                pair.server().transcript().clear();
            }
        }
    }

    @Test
    @Rule(id = "VERIFY-062", source = "B-101, B-102, B-106; RFC 9525, section 6.3", level = MUST)
    void wildcards_standForOneWholeLabelOnly() {
        Identity wildcard = authority().server("*.example.test");
        for (String good : List.of("www.example.test", "WWW.Example.Test")) {
            verify(wildcard, good).isEncrypted();
        }
        for (String bad : List.of("example.test", "a.b.example.test", "www.example.test.evil.test")) {
            verify(wildcard, bad).failedWith(SslError.HOST_NAME_MISMATCH);
        }
    }

    // Closed with the stage: what is asserted is the open connection.
    private EndAssert verify(Identity identity, String name) {
        Setup client = client().prepare(socket -> socket.setPeerVerifyName(name));
        return assertThat(pair(client, server().identity(identity)).handshake().client());
    }

    private void refused(SslProtocol protocol, Identity bad, SslError problem) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server().identity(bad))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).failedWith(problem);
            assertThat(outcome.server()).neverSaw("readyRead");
        }
    }

    private LoopbackPair untrusted() {
        return untrusted(SslProtocol.SECURE_PROTOCOLS);
    }

    private LoopbackPair untrusted(SslProtocol protocol) {
        return pair(client().protocol(protocol), server().identity(authority().selfSigned("localhost")));
    }

    private static List<SslError> codes(End end) {
        return end.transcript().sslErrors().stream().map(QSslError::error).toList();
    }
}
