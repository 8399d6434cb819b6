package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capability;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.nio.file.Path;

/** Sessions that are taken up again within one configuration: quicker, and no less verified. */
@Requires(Capability.RESUMPTION)
public abstract class ResumptionContract extends BackendContract {

    /** Creates one. */
    protected ResumptionContract() {}

    @EachCase
    @Rule(id = "RESUME-001", source = "design of the backends: a second connection resumes the session", level = MUST)
    void secondConnection_resumesTheSessionAndBothEndsSaySo(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            connect(pair);
            assertThat(isResumed(pair.client())).isFalse();
            assertThat(isResumed(pair.server())).isFalse();
            end(pair);

            connect(pair);
            assertThat(isResumed(pair.client())).isTrue();
            assertThat(isResumed(pair.server())).isTrue();
        }
    }

    @EachCase
    @Rule(id = "RESUME-003", source = "B-206", level = MUST)
    void resumedConnection_stillKnowsThePeer(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            connect(pair);
            end(pair);
            connect(pair);

            assumeTrue(isResumed(pair.client()), "the session was resumed");
            assertThat(pair.client().socket().peerCertificate())
                    .isEqualTo(QSslCertificate.of(usualServer().certificate()));
            assertThat(pair.client().socket().sessionProtocol()).isEqualTo(protocol);
        }
    }

    @EachCase
    @Rule(id = "RESUME-004", source = "design of verification: a resumed session is verified again", level = MUST)
    void resumedSession_isVerifiedAgain(SslProtocol protocol) {
        Setup client = client().protocol(protocol);
        Setup server = server().identity(authority().selfSigned("localhost"));
        try (LoopbackPair pair = pair(client, server)) {
            pair.client().socket().ignoreSslErrors();
            connect(pair);
            end(pair);

            // Ignored for that connection only: the next must be judged, resumed or not.
            pair.begin();
            pair.over();

            assertThat(pair.client()).failedInHandshake().sawExactly("sslErrors", 1);
            assertThat(pair.server()).neverSaw("readyRead");
        }
    }

    @EachCase
    @Rule(id = "RESUME-005", source = "design of the store: a refused peer's session is dropped", level = MUST)
    void sessionOfARefusedPeer_isNotResumed(SslProtocol protocol) {
        Setup server = server().identity(authority().selfSigned("localhost"));
        try (LoopbackPair pair = pair(client().protocol(protocol), server)) {
            pair.begin();
            pair.over();
            assertThat(pair.client()).failedInHandshake();
            end(pair);

            pair.client().socket().ignoreSslErrors();
            connect(pair);

            assertThat(isResumed(pair.client())).isFalse();
        }
    }

    @EachCase
    @Rule(id = "RESUME-009", source = "design of the store: a refused peer's session is dropped from it", level = MUST)
    void resumedSessionThatWasRefused_isNotResumedAgain(SslProtocol protocol) {
        Setup server = server().identity(authority().selfSigned("localhost"));
        try (LoopbackPair pair = pair(client().protocol(protocol), server)) {
            pair.client().socket().ignoreSslErrors();
            connect(pair);
            end(pair);
            pair.begin();
            pair.over();
            assertThat(pair.client()).failedInHandshake();
            end(pair);

            pair.client().socket().ignoreSslErrors();
            connect(pair);

            assertThat(isResumed(pair.client())).isFalse();
            assertThat(isResumed(pair.server())).isFalse();
        }
    }

    @EachCase
    @Rule(id = "RESUME-010", source = "design of the store: a refused peer's session is dropped from it", level = MUST)
    void earlierSessionOfAPeerThatWasRefused_isNotResumed(SslProtocol protocol) {
        Setup good = server();
        try (LoopbackPair pair = pair(client().protocol(protocol), good)) {
            connect(pair);
            end(pair);
            become(pair, server().identity(authority().selfSigned("localhost")));
            pair.begin();
            pair.over();
            assertThat(pair.client()).failedInHandshake();
            end(pair);

            become(pair, good);
            connect(pair);

            assertThat(isResumed(pair.client())).isFalse();
        }
    }

    private static void become(LoopbackPair pair, Setup next) {
        QSslSocket server = pair.server().socket();
        pair.server().run(() -> server.setSslConfiguration(next.configuration()));
    }

    @EachCase
    @Rule(id = "RESUME-006", source = "a session belongs to one name", level = MUST)
    void sessionOfAnotherName_isNotResumed(SslProtocol protocol) {
        Setup client = client().protocol(protocol);
        Setup server = server().identity(authority().server("localhost", "other.test"));
        try (LoopbackPair pair = pair(client, server)) {
            connect(pair);
            end(pair);
            pair.client().run(() -> pair.client().socket().setPeerVerifyName("other.test"));
            connect(pair);

            assertThat(isResumed(pair.client())).isFalse();
        }
    }

    @EachCase
    @Rule(id = "RESUME-007", source = "B-207", level = MUST)
    void withoutSessionSharing_nothingIsResumed(SslProtocol protocol) {
        Setup client =
                client().protocol(protocol).configure(own -> own.setSslOption(SslOption.DISABLE_SESSION_SHARING, true));
        try (LoopbackPair pair = pair(client, server())) {
            connect(pair);
            end(pair);
            connect(pair);

            assertThat(isResumed(pair.client())).isFalse();
            assertThat(isResumed(pair.server())).isFalse();
        }
    }

    @EachCase
    @Rule(id = "RESUME-008", source = "a session belongs to one configuration", level = MUST)
    void sessionOfAnotherConfiguration_isNotResumed(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            connect(pair);
            end(pair);
            QSslSocket client = pair.client().socket();
            pair.client()
                    .run(() -> client.addCaCertificate(
                            QSslCertificate.of(authority().unknownRoot().certificate())));
            connect(pair);

            assertThat(isResumed(pair.client())).isFalse();
        }
    }

    @EachCase
    @Rule(id = "RESUME-020", source = "resumption, proved against other implementations", level = MUST)
    void secondConnectionToAForeignServer_resumesTheSession(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup setup =
                PeerSetup.create().identity(usualServer()).protocol(protocol).connections(2);
        Setup client = client().protocol(protocol);
        PeerSession server = stage().with(peer.serve(setup));
        for (int i = 1; i <= 2; i++) {
            ForeignPair pair = ForeignPair.client(stage(), client, server);
            int number = i;
            pair.until("handshake " + i, () -> pair.end().isEncrypted() && server.handshakes() == number);
            pair.converse("hello again");
            assertThat(isResumed(pair.end())).isEqualTo(i == 2);
            pair.end().run(pair.end().socket()::disconnectFromHost);
            pair.until("the end", () -> pair.end().isOver());
        }
        stage().until("the server's own count", server::isOver);
        assertThat(server.resumptions()).isEqualTo(1);
    }

    @EachCase
    @Rule(id = "RESUME-021", source = "resumption, proved against another implementation", level = MUST)
    void foreignClientThatComesBack_resumesTheSession(SslProtocol protocol) {
        Setup server = server();
        try (PemDirectory files = PemDirectory.create()) {
            Path session = files.path().resolve("session.pem");

            assertThat(visit(server, protocol, session)).isFalse();
            assertThat(visit(server, protocol, session)).isTrue();
        }
    }

    // A byte both ways: in TLS 1.3 sessions come after the handshake.
    private static void connect(LoopbackPair pair) {
        pair.handshake();
        assertThat(pair.client().isEncrypted()).as("%s", pair.client()).isTrue();
        pair.server().run(() -> pair.server().socket().write(new byte[] {1}));
        pair.until("a byte", () -> pair.client().socket().bytesAvailable() == 1);
        pair.client().run(() -> pair.client().socket().readAll());
    }

    private static void end(LoopbackPair pair) {
        pair.client().run(pair.client().socket()::disconnectFromHost);
        pair.over();
        pair.client().transcript().clear();
        pair.server().transcript().clear();
    }

    private static boolean isResumed(End end) {
        return end.socket()
                .sessionParameters()
                .map(NegotiatedParameters::resumed)
                .orElse(false);
    }
}
