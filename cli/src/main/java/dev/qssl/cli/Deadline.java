package dev.qssl.cli;

import java.time.Duration;

/** A point in time by which several steps together must be done. */
final class Deadline {

    private final long nanos;

    private Deadline(long nanos) {
        this.nanos = nanos;
    }

    /** {@return the point that is this far from now} */
    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** {@return the time until then; zero if it is over} */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }
}
