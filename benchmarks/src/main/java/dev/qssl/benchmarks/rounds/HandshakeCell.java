package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Connect, full handshake, one byte each way, close; by several clients at once. */
final class HandshakeCell extends SocketCell {

    private final int clients;
    private final ExecutorService threads;

    HandshakeCell(List<String> bars, int clients) throws Exception {
        super(bars, List.of(Bars.NETTY_TCNATIVE, Bars.CONSCRYPT_SOCKET));
        this.clients = clients;
        this.threads = Executors.newFixedThreadPool(clients, task -> {
            Thread thread = new Thread(task, "client");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public String name() {
        return "full handshakes, " + (clients == 1 ? "one client" : clients + " clients");
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.HANDSHAKES_PER_SECOND, Figure.CPU_MICROS_PER_HANDSHAKE);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        connectChecked(bar).close();
        long start = System.nanoTime();
        long used = ProcessorTime.nanos();
        long end = start + (long) (seconds * 1e9);
        List<Future<Long>> running = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            running.add(threads.submit(() -> connectUntil(end, bar)));
        }
        long count = 0;
        for (Future<Long> each : running) {
            count += each.get();
        }
        double time = System.nanoTime() - start;
        double cpuMicros = (ProcessorTime.nanos() - used) / 1e3;
        return Map.of(
                Figure.HANDSHAKES_PER_SECOND, count / time * 1e9, Figure.CPU_MICROS_PER_HANDSHAKE, cpuMicros / count);
    }

    private long connectUntil(long end, String bar) throws Exception {
        long count = 0;
        do {
            connect(bar).close();
            count++;
        } while (System.nanoTime() < end);
        return count;
    }
}
