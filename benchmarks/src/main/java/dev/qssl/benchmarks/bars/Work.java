package dev.qssl.benchmarks.bars;

/** What bars are compared by, over the loopback interface. */
public enum Work {
    /** Many bytes in one direction. */
    BULK,

    /** Short messages and their echoes. */
    PING_PONG,

    /** Connect, full handshake, one byte each way, close. */
    FULL_HANDSHAKES,

    /** The same with a session that is resumed. */
    RESUMED_HANDSHAKES;

    /** {@return how the connections begin} */
    public Handshakes handshakes() {
        return this == RESUMED_HANDSHAKES ? Handshakes.RESUMED : Handshakes.FULL;
    }
}
