package dev.qssl.benchmarks.bars;

/**
 * Handshakes, and of which kind they were.
 *
 * @param tally how many, and what they took
 * @param resumed how many of them resumed a session
 */
public record Shaken(Tally tally, long resumed) {

    /** {@return the part that resumed a session, in percent} */
    public double resumedPercent() {
        return resumed * 100.0 / tally.count();
    }
}
