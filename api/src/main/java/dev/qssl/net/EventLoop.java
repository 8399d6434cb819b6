package dev.qssl.net;

import dev.qssl.internal.io.SelectorLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One thread that serves any number of sockets and servers, runs tasks and keeps time. Sockets made with
 * {@code QSslSocket.on(loop)}, or on the loop's own thread, do their work here and emit their signals here.
 *
 * <p>All methods may be called from any thread.
 */
public final class EventLoop implements Executor, AutoCloseable {

    private final SelectorLoop loop;

    private EventLoop(SelectorLoop loop) {
        this.loop = loop;
    }

    /** Holds the loop that everybody shares; made on first use. */
    private static final class Shared {
        static final EventLoop LOOP = new EventLoop(SelectorLoop.startShared("qssl-loop"));
    }

    /** {@return the loop that everybody shares} Its thread is a daemon: it keeps no program alive. Cannot be closed. */
    public static EventLoop shared() {
        return Shared.LOOP;
    }

    /**
     * Starts a loop on a thread of its own.
     *
     * @param name the thread's name
     * @return the loop; close it to end the thread
     */
    public static EventLoop start(String name) {
        return new EventLoop(SelectorLoop.start(name));
    }

    /** {@return the loop whose thread is calling} */
    public static Optional<EventLoop> current() {
        SelectorLoop current = SelectorLoop.current();
        return current == null ? Optional.empty() : Optional.of(new EventLoop(current));
    }

    /** {@return whether the calling thread is the loop's} */
    public boolean isLoopThread() {
        return loop.isLoopThread();
    }

    /**
     * Runs a task on the loop's thread, after the tasks given before. What it throws goes to the thread's uncaught-exception
     * handler; the loop goes on.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
     */
    @Override
    public void execute(Runnable task) {
        loop.execute(task);
    }

    /**
     * Runs a task on the loop's thread once this time has passed, within about a millisecond.
     *
     * @param delay from now
     * @param task what to run
     * @return cancelling it takes the task back
     * @throws java.util.concurrent.RejectedExecutionException if the loop is closed
     */
    public Timer schedule(Duration delay, Runnable task) {
        return loop.schedule(delay, task)::cancel;
    }

    /** A task that is to run later. */
    public interface Timer {

        /** Takes the task back. Does nothing if it has run. */
        void cancel();
    }

    /**
     * Aborts the loop's sockets with {@link SocketError#OPERATION_ERROR}, releases whoever waits for them, and ends the
     * thread. Returns when it has ended; from the loop's own thread it returns at once, and the thread ends after it.
     *
     * @throws IllegalStateException on {@link #shared}
     */
    @Override
    public void close() {
        if (loop.isShared()) {
            throw new IllegalStateException(
                    "the shared loop belongs to everybody; start a loop of your own to close it");
        }
        loop.close();
    }

    @Override
    @SuppressWarnings("exports") // JSpecify is not needed to compile against this
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof EventLoop that && loop == that.loop;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(loop);
    }

    static EventLoop of(SelectorLoop loop) {
        return new EventLoop(loop);
    }

    /**
     * {@return the inside of the loop} For this library's own sockets.
     */
    @SuppressWarnings("exports") // of a package that is not exported: of no use outside the module
    public SelectorLoop selectorLoop() {
        return loop;
    }
}
