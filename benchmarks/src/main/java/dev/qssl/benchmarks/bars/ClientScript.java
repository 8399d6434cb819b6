package dev.qssl.benchmarks.bars;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the work as a state machine on the thread that serves the transport: nothing is handed from thread
 * to thread between the first byte and the last.
 */
final class ClientScript {

    private static final long TIME_LIMIT_SECONDS = 120;

    private final Wire wire;
    private @Nullable Task current;

    ClientScript(Wire wire) {
        this.wire = wire;
    }

    /** The transport. */
    interface Wire {

        /** Queues bytes; what they say may not change until they are sent. */
        void write(byte[] bytes, int length);

        /** {@return bytes to be written again and again, in the kind of memory that the bar is about} */
        default Payload payload(int bytes) {
            byte[] array = new byte[bytes];
            return length -> write(array, length);
        }

        /** Sends what is queued. */
        void flush();

        /** {@return whether a writer should wait for {@link ClientScript#writable}} */
        boolean isFull();

        /** Runs something on the transport's thread. */
        void execute(Runnable task);
    }

    /** Bulk data that is ready to be written any number of times. */
    @FunctionalInterface
    interface Payload {

        /** Queues so many of the bytes. On the transport's thread. */
        void write(int length);

        /** Nothing more will be written. */
        default void release() {}
    }

    /** What is being done. */
    private abstract static class Task {
        final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        abstract void begin();

        void writable() {}

        abstract void received(ByteBuffer bytes);
    }

    /** Bytes came. On the transport's thread. */
    void received(ByteBuffer bytes) {
        Task task = current;
        if (task != null) {
            task.received(bytes);
        } else if (bytes.hasRemaining()) {
            throw new IllegalStateException("the server sent " + bytes.remaining() + " bytes that nobody asked for");
        }
    }

    /** There is room to write. On the transport's thread. */
    void writable() {
        Task task = current;
        if (task != null) {
            task.writable();
        }
    }

    /** The connection ended. On any thread. */
    void ended(Throwable cause) {
        Task task = current;
        if (task != null) {
            task.done.completeExceptionally(cause);
        }
    }

    void ask() throws Exception {
        run(new Task() {
            @Override
            void begin() {
                wire.write(new byte[] {'H'}, 1);
                wire.flush();
            }

            @Override
            void received(ByteBuffer bytes) {
                expect(bytes, 'h', done);
            }
        });
    }

    void upload(long bytes, int chunk) throws Exception {
        run(new Upload(bytes, chunk));
    }

    void pingPong(long[] nanos) throws Exception {
        run(new PingPong(nanos));
    }

    private void run(Task task) throws Exception {
        wire.execute(() -> {
            current = task;
            task.begin();
        });
        task.done.get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
        wire.execute(() -> current = null);
    }

    private static void expect(ByteBuffer bytes, char wanted, CompletableFuture<@Nullable Void> done) {
        byte got = bytes.get();
        if (got == wanted && !bytes.hasRemaining()) {
            done.complete(null);
        } else {
            done.completeExceptionally(
                    new IllegalStateException("the server answered " + got + " instead of " + (int) wanted));
        }
    }

    private final class Upload extends Task {
        private final Payload payload;
        private final int chunk;
        private final byte[] head;
        private long left;

        Upload(long bytes, int chunk) {
            this.chunk = chunk;
            payload = wire.payload(chunk);
            Future<?> unused = done.whenComplete((nothing, failure) -> payload.release());
            head = ByteBuffer.allocate(9).put((byte) 'B').putLong(bytes).array();
            left = bytes;
        }

        @Override
        void begin() {
            wire.write(head, head.length);
            writable();
        }

        @Override
        void writable() {
            if (left <= 0) {
                return;
            }
            while (left > 0 && !wire.isFull()) {
                int count = (int) Math.min(left, chunk);
                left -= count; // before the write, which may call back
                payload.write(count);
            }
            wire.flush();
        }

        @Override
        void received(ByteBuffer bytes) {
            expect(bytes, 'b', done);
        }
    }

    private final class PingPong extends Task {
        private final byte[] message = new byte[ServerScript.MESSAGE_BYTES + 1];
        private final long[] nanos;
        private int round;
        private int missing;
        private long start;

        PingPong(long[] nanos) {
            this.nanos = nanos;
            message[0] = 'P';
        }

        @Override
        void begin() {
            missing = ServerScript.MESSAGE_BYTES;
            start = System.nanoTime();
            wire.write(message, message.length);
            wire.flush();
        }

        @Override
        void received(ByteBuffer bytes) {
            missing -= bytes.remaining();
            bytes.position(bytes.limit());
            if (missing > 0) {
                return;
            }
            nanos[round++] = System.nanoTime() - start;
            if (round < nanos.length) {
                begin();
            } else {
                done.complete(null);
            }
        }
    }
}
