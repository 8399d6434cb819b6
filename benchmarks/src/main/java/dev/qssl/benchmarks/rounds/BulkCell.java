package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.Tally;
import dev.qssl.benchmarks.bars.Work;
import java.util.List;
import java.util.Map;

/** One connection, one direction, writes of one size. */
final class BulkCell extends SocketCell {

    private static final double GIBIBYTE = 1L << 30;

    private final int chunk;

    BulkCell(List<String> bars, int chunk) throws Exception {
        super(bars, List.of(Bars.NETTY_TCNATIVE, Bars.CONSCRYPT_SOCKET), Work.BULK);
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
        Tally bytes = contestant(bar).upload(chunk, seconds);
        return Map.of(
                Figure.MEGABYTES_PER_SECOND,
                bytes.perSecond() / 1e6,
                Figure.CPU_MILLIS_PER_GIBIBYTE,
                bytes.cpuNanos() / 1e6 / (bytes.count() / GIBIBYTE));
    }
}
