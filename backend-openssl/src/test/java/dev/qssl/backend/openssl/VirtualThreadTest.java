package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Virtual threads change their carriers, and with them OpenSSL's queue of errors: nobody hears of another's failures. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "older JVMs have no virtual threads")
class VirtualThreadTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final int CONNECTIONS = 600;
    private static final int RECORD_BYTES = 16_000;
    private static final EngineRequest NOT_RESUMING = EngineRequest.client(null, "localhost");
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    @Test
    void failuresOfSome_areNotTheFailuresOfOthers() throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_3));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(SslProtocol.TLS_V1_3));
        ExecutorService virtual = (ExecutorService)
                Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                boolean refused = i % 3 == 0;
                all.add(virtual.submit(() -> {
                    try (OnHeap client = new OnHeap(clients, NOT_RESUMING, refused);
                            OnHeap server = new OnHeap(servers, EngineRequest.server(), false)) {
                        talk(client, server);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get(120, TimeUnit.SECONDS);
            }
        } finally {
            virtual.shutdownNow();
        }
    }

    private static void talk(OnHeap client, OnHeap server) throws TlsException {
        if (client.isRefusing) {
            TlsException refused = failure(client, server);
            assertThat(refused.error()).isEqualTo(TlsError.CERTIFICATE_REFUSED);
            assertThat(failure(server, client).error()).isEqualTo(TlsError.PEER_ALERT);
            return;
        }
        for (int turn = 0; turn < 8; turn++) {
            client.turn(server);
            server.turn(client);
        }
        assertThat(client.engine.isEstablished()).isTrue();
        client.engine.encrypt(ByteBuffer.allocate(RECORD_BYTES), server.inbox);
        server.turn(client);
        assertThat(server.plaintext.position()).isEqualTo(RECORD_BYTES);
    }

    private static TlsException failure(OnHeap which, OnHeap other) {
        for (int turn = 0; turn < 8; turn++) {
            try {
                which.turn(other);
            } catch (TlsException expected) {
                drain(which, other);
                return expected;
            }
            try {
                other.turn(which);
            } catch (TlsException known) {
                drain(other, which);
            }
        }
        throw new AssertionError("nothing failed");
    }

    private static void drain(OnHeap from, OnHeap to) {
        try {
            while (from.engine.hasOutput()) {
                from.engine.encrypt(NO_BYTES, to.inbox);
            }
        } catch (TlsException drained) {
            assertThat(from.engine.hasOutput()).isFalse();
        }
    }

    /** One end whose memory is all on the heap, so that its bytes go through memory that is shared, behind a lock. */
    private static final class OnHeap implements TlsEvents, AutoCloseable {

        private final TlsEngine engine;
        private final boolean isRefusing;
        private final ByteBuffer inbox = ByteBuffer.allocate(1 << 16);
        private final ByteBuffer plaintext = ByteBuffer.allocate(1 << 16);

        OnHeap(TlsContext context, EngineRequest request, boolean isRefusing) throws TlsException {
            this.engine = context.newEngine(request, this);
            this.isRefusing = isRefusing;
        }

        void turn(OnHeap other) throws TlsException {
            inbox.flip();
            try {
                assertThat(engine.decrypt(inbox, plaintext)).isNotEqualTo(Need.CLOSED);
            } finally {
                inbox.compact();
            }
            while (engine.hasOutput()) {
                engine.encrypt(NO_BYTES, other.inbox);
            }
        }

        @Override
        public void alertSent(TlsAlert alert) {}

        @Override
        public void alertReceived(TlsAlert alert) {}

        @Override
        public void newSession(SessionTicket ticket) {}

        @Override
        public void keyLog(String line) {}

        @Override
        public PeerDecision peerPresented(PeerCredentials credentials) {
            return isRefusing ? new PeerDecision.Refuse(AlertType.UNKNOWN_CA, "for this test") : PeerDecision.ACCEPT;
        }

        @Override
        public PskAnswer pskWanted(PskQuestion question) {
            return PskAnswer.NONE;
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
