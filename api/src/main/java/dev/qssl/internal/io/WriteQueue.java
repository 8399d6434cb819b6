package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from the application that are not sent yet. Anybody appends, the owner takes from the front. Not thread-safe:
 * guarded by the connection's lock, but for the bytes of a {@link #front()}, which the owner may read outside it, because
 * appending writes only behind them.
 */
final class WriteQueue {

    private static final int SMALLEST_CHUNK = 512;

    /** Bytes from {@code start} to {@code end} are queued; behind {@code end} is room. An empty list holds no memory. */
    private static final class Chunk {
        final ByteBuffer bytes;
        int start;
        int end;

        @Nullable Chunk next;

        Chunk(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        int room() {
            return bytes.capacity() - end;
        }
    }

    private @Nullable Chunk first;
    private @Nullable Chunk last;
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
            Chunk chunk = last;
            if (chunk == null || chunk.room() == 0) {
                chunk = newChunk(source.remaining());
                add(chunk);
            }
            int count = Math.min(chunk.room(), source.remaining());
            chunk.bytes.put(chunk.end, source, source.position(), count);
            chunk.end += count;
            source.position(source.position() + count);
        }
    }

    private void add(Chunk chunk) {
        if (last == null) {
            first = chunk;
        } else {
            last.next = chunk;
        }
        last = chunk;
    }

    // A lone small message gets an array of its own size; a second one behind it means that more is coming.
    private Chunk newChunk(int bytes) {
        if (first == null && bytes <= BufferPool.BUFFER_BYTES / 16) {
            return new Chunk(ByteBuffer.allocate(Math.max(SMALLEST_CHUNK, bytes)));
        }
        return new Chunk(BufferPool.of(kind).borrow());
    }

    /** {@return a view of the longest run of bytes at the front, for the owner; null if there is none} */
    @Nullable ByteBuffer front() {
        Chunk chunk = first;
        return chunk == null ? null : chunk.bytes.duplicate().limit(chunk.end).position(chunk.start);
    }

    /** Drops bytes of the front, at most as many as {@link #front()} had. The view must not be used any more. */
    void sent(int count) {
        if (count == 0) {
            return;
        }
        size -= count;
        Chunk chunk = Objects.requireNonNull(first);
        chunk.start += count;
        if (chunk.start == chunk.end) {
            first = chunk.next;
            if (first == null) {
                last = null;
            }
            BufferPool.giveBack(chunk.bytes);
        }
    }

    /** Drops everything. The owner must hold no view. */
    void clear() {
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
            BufferPool.giveBack(chunk.bytes);
        }
        first = null;
        last = null;
        size = 0;
    }
}
