package dev.qssl.benchmarks.rounds;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * What to run.
 *
 * @param rounds how many times each bar is measured in each cell, at least 1
 * @param seconds how long each time
 * @param warmUpSeconds how long each bar runs before, in each cell
 * @param cells which cells
 * @param backends whose engines are compared with the bare ones
 * @param bars which sockets are compared
 * @param references whose better one others are compared with; empty for the usual one of each cell
 * @param json where to write the results as JSON
 */
public record RoundOptions(
        int rounds,
        double seconds,
        double warmUpSeconds,
        List<String> cells,
        List<String> backends,
        List<String> bars,
        List<String> references,
        Optional<Path> json) {

    /** The names of all cells. */
    public static final List<String> ALL_CELLS = List.of(
            "engine-records",
            "engine-handshakes",
            "bulk-16k",
            "bulk-256k",
            "ping-pong",
            "handshakes-1",
            "handshakes-8",
            "resumed-1",
            "resumed-8");

    /** How to say it on the command line. */
    public static final String USAGE = """
            rounds [--backend A,B,...] [--cells A,B,...] [--bars A,B,...] [--reference A,B,...]
                   [--rounds N] [--seconds S] [--warm-up S] [--quick] [--json FILE]
              --backend    QSSL's backends, each with the peers it has to be compared with; jdk unless given
              --cells      of %s
              --bars       sockets, where not all of the backends' are wanted: see the module's README
              --reference  whose better one the ratios are to: sockets that take part
              --rounds     measurements of each bar in each cell; 9 unless given
              --seconds    length of each; 1 unless given
              --warm-up    seconds that each bar runs before, in each cell; 10 unless given
              --quick      3 rounds of 0.3 seconds after 1 second
              --json       where to write the figures as JSON
            """.formatted(ALL_CELLS);

    /**
     * {@return the options that these arguments say}
     *
     * @throws IllegalArgumentException naming the argument that is not understood
     */
    public static RoundOptions parse(List<String> arguments) {
        Deque<String> left = new ArrayDeque<>(arguments);
        int rounds = 9;
        double seconds = 1;
        double warmUp = 10;
        List<String> cells = ALL_CELLS;
        List<String> backends = List.of("jdk");
        List<String> bars = List.of();
        List<String> references = List.of();
        Optional<Path> json = Optional.empty();
        while (!left.isEmpty()) {
            String option = left.remove();
            if (option.equals("--quick")) {
                rounds = 3;
                seconds = 0.3;
                warmUp = 1;
                continue;
            }
            if (left.isEmpty()) {
                throw new IllegalArgumentException("unknown option or missing value: " + option);
            }
            String value = left.remove();
            switch (option) {
                case "--rounds" -> rounds = Math.max(1, Integer.parseInt(value));
                case "--seconds" -> seconds = Double.parseDouble(value);
                case "--warm-up" -> warmUp = Double.parseDouble(value);
                case "--cells" -> cells = List.of(value.split(","));
                case "--backend" -> backends = List.of(value.split(","));
                case "--reference" -> references = List.of(value.split(","));
                case "--bars" -> bars = List.of(value.split(","));
                case "--json" -> json = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("unknown option: " + option);
            }
        }
        return new RoundOptions(
                rounds,
                seconds,
                warmUp,
                cells,
                backends,
                bars.isEmpty() ? Contestants.of(backends) : bars,
                references,
                json);
    }
}
