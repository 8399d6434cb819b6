package dev.qssl.internal.io;

import dev.qssl.net.QHostAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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

    /** Who asks. */
    interface Answer {

        /**
         * Takes the answer, on any thread.
         *
         * @param addresses the host's addresses, or none
         * @param whyNone why there are none, for people; null if there are
         */
        void found(List<InetAddress> addresses, @Nullable String whyNone);
    }

    /**
     * Finds the addresses of a host. The text of an address is its own answer, at once.
     *
     * @param host a name, or the text of an address
     * @param wanted whether anybody still waits; asked before the look-up begins
     * @param answer called once, unless nobody waits
     */
    static void find(String host, BooleanSupplier wanted, Answer answer) {
        Optional<InetAddress> literal = QHostAddress.of(host).toInetAddress();
        if (literal.isPresent()) {
            answer.found(List.of(literal.get()), null);
        } else if (host.isBlank()) {
            answer.found(List.of(), "a host's name is not empty"); // the JDK takes it for this host
        } else {
            POOL.execute(() -> {
                if (wanted.getAsBoolean()) {
                    lookUp(host, answer);
                }
            });
        }
    }

    private static void lookUp(String host, Answer answer) {
        List<InetAddress> addresses;
        try {
            addresses = List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException | RuntimeException e) {
            answer.found(List.of(), "host " + host + " not found");
            return;
        }
        answer.found(addresses, null);
    }
}
