package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Big buffers that are borrowed for a turn and given back, all of one size.
 *
 * <p>Bounded and striped: a thread looks at its own few places first, so that threads rarely meet; at the others' before it
 * makes a new buffer, because where one thread fills what another empties, the second has them all. What does not fit is
 * left to the collector. Not kept per thread, because an application may have any number of threads.
 */
final class BufferPool {

    /** Bytes asked of the channel in one read. */
    static final int READ_BYTES = sizeProperty("qssl.readBytes", 128 * 1024, 16 * 1024, 1024 * 1024);

    /** Records put into one write. */
    static final int RECORDS_PER_WRITE = sizeProperty("qssl.recordsPerWrite", 8, 1, 64);

    /** The most that a TLS record can be on the wire, header and expansion included (RFC 5246, section 6.2.3). */
    static final int MAX_RECORD_BYTES = 5 + 16 * 1024 + 2048;

    /** Room for a whole read behind the beginning of a record, or for a whole write's records. */
    static final int BUFFER_BYTES = Math.max(READ_BYTES, RECORDS_PER_WRITE * (16 * 1024 + 256)) + MAX_RECORD_BYTES;

    private static final int STRIPE = 8;
    private static final int STRIPES = Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    private static final int PLACES = STRIPES * STRIPE;

    private static final BufferPool HEAP = new BufferPool(BufferKind.HEAP);
    private static final BufferPool DIRECT = new BufferPool(BufferKind.DIRECT);

    private final AtomicReferenceArray<ByteBuffer> places = new AtomicReferenceArray<>(PLACES);
    private final BufferKind kind;

    private BufferPool(BufferKind kind) {
        this.kind = kind;
    }

    /** {@return the pool of this kind} */
    static BufferPool of(BufferKind kind) {
        return kind == BufferKind.HEAP ? HEAP : DIRECT;
    }

    /** {@return an empty buffer of {@link #BUFFER_BYTES}, owned by the caller until it gives it back} */
    ByteBuffer borrow() {
        int start = stripe();
        for (int i = 0; i < PLACES; i++) {
            int place = (start + i) % PLACES;
            if (places.getPlain(place) != null) {
                ByteBuffer buffer = places.getAndSet(place, null);
                if (buffer != null) {
                    return buffer.clear();
                }
            }
        }
        return kind == BufferKind.HEAP ? ByteBuffer.allocate(BUFFER_BYTES) : ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    /** Takes a buffer back; one that is no pool's is left to the collector. The caller must hold no view of it. */
    static void giveBack(ByteBuffer buffer) {
        if (buffer.capacity() != BUFFER_BYTES) {
            return;
        }
        BufferPool pool = buffer.isDirect() ? DIRECT : HEAP;
        int start = stripe();
        for (int place = start; place < start + STRIPE; place++) {
            if (pool.places.getPlain(place) == null && pool.places.compareAndSet(place, null, buffer)) {
                return;
            }
        }
    }

    private static int stripe() {
        return (int) (Thread.currentThread().getId() % STRIPES) * STRIPE;
    }

    private static int sizeProperty(String name, int otherwise, int least, int most) {
        Integer value = Integer.getInteger(name, otherwise);
        return Math.min(most, Math.max(least, value));
    }
}
