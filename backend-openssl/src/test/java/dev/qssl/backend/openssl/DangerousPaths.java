package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.KeyVault;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What would crash a process that handles native memory carelessly: run as a child process, whose exit says all. */
final class DangerousPaths {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final int ROUNDS = 200;
    private static final int THREADS = 8;
    private static final long PAGE_BYTES = 4096;
    private static final int ROUNDS_OF_GROWTH = 3;
    private static final long MOST_GROWTH_BYTES = 2L << 20;
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private DangerousPaths() {}

    /** Takes the number of handshakes. */
    public static void main(String[] arguments) throws Exception {
        int handshakes = Integer.parseInt(arguments[0]);
        for (SslProtocol protocol : List.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3)) {
            closesFromAnotherThread(protocol);
            closesInsideOfAnswers(protocol);
            throwsInsideOfAnswers(protocol);
            forgets(protocol);
            signsElsewhere(protocol);
        }
        System.out.println("no crash");
        manyHandshakes(Math.max(handshakes / 5, 2_000));
        System.out.println(isFlat(handshakes) ? "memory is flat" : "memory grows");
    }

    /** What leaks does so every time; the JVM's own late needs, for compiling on a busy machine, come once. */
    private static boolean isFlat(int handshakes) throws Exception {
        for (int round = 0; round < ROUNDS_OF_GROWTH; round++) {
            long before = residentBytes();
            manyHandshakes(handshakes);
            long growth = residentBytes() - before;
            System.out.println("grown by " + (growth >> 10) + " KiB in " + handshakes + " handshakes");
            if (growth <= MOST_GROWTH_BYTES) {
                return true;
            }
        }
        return false;
    }

    private static long residentBytes() throws IOException, InterruptedException {
        System.gc();
        System.runFinalization();
        TimeUnit.MILLISECONDS.sleep(200); // what was forgotten is freed by another thread
        String[] fields = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        return Long.parseLong(fields[1]) * PAGE_BYTES;
    }

    private static TlsContext clients(SslProtocol protocol) throws TlsException {
        return BENCH.context(EngineBench.settings(protocol).keyLog(true));
    }

    private static TlsContext servers(SslProtocol protocol) throws TlsException {
        return BENCH.context(EngineBench.serverSettings(protocol).alpn(List.of("a")));
    }

    private static void closesFromAnotherThread(SslProtocol protocol) throws Exception {
        ExecutorService other = Executors.newSingleThreadExecutor();
        try (TlsContext clients = clients(protocol);
                TlsContext servers = servers(protocol)) {
            for (int i = 0; i < ROUNDS; i++) {
                Owner owner = new Owner(Mischief.NONE);
                try (Ends ends = new Ends(clients, servers, owner)) {
                    if (i % 2 == 0) {
                        ends.run();
                    }
                    CountDownLatch begun = new CountDownLatch(1);
                    Future<?> closing = other.submit(() -> {
                        begun.await();
                        ends.client.close();
                        return null;
                    });
                    begun.countDown();
                    useUntilClosed(ends, closing);
                    closing.get();
                }
            }
        } finally {
            other.shutdown();
        }
    }

    private static void useUntilClosed(Ends ends, Future<?> closing) {
        boolean closed = false;
        while (!closed) {
            closed = closing.isDone();
            try {
                ends.run();
                ends.client.encrypt(ByteBuffer.allocateDirect(40_000), ByteBuffer.allocateDirect(100_000));
            } catch (IllegalStateException | TlsException over) {
                closed = closing.isDone();
            }
        }
    }

    private static void closesInsideOfAnswers(SslProtocol protocol) throws Exception {
        run(protocol, Mischief.CLOSE);
    }

    private static void throwsInsideOfAnswers(SslProtocol protocol) throws Exception {
        run(protocol, Mischief.THROW);
        run(protocol, Mischief.THROW_ERROR);
    }

    private static void run(SslProtocol protocol, Mischief mischief) throws TlsException {
        try (TlsContext clients = clients(protocol);
                TlsContext servers = servers(protocol);
                TlsContext keyed = BENCH.context(EngineBench.settings(protocol).pskProtocols(Set.of(protocol)))) {
            for (int i = 0; i < ROUNDS / 4; i++) {
                tolerate(clients, servers, mischief);
                tolerate(keyed, keyed, mischief);
            }
        }
    }

    private static void tolerate(TlsContext clients, TlsContext servers, Mischief mischief) throws TlsException {
        Owner owner = new Owner(mischief);
        try (Ends ends = new Ends(clients, servers, owner)) {
            owner.engine = ends.client;
            ends.run();
            if (ends.client.isEstablished() && mischief != Mischief.CLOSE) {
                throw new AssertionError("a handshake ended well whose owner failed");
            }
        } catch (IllegalStateException | AssertionError thrown) {
            if (!isExpected(String.valueOf(thrown.getMessage()))) {
                throw thrown;
            }
        }
    }

    private static boolean isExpected(String message) {
        return message.contains("closed") || message.contains("mischief");
    }

    private static void forgets(SslProtocol protocol) throws TlsException {
        TlsContext clients = clients(protocol);
        TlsContext servers = servers(protocol);
        long garbage = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Ends ends = new Ends(clients, servers, new Owner(Mischief.NONE));
            if (i % 3 != 0) {
                ends.run();
            }
            garbage += new byte[1 << 16].length;
            if (i % 20 == 0) {
                System.gc();
            }
        }
        System.out.println("forgotten among " + garbage + " bytes of garbage");
    }

    /** Keys in a vault: many contexts, some of them forgotten, connections that outlive theirs, and a signer that throws. */
    private static void signsElsewhere(SslProtocol protocol) throws TlsException {
        KeyVault vault = KeyVault.open();
        KeyVault broken = KeyVault.open();
        Identity server = TestAuthority.shared().server("localhost");
        TlsContext clients = clients(protocol);
        TlsContext throwing = BENCH.context(EngineBench.settings(protocol).identity(broken.keep(server)));
        broken.fail(new AssertionError("mischief"));
        for (int i = 0; i < ROUNDS; i++) {
            TlsContext servers = BENCH.context(EngineBench.settings(protocol).identity(vault.keep(server)));
            try (Ends ends = new Ends(clients, servers, new Owner(Mischief.NONE));
                    Ends failing = new Ends(clients, throwing, new Owner(Mischief.NONE))) {
                if (i % 2 == 0) {
                    servers.close();
                }
                ends.run();
                failing.run();
                if (!ends.client.isEstablished() || failing.server.isEstablished()) {
                    throw new AssertionError("a handshake failed, or ended well without a signature");
                }
            }
            if (i % 20 == 0) {
                System.gc();
            }
        }
        System.out.println(vault.signatures() + " signatures elsewhere");
    }

    private static void manyHandshakes(int count) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(THREADS);
        try (TlsContext clients = BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_3));
                TlsContext servers = servers(SslProtocol.TLS_V1_3)) {
            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                work.add(() -> {
                    for (int n = 0; n < count / THREADS; n++) {
                        try (Ends ends = new Ends(clients, servers, new Owner(Mischief.NONE))) {
                            ends.run();
                            if (!ends.client.isEstablished() || !ends.server.isEstablished()) {
                                throw new AssertionError("a handshake failed");
                            }
                        }
                    }
                    return null;
                });
            }
            for (Future<Void> done : workers.invokeAll(work)) {
                done.get();
            }
        } finally {
            workers.shutdown();
        }
    }

    private enum Mischief {
        NONE,
        CLOSE,
        THROW,
        THROW_ERROR
    }

    /** Two engines with the buffers between them, small ones, because there are many. */
    private static final class Ends implements AutoCloseable {

        final TlsEngine client;
        final TlsEngine server;
        private final ByteBuffer toServer = ByteBuffer.allocateDirect(60_000);
        private final ByteBuffer toClient = ByteBuffer.allocateDirect(60_000);
        private final ByteBuffer plaintext = ByteBuffer.allocateDirect(20_000);

        Ends(TlsContext clients, TlsContext servers, Owner owner) throws TlsException {
            client = clients.newEngine(EngineRequest.client(null, "localhost"), owner);
            server = servers.newEngine(EngineRequest.server(), new Owner(Mischief.NONE));
        }

        void run() {
            try {
                boolean moved = true;
                while (moved) {
                    moved = turn(client, toClient, toServer);
                    moved |= turn(server, toServer, toClient);
                }
            } catch (TlsException failed) {
                return;
            }
        }

        private boolean turn(TlsEngine engine, ByteBuffer in, ByteBuffer out) throws TlsException {
            int before = out.position();
            boolean had = in.position() > 0;
            if (had) {
                in.flip();
                try {
                    Need unused = engine.decrypt(in, plaintext.clear());
                } finally {
                    in.compact();
                }
            }
            while (engine.hasOutput()) {
                Need unused = engine.encrypt(NO_BYTES, out);
            }
            return out.position() > before;
        }

        @Override
        public void close() {
            client.close();
            server.close();
        }
    }

    /** Accepts every peer, or behaves badly. */
    private static final class Owner implements TlsEvents {

        private final Mischief mischief;

        @Nullable TlsEngine engine;

        Owner(Mischief mischief) {
            this.mischief = mischief;
        }

        private void behave() {
            switch (mischief) {
                case NONE -> {}
                case CLOSE -> {
                    if (engine != null) {
                        engine.close();
                    }
                }
                case THROW -> throw new IllegalStateException("mischief");
                case THROW_ERROR -> throw new AssertionError("mischief");
            }
        }

        @Override
        public void alertSent(TlsAlert alert) {}

        @Override
        public void alertReceived(TlsAlert alert) {}

        @Override
        public void newSession(SessionTicket ticket) {}

        @Override
        public void keyLog(String line) {
            if (mischief == Mischief.CLOSE) {
                behave();
            }
        }

        @Override
        public PeerDecision peerPresented(PeerCredentials credentials) {
            behave();
            return credentials.chain().size() > 50
                    ? new PeerDecision.Refuse(AlertType.BAD_CERTIFICATE, "too long")
                    : PeerDecision.ACCEPT;
        }

        @Override
        public PskAnswer pskWanted(PskQuestion question) {
            behave();
            return PskAnswer.of(new byte[] {'i'}, new byte[32], "SHA-256");
        }
    }
}
