package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import java.nio.file.Path;
import java.util.List;

/** Servers of a fleet, which resume each other's sessions because they share the keys of tickets (RFC 5077, section 4). */
@Requires(value = Capability.TICKET_KEYS, roles = TlsRole.SERVER)
public abstract class TicketKeyContract extends BackendContract {

    private static final TicketKey OLD = new TicketKey("o".repeat(16), "an old secret of 32 bytes, or so");
    private static final TicketKey NEW = new TicketKey("n".repeat(16), "a new secret of 64 bytes, or so.".repeat(2));

    private int servers;

    /** Creates one. */
    protected TicketKeyContract() {}

    @EachCase
    @Rule(id = "FLEET-001", source = "RFC 5077, section 4; several servers share a key", level = MUST)
    @Requires(value = Capability.RESUMPTION, roles = TlsRole.CLIENT)
    void serverWithTheSameKey_resumesTheSessionOfAnother(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), another(OLD))) {
            assertThat(connect(pair)).isFalse();
            become(pair, another(OLD));

            assertThat(connect(pair)).isTrue();
        }
    }

    @EachCase
    @Rule(id = "FLEET-002", source = "RFC 5077, section 5.5; keys are replaced", level = MUST)
    @Requires(value = Capability.RESUMPTION, roles = TlsRole.CLIENT)
    void replacedKey_isStillAcceptedAndNotUsedForNewTickets(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), another(OLD))) {
            assertThat(connect(pair)).isFalse();
            become(pair, another(NEW, OLD));
            assertThat(connect(pair)).isTrue();
            become(pair, another(NEW));

            assertThat(connect(pair)).as("with a ticket of the second server").isTrue();
        }
    }

    @EachCase
    @Rule(
            id = "FLEET-003",
            source = "RFC 5077, section 3.4; a ticket that is not known means a full handshake",
            level = MUST)
    @Requires(value = Capability.RESUMPTION, roles = TlsRole.CLIENT)
    void serverWithAnotherKey_makesAFullHandshake(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), another(OLD))) {
            assertThat(connect(pair)).isFalse();
            become(pair, another(NEW));

            assertThat(connect(pair)).isFalse();
            assertThat(pair.client()).neverSaw("errorOccurred", "sslErrors");
            assertThat(pair.server()).neverSaw("errorOccurred");
        }
    }

    @EachCase
    @Rule(
            id = "FLEET-004",
            source = "RFC 5077, section 4; the name tells the key, and the secret opens the ticket",
            level = MUST)
    @Requires(value = Capability.RESUMPTION, roles = TlsRole.CLIENT)
    void keyOfTheSameNameWithAnotherSecret_makesAFullHandshake(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), another(OLD))) {
            assertThat(connect(pair)).isFalse();
            become(pair, another(new TicketKey(OLD.name(), NEW.secret())));

            assertThat(connect(pair)).isFalse();
            assertThat(pair.client()).neverSaw("errorOccurred", "sslErrors");
        }
    }

    @EachCase
    @Rule(id = "FLEET-020", source = "RFC 5077, section 4, proved against another implementation", level = MUST)
    void foreignClient_resumesItsSessionAtAnotherServerWithTheSameKeyOnly(SslProtocol protocol) {
        try (PemDirectory files = PemDirectory.create()) {
            Path session = files.path().resolve("session.pem");

            assertThat(visit(another(OLD), protocol, session)).isFalse();
            assertThat(visit(another(OLD), protocol, session)).isTrue();
            assertThat(visit(another(NEW), protocol, session)).isFalse();
        }
    }

    // Another depth means another context, as on another machine.
    private Setup another(TicketKey... keys) {
        int depth = ++servers;
        return server().configure(own -> {
            own.setPeerVerifyDepth(own.peerVerifyDepth() + 100_000 * depth);
            own.setSessionTicketKeys(List.of(keys));
        });
    }

    // The client knows servers by host and port, so that all of them answer at the same.
    private static void become(LoopbackPair pair, Setup next) {
        QSslConfiguration configuration = next.configuration();
        QSslSocket server = pair.server().socket();
        pair.server().run(() -> server.setSslConfiguration(configuration));
    }

    // Returns whether it was resumed. A byte both ways: in TLS 1.3 sessions come after the handshake.
    private static boolean connect(LoopbackPair pair) {
        pair.handshake();
        assertThat(pair.client()).isEncrypted();
        pair.server().run(() -> pair.server().socket().write(new byte[] {1}));
        pair.until("a byte", () -> pair.client().socket().bytesAvailable() == 1);
        boolean resumed = isResumed(pair.client());
        assertThat(isResumed(pair.server())).isEqualTo(resumed);
        pair.client().run(pair.client().socket()::disconnectFromHost);
        pair.over();
        pair.client().transcript().clear();
        pair.server().transcript().clear();
        return resumed;
    }

    private static boolean isResumed(End end) {
        return end.socket()
                .sessionParameters()
                .map(NegotiatedParameters::resumed)
                .orElse(false);
    }
}
