package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A client and a server of the backend that talk in memory. */
final class MemoryPair implements AutoCloseable {

    static final OpenSslBackend BACKEND = new OpenSslBackend();
    static final EngineRequest TO_LOCALHOST =
            EngineRequest.client(new PeerKey("localhost", 443, "localhost"), "localhost");
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int MAXIMUM_TURNS = 100;

    final Side client;
    final Side server;

    MemoryPair(Side client, Side server) {
        this.client = client;
        this.server = server;
    }

    static ContextSettings.Builder settings(SslProtocol protocol) {
        return ContextSettings.builder()
                .protocols(Set.of(protocol))
                .authorities(TestAuthority.shared().trust());
    }

    static ContextSettings.Builder serverSettings(SslProtocol protocol) {
        return settings(protocol).identity(TestAuthority.shared().server("localhost"));
    }

    static TlsContext context(ContextSettings.Builder settings) throws TlsException {
        return BACKEND.newContext(settings.build());
    }

    /** {@return a pair that has not begun} */
    static MemoryPair of(TlsContext clients, TlsContext servers) throws TlsException {
        return new MemoryPair(new Side(clients, TO_LOCALHOST), new Side(servers, EngineRequest.server()));
    }

    static MemoryPair of(SslProtocol protocol) throws TlsException {
        return of(context(settings(protocol)), context(serverSettings(protocol)));
    }

    /** Runs both until nothing happens any more. */
    MemoryPair run() {
        boolean moved = true;
        for (int turn = 0; moved && turn < MAXIMUM_TURNS; turn++) {
            moved = client.turn();
            moved |= client.deliverTo(server);
            moved |= server.turn();
            moved |= server.deliverTo(client);
        }
        return this;
    }

    boolean isEstablished() {
        return client.engine.isEstablished() && server.engine.isEstablished();
    }

    @Override
    public void close() {
        client.engine.close();
        server.engine.close();
    }

    /** One of the two. Accepts every peer, unless it was told otherwise. */
    static final class Side implements TlsEvents {

        final TlsEngine engine;
        final List<SessionTicket> sessions = new ArrayList<>();
        final List<TlsAlert> sent = new ArrayList<>();
        final List<TlsAlert> received = new ArrayList<>();
        final List<PskQuestion> questions = new ArrayList<>();
        final ByteBuffer inbox = ByteBuffer.allocateDirect(1 << 20);
        final ByteBuffer outbox = ByteBuffer.allocateDirect(1 << 20);
        final ByteBuffer plaintext = ByteBuffer.allocateDirect(1 << 20);
        final List<PeerCredentials> presented = new ArrayList<>();
        final List<String> keyLog = new ArrayList<>();
        PskAnswer key = PskAnswer.NONE;
        PeerDecision answer = PeerDecision.ACCEPT;
        Need need = Need.NOTHING;
        boolean oneRecordATurn;

        @Nullable TlsException failure;

        Side(TlsContext context, EngineRequest request) throws TlsException {
            engine = context.newEngine(request, this);
        }

        private boolean turn() {
            int in = inbox.position();
            int out = outbox.position();
            boolean wasWell = failure == null;
            try {
                if (wasWell && need != Need.DECISION) {
                    inbox.flip();
                    int there = inbox.limit();
                    if (oneRecordATurn && there >= Records.HEADER_BYTES) {
                        inbox.limit(Math.min(there, Records.bytes(inbox, 0)));
                    }
                    try {
                        need = engine.decrypt(inbox, plaintext);
                    } finally {
                        inbox.limit(there);
                        inbox.compact();
                    }
                }
                while (engine.hasOutput()) {
                    engine.encrypt(NO_BYTES, outbox);
                }
            } catch (TlsException thrown) {
                failure = thrown;
            }
            return inbox.position() != in || outbox.position() != out || wasWell == (failure != null);
        }

        private boolean deliverTo(Side other) {
            outbox.flip();
            boolean some = outbox.hasRemaining();
            other.inbox.put(outbox);
            outbox.clear();
            return some;
        }

        /** Answers what was put off. */
        void decide(PeerDecision.Final decision) {
            need = Need.NOTHING;
            engine.resume(decision);
        }

        void say(int bytes) throws TlsException {
            engine.encrypt(ByteBuffer.allocate(bytes), outbox);
        }

        @Override
        public void alertSent(TlsAlert alert) {
            sent.add(alert);
        }

        @Override
        public void alertReceived(TlsAlert alert) {
            received.add(alert);
        }

        @Override
        public void newSession(SessionTicket ticket) {
            sessions.add(ticket);
        }

        @Override
        public void keyLog(String line) {
            keyLog.add(line);
        }

        @Override
        public PeerDecision peerPresented(PeerCredentials credentials) {
            presented.add(credentials);
            return answer;
        }

        @Override
        public PskAnswer pskWanted(PskQuestion question) {
            questions.add(question);
            return key;
        }
    }
}
