package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * An engine between its two buffers of records: many records a call, one system call for many records. Owner only, but for
 * the two figures.
 *
 * <p>Holds big buffers only while there is something in them. Between turns the beginning of a record waits in an array
 * of its own size.
 */
final class RecordLayer {

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final TlsEngine engine;
    private final PeerGate gate;
    private final Announcements news;
    private final BufferPool pool;
    private final int minRecordRoom;

    /** From its position to its limit: bytes of the channel that are not decrypted. */
    private ByteBuffer in = EMPTY;
    /** While composing, records up to its position; while sending, records from its position to its limit. */
    private ByteBuffer out = EMPTY;

    private boolean sending;
    private boolean carriesData;
    private boolean insideEngine;
    private boolean askAgain;
    private boolean established;

    /** The engine said that it has nothing to send, and was not called since: asking costs it a lock. */
    private boolean quiet;

    private Need need = Need.NOTHING;
    private long sentBytes;
    private volatile int undecryptedBytes;
    private volatile int unsentBytes;

    RecordLayer(TlsEngine engine, PeerGate gate, Announcements news) {
        this.engine = engine;
        this.gate = gate;
        this.news = news;
        this.pool = BufferPool.of(engine.buffers());
        this.minRecordRoom = engine.minRecordRoom();
    }

    /** {@return the bytes received and not decrypted} Any thread. */
    int undecryptedBytes() {
        return undecryptedBytes;
    }

