package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.rounds.Samples.Spread;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The results of a run, as a table for people and as JSON. */
public final class Report {

    private final RoundOptions options;
    private final List<Samples> results;

    Report(RoundOptions options, List<Samples> results) {
        this.options = options;
        this.results = List.copyOf(results);
    }

    /** {@return where it was measured} */
    private static String machine() {
        return "JDK " + Runtime.version() + ", " + Runtime.getRuntime().availableProcessors() + " processors, "
                + System.getProperty("os.name") + " " + System.getProperty("os.arch");
    }

    /** Prints the table: medians with their ranges, and the ratio to the reference, taken round by round. */
    public void print(PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%n%s; %d rounds of %.1f s, bars interleaved, after %.1f s each; median [min..max]%n",
                machine(),
                options.rounds(),
                options.seconds(),
                options.warmUpSeconds());
        for (Samples samples : results) {
            Cell cell = samples.cell();
            out.printf("%n%s%n", cell.name());
            for (Figure figure : cell.figures()) {
                String reference = samples.reference(figure, options.references());
                String better = figure.moreIsBetter() ? "more" : "less";
                out.printf("  %s (%s is better; ratios to %s)%n", figure.title(), better, reference);
                cell.bars().forEach(bar -> printRow(out, samples, bar, figure, reference));
            }
            cell.absent().forEach(absence -> out.printf("  not measured: %s: %s%n", absence.bar(), absence.reason()));
        }
    }

    private static void printRow(PrintStream out, Samples samples, String bar, Figure figure, String reference) {
        Spread spread = samples.spread(bar, figure);
        Spread ratio = samples.ratio(bar, figure, reference);
        String format = "%." + figure.digits() + "f";
        out.printf(
                Locale.ROOT,
                "    %-26s %9s  [%s..%s]  x%.3f [%.3f..%.3f]%n",
                bar,
                String.format(Locale.ROOT, format, spread.median()),
                String.format(Locale.ROOT, format, spread.min()),
                String.format(Locale.ROOT, format, spread.max()),
                ratio.median(),
                ratio.min(),
                ratio.max());
    }

    /** {@return the same as JSON} */
    public String json() {
        return "{\"machine\":\"%s\",\"rounds\":%d,\"seconds\":%s,\"warmUpSeconds\":%s,\"cells\":[%s]}%n"
                .formatted(
                        machine(),
                        options.rounds(),
                        options.seconds(),
                        options.warmUpSeconds(),
                        results.stream().map(this::json).collect(Collectors.joining(",")));
    }

    private String json(Samples samples) {
        Cell cell = samples.cell();
        String rows = cell.figures().stream()
                .flatMap(figure -> cell.bars().stream().map(bar -> json(samples, bar, figure)))
                .collect(Collectors.joining(","));
        String absent = cell.absent().stream()
                .map(absence ->
                        "{\"bar\":\"%s\",\"reason\":\"%s\"}".formatted(absence.bar(), escaped(absence.reason())))
                .collect(Collectors.joining(","));
        return "{\"name\":\"%s\",\"figures\":[%s],\"absent\":[%s]}".formatted(cell.name(), rows, absent);
    }

    /** Reasons come from compilers and libraries. */
    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
    }

    private String json(Samples samples, String bar, Figure figure) {
        Spread spread = samples.spread(bar, figure);
        String reference = samples.reference(figure, options.references());
        Spread ratio = samples.ratio(bar, figure, reference);
        return String.format(
                Locale.ROOT,
                "{\"figure\":\"%s\",\"moreIsBetter\":%b,\"bar\":\"%s\",\"median\":%s,\"min\":%s,\"max\":%s,"
                        + "\"reference\":\"%s\",\"ratio\":%.4f,\"ratioMin\":%.4f,\"ratioMax\":%.4f}",
                figure.title(),
                figure.moreIsBetter(),
                bar,
                spread.median(),
                spread.min(),
                spread.max(),
                reference,
                ratio.median(),
                ratio.min(),
                ratio.max());
    }
}
