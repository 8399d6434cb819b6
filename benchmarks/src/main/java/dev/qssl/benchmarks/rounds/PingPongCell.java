package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bar;
import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.ServerScript;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A short message to the server and back, one at a time. */
final class PingPongCell extends SocketCell {

    private static final int BLOCK = 500;

    PingPongCell(List<String> bars) throws Exception {
        super(bars, List.of(Bars.CONSCRYPT_SOCKET));
    }

    @Override
    public String name() {
        return "ping-pong of " + ServerScript.MESSAGE_BYTES + " bytes";
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.P50_MICROS, Figure.P99_MICROS, Figure.CPU_MICROS_PER_EXCHANGE);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        try (Bar.Client client = connectChecked(bar)) {
            long[] nanos = new long[0];
            long start = System.nanoTime();
            long used = ProcessorTime.nanos();
            long[] block = new long[BLOCK];
            do {
                client.pingPong(block);
                int before = nanos.length;
                nanos = Arrays.copyOf(nanos, before + BLOCK);
                System.arraycopy(block, 0, nanos, before, BLOCK);
            } while (System.nanoTime() - start < seconds * 1e9);
            double cpuMicros = (ProcessorTime.nanos() - used) / 1e3;
            Arrays.sort(nanos);
            return Map.of(
                    Figure.P50_MICROS, nanos[nanos.length / 2] / 1e3,
                    Figure.P99_MICROS, nanos[nanos.length * 99 / 100] / 1e3,
                    Figure.CPU_MICROS_PER_EXCHANGE, cpuMicros / nanos.length);
        }
    }
}
