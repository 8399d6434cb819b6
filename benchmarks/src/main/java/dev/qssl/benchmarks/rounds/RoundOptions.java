package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
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
 * @param bars which bars, where there is a choice
 * @param json where to write the results as JSON
 */
public record RoundOptions(
        int rounds, double seconds, double warmUpSeconds, List<String> cells, List<String> bars, Optional<Path> json) {

    /** The names of all cells. */
    public static final List<String> ALL_CELLS = List.of(
            "engine-records",
            "engine-handshakes",
            "bulk-16k",
            "bulk-256k",
            "ping-pong",
            "handshakes-1",
            "handshakes-8");

    /** How to say it on the command line. */
    public static final String USAGE = """
            rounds [--rounds N] [--seconds S] [--warm-up S] [--cells A,B,...] [--bars A,B,...] [--json FILE] [--quick]
              --rounds   measurements of each bar in each cell; 9 unless given
              --seconds  length of each; 1 unless given
              --warm-up  seconds that each bar runs before, in each cell; 10 unless given
              --quick    3 rounds of 0.3 seconds after 1 second
              --cells    of %s
              --bars     of %s
            """.formatted(ALL_CELLS, Bars.names());

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
        List<String> bars = Bars.names();
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
                case "--bars" -> bars = List.of(value.split(","));
                case "--json" -> json = Optional.of(Path.of(value));
                default -> throw new IllegalArgumentException("unknown option: " + option);
            }
        }
        return new RoundOptions(rounds, seconds, warmUp, cells, bars, json);
    }
}
