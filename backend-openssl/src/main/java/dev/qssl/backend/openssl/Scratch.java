package dev.qssl.backend.openssl;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Memory outside the heap, borrowed for one call by callers whose own is on the heap. */
final class Scratch implements AutoCloseable {

    /** Room for the longest record, and for what belongs to it. */
    static final int BYTES = 32 * 1024;

    private static final int MOST_KEPT = 16;
    private static final BlockingQueue<Scratch> IDLE = new ArrayBlockingQueue<>(MOST_KEPT);

    private final ByteBuffer buffer;
    private final long address;

    private Scratch(RecordCalls calls, int bytes) {
        buffer = ByteBuffer.allocateDirect(bytes);
        address = calls.address(buffer);
    }

    /** {@return {@link #BYTES} bytes, to be given back by {@link #close}} */
    static Scratch borrow(RecordCalls calls) {
        Scratch idle = IDLE.poll();
        return idle != null ? idle : new Scratch(calls, BYTES);
    }

    /** {@return at least this many bytes, to be given back by {@link #close}} */
    static Scratch borrow(RecordCalls calls, int bytes) {
        return bytes <= BYTES ? borrow(calls) : new Scratch(calls, bytes);
    }

    /** {@return all of it, empty} */
    ByteBuffer buffer() {
        return buffer.clear();
    }

    long address() {
        return address;
    }

    /** Overwrites what was secret. */
    void wipe(int bytes) {
        for (int i = 0; i < bytes; i++) {
            buffer.put(i, (byte) 0);
        }
    }

    @Override
    public void close() {
        if (buffer.capacity() == BYTES) {
            IDLE.offer(this);
        }
    }
}
