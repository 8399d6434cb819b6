package dev.qssl.benchmarks.bars;

import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for the bars that need one per connection, and where their failures go. */
final class Threads {

    private static final System.Logger LOG = System.getLogger("dev.qssl.benchmarks");

    private Threads() {}

    /** {@return as many threads as there is work, none of which keeps the process alive} */
    static ExecutorService daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Notes a failure of a server's; whether it matters is seen by the client, which gets no answer. */
    static void note(Exception failure, boolean unexpected) {
        LOG.log(unexpected ? Level.WARNING : Level.DEBUG, "a server's connection failed", failure);
    }
}
