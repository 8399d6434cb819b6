package dev.qssl.benchmarks.engines;

import dev.qssl.benchmarks.bars.Agreement;
import java.nio.ByteBuffer;

/**
 * A client's and a server's engine that talk to each other in memory, in one thread, with buffers of the kind that is best for
 * them.
 */
public abstract class EnginePair implements AutoCloseable {

    /** Records that are encrypted before they are decrypted. */
    public static final int RECORDS = 8;

    /** The plaintext that SunJSSE puts into a record of TLS 1.3: with one byte more it makes two. */
    public static final int RECORD_BYTES = 16_367;

    /** Plaintext bytes of one {@link #move}. */
    public static final int BATCH_BYTES = RECORDS * RECORD_BYTES;

    /** What it shares with other pairs that one thread uses one after the other. */
    final PairBuffers buffers;

    /** Creates a pair that has said nothing yet. */
    EnginePair(PairBuffers buffers) {
        this.buffers = buffers;
    }

    /** Does a full handshake, the client verifying the server's chain and name. */
    public abstract void handshake() throws Exception;

    /** {@return what the client agreed on} */
    public abstract Agreement clientAgreement();

    /** {@return what the server agreed on} */
    public abstract Agreement serverAgreement();

    /** Encrypts all of {@code from} on the client's side. */
    protected abstract void encrypt(ByteBuffer from, ByteBuffer to) throws Exception;

    /** Decrypts all of {@code from} on the server's side. */
    protected abstract void decrypt(ByteBuffer from, ByteBuffer to) throws Exception;

    /** Gives back what the library holds outside the heap. */
    @Override
    public abstract void close();

    /** Voids what would be measured with something else. */
    public final void check(String name) {
        clientAgreement().check(name, "client");
        serverAgreement().check(name, "server");
    }

    /** Moves {@link #BATCH_BYTES} from the client to the server, in {@link #RECORDS} records. */
    public final void move() throws Exception {
        ByteBuffer decrypted = buffers.decrypted();
        encrypt(buffers.plaintext().clear(), buffers.records().clear());
        decrypt(buffers.records().flip(), decrypted.clear());
        if (decrypted.position() != BATCH_BYTES) {
            throw new IllegalStateException("only " + decrypted.position() + " bytes arrived");
        }
    }
}
