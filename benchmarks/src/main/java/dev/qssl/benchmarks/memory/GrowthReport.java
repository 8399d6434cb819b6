package dev.qssl.benchmarks.memory;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * Whether connections that came and went leave anything behind that the heap does not show: how much the memory that server and
 * client occupy, each in a process of its own, grows while many full handshakes are done. Their heaps are resident before it
 * begins. What is dead is collected when the virtual machine thinks it is time, as in any server: the native memory that waits
 * for that is part of the first look already.
 */
public final class GrowthReport {

    /** How to say it on the command line. */
    public static final String USAGE = """
            growth [--backend NAME] [--from N] [--to N] [--limit SECONDS]
              --backend      QSSL's backend; jdk unless given
              --from, --to   between which handshakes; 20000 and 100000 unless given
              --limit        after how long it ends with what it has; 600 unless given
            """;

    private static final int STEPS = 8;

    private GrowthReport() {}

    /**
     * What one process occupied.
     *
     * @param before resident bytes before the handshakes that count
     * @param after resident bytes after them
     */
    public record Growth(long before, long after) {}

    /**
     * What was found.
     *
     * @param backend QSSL's
     * @param from handshakes done before the first look
     * @param to handshakes done before the last look: fewer than wanted if the time was up
     * @param server the server's growth
     * @param client the client's growth
     */
    public record Result(String backend, int from, int to, Growth server, Growth client) {

        /** {@return by how many bytes a process grew for each handshake} */
        public double perHandshake(Growth growth) {
            return (double) (growth.after() - growth.before()) / (to - from);
        }
    }

    /** Measures and prints. */
    public static void run(List<String> arguments, PrintStream out, PrintStream progress) throws Exception {
        Options options = new Options(arguments, USAGE);
        String backend = options.text("--backend", "jdk");
        int from = options.number("--from", 20_000);
        int to = options.number("--to", 100_000);
        int limitSeconds = options.number("--limit", 600);
        options.requireNoOther();
        print(measure(backend, from, to, limitSeconds, progress), out);
    }

    /**
     * {@return what was found}
     *
     * @throws IllegalStateException if the time was up before the first handshake that counts, or nothing tells what is resident
     */
    public static Result measure(String backend, int from, int to, int limitSeconds, PrintStream progress)
            throws Exception {
        long start = System.nanoTime();
        try (PeerProcess server = PeerProcess.start(backend, PeerProcess.RESIDENT_HEAP);
                PeerProcess client = PeerProcess.start(backend, PeerProcess.RESIDENT_HEAP)) {
            client.ask("clients " + server.ask("serve"));
            Run run = new Run(server, client, start, limitSeconds * 1_000_000_000L, progress);
            run.advance(from);
            long serverBefore = run.resident(server);
            long clientBefore = run.resident(client);
            if (run.isTimeUp()) {
                throw new IllegalStateException(
                        limitSeconds + " s were up after " + run.done + " handshakes, before any counted");
            }
            run.advance(to);
            return new Result(
                    backend,
                    from,
                    run.done,
                    new Growth(serverBefore, run.resident(server)),
                    new Growth(clientBefore, run.resident(client)));
        }
    }

    /** Handshakes in steps, until the time is up. */
    private static final class Run {
        private final PeerProcess server;
        private final PeerProcess client;
        private final long start;
        private final long limitNanos;
        private final PrintStream progress;
        private int done;

        Run(PeerProcess server, PeerProcess client, long start, long limitNanos, PrintStream progress) {
            this.server = server;
            this.client = client;
            this.start = start;
            this.limitNanos = limitNanos;
            this.progress = progress;
        }

        boolean isTimeUp() {
            return System.nanoTime() - start >= limitNanos;
        }

        void advance(int goal) throws Exception {
            int step = Math.max(1, (goal - done) / STEPS);
            while (done < goal && !isTimeUp()) {
                int count = Math.min(step, goal - done);
                client.ask("come " + count);
                done += count;
                progress.printf(
                        Locale.ROOT,
                        "%d handshakes, %.0f s: resident server %d KiB, client %d KiB%n",
                        done,
                        (System.nanoTime() - start) / 1e9,
                        Long.parseLong(server.ask("resident")) / 1024,
                        Long.parseLong(client.ask("resident")) / 1024);
            }
        }

        long resident(PeerProcess process) throws Exception {
            server.awaitConnections(0);
            long resident = Long.parseLong(process.ask("resident"));
            if (resident < 0) {
                throw new IllegalStateException("this system does not tell what is resident");
            }
            return resident;
        }
    }

    private static void print(Result result, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%s, from handshake %d to %d, server and client in processes of their own%n",
                result.backend(),
                result.from(),
                result.to());
        print("server", result, result.server(), out);
        print("client", result, result.client(), out);
    }

    private static void print(String side, Result result, Growth growth, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "  %s: resident %d KiB, then %d KiB: %.1f bytes a handshake%n",
                side,
                growth.before() / 1024,
                growth.after() / 1024,
                result.perHandshake(growth));
    }
}
