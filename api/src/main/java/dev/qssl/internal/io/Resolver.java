package dev.qssl.internal.io;

import dev.qssl.net.QHostAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Looks host names up on threads of its own, because the system's look-up blocks. */
final class Resolver {

    private static final int THREADS = 8;
    private static final ThreadPoolExecutor POOL = pool();

    private Resolver() {}

    private static ThreadPoolExecutor pool() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "qssl-resolver");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** {@return the address, if the name is the text of one: no thread is needed for it} */
    static Optional<InetAddress> literal(String host) {
        return QHostAddress.of(host).toInetAddress();
    }

    /**
     * Looks a name up.
     *
     * @param host the name
     * @param answer called on another thread with the addresses, or with none and the reason
     */
    static void lookUp(String host, BiConsumer<List<InetAddress>, @Nullable UnknownHostException> answer) {
        POOL.execute(() -> {
            List<InetAddress> addresses;
            try {
                addresses = List.of(InetAddress.getAllByName(host));
            } catch (UnknownHostException e) {
                answer.accept(List.of(), e);
                return;
            }
            answer.accept(addresses, null);
        });
    }
}
