package dev.qssl.net;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Several loops that take turns: a server spreads its connections over them. */
public final class EventLoopGroup implements AutoCloseable {

    private final List<EventLoop> loops;
    private final AtomicInteger last = new AtomicInteger();

    /** Starts one loop for each processor. */
    public EventLoopGroup() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /**
     * Starts loops.
     *
     * @param size how many, at least one
     */
    public EventLoopGroup(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("a group has at least one loop, not " + size);
        }
        loops = IntStream.rangeClosed(1, size)
                .mapToObj(number -> EventLoop.start("qssl-loop-" + number))
                .toList();
    }

    /** {@return the loop whose turn it is} */
    public EventLoop next() {
        return loops.get(Math.floorMod(last.getAndIncrement(), loops.size()));
    }

    /** {@return all its loops} */
    public List<EventLoop> loops() {
        return loops;
    }

    /** Closes its loops. */
    @Override
    public void close() {
        loops.forEach(EventLoop::close);
    }
}
