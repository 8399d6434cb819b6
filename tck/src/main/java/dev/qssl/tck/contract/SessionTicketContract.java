package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslSocket;
import dev.qssl.net.SocketError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.link.End;
import dev.qssl.tck.link.ForeignPair;
import dev.qssl.tck.link.LoopbackPair;
import dev.qssl.tck.link.Setup;
import dev.qssl.tck.peer.ForeignPeer;
import dev.qssl.tck.peer.PeerSession;
import dev.qssl.tck.peer.PeerSetup;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Sessions that a client takes out of the process as bytes, and brings back (RFC 5077; RFC 8446, section 4.6.1). */
@Requires(value = Capability.SESSION_EXPORT, roles = TlsRole.CLIENT)
public abstract class SessionTicketContract extends BackendContract {

    /** Creates one. */
    protected SessionTicketContract() {}

    @EachCase
    @Rule(id = "TICKET-001", source = "B-202", level = MUST)
    void withoutPersistence_noSessionIsExposed(SslProtocol protocol) {
        try (LoopbackPair pair = pair(client().protocol(protocol), server())) {
            connect(pair);

            assertThat(pair.client().socket().sslConfiguration().sessionTicket())
                    .isEmpty();
            assertThat(pair.client().socket().sslConfiguration().sessionTicketLifeTimeHint())
                    .isEqualTo(-1);
            assertThat(pair.client()).neverSaw("newSessionTicketReceived");
        }
    }

    @EachCase
    @Rule(id = "TICKET-002", source = "B-202, B-205, B-206", level = MUST)
    void exportedSession_isResumedByAnotherConfiguration(SslProtocol protocol) {
        Setup server = server();
        byte[] ticket;
        try (LoopbackPair pair = pair(persistent(protocol), server)) {
            connect(pair);
            ticket = ticket(pair.client());
            assertThat(ticket).isNotEmpty();
            assertThat(pair.client().socket().sslConfiguration().sessionTicketLifeTimeHint())
                    .isPositive();
        }
        try (LoopbackPair pair = pair(resuming(protocol, ticket), server)) {
            connect(pair);

            assertThat(isResumed(pair.client())).isTrue();
            assertThat(isResumed(pair.server())).isTrue();
            assertThat(pair.client()).isEncrypted().neverSaw("sslErrors");
            assertThat(pair.client().socket().peerCertificate())
                    .isEqualTo(QSslCertificate.of(usualServer().certificate()));
        }
    }

    @EachCase
    @Rule(id = "TICKET-003", source = "B-203, B-204", level = MUST)
    void newSessions_areToldAfterTheHandshakeInTls13Only(SslProtocol protocol) {
        List<byte[]> seen = new CopyOnWriteArrayList<>();
        Setup client = persistent(protocol)
                .prepare(socket -> socket.newSessionTicketReceived.connect(
                        () -> seen.add(socket.sslConfiguration().sessionTicket())));
        try (LoopbackPair pair = pair(client, server())) {
            connect(pair);

            if (protocol == SslProtocol.TLS_V1_3) {
                pair.until(
                        "a session that is both told and there",
                        () -> !seen.isEmpty() && Arrays.equals(seen.get(seen.size() - 1), ticket(pair.client())));
                assertThat(pair.client()).sawInOrder("encrypted", "newSessionTicketReceived");
                assertThat(seen).allMatch(ticket -> ticket.length > 0);
            } else {
                assertThat(pair.client()).neverSaw("newSessionTicketReceived");
                assertThat(ticket(pair.client())).isNotEmpty();
            }
        }
    }

    @EachCase
    @Rule(id = "TICKET-004", source = "B-205", level = MUST)
    void garbage_leadsToAFullHandshake(SslProtocol protocol) {
        byte[] valid;
        try (LoopbackPair pair = pair(persistent(protocol), server())) {
            connect(pair);
            valid = ticket(pair.client());
        }
        for (byte[] garbage :
                List.of(new byte[] {1, 2, 3, 4}, new byte[5_000], Arrays.copyOf(valid, valid.length / 2))) {
            try (LoopbackPair pair = pair(resuming(protocol, garbage), server())) {
                connect(pair);

                assertThat(pair.client()).isEncrypted().neverSaw("errorOccurred", "sslErrors");
                assertThat(isResumed(pair.client())).isFalse();
            }
        }
    }

