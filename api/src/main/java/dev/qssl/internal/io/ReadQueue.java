package dev.qssl.internal.io;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes for the application, in the order they came. The owner adds whole buffers, the application takes bytes. Not
 * thread-safe: guarded by the connection's lock.
 */
final class ReadQueue {

    /** Bytes in a row. A list of its own, because an empty one holds no memory. */
    private static final class Chunk {
        final ByteBuffer bytes;

        @Nullable Chunk next;

        Chunk(ByteBuffer bytes) {
            this.bytes = bytes;
        }
    }

    private @Nullable Chunk first;
    private @Nullable Chunk last;
    private long size;

    /** {@return the bytes in it} */
    long size() {
        return size;
    }

    /**
     * Adds what a buffer holds between 0 and its position, and takes the buffer over.
     *
     * <p>A buffer that is mostly empty is copied and given back, so that an unread message does not hold a big one.
     */
    void add(ByteBuffer filled) {
        filled.flip();
        size += filled.remaining();
        if (filled.remaining() >= filled.capacity() / 4) {
            append(new Chunk(filled));
            return;
        }
        append(new Chunk(ByteBuffer.allocate(filled.remaining()).put(filled).flip()));
        BufferPool.giveBack(filled);
    }

    private void append(Chunk chunk) {
        if (last == null) {
            first = chunk;
        } else {
            last.next = chunk;
        }
        last = chunk;
    }

    /** Moves as many bytes as fit. {@return their number} */
    int take(ByteBuffer target) {
        int before = target.remaining();
        for (Chunk chunk = first; chunk != null && target.hasRemaining(); chunk = first) {
            ByteBuffer bytes = chunk.bytes;
            int count = Math.min(bytes.remaining(), target.remaining());
            target.put(target.position(), bytes, bytes.position(), count);
            target.position(target.position() + count);
            advance(chunk, count);
        }
        int taken = before - target.remaining();
        size -= taken;
        return taken;
    }

    /** Drops bytes. {@return their number, at most {@code most}} */
    long skip(long most) {
        long skipped = Math.min(most, size);
        long left = skipped;
        for (Chunk chunk = first; chunk != null && left > 0; chunk = first) {
            int count = (int) Math.min(chunk.bytes.remaining(), left);
            advance(chunk, count);
            left -= count;
        }
        size -= skipped;
        return skipped;
    }

    /** {@return how many bytes from the front come before the first such byte, or -1 if there is none} */
    long indexOf(byte wanted) {
        long before = 0;
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
            ByteBuffer bytes = chunk.bytes;
            for (int i = bytes.position(); i < bytes.limit(); i++) {
                if (bytes.get(i) == wanted) {
                    return before + i - bytes.position();
                }
            }
            before += bytes.remaining();
        }
        return -1;
    }

    /** Drops everything. */
    void clear() {
        for (Chunk chunk = first; chunk != null; chunk = chunk.next) {
            BufferPool.giveBack(chunk.bytes);
        }
        first = null;
        last = null;
        size = 0;
    }

    // Moves past bytes of the first chunk, and drops it after its last.
    private void advance(Chunk chunk, int count) {
        ByteBuffer bytes = chunk.bytes;
        bytes.position(bytes.position() + count);
        if (!bytes.hasRemaining()) {
            first = chunk.next;
            if (first == null) {
                last = null;
            }
            BufferPool.giveBack(bytes);
        }
    }
}
