package dev.qssl.internal.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Bytes for the application, in the order they came. The owner adds whole buffers, the application takes bytes. Not
 * thread-safe: guarded by the connection's lock.
 */
final class ReadQueue {

    private final ArrayDeque<ByteBuffer> chunks = new ArrayDeque<>(1);
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
            chunks.add(filled);
            return;
        }
        chunks.add(ByteBuffer.allocate(filled.remaining()).put(filled).flip());
        BufferPool.giveBack(filled);
    }

    /** Moves as many bytes as fit. {@return their number} */
    int take(ByteBuffer target) {
        int before = target.remaining();
        ByteBuffer chunk = chunks.peek();
        while (chunk != null && target.hasRemaining()) {
            int count = Math.min(chunk.remaining(), target.remaining());
            target.put(target.position(), chunk, chunk.position(), count);
            target.position(target.position() + count);
            chunk.position(chunk.position() + count);
            if (!chunk.hasRemaining()) {
                drop(chunk);
                chunk = chunks.peek();
            }
        }
        int taken = before - target.remaining();
        size -= taken;
        return taken;
    }

    /** Drops bytes. {@return their number, at most {@code most}} */
    long skip(long most) {
        long skipped = Math.min(most, size);
        long left = skipped;
        while (left > 0) {
            ByteBuffer chunk = chunks.element();
            int count = (int) Math.min(chunk.remaining(), left);
            chunk.position(chunk.position() + count);
            left -= count;
            if (!chunk.hasRemaining()) {
                drop(chunk);
            }
        }
        size -= skipped;
        return skipped;
    }

    /** {@return how many bytes from the front come before the first such byte, or -1 if there is none} */
    long indexOf(byte wanted) {
        long before = 0;
        for (ByteBuffer chunk : chunks) {
            for (int i = chunk.position(); i < chunk.limit(); i++) {
                if (chunk.get(i) == wanted) {
                    return before + i - chunk.position();
                }
            }
            before += chunk.remaining();
        }
        return -1;
    }

    /** Drops everything. */
    void clear() {
        chunks.forEach(BufferPool::giveBack);
        chunks.clear();
        size = 0;
    }

    private void drop(ByteBuffer chunk) {
        chunks.remove();
        BufferPool.giveBack(chunk);
    }
}
