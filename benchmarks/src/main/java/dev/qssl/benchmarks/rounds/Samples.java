package dev.qssl.benchmarks.rounds;

import dev.qssl.benchmarks.bars.Bars;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The values of one cell: for each bar and figure, one per round, in the order of the rounds. */
final class Samples {

    private final Cell cell;
    private final Map<String, Map<Figure, List<Double>>> values = new LinkedHashMap<>();

    Samples(Cell cell) {
        this.cell = cell;
    }

    /** The middle of some values, and how far they lie apart. */
    record Spread(double median, double min, double max) {

        static Spread of(double[] values) {
            double[] sorted = values.clone();
            Arrays.sort(sorted);
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Spread(median, sorted[0], sorted[sorted.length - 1]);
        }
    }

    Cell cell() {
        return cell;
    }

    void add(String bar, Map<Figure, Double> measured) {
        Map<Figure, List<Double>> ofBar = values.computeIfAbsent(bar, name -> new LinkedHashMap<>());
        measured.forEach((figure, value) ->
                ofBar.computeIfAbsent(figure, name -> new ArrayList<>()).add(value));
    }

    /**
     * {@return the bar that others are compared with in this figure: the better one, by its median, of those that were chosen;
     * if none of these was measured, the JDK's socket; where that does not take part, the better of the cell's peers; and
     * at last the first bar}
     */
    String reference(Figure figure, List<String> chosen) {
        return Stream.of(
                        chosen,
                        List.of(Bars.JDK_SOCKET),
                        cell.peers(),
                        cell.bars().subList(0, 1))
                .map(names -> best(figure, names))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow();
    }

    private Optional<String> best(Figure figure, List<String> names) {
        Comparator<String> byMedian =
                Comparator.comparingDouble(bar -> spread(bar, figure).median());
        return names.stream().filter(cell.bars()::contains).max(figure.moreIsBetter() ? byMedian : byMedian.reversed());
    }

    /** {@return the values of a bar} */
    Spread spread(String bar, Figure figure) {
        return Spread.of(rounds(bar, figure));
    }

    /**
     * {@return the bar's values divided by the reference's of the same round} Above 1 is more, whether that is better or not.
     */
    Spread ratio(String bar, Figure figure, String reference) {
        double[] own = rounds(bar, figure);
        double[] base = rounds(reference, figure);
        double[] ratios = new double[own.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = own[i] / base[i];
        }
        return Spread.of(ratios);
    }

    private double[] rounds(String bar, Figure figure) {
        return Objects.requireNonNull(Objects.requireNonNull(values.get(bar)).get(figure)).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }
}
