package dev.qssl.benchmarks.engines;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;

/**
 * The memory that the pairs of one maker share, because one thread uses one pair at a time: allocating it anew would be
 * measured with each handshake.
 *
 * @param toServer what the client's side of a handshake said
 * @param toClient what the server's side said
 * @param plaintext what is to be sent: {@link EnginePair#BATCH_BYTES}
 * @param records the same encrypted
 * @param decrypted the same decrypted
 */
record PairBuffers(
        ByteBuffer toServer, ByteBuffer toClient, ByteBuffer plaintext, ByteBuffer records, ByteBuffer decrypted) {

    private static final int FLIGHT_BYTES = 64 * 1024;
    private static final int ROOM = (EnginePair.RECORDS + 2) * 17_000;

    /** {@return buffers of the kind of memory that these engines are fastest with} */
    static PairBuffers of(IntFunction<ByteBuffer> memory) {
        return new PairBuffers(
                memory.apply(FLIGHT_BYTES),
                memory.apply(FLIGHT_BYTES),
                memory.apply(EnginePair.BATCH_BYTES),
                memory.apply(ROOM),
                memory.apply(ROOM));
    }
}