    /** {@return the bytes of records that TCP has not taken} Any thread. */
    int unsentBytes() {
        return unsentBytes;
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

    /**
     * {@return whether the handshake is done}
     *
     * @throws TlsException if it is, and nobody trusts the peer
     */
    boolean isEstablished() throws TlsException {
        if (!established && engine.isEstablished()) {
            if (!gate.isPeerTrusted()) {
                throw new TlsException(
                        TlsError.INTERNAL,
                        "the TLS library finished the handshake with a peer that nobody trusts: it did not ask, or not heed the answer");
            }
            established = true;
        }
        return established;
    }

    /** {@return what the handshake agreed on} */
    NegotiatedParameters parameters() {
        return engine.parameters();
    }

    private void enterEngine() {
        insideEngine = true;
        quiet = false;
    }

    /** {@return the bytes that TCP took since this was asked last} */
    long takeSentBytes() {
        long sent = sentBytes;
        sentBytes = 0;
        return sent;
    }

    /** {@return whether the engine itself has something to send} */
    boolean hasOutput() {
        boolean has = !quiet && engine.hasOutput();
        quiet = !has;
        return has;
    }

    /** {@return whether another record can be composed} */
    boolean hasRoom() {
        return !sending && (out.capacity() == 0 || out.remaining() >= minRecordRoom);
    }

    /** {@return the most plaintext that fits into one record} */
    int recordBytes() {
        return engine.maxRecordPlaintext();
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
        int offered = plaintext.remaining();
        askAgain = false;
        enterEngine();
        try {
            need = engine.encrypt(plaintext, out);
        } finally {
            insideEngine = false;
        }
        carriesData |= plaintext.remaining() < offered;
        unsentBytes = out.position();
        if (out.position() == before && offered > 0 && need == Need.NOTHING) {
            throw new TlsException(TlsError.INTERNAL, "the TLS library neither took data nor said what it waits for");
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
            int count = channel.write(out);
            sentBytes += count;
            if (carriesData && count > 0) {
                news.depart();
            }
            unsentBytes = out.remaining();
        }
        if (out.hasRemaining()) {
            return false;
        }
        dropOut();
        return true;
    }

    private void dropOut() {
        BufferPool.giveBack(out);
        out = EMPTY;
        sending = false;
        carriesData = false;
        unsentBytes = 0;
    }

    /** Has the engine put its close_notify into the output. */
    void closeOutput() {
        enterEngine();
        try {
            engine.closeOutput();
        } finally {
            insideEngine = false;
        }
    }

    /** Reads from the channel. {@return the number of bytes; -1 at its end} */
    int fill(SocketChannel channel) throws IOException {
        makeRoom();
        in.limit(Math.min(in.capacity(), in.position() + BufferPool.READ_BYTES));
        try {
            return channel.read(in);
        } finally {
            in.flip();
            undecryptedBytes = in.remaining();
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
    void push(byte[] early) {
        if (early.length > 0) {
            makeRoom();
            in.put(early).flip();
            undecryptedBytes = in.remaining();
        }
    }

    /** {@return whether {@link #decrypt} has something to work on} */
    boolean hasInput() {
        return in.hasRemaining() || askAgain || engine.hasPlaintext();
    }

    /** Decrypts what is there. {@return whether the engine moved: took input, gave plaintext, or wants something else} */
    boolean decrypt(ByteBuffer plaintext) throws TlsException {
        int records = in.position();
        int produced = plaintext.position();
        askAgain = false;
        enterEngine();
        try {
            need = engine.decrypt(in, plaintext);
        } finally {
            insideEngine = false;
            undecryptedBytes = in.remaining();
        }
        if (plaintext.position() > produced) {
            requireEstablished(plaintext, produced);
        }
        boolean moved = in.position() > records || plaintext.position() > produced || wantsSomethingElse();
        if (!moved && in.remaining() > BufferPool.MAX_RECORD_BYTES) {
            throw new TlsException(TlsError.INTERNAL, "the TLS library took nothing of more than a whole record");
        }
        return moved;
    }

    // What comes from a peer that nobody trusts is not handed out.
    private void requireEstablished(ByteBuffer plaintext, int from) throws TlsException {
        boolean fine = false;
        try {
            fine = isEstablished();
        } finally {
            if (!fine) {
                plaintext.position(from);
            }
        }
        if (!fine) {
            throw new TlsException(TlsError.INTERNAL, "the TLS library gave out data before the handshake was done");
        }
    }

    private boolean wantsSomethingElse() {
        return switch (need) {
            case INPUT, NOTHING -> false;
            case OUTPUT -> hasOutput();
            case TASK, DECISION, CLOSED -> true;
        };
    }

    /** {@return the room that a record may need} */
    int minPlaintextRoom() {
        return engine.minPlaintextRoom();
    }

    /** {@return whether this buffer has room for any record, in the kind of memory that the engine is fast with} */
    boolean canFill(ByteBuffer target) {
        return target.remaining() >= minPlaintextRoom() && target.isDirect() == (kind() == BufferKind.DIRECT);
    }

    /** Tells the engine that the channel ended. */
    void inputEnded() throws TlsException {
        enterEngine();
        try {
            engine.inputEnded();
        } finally {
            insideEngine = false;
        }
    }

    /** Runs the work that the engine announced. */
    void runTask() {
        asked(() -> engine.takeTask().run());
    }

    /** {@return what the engine's exporter gives} Not from inside the engine. */
    byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException {
        enterEngine();
        try {
            return engine.exportKeyingMaterial(label, context, length);
        } finally {
            insideEngine = false;
        }
    }

    /** Carries a decision to the engine. */
    void resume(PeerDecision.Final decision) {
        asked(() -> engine.resume(decision));
    }

    // Afterwards the engine may want either direction, or fail: it has to be asked, even if no byte comes.
    private void asked(Runnable step) {
        need = Need.NOTHING;
        askAgain = true;
        enterEngine();
        try {
            step.run();
        } finally {
            insideEngine = false;
        }
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

    /** Frees everything. Not from inside the engine. */
    void close() {
        try {
            enterEngine();
            engine.close();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the TLS library failed to free a connection", e);
        } finally {
            insideEngine = false;
            BufferPool.giveBack(in);
            in = EMPTY;
            undecryptedBytes = 0;
            dropOut();
        }
    }
}
