package dev.qssl.benchmarks.rounds;

/** A kind of number, and which way is better. */
enum Figure {
    MEGABYTES_PER_SECOND("MB/s", true, 0),
    CPU_MILLIS_PER_GIBIBYTE("CPU ms/GiB", false, 0),
    HANDSHAKES_PER_SECOND("handshakes/s", true, 0),
    CPU_MICROS_PER_HANDSHAKE("CPU us/handshake", false, 0),
    PERCENT_RESUMED("% resumed", true, 1),
    P50_MICROS("p50 us", false, 1),
    P99_MICROS("p99 us", false, 1),
    CPU_MICROS_PER_EXCHANGE("CPU us/exchange", false, 1),
    BYTES_PER_RECORD("allocated bytes/record", false, 0);

    private final String title;
    private final boolean moreIsBetter;
    private final int digits;

    Figure(String title, boolean moreIsBetter, int digits) {
        this.title = title;
        this.moreIsBetter = moreIsBetter;
        this.digits = digits;
    }

    String title() {
        return title;
    }

    boolean moreIsBetter() {
        return moreIsBetter;
    }

    int digits() {
        return digits;
    }
}
