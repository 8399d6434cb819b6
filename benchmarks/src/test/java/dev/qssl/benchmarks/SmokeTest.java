package dev.qssl.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.QsslSettings;
import dev.qssl.benchmarks.engines.EnginePairs;
import dev.qssl.benchmarks.memory.GrowthReport;
import dev.qssl.benchmarks.memory.MemoryReport;
import dev.qssl.benchmarks.rounds.RoundOptions;
import dev.qssl.benchmarks.rounds.Rounds;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs everything once, briefly, so that no benchmark can rot. What it measures is not looked at. */
class SmokeTest {

    private static final List<String> BACKENDS = QsslSettings.backends();
    private static final List<String> ENGINES = EnginePairs.of(BACKENDS);
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @Test
    void everyJmhBenchmark_runsOnEveryBar() throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("dev\\.qssl\\.benchmarks\\.jmh")
                        .param("bar", Bars.available().toArray(String[]::new))
                        .param("engines", ENGINES.toArray(String[]::new))
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(10))
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        int sockets = Bars.available().size();
        int verifications = 5 * 2; // reading and verifying, ours and the JDK's, and remembered; one chain and many
        assertThat(results).hasSize(2 * ENGINES.size() + 2 * sockets + 2 * sockets + verifications);
    }

    @Test
    void everyCell_yieldsItsFiguresForEveryBar() throws Exception {
        RoundOptions brief = RoundOptions.parse(List.of(
                "--backend", String.join(",", BACKENDS), "--rounds", "1", "--seconds", "0.01", "--warm-up", "0"));
        ByteArrayOutputStream table = new ByteArrayOutputStream();

        var report = new Rounds(brief, NOWHERE).run();
        report.print(new PrintStream(table, true, StandardCharsets.UTF_8));

        assertThat(table.toString(StandardCharsets.UTF_8))
                .contains(Bars.available())
                .contains(ENGINES)
                .contains("engines, full records")
                .contains("not measured: conscrypt-sslsocket: ");
        assertThat(report.json())
                .contains("\"cells\":[{")
                .contains("\"absent\":[{\"bar\":\"conscrypt-sslsocket\"")
                .contains(Bars.available());
    }

    @Test
    void programs_areMeasuredOrNamedWithTheReason() throws Exception {
        RoundOptions brief = RoundOptions.parse(List.of(
                "--bars",
                "qssl-caller:jdk,libssl-c,qt",
                "--cells",
                "resumed-8",
                "--rounds",
                "1",
                "--seconds",
                "0.01",
                "--warm-up",
                "0"));

        assertThat(new Rounds(brief, NOWHERE).run().json())
                .contains("\"bar\":\"libssl-c\"")
                .contains("{\"bar\":\"qt\",\"reason\":\"Qt's servers resume no session\"}")
                .contains("% resumed");
    }

    @Test
    void arguments_becomeOptions() {
        RoundOptions options =
                RoundOptions.parse(List.of("--rounds", "2", "--cells", "ping-pong,bulk-16k", "--backend", "jdk"));

        assertThat(options.rounds()).isEqualTo(2);
        assertThat(options.cells()).containsExactly("ping-pong", "bulk-16k");
        assertThat(options.bars())
                .containsExactly(
                        "jdk-sslsocket",
                        "qssl-caller:jdk",
                        "qssl-loop:jdk",
                        "qssl-loop-direct:jdk",
                        "qssl-handover:jdk",
                        "netty-jdk-nio");
    }

    @Test
    void report_isRelativeToTheBetterOfTheChosen() throws Exception {
        RoundOptions options = RoundOptions.parse(List.of(
                "--rounds",
                "1",
                "--seconds",
                "0.01",
                "--warm-up",
                "0",
                "--cells",
                "ping-pong",
                "--reference",
                "netty-jdk-nio",
                "--bars",
                "netty-jdk-nio,qssl-caller:jdk"));

        var report = new Rounds(options, NOWHERE).run();

        assertThat(report.json())
                .contains("\"reference\":\"netty-jdk-nio\"")
                .doesNotContain("\"reference\":\"qssl-caller:jdk\"");
    }

    @Test
    void nameOfNothing_isRefusedWithTheNamesThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bars.open("qssl-caller"))
                .withMessageContaining("qssl-caller:jdk");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bars.open("qssl-caller:nothing"))
                .withMessageContaining("jdk");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GrowthReport.run(List.of("--form", "1"), NOWHERE, NOWHERE))
                .withMessageContaining("--form");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void memory_isMeasuredInTheServersProcess(String backend) throws Exception {
        MemoryReport.Result result = MemoryReport.measure(backend, 10);

        assertThat(result.connections()).isEqualTo(10);
        assertThat(result.ownHeapPerConnection()).isFinite();
    }

    @ParameterizedTest
    @MethodSource("backends")
    @EnabledOnOs(OS.LINUX)
    void growth_isMeasuredInBothProcesses(String backend) throws Exception {
        GrowthReport.Result result = GrowthReport.measure(backend, 8, 24, 60, NOWHERE);

        assertThat(result.to()).isEqualTo(24);
        assertThat(result.server().before()).isPositive();
        assertThat(result.perHandshake(result.client())).isFinite();
    }

    static List<String> backends() {
        return BACKENDS;
    }
}
