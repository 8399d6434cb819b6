package dev.qssl.internal.io;

import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Numbers for connections, in place of the system's descriptors, which Java hides. A server hands an accepted connection
 * on as a number; a socket claims it, once (B-017).
 */
public final class Descriptors {

    private static final AtomicLong LAST = new AtomicLong();
    private static final Map<Long, SocketChannel> UNCLAIMED = new ConcurrentHashMap<>();

    private Descriptors() {}

    /** {@return a new number for a connection that a socket has already} */
    static long next() {
        return LAST.incrementAndGet();
    }

    /** {@return a number by which this channel can be claimed} */
    public static long offer(SocketChannel channel) {
        long descriptor = next();
        UNCLAIMED.put(descriptor, channel);
        return descriptor;
    }

    /** {@return the channel of this number, which is the caller's from now on; null if there is none or it was claimed} */
    public static @Nullable SocketChannel claim(long descriptor) {
        return UNCLAIMED.remove(descriptor);
    }

    /** Closes the channel of this number if nobody claimed it. */
    public static void discard(long descriptor) {
        Channels.closeQuietly(claim(descriptor));
    }
}
