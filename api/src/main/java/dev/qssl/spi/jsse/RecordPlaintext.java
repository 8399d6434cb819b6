package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslProtocol;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How much plaintext a library puts into one record: 16,384 bytes unless it was seen to stop earlier, as SunJSSE does in TLS
 * 1.3 (at 16,367). Learned by the first connection that sends much, for all later ones. Used by many threads.
 */
final class RecordPlaintext {

    static final int MAXIMUM = 16_384;

    /** Less is a property of a connection (a negotiated limit, a split record), not of the library. */
    private static final int LEAST_OF_A_LIBRARY = 16_000;

    private final Map<SslProtocol, Integer> observed = new ConcurrentHashMap<>();

    RecordPlaintext() {}

    /** {@return what a new connection of this version may assume, in bytes} */
    int assumed(SslProtocol protocol) {
        return observed.getOrDefault(protocol, MAXIMUM);
    }

    /** Keeps what one record took while there was more. */
    void observe(SslProtocol protocol, int bytes) {
        if (bytes >= LEAST_OF_A_LIBRARY) {
            observed.put(protocol, bytes);
        }
    }
}
