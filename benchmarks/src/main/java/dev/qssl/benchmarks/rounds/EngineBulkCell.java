package dev.qssl.benchmarks.rounds;

import com.sun.management.ThreadMXBean;
import dev.qssl.benchmarks.engines.EnginePair;
import dev.qssl.benchmarks.engines.EnginePairs;
import dev.qssl.benchmarks.programs.OpenSslSpeed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Full records through two engines in memory, and what is allocated for each; beside what the cipher alone could do. */
final class EngineBulkCell implements Cell {

    private static final int BLOCK = 64;

    private final ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    private final List<String> names = new ArrayList<>();
    private final List<Absence> absent = new ArrayList<>();
    private final Map<String, EnginePair> pairs = new HashMap<>();

    EngineBulkCell(List<String> engines) throws Exception {
        names.addAll(engines);
        for (String name : engines) {
            EnginePair pair = EnginePairs.open(name).newPair();
            pair.handshake();
            pair.check(name);
            pairs.put(name, pair);
        }
    }

    /** Adds the ceiling that the command {@code openssl speed} tells. {@return this cell} */
    EngineBulkCell withCeiling() {
        OpenSslSpeed.obstacle()
                .ifPresentOrElse(
                        reason -> absent.add(new Absence(OpenSslSpeed.BAR, reason)), () -> names.add(OpenSslSpeed.BAR));
        return this;
    }

    @Override
    public String name() {
        return "engines, full records";
    }

    @Override
    public List<String> bars() {
        return List.copyOf(names);
    }

    @Override
    public List<Absence> absent() {
        return List.copyOf(absent);
    }

    @Override
    public List<String> peers() {
        return List.of();
    }

    @Override
    public List<Figure> figures() {
        return List.of(Figure.MEGABYTES_PER_SECOND, Figure.BYTES_PER_RECORD);
    }

    @Override
    public Map<Figure, Double> measure(String bar, double seconds) throws Exception {
        return bar.equals(OpenSslSpeed.BAR)
                ? ceiling(seconds)
                : measure(Objects.requireNonNull(pairs.get(bar)), seconds);
    }

    private static Map<Figure, Double> ceiling(double seconds) throws IOException {
        return Map.of(
                Figure.MEGABYTES_PER_SECOND, OpenSslSpeed.bytesPerSecond(seconds) / 1e6, Figure.BYTES_PER_RECORD, 0.0);
    }

    private Map<Figure, Double> measure(EnginePair pair, double seconds) throws Exception {
        long batches = 0;
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        long time;
        do {
            for (int i = 0; i < BLOCK; i++) {
                pair.move();
            }
            batches += BLOCK;
            time = System.nanoTime() - start;
        } while (time < seconds * 1e9);
        double bytes = (double) batches * EnginePair.BATCH_BYTES;
        double records = (double) batches * EnginePair.RECORDS;
        return Map.of(
                Figure.MEGABYTES_PER_SECOND,
                bytes / time * 1e3,
                Figure.BYTES_PER_RECORD,
                (threads.getCurrentThreadAllocatedBytes() - allocated) / records);
    }

    @Override
    public void close() {
        pairs.values().forEach(EnginePair::close);
    }
}
