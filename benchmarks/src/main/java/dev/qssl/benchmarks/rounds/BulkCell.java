package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bar;
import dev.qssl.benchmarks.bars.Bars;
import java.util.List;
import java.util.Map;

/** One connection, one direction, writes of one size. */
final class BulkCell extends SocketCell {

    private static final long BLOCK = 32L << 20;

    private final int chunk;

    BulkCell(List<String> bars, int chunk) throws Exception {
        super(bars, List.of(Bars.NETTY_TCNATIVE, Bars.CONSCRYPT_SOCKET));
        this.chunk = chunk;
    }

    @Override
    public String name() {
        return "bulk, writes of " + chunk / 1024 + " KiB";
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.MEGABYTES_PER_SECOND, Figure.CPU_MILLIS_PER_GIBIBYTE);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        try (Bar.Client client = connectChecked(bar)) {
            long blocks = 0;
            long start = System.nanoTime();
            long used = ProcessorTime.nanos();
            long time;
            do {
                client.upload(BLOCK, chunk);
                blocks++;
                time = System.nanoTime() - start;
            } while (time < seconds * 1e9);
            double bytes = (double) blocks * BLOCK;
            double cpuMillis = (ProcessorTime.nanos() - used) / 1e6;
            return Map.of(
                    Figure.MEGABYTES_PER_SECOND,
                    bytes / time * 1e3,
                    Figure.CPU_MILLIS_PER_GIBIBYTE,
                    cpuMillis / (bytes / (1L << 30)));
        }
    }
}
