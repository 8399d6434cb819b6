package dev.qssl.benchmarks.bars;

/**
 * A bar that has entered a cell: its servers run, its client has refused wrong servers, and what it measures it
 * measures itself, in this process or in others. Used by one thread.
 */
public interface Contestant extends AutoCloseable {

    /** Plaintext bytes that are sent between two looks at the clock. */
    long BLOCK_BYTES = 32L << 20;

    /**
     * Connects, does a handshake, exchanges one byte each way and closes, again and again.
     *
     * @param clients how many do so at once
     * @param seconds for how long
     * @throws IllegalStateException if a connection was not what is measured here
     */
    Shaken shakeHands(int clients, double seconds) throws Exception;

    /**
     * Sends bytes through one connection.
     *
     * @param chunk how many of them in one write
     * @param seconds for how long
     * @return the number of bytes
     * @throws IllegalStateException if the connection was not what is measured here
     */
    Tally upload(int chunk, double seconds) throws Exception;

    /**
     * Sends messages of {@link ServerScript#MESSAGE_BYTES} through one connection, each after the echo of the one before.
     *
     * @param seconds for how long
     * @throws IllegalStateException if the connection was not what is measured here
     */
    RoundTrips pingPong(double seconds) throws Exception;

    @Override
    void close();
}
