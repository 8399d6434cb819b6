package dev.qssl.benchmarks.bars;

import java.nio.ByteBuffer;

/**
 * The application's buffers, which the connections of one thread share, in every bar: a program that clears memory of this
 * size for each connection would be measured by that, and the programs in C do not either.
 */
final class ThreadBuffers {

    private static final ThreadLocal<ThreadBuffers> OF_THREAD = ThreadLocal.withInitial(ThreadBuffers::new);

    /** For what was read. */
    final byte[] bytes = new byte[ServerScript.READ_BYTES];

    /** The same memory. */
    final ByteBuffer received = ByteBuffer.wrap(bytes);

    private final ByteBuffer replies = ByteBuffer.allocate(ServerScript.READ_BYTES);

    private ThreadBuffers() {}

    /** {@return the calling thread's buffers, for as long as it works for one connection} */
    static ThreadBuffers get() {
        return OF_THREAD.get();
    }

    /** {@return the buffer for what {@link ServerScript} answers, empty} */
    ByteBuffer replies() {
        return replies.clear();
    }
}
