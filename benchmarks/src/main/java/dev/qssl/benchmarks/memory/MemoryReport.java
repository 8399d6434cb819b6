package dev.qssl.benchmarks.memory;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** The numbers about memory: one run, printed as text. */
public final class MemoryReport {

    /** How to say it on the command line. */
    public static final String USAGE = """
            memory [--backend NAME] [--connections N]
              --backend      QSSL's backend; jdk unless given
              --connections  how many idle at the same time, and how many come and go; 2000 unless given
            """;

    private static final int DEFAULT_CONNECTIONS = 2000;

    private MemoryReport() {}

    /**
     * What was found.
     *
     * @param backend QSSL's
     * @param connections how many
     * @param bare what the bare engines of as many connections hold
     * @param idle what as many idle connections hold in the server
     * @param leftByServer what the server holds more after as many came and went
     * @param leftByClient what the client holds more after as many came and went
     */
    public record Result(
            String backend,
            int connections,
            Footprint bare,
            Footprint idle,
            Footprint leftByServer,
            Footprint leftByClient) {

        /** {@return our own bytes of heap for each idle connection} */
        public double ownHeapPerConnection() {
            return (double) (idle.heap() - bare.heap()) / connections;
        }
    }

    /** Measures and prints. */
    public static void run(List<String> arguments, PrintStream out) throws Exception {
        Options options = new Options(arguments, USAGE);
        String backend = options.text("--backend", "jdk");
        int connections = options.number("--connections", DEFAULT_CONNECTIONS);
        options.requireNoOther();
        print(measure(backend, connections), out);
    }

    /** {@return what was found with so many connections} */
    public static Result measure(String backend, int connections) throws Exception {
        Footprint bare = bareEngines(backend, connections);
        Footprint idle;
        try (PeerProcess server = PeerProcess.start(backend, PeerProcess.GROWING_HEAP);
                Clients clients = new Clients(backend, server.ask("serve"))) {
            // Pools, classes and caches come with the first connections and stay.
            clients.comeAndGo(connections / 10 + 1);
            Footprint before = settled(server);
            clients.open(connections);
            server.awaitConnections(connections);
            idle = server.footprint().since(before);
        }
        try (PeerProcess server = PeerProcess.start(backend, PeerProcess.GROWING_HEAP);
                Clients clients = new Clients(backend, server.ask("serve"))) {
            clients.comeAndGo(connections / 10 + 1);
            Footprint serverBefore = settled(server);
            Footprint clientBefore = Footprint.now();
            clients.comeAndGo(connections);
            Footprint leftByServer = settled(server).since(serverBefore);
            return new Result(
                    backend,
                    connections,
                    bare,
                    idle,
                    leftByServer,
                    Footprint.now().since(clientBefore));
        }
    }

    private static Footprint bareEngines(String backend, int connections) throws Exception {
        try (PeerProcess engines = PeerProcess.start(backend, PeerProcess.GROWING_HEAP)) {
            engines.ask("engines " + (connections / 10 + 1));
            Footprint before = engines.footprint();
            engines.ask("engines " + connections);
            return engines.footprint().since(before);
        }
    }

    private static Footprint settled(PeerProcess server) throws Exception {
        server.awaitConnections(0);
        return server.footprint();
    }

    private static void print(Result result, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%d connections on %s, server on one loop in its own process%n",
                result.connections(),
                result.backend());
        out.printf(
                Locale.ROOT,
                "  idle, heap bytes of each                   %8.0f%n",
                each(result, result.idle().heap()));
        out.printf(
                Locale.ROOT,
                "  of which a bare SSLEngine holds            %8.0f%n",
                each(result, result.bare().heap()));
        out.printf(Locale.ROOT, "  own heap bytes of each                     %8.0f%n", result.ownHeapPerConnection());
        out.printf(
                Locale.ROOT,
                "  idle, direct bytes of all                  %8d%n",
                result.idle().direct());
        out.printf(
                Locale.ROOT,
                "  idle, threads of all                       %8d%n",
                result.idle().threads());
        printLeft("server", result.leftByServer(), out);
        printLeft("client", result.leftByClient(), out);
        out.printf(Locale.ROOT, "%s%n", json(result));
    }

    private static double each(Result result, long bytes) {
        return (double) bytes / result.connections();
    }

    private static void printLeft(String side, Footprint left, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "  opened and closed, left in the %s      heap %d, direct %d, threads %d, descriptors %d%n",
                side,
                left.heap(),
                left.direct(),
                left.threads(),
                left.descriptors());
    }

    private static String json(Result result) {
        return String.format(
                Locale.ROOT,
                "{\"backend\":\"%s\",\"connections\":%d,\"idleHeap\":%d,\"bareHeap\":%d,\"ownHeapPerConnection\":%.1f,\"idleDirect\":%d,"
                        + "\"leftByServer\":%s,\"leftByClient\":%s}",
                result.backend(),
                result.connections(),
                result.idle().heap(),
                result.bare().heap(),
                result.ownHeapPerConnection(),
                result.idle().direct(),
                json(result.leftByServer()),
                json(result.leftByClient()));
    }

    private static String json(Footprint footprint) {
        return String.format(
                Locale.ROOT,
                "{\"heap\":%d,\"direct\":%d,\"threads\":%d,\"descriptors\":%d}",
                footprint.heap(),
                footprint.direct(),
                footprint.threads(),
                footprint.descriptors());
    }
}
