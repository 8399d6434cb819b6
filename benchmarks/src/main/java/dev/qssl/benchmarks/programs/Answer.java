package dev.qssl.benchmarks.programs;

import dev.qssl.benchmarks.bars.Agreement;
import dev.qssl.benchmarks.bars.Handshakes;
import dev.qssl.benchmarks.bars.RoundTrips;
import dev.qssl.benchmarks.bars.Tally;
import java.io.IOException;
import java.util.List;

/**
 * A line that a {@link Program} answered.
 *
 * @param words the name of the answer, and what belongs to it
 */
record Answer(List<String> words) {

    private static final String UNKNOWN = "?";

    static Answer parse(String line) {
        return new Answer(List.of(line.trim().split("\\s+", -1)));
    }

    private void require(String name, int values) throws IOException {
        if (words.size() != values + 1 || !words.get(0).equals(name)) {
            throw new IOException("expected '" + name + "' and " + values + " values, got " + words);
        }
    }

    private long value(int index) throws IOException {
        try {
            return Long.parseUnsignedLong(words.get(index));
        } catch (NumberFormatException e) {
            throw new IOException("expected a number in place " + index + " of " + words, e);
        }
    }

    /** {@return whether a client did not accept the server's certificate} */
    boolean isRefusal() {
        return words.get(0).equals("refused");
    }

    /** {@return the only value of an answer} */
    long number(String name) throws IOException {
        require(name, 1);
        return value(1);
    }

    /** {@return what was agreed on} */
    Agreement agreement() throws IOException {
        require("agreement", 5);
        String group = words.get(3);
        return Agreement.of(
                words.get(1),
                words.get(2),
                group.equals(UNKNOWN) ? null : group,
                words.get(4).equals("resumed") ? Handshakes.RESUMED : Handshakes.FULL,
                words.get(5).equals("verified"));
    }

    /**
     * {@return what was done}
     *
     * @param serverNanos the server's processor time for it
     */
    Tally tally(String name, long serverNanos) throws IOException {
        require(name, 3);
        return new Tally(value(1), value(2), (double) value(3) + serverNanos);
    }

    /**
     * {@return what became of the messages}
     *
     * @param serverNanos the server's processor time for them
     */
    RoundTrips roundTrips(long serverNanos) throws IOException {
        require("pings", 5);
        return new RoundTrips(
                new Tally(value(1), value(2), (double) value(3) + serverNanos), value(4) / 1e3, value(5) / 1e3);
    }
}
