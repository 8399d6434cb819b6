package dev.qssl.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One thread that serves many channels with one selector, runs tasks, and keeps time. */
public final class SelectorLoop {

    private static final System.Logger LOG = System.getLogger("dev.qssl");
    private static final ThreadLocal<@Nullable SelectorLoop> CURRENT = new ThreadLocal<>();

    private final Thread thread;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<Member> members = ConcurrentHashMap.newKeySet();

    // The loop thread's.
    private final ArrayDeque<Turn> due = new ArrayDeque<>();
    private final ArrayDeque<Runnable> running = new ArrayDeque<>();
    private final TimerQueue timers = new TimerQueue();

    private volatile boolean closing;
    private volatile boolean refusing;

    /** Someone with a channel here. */
    interface Turn {

        /** The channel is ready, a turn was asked for, or a deadline has passed. On the loop's thread. */
        void turn(int ready);
    }

    /** Someone to be ended with the loop. */
    interface Member {

        /** The loop is closing. On the loop's thread. */
        void loopClosing();
    }

    private SelectorLoop(String name, boolean daemon) {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no selector for an event loop", e);
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(daemon);
    }

    /** {@return a loop on a new thread} */
    public static SelectorLoop start(String name) {
        return started(new SelectorLoop(name, false));
    }

    /** {@return a loop on a new thread that keeps no program alive, for everybody} */
    public static SelectorLoop startShared(String name) {
        return started(new SelectorLoop(name, true));
    }

    private static SelectorLoop started(SelectorLoop loop) {
        loop.thread.start();
        return loop;
    }

    /** {@return the loop whose thread this is, or null} */
    public static @Nullable SelectorLoop current() {
        return CURRENT.get();
    }

    /** {@return whether this is the loop's thread} */
    public boolean isLoopThread() {
        return Thread.currentThread() == thread;
    }

    /** {@return whether it is for everybody} */
    public boolean isShared() {
        return thread.isDaemon();
    }

    /** {@return whether it was told to close} */
    public boolean isClosing() {
        return closing;
    }

    Selector selector() {
        return selector;
    }

    /** Has someone ended with the loop. {@return false if it is closing already: then nobody serves the member} */
    boolean join(Member member) {
        members.add(member);
        return !closing || !members.remove(member);
    }

    /** Undoes {@link #join}. */
    void forget(Member member) {
        members.remove(member);
    }

    /**
     * Runs a task on the loop's thread, after what was given before.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public void execute(Runnable task) {
        tasks.add(task);
        // Looked at after adding: what was added before the loop began to refuse is still run by it.
        if (refusing && tasks.remove(task)) {
            throw new RejectedExecutionException("the event loop is closed");
        }
        if (!isLoopThread() && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /**
     * Runs a task on the loop's thread once this time has passed, within about a millisecond.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public TimerQueue.Entry schedule(Duration delay, Runnable task) {
        TimerQueue.Entry timer = timers.entry(delay, task);
        if (isLoopThread()) {
            timers.add(timer);
        } else {
            execute(() -> timers.add(timer));
        }
        return timer;
    }

    /** Has someone's turn come in this round. On the loop's thread. */
    void makeDue(Turn turn) {
        due.add(turn);
    }

    private void run() {
        CURRENT.set(this);
        try {
            while (!closing) {
                round();
            }
        } finally {
            shutDown();
            CURRENT.remove();
            ended.countDown();
        }
    }

    private void round() {
        try {
            long wait = due.isEmpty() && tasks.isEmpty() ? timers.millisToNext() : 0;
            if (wait == 0) {
                selector.selectNow(this::dispatch);
            } else {
                selector.select(this::dispatch, wait == Driver.FOREVER ? 0 : wait);
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the event loop's selector failed", e);
            closing = true;
        }
        if (Thread.interrupted()) {
            LOG.log(Level.DEBUG, "an interrupt of an event loop's thread means nothing, but would make it spin");
        }
        woken.set(false);
        runTasks();
        timers.runDue(SelectorLoop::guard);
        for (int i = due.size(); i > 0; i--) {
            Turn turn = due.remove();
            guard(() -> turn.turn(0));
        }
    }

    private void dispatch(SelectionKey key) {
        try {
            int ready = key.readyOps();
            guard(() -> ((Turn) key.attachment()).turn(ready));
        } catch (CancelledKeyException e) {
            LOG.log(Level.TRACE, "a channel was closed in the round that found it ready", e);
        }
    }

    // Those that are there now: a task that gives itself again must not keep the channels waiting.
    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            running.add(task);
        }
        for (Runnable task = running.poll(); task != null; task = running.poll()) {
            guard(task);
        }
    }

    // Nothing that one socket or task does may end the service of the others.
    private static void guard(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            UncaughtExceptions.tell(e);
        }
    }

    /** Tells the loop to end; from another thread also waits until it has, or until the thread is interrupted. */
    public void close() {
        closing = true;
        selector.wakeup();
        if (isLoopThread()) {
            return;
        }
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void shutDown() {
        for (Member member : List.copyOf(members)) {
            if (members.remove(member)) {
                guard(member::loopClosing);
            }
        }
        refusing = true;
        while (!tasks.isEmpty()) {
            runTasks();
        }
        due.clear();
        timers.clear();
        try {
            selector.selectNow(key -> {}); // the channels closed above are really closed only now
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the event loop's selector failed", e);
        }
    }
}
