package dev.qssl.benchmarks.bars;

/**
 * How much was done, and what it took.
 *
 * @param count handshakes, bytes or messages; at least 1
 * @param nanos the time that passed, in nanoseconds
 * @param cpuNanos the processor time of both sides, in nanoseconds
 */
public record Tally(long count, double nanos, double cpuNanos) {

    /** Refuses a measurement of nothing. */
    public Tally {
        if (count < 1 || nanos <= 0) {
            throw new IllegalArgumentException("nothing was done: " + count + " in " + nanos + " ns");
        }
    }

    /** {@return how many in a second} */
    public double perSecond() {
        return count / nanos * 1e9;
    }

    /** {@return the processor time of each, in microseconds} */
    public double cpuMicrosEach() {
        return cpuNanos / 1e3 / count;
    }
}
