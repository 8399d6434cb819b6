package dev.qssl.internal.io;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Selectors that threads borrow while they wait for one caller-driven socket.
 *
 * <p>There are never more than threads that wait at once, however many sockets there are. A socket stays registered with
 * the selector it used last and asks for that one again, so that waiting in a loop costs one system call a time. A socket
 * that has none yet, or cannot have it, gets one that its thread was the last to use, if there is one: threads that took the
 * selectors of each other's sockets would make them move, which costs two calls.
 */
final class WaitSelectors {

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final CopyOnWriteArrayList<WaitSelector> ALL = new CopyOnWriteArrayList<>();
    private static final int KEPT = 64;

    private WaitSelectors() {}

    /** A selector that one thread uses at a time. */
    static final class WaitSelector {
        final Selector selector;
        private final AtomicBoolean busy = new AtomicBoolean(true);
        private volatile long lastUser;
        private @Nullable SelectionKey watched;
        private volatile boolean forgetWanted;

        private WaitSelector(Selector selector, long user) {
            this.selector = selector;
            this.lastUser = user;
        }

        private boolean take() {
            return !busy.get() && busy.compareAndSet(false, true);
        }

        /** {@return whether this thread has it now} */
        private boolean lendTo(long user) {
            boolean taken = take();
            if (taken) {
                lastUser = user;
            }
            return taken;
        }

        /**
         * Has this key alone selected, for these operations; none if it is null. It stays so when the selector is given back:
         * who waits with it next mostly asks for the same again, which costs nothing.
         */
        void watch(@Nullable SelectionKey key, int operations) {
            SelectionKey before = watched;
            if (before != null && before != key) {
                ignore(before);
            }
            watched = key;
            if (key != null) {
                key.interestOps(operations);
            }
        }

        private static void ignore(SelectionKey key) {
            if (!key.isValid()) {
                return; // it mostly is: exceptions cost more than this look
            }
            try {
                key.interestOps(0);
            } catch (CancelledKeyException e) {
                LOG.log(Level.TRACE, "its connection was closed: it is not selected any more", e);
            }
        }

        /** Gives it back. */
        void release() throws IOException {
            if (ALL.size() > KEPT && ALL.remove(this)) {
                selector.close(); // it stays busy: whoever knows of it cannot have it any more
                return;
            }
            busy.set(false);
            forgetIfWanted();
        }

        /** Forgets keys that were cancelled. For the thread that has borrowed it. */
        void forgetCancelled() throws IOException {
            forgetWanted = false;
            selector.selectNow(key -> {});
        }

        /**
         * Forgets channels that were closed: only then does the system close them. If a thread has borrowed the selector, it
         * does so before the selector rests.
         */
        void forgetClosed() {
            forgetWanted = true;
            try {
                forgetIfWanted();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a selector failed", e);
            }
        }

        private void forgetIfWanted() throws IOException {
            while (forgetWanted && take()) {
                try {
                    forgetCancelled();
                } finally {
                    busy.set(false);
                }
            }
        }
    }

    /** {@return a selector for this thread alone, the preferred one if it is free} Give it back with {@code release}. */
    static WaitSelector borrow(@Nullable WaitSelector preferred) throws IOException {
        long user = Thread.currentThread().getId();
        if (preferred != null && preferred.lendTo(user)) {
            return preferred;
        }
        for (WaitSelector candidate : ALL) {
            if (candidate.lastUser == user && candidate.lendTo(user)) {
                return candidate;
            }
        }
        for (WaitSelector candidate : ALL) {
            if (candidate.lendTo(user)) {
                return candidate;
            }
        }
        WaitSelector fresh = new WaitSelector(Selector.open(), user);
        ALL.add(fresh);
        return fresh;
    }
}
