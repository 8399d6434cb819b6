package dev.qssl.benchmarks.bars;

import dev.qssl.spi.Identity;
import java.io.IOException;

/** One TLS stack, as client and as server. Used by many threads; its servers and clients by one thread each. */
public interface Bar extends AutoCloseable {

    /** {@return the name in reports} */
    String name();

    /**
     * Starts a server on a port of its own that does what {@link ServerScript} says, for any number of clients.
     *
     * @param identity what it proves to be
     */
    Server serve(Identity identity) throws Exception;

    /**
     * Connects to a port of this host, does a full handshake, and verifies the server's chain and name.
     *
     * @throws RefusedException if the server is not who it should be
     * @throws Exception if anything else fails
     */
    Client connect(int port) throws Exception;

    @Override
    void close();

    /** A running server. */
    interface Server extends AutoCloseable {

        /** {@return where it listens} */
        int port();

        /** {@return what the connection accepted last agreed on} */
        Agreement lastAgreement();

        @Override
        void close();
    }

    /** An encrypted connection. */
    interface Client extends AutoCloseable {

        /** {@return what it agreed on} */
        Agreement agreement();

        /** Sends one byte and waits for the answer of one byte. */
        void ask() throws Exception;

        /**
         * Sends bytes and waits until the server has decrypted the last of them.
         *
         * @param bytes how many
         * @param chunk how many of them in one write
         */
        void upload(long bytes, int chunk) throws Exception;

        /**
         * Sends messages of {@link ServerScript#MESSAGE_BYTES} and waits for the echo of each before the next.
         *
         * @param nanos receives the time of each round trip; its length is their number
         */
        void pingPong(long[] nanos) throws Exception;

        /** Closes in the orderly way. */
        @Override
        void close() throws IOException;
    }
}
