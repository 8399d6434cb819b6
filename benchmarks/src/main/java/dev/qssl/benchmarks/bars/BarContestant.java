package dev.qssl.benchmarks.bars;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** A {@link Bar} of this process. */
public final class BarContestant implements Contestant {

    private static final int MESSAGES = 500;

    /** Connections after which one must have resumed a session. */
    private static final int ATTEMPTS = 20;

    private final Bar bar;
    private final Handshakes handshakes;
    private final List<Bar.Server> servers = new ArrayList<>();
    private final ExecutorService threads;

    private BarContestant(Bar bar, Handshakes handshakes) {
        this.bar = bar;
        this.handshakes = handshakes;
        this.threads = Threads.daemons("client");
    }

    /**
     * {@return a bar that has shown that it refuses wrong servers}
     *
     * @param name which
     * @param handshakes how its connections begin
     */
    public static BarContestant enter(String name, Handshakes handshakes) throws Exception {
        Bar bar = Bars.open(name, handshakes);
        try {
            Bars.proveRefusal(bar);
            BarContestant contestant = new BarContestant(bar, handshakes);
            contestant.servers.add(bar.serve(Arena.server()));
            return contestant;
        } catch (Exception e) {
            bar.close();
            throw e;
        }
    }

    @Override
    public Shaken shakeHands(int clients, double seconds) throws Exception {
        prepare(clients);
        long start = System.nanoTime();
        long used = ProcessorTime.nanos();
        long end = start + (long) (seconds * 1e9);
        List<Future<Count>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            int client = i;
            running.add(threads.submit(() -> connectUntil(end, client)));
        }
        Count all = new Count(0, 0);
        for (Future<Count> each : running) {
            all = all.plus(each.get());
        }
        return new Shaken(
                new Tally(all.handshakes, System.nanoTime() - start, ProcessorTime.nanos() - used), all.resumed);
    }

    /** Of handshakes, and of those that resumed a session. */
    private record Count(long handshakes, long resumed) {

        Count plus(Count more) {
            return new Count(handshakes + more.handshakes, resumed + more.resumed);
        }
    }

    // Clients that resume have a server each: libraries keep the sessions by host and port, and use one of TLS 1.3
    // once.
    private void prepare(int clients) throws Exception {
        if (handshakes == Handshakes.FULL) {
            connectChecked(0).close();
            return;
        }
        while (servers.size() < clients) {
            servers.add(bar.serve(Arena.server()));
        }
        for (int i = 0; i < clients; i++) {
            makeResumable(i);
        }
    }

    /** The first handshake is a full one, and caches lose a session now and then; one that keeps none is no cache. */
    private void makeResumable(int client) throws Exception {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try (Bar.Client connected = connect(client)) {
                if (connected.agreement().handshakes() == Handshakes.RESUMED) {
                    check(connected, client);
                    return;
                }
            }
        }
        connectChecked(client).close();
    }

    private Count connectUntil(long end, int client) throws Exception {
        long count = 0;
        long resumed = 0;
        do {
            Bar.Client connected = connect(client % servers.size());
            if (handshakes == Handshakes.RESUMED && connected.agreement().handshakes() == Handshakes.RESUMED) {
                resumed++;
            }
            connected.close();
            count++;
        } while (System.nanoTime() < end);
        return new Count(count, resumed);
    }

    @Override
    public Tally upload(int chunk, double seconds) throws Exception {
        try (Bar.Client client = connectChecked(0)) {
            long blocks = 0;
            long start = System.nanoTime();
            long used = ProcessorTime.nanos();
            long time;
            do {
                client.upload(BLOCK_BYTES, chunk);
                blocks++;
                time = System.nanoTime() - start;
            } while (time < seconds * 1e9);
            return new Tally(blocks * BLOCK_BYTES, time, ProcessorTime.nanos() - used);
        }
    }

    @Override
    public RoundTrips pingPong(double seconds) throws Exception {
        try (Bar.Client client = connectChecked(0)) {
            long[] nanos = new long[0];
            long[] block = new long[MESSAGES];
            long start = System.nanoTime();
            long used = ProcessorTime.nanos();
            long time;
            do {
                client.pingPong(block);
                int before = nanos.length;
                nanos = Arrays.copyOf(nanos, before + MESSAGES);
                System.arraycopy(block, 0, nanos, before, MESSAGES);
                time = System.nanoTime() - start;
            } while (time < seconds * 1e9);
            Tally tally = new Tally(nanos.length, time, ProcessorTime.nanos() - used);
            Arrays.sort(nanos);
            return new RoundTrips(tally, nanos[nanos.length / 2] / 1e3, nanos[nanos.length * 99 / 100] / 1e3);
        }
    }

    /** {@return a new connection, which was used once and is checked on both sides} */
    private Bar.Client connectChecked(int server) throws Exception {
        Bar.Client client = connect(server);
        check(client, server);
        return client;
    }

    private void check(Bar.Client client, int server) {
        client.agreement().check(bar.name(), "client", handshakes);
        servers.get(server).lastAgreement().check(bar.name(), "server", handshakes);
    }

    /** {@return a new connection, which was used once} */
    private Bar.Client connect(int server) throws Exception {
        Bar.Client client = bar.connect(servers.get(server).port());
        client.ask();
        return client;
    }

    @Override
    public void close() {
        threads.shutdownNow();
        servers.forEach(Bar.Server::close);
        bar.close();
    }
}
