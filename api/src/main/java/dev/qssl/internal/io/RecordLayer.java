package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Need;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * An engine between its two buffers of records: many records a call, one system call for many records. Owner only.
 *
 * <p>Holds big buffers only while there is something in them. Between turns the beginning of a record waits in an array
 * of its own size.
 */
final class RecordLayer {

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    final TlsEngine engine;
    private final BufferPool pool;
    private final int minRecordRoom;

    /** From its position to its limit: bytes of the channel that are not decrypted. */
    private ByteBuffer in = EMPTY;
    /** While composing, records up to its position; while sending, records from its position to its limit. */
    private ByteBuffer out = EMPTY;

    private boolean sending;
    private boolean insideEngine;
    private boolean askAgain;
    private Need need = Need.NOTHING;
    private long sentBytes;

    RecordLayer(TlsEngine engine) {
        this.engine = engine;
        this.pool = BufferPool.of(engine.buffers());
        this.minRecordRoom = engine.minRecordRoom();
    }

    /** {@return the kind of memory to hold plaintext in} */
    BufferKind kind() {
        return engine.buffers();
    }

    /** {@return what the engine said last} */
    Need need() {
        return need;
    }

    /** {@return whether a slot is being called from inside the engine (rule R5)} */
    boolean isInsideEngine() {
        return insideEngine;
    }

    /** {@return the bytes received and not decrypted} */
    int undecryptedBytes() {
        return in.remaining();
    }

    /** {@return whether a task or a decision may have changed what the engine needs: it wants a call even without input} */
    boolean mustAskAgain() {
        return askAgain;
    }

    /** {@return the bytes of records that TCP has not taken} */
    int unsentBytes() {
        return sending ? out.remaining() : out.position();
    }

    /** {@return the bytes that TCP took since this was asked last} */
    long takeSentBytes() {
        long sent = sentBytes;
        sentBytes = 0;
        return sent;
    }

    /** {@return whether another record can be composed} */
    boolean hasRoom() {
        return !sending && (out.capacity() == 0 || out.remaining() >= minRecordRoom);
    }

    /**
     * Adds records to the next write: what the engine itself has to send first, then application data.
     *
     * @return whether anything was added
     */
    boolean compose(ByteBuffer plaintext) throws TlsException {
        if (out.capacity() == 0) {
            out = pool.borrow();
        }
        int before = out.position();
        askAgain = false;
        insideEngine = true;
        try {
            need = engine.encrypt(plaintext, out);
        } finally {
            insideEngine = false;
        }
        return out.position() > before;
    }

    /** Adds what the engine itself has to send. {@return whether there was anything} */
    boolean composeOutput() throws TlsException {
        return compose(EMPTY);
    }

    /** Writes what was composed. {@return whether TCP took all of it} */
    boolean flush(SocketChannel channel) throws IOException {
        if (out.capacity() == 0) {
            return true;
        }
        if (!sending) {
            out.flip();
            sending = true;
        }
        if (out.hasRemaining()) {
            sentBytes += channel.write(out);
        }
        if (out.hasRemaining()) {
            return false;
        }
        sending = false;
        BufferPool.giveBack(out);
        out = EMPTY;
        return true;
    }

    /** Reads from the channel. {@return the number of bytes; -1 at its end} */
    int fill(SocketChannel channel) throws IOException {
        makeRoom();
        in.limit(Math.min(in.capacity(), in.position() + BufferPool.READ_BYTES));
        try {
            return channel.read(in);
        } finally {
            in.flip();
        }
    }

    // Behind what is there already, at most one record, there is room for a whole read.
    private void makeRoom() {
        if (in.capacity() == BufferPool.BUFFER_BYTES) {
            in.compact();
            return;
        }
        ByteBuffer big = pool.borrow();
        big.put(in);
        in = big;
    }

    /** Gives the engine bytes that came before it was there. */
    void push(ByteBuffer early) {
        makeRoom();
        in.put(early).flip();
    }

    /** Decrypts what is there. {@return whether the engine moved: took input, gave plaintext, or wants something else} */
    boolean decrypt(ByteBuffer plaintext) throws TlsException {
        int records = in.position();
        int produced = plaintext.position();
        askAgain = false;
        insideEngine = true;
        try {
            need = engine.decrypt(in, plaintext);
        } finally {
            insideEngine = false;
        }
        return in.position() > records || plaintext.position() > produced || need != Need.INPUT;
    }

    /** Runs the work that the engine announced. */
    void runTask() {
        need = Need.NOTHING;
        askAgain = true;
        insideEngine = true;
        try {
            engine.takeTask().run();
        } finally {
            insideEngine = false;
        }
    }

    /** Carries a decision to the engine. */
    void resume(PeerDecision.Final decision) {
        need = Need.NOTHING;
        askAgain = true;
        engine.resume(decision);
    }

    /** Gives back what is not needed until the next turn. */
    void settle() {
        if (in.capacity() != BufferPool.BUFFER_BYTES || in.remaining() > BufferPool.MAX_RECORD_BYTES) {
            return;
        }
        ByteBuffer rest =
                in.hasRemaining() ? ByteBuffer.allocate(in.remaining()).put(in).flip() : EMPTY;
        BufferPool.giveBack(in);
        in = rest;
    }

    /** Frees everything. */
    void close() {
        engine.close();
        BufferPool.giveBack(in);
        BufferPool.giveBack(out);
        in = EMPTY;
        out = EMPTY;
        sending = false;
    }
}
