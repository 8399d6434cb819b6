package dev.qssl.benchmarks.rounds;

import java.util.List;
import java.util.Map;

/**
 * One thing that is measured, on one bar after the other.
 *
 * <p>A cell is opened once, warmed up, and then measured once per round.
 */
interface Cell extends AutoCloseable {

    /** {@return what is measured, as reports name it} */
    String name();

    /** {@return what is compared} */
    List<String> bars();

    /** {@return who would belong here and is not measured} */
    default List<Absence> absent() {
        return List.of();
    }

    /** {@return the bars whose better one is the reference where nothing else is said; those that take part count} */
    List<String> peers();

    /** {@return what one measurement yields, the deciding figure first} */
    List<Figure> figures();

    /**
     * Measures one bar once.
     *
     * @param bar which
     * @param seconds about how long
     * @return one value for each of {@link #figures}
     */
    Map<Figure, Double> measure(String bar, double seconds) throws Exception;

    @Override
    void close();
}
