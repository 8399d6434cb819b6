package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.ProcessorTime;
import dev.qssl.benchmarks.engines.EnginePair;
import dev.qssl.benchmarks.engines.EnginePairs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Full handshakes of two engines in memory, in one thread, the client verifying. */
final class EngineHandshakeCell implements Cell {

    private final List<String> names;
    private final Map<String, EnginePairs> makers = new HashMap<>();

    EngineHandshakeCell(List<String> names) throws Exception {
        this.names = names;
        for (String name : names) {
            makers.put(name, EnginePairs.open(name));
        }
    }

    @Override
    public String name() {
        return "engines, full handshakes";
    }

    @Override
    public List<String> bars() {
        return names;
    }

    @Override
    public List<String> peers() {
        return List.of();
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.HANDSHAKES_PER_SECOND, Figure.CPU_MICROS_PER_HANDSHAKE);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        EnginePairs maker = Objects.requireNonNull(makers.get(bar));
        EnginePair last = maker.newPair();
        long count = 0;
        long start = System.nanoTime();
        long used = ProcessorTime.nanos();
        long time;
        do {
            last.close();
            last = maker.newPair();
            last.handshake();
            count++;
            time = System.nanoTime() - start;
        } while (time < seconds * 1e9);
        double cpuMicros = (ProcessorTime.nanos() - used) / 1e3;
        last.check(bar);
        last.close();
        return Map.of(
                Figure.HANDSHAKES_PER_SECOND, count * 1e9 / time,
                Figure.CPU_MICROS_PER_HANDSHAKE, cpuMicros / count);
    }

    @Override
    public void close() {
        // Nothing but memory.
    }
}
