package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.Identity;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may overrule what is wrong with a peer: when, for how long, and what else a slot can do about it. */
@Requires(features = SupportedFeature.CERTIFICATE_VERIFICATION)
public abstract class IgnoredErrorsContract extends BackendContract {

    /** Creates one. */
    protected IgnoredErrorsContract() {}

    @EachCase
    @Rule(id = "IGNORE-001", source = "B-068", level = MUST)
    void ignoringInTheSlot_letsTheHandshakeFinish(SslProtocol protocol) {
        try (LoopbackPair pair = untrusted(protocol)) {
            pair.client()
                    .socket()
                    .sslErrors
                    .connect(() -> pair.client().socket().ignoreSslErrors());

            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client())
                    .isEncrypted()
                    .sawInOrder("sslErrors", "encrypted")
                    .sawExactly("sslErrors", 1);
            assertThat(outcome.server()).isEncrypted();
            assertThat(outcome.client().socket().state()).isEqualTo(SocketState.CONNECTED_STATE);
        }
    }

    @Test
    @Rule(id = "IGNORE-002", source = "B-070, B-071, B-072, C1", level = MUST)
    void ignoringBeforeConnecting_countsAndIsToldAllTheSame() {
        try (LoopbackPair pair = untrusted()) {
            pair.client().socket().ignoreSslErrors();

            assertThat(pair.handshake().client()).isEncrypted().sawExactly("sslErrors", 1);
        }
    }

    @Test
    @Rule(id = "IGNORE-003", source = "B-071, C1; the flag does not outlive a connection", level = MUST)
    void ignoringBeforeConnecting_countsForOneConnectionOnly() {
        try (LoopbackPair pair = untrusted()) {
            pair.client().socket().ignoreSslErrors();
            pair.handshake();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            pair.client().transcript().clear();

            assertThat(pair.handshake().client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "IGNORE-004", source = "B-070", level = MUST)
    void ignoringAfterTheCallToConnect_counts() {
        try (LoopbackPair pair = untrusted()) {
            pair.client().run(() -> {
                pair.client().socket().connectToHostEncrypted(LoopbackPair.HOST, pair.port());
                pair.client().socket().ignoreSslErrors();
            });
            pair.serve();

            assertThat(pair.settle().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "IGNORE-005", source = "B-073, B-076", level = MUST)
    void listOfExactlyTheErrors_letsTheHandshakeFinishEveryTime() {
        Identity bad = authority().selfSigned("localhost");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            pair.client().socket().ignoreSslErrors(List.of(selfSigned(bad)));
            assertThat(pair.handshake().client()).isEncrypted();
            pair.client().run(pair.client().socket()::disconnectFromHost);
            pair.over();
            pair.client().transcript().clear();
            pair.server().transcript().clear();

            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "IGNORE-006", source = "B-074", level = MUST)
    void listWithTheCodeWithoutTheCertificate_doesNotMatch() {
        try (LoopbackPair pair = untrusted()) {
            pair.client().socket().ignoreSslErrors(List.of(new QSslError(SslError.SELF_SIGNED_CERTIFICATE)));

            assertThat(pair.handshake().client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "IGNORE-007", source = "B-073, B-074", level = MUST)
    void listWithOneErrorMissing_doesNotMatchAndWithOneTooManyDoes() {
        Identity bad = authority().selfSigned("wrong.host.test");
        QSslError mismatch = new QSslError(SslError.HOST_NAME_MISMATCH, QSslCertificate.of(bad.certificate()));
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            pair.client().socket().ignoreSslErrors(List.of(selfSigned(bad)));
            assertThat(pair.handshake().client())
                    .failedWith(SslError.SELF_SIGNED_CERTIFICATE, SslError.HOST_NAME_MISMATCH);
            pair.client().transcript().clear();
            pair.server().transcript().clear();

            pair.client()
                    .socket()
                    .ignoreSslErrors(List.of(selfSigned(bad), mismatch, new QSslError(SslError.CERTIFICATE_EXPIRED)));
            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "IGNORE-008", source = "B-075", level = MUST)
    void severalLists_theLastCountsAndAnEmptyOneClears() {
        Identity bad = authority().selfSigned("localhost");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            pair.client().socket().ignoreSslErrors(List.of(selfSigned(bad)));
            pair.client().socket().ignoreSslErrors(List.of());

            assertThat(pair.handshake().client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "IGNORE-009", source = "B-077", level = MUST)
    void whileThereIsAList_theFlagDoesNotCount() {
        try (LoopbackPair pair = untrusted()) {
            pair.client().socket().ignoreSslErrors(List.of(new QSslError(SslError.CERTIFICATE_EXPIRED)));
            pair.client()
                    .socket()
                    .sslErrors
                    .connect(() -> pair.client().socket().ignoreSslErrors());

            assertThat(pair.handshake().client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "IGNORE-010", source = "B-078", level = MUST)
    void listGivenInTheSlot_counts() {
        try (LoopbackPair pair = untrusted()) {
            pair.client()
                    .socket()
                    .sslErrors
                    .connect(errors -> pair.client().socket().ignoreSslErrors(errors));

            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "IGNORE-011", source = "B-065", level = MUST)
    void abortingAtTheFirstProblem_stopsFurtherSignals() {
        Identity bad = authority().selfSigned("wrong.host.test");
        try (LoopbackPair pair = pair(client(), server().identity(bad))) {
            pair.client()
                    .socket()
                    .peerVerifyError
                    .connect(() -> pair.client().socket().abort());

            assertThat(pair.handshake().client())
                    .sawExactly("peerVerifyError", 1)
                    .neverSaw("sslErrors", "encrypted", "errorOccurred");
        }
    }

    @Test
    @Rule(id = "IGNORE-012", source = "B-079", level = MUST)
    void abortingInTheSlot_winsOverIgnoring() {
        try (LoopbackPair pair = untrusted()) {
            pair.client().socket().sslErrors.connect(() -> {
                pair.client().socket().ignoreSslErrors();
                pair.client().socket().abort();
            });

            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).neverSaw("encrypted").sawExactly("disconnected", 1);
            assertThat(outcome.server()).neverSaw("readyRead");
        }
    }

    @EachCase
    @Rule(id = "IGNORE-013", source = "B-080", level = MUST)
    void closingInTheSlot_preventsEncryption(SslProtocol protocol) {
        for (boolean device : new boolean[] {true, false}) {
            try (LoopbackPair pair = untrusted(protocol)) {
                pair.client().socket().sslErrors.connect(() -> {
                    pair.client().socket().ignoreSslErrors();
                    if (device) {
                        pair.client().socket().close();
                    } else {
                        pair.client().socket().disconnectFromHost();
                    }
                });

                assertThat(pair.handshake().client()).neverSaw("encrypted");
            }
        }
    }

    @Test
    @Rule(id = "IGNORE-014", source = "B-081", level = MUST)
    void closingInTheErrorsSlot_isSafe() {
        try (LoopbackPair pair = untrusted()) {
            pair.client()
                    .socket()
                    .errorOccurred
                    .connect(() -> pair.client().socket().close());

            assertThat(pair.handshake().client()).sawExactly("errorOccurred", 1).neverSaw("encrypted");
        }
    }

    private LoopbackPair untrusted() {
        return untrusted(SslProtocol.SECURE_PROTOCOLS);
    }

    private LoopbackPair untrusted(SslProtocol protocol) {
        return pair(client().protocol(protocol), server().identity(authority().selfSigned("localhost")));
    }

    private static QSslError selfSigned(Identity identity) {
        return new QSslError(SslError.SELF_SIGNED_CERTIFICATE, QSslCertificate.of(identity.certificate()));
    }
}
