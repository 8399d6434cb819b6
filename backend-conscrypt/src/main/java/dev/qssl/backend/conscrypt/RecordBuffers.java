package dev.qssl.backend.conscrypt;

import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.conscrypt.AllocatedBuffer;
import org.conscrypt.BufferAllocator;

/**
 * Memory outside the heap through which Conscrypt passes what it is given, or to give, in arrays: a record at a time, for the
 * length of one call. Without it, each engine that ever sees an array makes such memory for itself and keeps it. Thread-safe.
 */
final class RecordBuffers extends BufferAllocator {

    /** For all engines of the process: no more are kept than calls run at once. */
    static final RecordBuffers SHARED =
            new RecordBuffers(2 * Runtime.getRuntime().availableProcessors());

    /** What Conscrypt (2.9.0) makes for itself; a record is no longer. */
    private static final int CAPACITY = 17 * 1024;

    private final BlockingQueue<Lent> free;

    /**
     * Creates one that holds none yet.
     *
     * @param most how many are kept while nobody uses them, at least 1
     */
    RecordBuffers(int most) {
        free = new ArrayBlockingQueue<>(most);
    }

    @Override
    public AllocatedBuffer allocateDirectBuffer(int capacity) {
        if (capacity > CAPACITY) {
            return AllocatedBuffer.wrap(ByteBuffer.allocateDirect(capacity));
        }
        Lent kept = free.poll();
        Lent lent = kept == null ? new Lent() : kept;
        lent.bytes.clear().limit(capacity);
        return lent;
    }

    private final class Lent extends AllocatedBuffer {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(CAPACITY);

        @Override
        public ByteBuffer nioBuffer() {
            return bytes;
        }

        /** {@inheritDoc} One that finds no place is left to the collector. Called once by its borrower. */
        @Override
        public AllocatedBuffer release() {
            boolean unused = free.offer(this);
            return this;
        }
    }
}
