package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslPreSharedKeyAuthenticator;
import dev.qssl.SslError;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.HandshakeOutcome;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Two sides that prove themselves with a key that both have (RFC 4279; RFC 8446, section 4.2.11). */
@Requires(Capability.PSK)
public abstract class PskContract extends BackendContract {

    private static final String IDENTITY = "Alice in W\u00fcrzburg";
    private static final String HINT = "which of you?";
    private static final byte[] KEY = bytes(32, 1);
    private static final byte[] OTHER_KEY = bytes(32, 2);

    /** Creates one. */
    protected PskContract() {}

    @EachCase
    @Rule(id = "PSK-001", source = "B-216; RFC 4279, section 2", level = MUST)
    void sameKey_connectsWithoutAnyCertificate(SslProtocol protocol) {
        List<Asked> clientAsked = new CopyOnWriteArrayList<>();
        List<Asked> serverAsked = new CopyOnWriteArrayList<>();
        Setup client = client(protocol, knows(IDENTITY, KEY), clientAsked);
        try (LoopbackPair pair = pair(client, server(protocol, knows(KEY), serverAsked))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(clientAsked).hasSize(1);
            assertThat(serverAsked).hasSize(1);
            for (End end : List.of(outcome.client(), outcome.server())) {
                assertThat(end).isEncrypted().neverSaw("sslErrors", "peerVerifyError");
                assertThat(end.socket().peerCertificate().isNull()).isTrue();
                assertThat(end.socket().sessionProtocol()).isEqualTo(protocol);
            }
            pair.client().run(() -> pair.client().socket().write(new byte[] {1, 2}));
            pair.until("the data", () -> pair.server().socket().bytesAvailable() == 2);
        }
    }

    @EachCase
    @Rule(id = "PSK-002", source = "B-217, B-224", level = MUST)
    void clientIsAsked_withTheServersHintAndTheLimits(SslProtocol protocol) {
        List<Asked> asked = new CopyOnWriteArrayList<>();
        Setup client = client(protocol, knows(IDENTITY, KEY), asked);
        Setup server = server(protocol, knows(KEY))
                .configure(own -> own.setPreSharedKeyIdentityHint(HINT.getBytes(StandardCharsets.UTF_8)));
        try (LoopbackPair pair = pair(client, server)) {
            assertThat(pair.handshake().client()).isEncrypted();
        }

        assertThat(asked).singleElement().satisfies(question -> {
            assertThat(question.hint()).isEqualTo(hint(protocol, HINT));
            assertThat(question.identity()).isEmpty();
            assertThat(question.maximumIdentityLength()).isPositive();
            assertThat(question.maximumKeyLength()).isPositive();
        });
    }

    @EachCase
    @Rule(id = "PSK-003", source = "B-218", level = MUST)
    void serverIsAsked_withTheClientsIdentity(SslProtocol protocol) {
        List<Asked> asked = new CopyOnWriteArrayList<>();
        Setup server = server(protocol, knows(KEY), asked)
                .configure(own -> own.setPreSharedKeyIdentityHint(HINT.getBytes(StandardCharsets.UTF_8)));
        try (LoopbackPair pair = pair(client(protocol, knows(IDENTITY, KEY)), server)) {
            assertThat(pair.handshake().server()).isEncrypted();
        }

        assertThat(asked).singleElement().satisfies(question -> {
            assertThat(question.identity()).isEqualTo(IDENTITY);
            assertThat(question.hint()).isEqualTo(HINT);
            assertThat(question.maximumIdentityLength()).isZero();
            assertThat(question.maximumKeyLength()).isPositive();
        });
    }

