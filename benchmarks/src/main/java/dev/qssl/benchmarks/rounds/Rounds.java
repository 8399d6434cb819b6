package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.Work;
import dev.qssl.benchmarks.engines.EnginePairs;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Runs cells: one after the other; within each, round by round, every bar in every round. */
public final class Rounds {

    private final RoundOptions options;
    private final PrintStream progress;

    /**
     * Creates a run.
     *
     * @param options what, how often and how long
     * @param progress told about each round
     */
    public Rounds(RoundOptions options, PrintStream progress) {
        this.options = options;
        this.progress = progress;
    }

    /** {@return the results} */
    public Report run() throws Exception {
        List<Samples> results = new ArrayList<>();
        for (String name : options.cells()) {
            try (Cell cell = open(name)) {
                results.add(measure(cell));
            }
        }
        return new Report(options, results);
    }

    private Cell open(String name) throws Exception {
        List<String> engines = EnginePairs.of(options.backends());
        List<String> all = options.bars();
        List<String> bars = all.stream().filter(bar -> !Bars.isForBulkOnly(bar)).toList();
        return switch (name) {
            case "engine-records" -> records(engines);
            case "engine-handshakes" -> new EngineHandshakeCell(engines);
            case "bulk-16k" -> new BulkCell(all, 16 * 1024);
            case "bulk-256k" -> new BulkCell(all, 256 * 1024);
            case "ping-pong" -> new PingPongCell(bars);
            case "handshakes-1" -> new HandshakeCell(bars, Work.FULL_HANDSHAKES, 1);
            case "handshakes-8" -> new HandshakeCell(bars, Work.FULL_HANDSHAKES, 8);
            case "resumed-1" -> new HandshakeCell(bars, Work.RESUMED_HANDSHAKES, 1);
            case "resumed-8" -> new HandshakeCell(bars, Work.RESUMED_HANDSHAKES, 8);
            default ->
                throw new IllegalArgumentException("unknown cell " + name + "; known: " + RoundOptions.ALL_CELLS);
        };
    }

    private Cell records(List<String> engines) throws Exception {
        EngineBulkCell cell = new EngineBulkCell(engines);
        return Contestants.haveCeiling(options.backends()) ? cell.withCeiling() : cell;
    }

    private Samples measure(Cell cell) throws Exception {
        cell.absent()
                .forEach(absence ->
                        progress.printf("%s: without %s: %s%n", cell.name(), absence.bar(), absence.reason()));
        double warmUp = options.warmUpSeconds();
        // In short turns, so that the compiler sees all bars before any of them counts.
        for (double done = 0; done < warmUp; done += options.seconds()) {
            for (String bar : cell.bars()) {
                cell.measure(bar, Math.min(options.seconds(), warmUp));
            }
        }
        Samples samples = new Samples(cell);
        List<String> order = new ArrayList<>(cell.bars());
        for (int round = 1; round <= options.rounds(); round++) {
            for (String bar : order) {
                samples.add(bar, cell.measure(bar, options.seconds()));
            }
            // Nobody always comes after the same neighbour, or first.
            Collections.rotate(order, 1);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            progress.printf("%s: round %d of %d%n", cell.name(), round, options.rounds());
        }
        return samples;
    }
}
