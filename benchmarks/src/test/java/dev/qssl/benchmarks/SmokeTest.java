package dev.qssl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.memory.MemoryReport;
import dev.qssl.benchmarks.rounds.RoundOptions;
import dev.qssl.benchmarks.rounds.Rounds;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs everything once, briefly, so that no benchmark can rot. What it measures is not looked at. */
class SmokeTest {

    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @Test
    void everyJmhBenchmark_runsOnEveryBar() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("dev\\.qssl\\.benchmarks\\.jmh")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        int sockets = Bars.names().size();
        int verifications = 4 * 2; // reading and verifying, ours and the JDK's; one chain and many
        assertThat(results).hasSize(2 * 2 + 2 * sockets + 2 * sockets + verifications);
    }

    @Test
    void everyCell_yieldsItsFiguresForEveryBar() throws Exception {
        RoundOptions brief = new RoundOptions(1, 0.01, 0, RoundOptions.ALL_CELLS, Bars.names(), Optional.empty());
        ByteArrayOutputStream table = new ByteArrayOutputStream();

        var report = new Rounds(brief, NOWHERE).run();
        report.print(new PrintStream(table, true, StandardCharsets.UTF_8));

        assertThat(table.toString(StandardCharsets.UTF_8))
                .contains(Bars.names())
                .contains("engines, full records");
        assertThat(report.json()).contains("\"cells\":[{").contains(Bars.names());
    }

    @Test
    void arguments_becomeOptions() {
        RoundOptions options = RoundOptions.parse(List.of("--rounds", "2", "--cells", "ping-pong,bulk-16k"));

        assertThat(options.rounds()).isEqualTo(2);
        assertThat(options.cells()).containsExactly("ping-pong", "bulk-16k");
    }

    @Test
    void memory_isMeasuredInTheServersProcess() throws Exception {
        MemoryReport.Result result = MemoryReport.measure(10);

        assertThat(result.connections()).isEqualTo(10);
        assertThat(result.ownHeapPerConnection()).isFinite();
    }
}
