package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.QSslError;
import dev.qssl.QSslSocket;
import dev.qssl.SslError;
import dev.qssl.net.PauseMode;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.Capability;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A handshake that stands still because of the peer's certificate: until somebody decides, or inside a slot. */
@Requires(features = SupportedFeature.CERTIFICATE_VERIFICATION)
public abstract class PausedHandshakeContract extends BackendContract {

    // Long enough for a handshake that did not stand still.
    private static final Duration A_MOMENT = Duration.ofMillis(150);

    /** Creates one. */
    protected PausedHandshakeContract() {}

    @EachCase
    @Rule(id = "PAUSE-001", source = "B-108", level = MUST)
    void pausedHandshake_standsStillAndStaysConnected(SslProtocol protocol) {
        try (LoopbackPair pair = paused(protocol)) {
            boolean moved = stage().within(
                            A_MOMENT,
                            () -> pair.client().saw("encrypted")
                                    || pair.client().isOver());

            assertThat(moved).as("%s", pair.client()).isFalse();
            assertThat(pair.client()).sawExactly("sslErrors", 1).neverSaw("errorOccurred", "encrypted");
            assertThat(pair.client().socket().state()).isEqualTo(SocketState.CONNECTED_STATE);
        }
    }

    @EachCase
    @Rule(id = "PAUSE-002", source = "B-109", level = MUST)
    void resumingAfterIgnoring_finishesTheHandshake(SslProtocol protocol) {
        try (LoopbackPair pair = paused(protocol)) {
            pair.client().run(() -> {
                pair.client().socket().ignoreSslErrors();
                pair.client().socket().resume();
            });
            pair.settle();

            assertThat(pair.client()).isEncrypted().sawExactly("sslErrors", 1);
            assertThat(pair.server()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "PAUSE-003", source = "B-109, B-073", level = MUST)
    void resumingAfterIgnoringExactlyTheErrors_finishesTheHandshake() {
        try (LoopbackPair pair = paused(SslProtocol.SECURE_PROTOCOLS)) {
            List<QSslError> found = pair.client().transcript().sslErrors();
            pair.client().run(() -> {
                pair.client().socket().ignoreSslErrors(found);
                pair.client().socket().resume();
            });

            assertThat(pair.settle().client()).isEncrypted();
        }
    }

    @EachCase
    @Rule(id = "PAUSE-004", source = "B-110", level = MUST)
    void resumingWithoutIgnoring_refusesThePeer(SslProtocol protocol) {
        try (LoopbackPair pair = paused(protocol)) {
            pair.client().run(pair.client().socket()::resume);
            pair.settle();

            assertThat(pair.client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
            assertThat(pair.server()).neverSaw("readyRead");
        }
    }

    @Test
    @Rule(id = "PAUSE-005", source = "B-110", level = MUST)
    void resumingWithAListThatDoesNotMatch_refusesThePeer() {
        try (LoopbackPair pair = paused(SslProtocol.SECURE_PROTOCOLS)) {
            pair.client().run(() -> {
                pair.client().socket().ignoreSslErrors(List.of(new QSslError(SslError.CERTIFICATE_EXPIRED)));
                pair.client().socket().resume();
            });

            assertThat(pair.settle().client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "PAUSE-006", source = "B-111", level = MUST)
    void resumingASocketThatIsNotPaused_doesNothing() {
        try (LoopbackPair pair = pair()) {
            pair.client().run(pair.client().socket()::resume);
            pair.handshake();
            pair.client().run(pair.client().socket()::resume);

            assertThat(pair.client()).isEncrypted();
        }
    }

    @Test
    @Rule(id = "PAUSE-007", source = "B-112", level = MUST)
    void pauseMode_doesNotPauseWhatIsIgnoredAlreadyOrNotFatal() {
        Setup ignoring = client().prepare(socket -> {
            socket.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS);
            socket.ignoreSslErrors();
        });
        Setup asking = client().verify(PeerVerifyMode.QUERY_PEER)
                .prepare(socket -> socket.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS));
        for (Setup client : List.of(ignoring, asking)) {
            try (LoopbackPair pair = pair(client, server().identity(authority().selfSigned("localhost")))) {
                assertThat(pair.handshake().client()).isEncrypted().sawExactly("sslErrors", 1);
            }
        }
    }

    @EachCase
    @Rule(id = "PAUSE-008", source = "a paused handshake can be given up", level = MUST)
    void abortingAPausedHandshake_endsIt(SslProtocol protocol) {
        try (LoopbackPair pair = paused(protocol)) {
            pair.client().run(pair.client().socket()::abort);
            pair.over();

            assertThat(pair.client()).neverSaw("encrypted", "errorOccurred").sawExactly("disconnected", 1);
        }
    }

    @EachCase
    @Rule(id = "PAUSE-009", source = "fail closed: nothing is sent before the verdict", level = MUST)
    void whilePaused_noByteOfTheApplicationReachesThePeer(SslProtocol protocol) {
        try (LoopbackPair pair = paused(protocol)) {
            pair.client().run(() -> pair.client().socket().write(new byte[100]));

            boolean arrived = stage().within(A_MOMENT, () -> pair.server().saw("readyRead"));

            assertThat(arrived).isFalse();
            assertThat(pair.client()).neverSaw("bytesWritten");
        }
    }

    private LoopbackPair paused(SslProtocol protocol) {
        Setup client =
                client().protocol(protocol).prepare(socket -> socket.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS));
        LoopbackPair pair = pair(client, server().identity(authority().selfSigned("localhost")));
        pair.begin();
        pair.until("the errors", () -> pair.client().saw("sslErrors"));
        return pair;
    }

    @EachCase
    @Rule(id = "PAUSE-020", source = "B-113, B-114", level = MUST)
    void interruptionThatNobodyContinues_refusesThePeerOnTheSpot(SslProtocol protocol) {
        try (LoopbackPair pair = interrupting(protocol, "localhost")) {
            pair.handshake();

            assertThat(pair.client())
                    .failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR)
                    .sawExactly("handshakeInterruptedOnError", 1)
                    .neverSaw("peerVerifyError", "sslErrors", "encrypted");
            assertThat(pair.server()).neverSaw("readyRead");
        }
    }

    @EachCase
    @Rule(id = "PAUSE-021", source = "B-114", level = MUST)
    @Requires(Capability.ALERTS)
    void interruptionThatNobodyContinues_isToldToThePeer(SslProtocol protocol) {
        try (LoopbackPair pair = interrupting(protocol, "localhost")) {
            pair.handshake();

            assertThat(pair.client().count("alertSent")).isPositive();
            assertThat(pair.server().count("alertReceived")).isPositive();
        }
    }

    @Test
    @Rule(id = "PAUSE-022", source = "B-115", level = MUST)
    void continuingAndIgnoring_finishesTheHandshake() {
        try (LoopbackPair pair = interrupting(SslProtocol.SECURE_PROTOCOLS, "localhost")) {
            QSslSocket client = pair.client().socket();
            client.handshakeInterruptedOnError.connect(client::continueInterruptedHandshake);
            client.sslErrors.connect(() -> client.ignoreSslErrors());

            pair.handshake();

            assertThat(pair.client())
                    .isEncrypted()
                    .sawInOrder("handshakeInterruptedOnError", "sslErrors", "encrypted")
                    .reported(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "PAUSE-023", source = "B-115", level = MUST)
    void continuingWithoutIgnoring_refusesThePeerAtTheEnd() {
        try (LoopbackPair pair = interrupting(SslProtocol.SECURE_PROTOCOLS, "localhost")) {
            QSslSocket client = pair.client().socket();
            client.handshakeInterruptedOnError.connect(client::continueInterruptedHandshake);

            pair.handshake();

            assertThat(pair.client()).failedWith(SslError.SELF_SIGNED_CERTIFICATE);
        }
    }

    @Test
    @Rule(id = "PAUSE-024", source = "B-116", level = MUST)
    void nameMismatch_isNoInterruption() {
        Setup client = client().configure(own -> own.setHandshakeMustInterruptOnError(true));
        try (LoopbackPair pair = pair(client, server().identity(authority().wrongHost()))) {
            pair.handshake();

            assertThat(pair.client()).failedWith(SslError.HOST_NAME_MISMATCH).neverSaw("handshakeInterruptedOnError");
        }
    }

    @Test
    @Rule(id = "PAUSE-025", source = "B-118", level = MUST)
    void clientThatVerifiesNothing_isNotInterrupted() {
        Setup client = client().verify(PeerVerifyMode.VERIFY_NONE)
                .configure(own -> own.setHandshakeMustInterruptOnError(true));
        try (LoopbackPair pair = pair(client, server().identity(authority().selfSigned("localhost")))) {
            pair.handshake();

            assertThat(pair.client()).isEncrypted().neverSaw("handshakeInterruptedOnError");
        }
    }

    @Test
    @Rule(id = "PAUSE-026", source = "B-118", level = MUST)
    void clientThatOnlyAsks_isInterrupted() {
        Setup client =
                client().verify(PeerVerifyMode.QUERY_PEER).configure(own -> own.setHandshakeMustInterruptOnError(true));
        try (LoopbackPair pair = pair(client, server().identity(authority().selfSigned("localhost")))) {
            pair.handshake();

            assertThat(pair.client()).failedInHandshake().sawExactly("handshakeInterruptedOnError", 1);
        }
    }

    private LoopbackPair interrupting(SslProtocol protocol, String name) {
        Setup client = client().protocol(protocol).configure(own -> own.setHandshakeMustInterruptOnError(true));
        return pair(client, server().identity(authority().selfSigned(name)));
    }
}