    @EachCase
    @Rule(id = "PSK-004", source = "B-219", level = MUST)
    void clientWithoutAKey_fails(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client(protocol, question -> {}), server(protocol, knows(KEY)))) {
            HandshakeOutcome outcome = pair.handshake();

            assertFailed(outcome.client());
            assertThat(outcome.server()).neverSaw("encrypted");
        }
    }

    @EachCase
    @Rule(id = "PSK-005", source = "B-219; RFC 4279, section 2: unknown_psk_identity", level = MUST)
    void serverWithoutAKey_fails(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client(protocol, knows(IDENTITY, KEY)), server(protocol, question -> {}))) {
            HandshakeOutcome outcome = pair.handshake();

            assertFailed(outcome.client());
            assertFailed(outcome.server());
        }
    }

    @EachCase
    @Rule(id = "PSK-006", source = "B-220", level = MUST)
    void wrongKey_fails(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client(protocol, knows(IDENTITY, OTHER_KEY)), server(protocol, knows(KEY)))) {
            HandshakeOutcome outcome = pair.handshake();

            assertFailed(outcome.client());
            assertFailed(outcome.server());
        }
    }

    @EachCase
    @Rule(id = "PSK-007", source = "B-222", level = MUST)
    void clientThatWantsToVerify_findsNoCertificate(SslProtocol protocol) {
        Setup client = client(protocol, knows(IDENTITY, KEY)).verify(PeerVerifyMode.VERIFY_PEER);
        try (LoopbackPair pair = pair(client, server(protocol, knows(KEY)))) {
            assertThat(pair.handshake().client()).failedWith(SslError.NO_PEER_CERTIFICATE);
        }
        client.prepare(socket -> socket.ignoreSslErrors());
        try (LoopbackPair pair = pair(client, server(protocol, knows(KEY)))) {
            assertThat(pair.handshake().client()).isEncrypted().sawExactly("sslErrors", 1);
        }
    }

    @EachCase
    @Rule(id = "PSK-008", source = "a key is offered, not demanded", level = MUST)
    void serverWithoutKeys_isVerifiedByItsCertificate(SslProtocol protocol) {
        Setup client = client(protocol, knows(IDENTITY, KEY))
                .trust(authority().trust())
                .verify(PeerVerifyMode.VERIFY_PEER);
        try (LoopbackPair pair = pair(client, server().protocol(protocol))) {
            HandshakeOutcome outcome = pair.handshake();

            assertThat(outcome.client()).isEncrypted().neverSaw("sslErrors");
            assertThat(outcome.client().socket().peerCertificate().isNull()).isFalse();
        }
    }

    @EachCase
    @Rule(id = "PSK-009", source = "B-221", level = MUST)
    void keyThatIsTooLong_isCutAtBothEndsAlike(SslProtocol protocol) {
        byte[] tooLong = bytes(2_000, 3);
        try (LoopbackPair pair = pair(client(protocol, knows(IDENTITY, tooLong)), server(protocol, knows(tooLong)))) {
            assertThat(pair.handshake().client()).isEncrypted();
        }
    }

    @EachCase
    @Rule(
            id = "PSK-020",
            source = "RFC 4279; RFC 8446, section 4.2.11; proved against another implementation",
            level = MUST)
    void foreignServer_acceptsOurKey(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.withPreSharedKeys();
        peer.require();
        List<Asked> asked = new CopyOnWriteArrayList<>();
        Setup client = client(protocol, knows("alice", KEY), asked);
        PeerSession server = peer.serve(
                PeerSetup.create().protocol(protocol).preSharedKey("alice", KEY).preSharedKeyHint("which"));

        ForeignPair pair = ForeignPair.client(stage(), client, server).settle();

        assertThat(pair.end()).isEncrypted();
        pair.converse("by key alone");
        assertThat(asked)
                .singleElement()
                .satisfies(question -> assertThat(question.hint()).isEqualTo(hint(protocol, "which")));
    }

    @EachCase
    @Rule(
            id = "PSK-021",
            source = "RFC 4279; RFC 8446, section 4.2.11; proved against another implementation",
            level = MUST)
    void foreignClient_isAcceptedByItsKey(SslProtocol protocol) {
        ForeignPeer peer = ForeignPeer.withPreSharedKeys();
        peer.require();
        List<Asked> asked = new CopyOnWriteArrayList<>();
        Setup server = server(protocol, knows(KEY), asked);

        ForeignPair pair = ForeignPair.server(
                stage(),
                server,
                peer,
                PeerSetup.create().protocol(protocol).preSharedKey("alice", KEY),
                "by key alone");

        pair.settle().converse("by key alone");
        assertThat(pair.end()).isEncrypted();
        assertThat(asked)
                .singleElement()
                .satisfies(question -> assertThat(question.identity()).isEqualTo("alice"));
    }

    /** {@return what a client hears of a server's hint: TLS 1.3 has none (RFC 8446, section 4.2.11)} */
    private static String hint(SslProtocol protocol, String given) {
        return protocol == SslProtocol.TLS_V1_3 ? "" : given;
    }

    private static void assertFailed(End end) {
        assertThat(end)
                .failedWith(SocketError.SSL_HANDSHAKE_FAILED_ERROR)
                .neverSaw("encrypted", "sslErrors", "peerVerifyError");
    }

    /** What a question said. */
    private record Asked(String hint, String identity, int maximumIdentityLength, int maximumKeyLength) {

        static Asked of(QSslPreSharedKeyAuthenticator question) {
            return new Asked(
                    new String(question.identityHint(), StandardCharsets.UTF_8),
                    new String(question.identity(), StandardCharsets.UTF_8),
                    question.maximumIdentityLength(),
                    question.maximumPreSharedKeyLength());
        }
    }

    private static Consumer<QSslPreSharedKeyAuthenticator> knows(String identity, byte[] key) {
        return question -> {
            question.setIdentity(identity.getBytes(StandardCharsets.UTF_8));
            question.setPreSharedKey(key);
        };
    }

    private static Consumer<QSslPreSharedKeyAuthenticator> knows(byte[] key) {
        return question -> question.setPreSharedKey(key);
    }

    private Setup client(SslProtocol protocol, Consumer<QSslPreSharedKeyAuthenticator> answer) {
        return client(protocol, answer, new CopyOnWriteArrayList<>());
    }

    private Setup client(SslProtocol protocol, Consumer<QSslPreSharedKeyAuthenticator> answer, List<Asked> asked) {
        return keyed(new Setup("client", configuration()).verify(PeerVerifyMode.VERIFY_NONE), protocol, answer, asked);
    }

    private Setup server(SslProtocol protocol, Consumer<QSslPreSharedKeyAuthenticator> answer) {
        return server(protocol, answer, new CopyOnWriteArrayList<>());
    }

    private Setup server(SslProtocol protocol, Consumer<QSslPreSharedKeyAuthenticator> answer, List<Asked> asked) {
        return keyed(new Setup("server", configuration()).verify(PeerVerifyMode.VERIFY_NONE), protocol, answer, asked);
    }

    private static Setup keyed(
            Setup setup, SslProtocol protocol, Consumer<QSslPreSharedKeyAuthenticator> answer, List<Asked> asked) {
        return setup.protocol(protocol)
                .configure(own -> own.setPskProtocols(Set.of(protocol)))
                .prepare(socket -> socket.preSharedKeyAuthenticationRequired.connect(question -> {
                    asked.add(Asked.of(question));
                    answer.accept(question);
                }));
    }

    private static byte[] bytes(int length, int first) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }
}
