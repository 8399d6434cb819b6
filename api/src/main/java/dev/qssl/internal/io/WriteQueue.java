package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from the application that are not sent yet. Anybody appends, the owner takes from the front. Not thread-safe:
 * guarded by the connection's lock, but for the bytes of a {@link #front()}, which the owner may read outside it, because
 * appending writes only behind them.
 */
final class WriteQueue {

    private static final int SMALLEST_CHUNK = 512;

    /** Bytes from {@code start} to {@code end} are queued; behind {@code end} is room. */
    private static final class Chunk {
        final ByteBuffer bytes;
        int start;
        int end;

        Chunk(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        int room() {
            return bytes.capacity() - end;
        }
    }

    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>(1);
    private BufferKind kind = BufferKind.HEAP;
    private long size;

    /** {@return the bytes in it} */
    long size() {
        return size;
    }

    /** Chooses the kind of memory for what is appended from now on. */
    void setKind(BufferKind kind) {
        this.kind = kind;
    }

    /** Copies everything that {@code source} holds to the end. */
    void append(ByteBuffer source) {
        size += source.remaining();
        while (source.hasRemaining()) {
            Chunk last = chunks.peekLast();
            if (last == null || last.room() == 0) {
                last = newChunk(source.remaining());
                chunks.add(last);
            }
            int count = Math.min(last.room(), source.remaining());
            last.bytes.put(last.end, source, source.position(), count);
            last.end += count;
            source.position(source.position() + count);
        }
    }

    // A lone small message gets an array of its own size; a second one behind it means that more is coming.
    private Chunk newChunk(int bytes) {
        if (chunks.isEmpty() && bytes <= BufferPool.BUFFER_BYTES / 16) {
            return new Chunk(ByteBuffer.allocate(Math.max(SMALLEST_CHUNK, bytes)));
        }
        return new Chunk(BufferPool.of(kind).borrow());
    }

    /** {@return a view of the longest run of bytes at the front, for the owner; null if there is none} */
    @Nullable ByteBuffer front() {
        Chunk first = chunks.peek();
        return first == null ? null : first.bytes.duplicate().limit(first.end).position(first.start);
    }

    /** Drops bytes of the front, at most as many as {@link #front()} had. The view must not be used any more. */
    void sent(int count) {
        if (count == 0) {
            return;
        }
        size -= count;
        Chunk first = chunks.element();
        first.start += count;
        if (first.start == first.end) {
            chunks.remove();
            BufferPool.giveBack(first.bytes);
        }
    }

    /** Drops everything. The owner must hold no view. */
    void clear() {
        chunks.forEach(chunk -> BufferPool.giveBack(chunk.bytes));
        chunks.clear();
        size = 0;
    }
}