    @EachCase
    @Rule(id = "TICKET-005", source = "B-205", level = MUST)
    void sessionOfAnotherServer_leadsToAFullHandshake(SslProtocol protocol) {
        byte[] ticket;
        try (LoopbackPair pair = pair(persistent(protocol), server())) {
            connect(pair);
            ticket = ticket(pair.client());
        }
        // Another configuration has other keys.
        Setup other = server().configure(own -> own.setAllowedNextProtocols("another"));
        try (LoopbackPair pair = pair(resuming(protocol, ticket), other)) {
            connect(pair);

            assertThat(pair.client()).isEncrypted().neverSaw("errorOccurred", "sslErrors");
            assertThat(isResumed(pair.client())).isFalse();
        }
    }

    @EachCase
    @Rule(id = "TICKET-006", source = "design of verification: a resumed session is verified again", level = MUST)
    void resumedSession_isVerifiedAgain(SslProtocol protocol) {
        Setup server = server().identity(authority().selfSigned("localhost"));
        byte[] ticket;
        try (LoopbackPair pair = pair(persistent(protocol).prepare(QSslSocket::ignoreSslErrors), server)) {
            connect(pair);
            ticket = ticket(pair.client());
        }
        try (LoopbackPair pair = pair(resuming(protocol, ticket), server)) {
            pair.begin();
            pair.over();

            assertThat(pair.client()).failedInHandshake().sawExactly("sslErrors", 1);
        }
    }

    @Test
    @Rule(id = "TICKET-007", source = "B-207", level = MUST)
    @Requires(value = Capability.SESSION_EXPORT, roles = TlsRole.CLIENT, protocols = SslProtocol.TLS_V1_3)
    void serverWithoutTickets_givesNoSession() {
        Setup server = server().configure(own -> own.setSslOption(SslOption.DISABLE_SESSION_TICKETS, true));
        try (LoopbackPair pair = pair(persistent(SslProtocol.TLS_V1_3), server)) {
            pair.begin();
            pair.until(
                    "a handshake, or a refusal",
                    () -> pair.client().isEncrypted() || pair.server().saw("errorOccurred"));
            if (pair.server().saw("errorOccurred")) {
                assertThat(pair.server())
                        .failedWith(SocketError.SSL_INVALID_USER_DATA_ERROR)
                        .hasErrorText("DISABLE_SESSION_TICKETS");
                return;
            }
            exchange(pair);
            assertThat(ticket(pair.client())).isEmpty();
        }
    }

    @EachCase
    @Rule(id = "TICKET-020", source = "RFC 5077, RFC 8446; proved against other implementations", level = MUST)
    void sessionOfAForeignServer_isExportedAndResumed(SslProtocol protocol, ForeignPeer peer) {
        PeerSetup setup =
                PeerSetup.create().identity(usualServer()).protocol(protocol).connections(2);
        PeerSession server = stage().with(peer.serve(setup));
        ForeignPair first = ForeignPair.client(stage(), persistent(protocol), server);
        first.until("the first handshake", () -> first.end().isEncrypted() && server.handshakes() == 1);
        first.converse("hello");
        byte[] ticket = ticket(first.end());
        assertThat(ticket).isNotEmpty();
        assertThat(first.end().socket().sslConfiguration().sessionTicketLifeTimeHint())
                .isPositive();
        first.end().run(first.end().socket()::disconnectFromHost);
        first.until("the end", () -> first.end().isOver());

        ForeignPair second = ForeignPair.client(stage(), resuming(protocol, ticket), server);
        second.until("the second handshake", () -> second.end().isEncrypted() && server.handshakes() == 2);
        second.converse("hello again");
        assertThat(isResumed(second.end())).isTrue();
        second.end().run(second.end().socket()::disconnectFromHost);
        stage().until("the server's own count", server::isOver);
        assertThat(server.resumptions()).isEqualTo(1);
    }

    private Setup persistent(SslProtocol protocol) {
        return client().protocol(protocol)
                .configure(own -> own.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false));
    }

    // Without sharing, only the bytes can carry the session.
    private Setup resuming(SslProtocol protocol, byte[] ticket) {
        return client().protocol(protocol).configure(own -> {
            own.setSslOption(SslOption.DISABLE_SESSION_SHARING, true);
            own.setSessionTicket(ticket);
        });
    }

    private static byte[] ticket(End client) {
        return client.call(() -> client.socket().sslConfiguration().sessionTicket());
    }

    private static void connect(LoopbackPair pair) {
        pair.handshake();
        assertThat(pair.client()).isEncrypted();
        exchange(pair);
    }

    // In TLS 1.3 sessions come after the handshake: when data has come, they have.
    private static void exchange(LoopbackPair pair) {
        pair.server().run(() -> pair.server().socket().write(new byte[] {1}));
        pair.until("a byte", () -> pair.client().socket().bytesAvailable() == 1);
    }

    private static boolean isResumed(End end) {
        return end.socket()
                .sessionParameters()
                .map(NegotiatedParameters::resumed)
                .orElse(false);
    }
}
