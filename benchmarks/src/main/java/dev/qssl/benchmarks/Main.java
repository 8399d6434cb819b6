package dev.qssl.benchmarks;

import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.memory.GrowthReport;
import dev.qssl.benchmarks.memory.MemoryReport;
import dev.qssl.benchmarks.rounds.Report;
import dev.qssl.benchmarks.rounds.RoundOptions;
import dev.qssl.benchmarks.rounds.Rounds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Starts one kind of benchmark. */
public final class Main {

    private Main() {}

    /**
     * Runs what the first argument names.
     *
     * @param arguments the kind, and its own arguments
     */
    public static void main(String[] arguments) {
        int status = 1;
        try {
            run(arguments);
            status = 0;
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            status = 2;
        } catch (Exception e) {
            System.getLogger("dev.qssl.benchmarks").log(System.Logger.Level.ERROR, "the measurement failed", e);
        }
        System.exit(status); // the servers' threads would keep the process alive
    }

    private static void run(String[] arguments) throws Exception {
        Arena.restrictJsse();
        List<String> rest = Arrays.asList(arguments).subList(Math.min(1, arguments.length), arguments.length);
        switch (arguments.length == 0 ? "help" : arguments[0]) {
            case "rounds" -> rounds(rest);
            case "memory" -> MemoryReport.run(rest, System.out);
            case "growth" -> GrowthReport.run(rest, System.out, System.err);
            case "jmh" -> jmh(rest);
            default ->
                System.out.println("usage: one of\n" + RoundOptions.USAGE + MemoryReport.USAGE + GrowthReport.USAGE
                        + "jmh [arguments of JMH: -h shows them]");
        }
    }

    private static void rounds(List<String> arguments) throws Exception {
        RoundOptions options = RoundOptions.parse(arguments);
        Report report = new Rounds(options, System.err).run();
        report.print(System.out);
        Optional<Path> json = options.json();
        if (json.isPresent()) {
            write(json.get(), report.json());
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text);
    }

    private static void jmh(List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("-jvmArgsAppend", String.join(" ", Arena.jvmArguments())));
        all.addAll(arguments);
        org.openjdk.jmh.Main.main(all.toArray(String[]::new));
    }
}
