package dev.qssl.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
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

    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Set<Closeable> members = ConcurrentHashMap.newKeySet();

    // The loop thread's.
    private final ArrayDeque<Turn> due = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(timer -> timer.deadline));

    private volatile @Nullable Thread thread;
    private volatile boolean closing;

    /** Someone with a channel here. */
    interface Turn {

        /** The channel is ready, a turn was asked for, or a deadline has passed. On the loop's thread. */
        void turn(int ready);
    }

    /** Someone to be ended with the loop. */
    public interface Closeable {

        /** The loop is closing. On the loop's thread. */
        void loopClosing();
    }

    /** Something to be run later; closing it takes it back. */
    public static final class Timer {
        private final long deadline;
        private final Runnable task;
        private volatile boolean cancelled;

        private Timer(long deadline, Runnable task) {
            this.deadline = deadline;
            this.task = task;
        }

        /** Takes it back, from any thread. */
        public void cancel() {
            cancelled = true;
        }
    }

    /** Creates a loop that {@link #run} starts. */
    public SelectorLoop() {
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no selector for an event loop", e);
        }
    }

    /** {@return the loop whose thread this is, or null} */
    public static @Nullable SelectorLoop current() {
        return CURRENT.get();
    }

    private static final ThreadLocal<@Nullable SelectorLoop> CURRENT = new ThreadLocal<>();

    /** {@return whether this is the loop's thread} */
    public boolean isLoopThread() {
        return Thread.currentThread() == thread;
    }

    /** {@return whether it was told to close} */
    public boolean isClosing() {
        return closing;
    }

    Selector selector() {
        return selector;
    }

    /** Has someone ended with the loop. If the loop is closing already, that is now. */
    public void join(Closeable member) {
        members.add(member);
        if (closing && members.remove(member)) {
            member.loopClosing();
        }
    }

    /** Undoes {@link #join}. */
    public void forget(Closeable member) {
        members.remove(member);
    }

    /**
     * Runs a task on the loop's thread, after what was given before.
     *
     * @throws RejectedExecutionException if the loop is closed
     */
    public void execute(Runnable task) {
        if (ended.getCount() == 0) {
            throw new RejectedExecutionException("the event loop is closed");
        }
        tasks.add(task);
        wakeup();
    }

    /** Runs a task on the loop's thread once this time has passed, within about a millisecond. */
    public Timer schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(System.nanoTime() + delay.toNanos(), task);
        if (isLoopThread()) {
            timers.add(timer);
        } else {
            execute(() -> timers.add(timer));
        }
        return timer;
    }

    private void wakeup() {
        if (!isLoopThread() && woken.compareAndSet(false, true)) {
            selector.wakeup();
        }
    }

    /** Has someone's turn come in this round. On the loop's thread. */
    void makeDue(Turn turn) {
        due.add(turn);
    }

    /** Serves until it is closed; the calling thread is the loop's thread. */
    public void run() {
        thread = Thread.currentThread();
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
            long wait = millisToWait();
            if (wait == 0) {
                selector.selectNow(this::dispatch);
            } else {
                selector.select(this::dispatch, wait < 0 ? 0 : wait);
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the event loop's selector failed", e);
            closing = true;
        }
        woken.set(false);
        runTasks();
        runTimers();
        for (int i = due.size(); i > 0; i--) {
            Turn turn = due.remove();
            guard(() -> turn.turn(0));
        }
    }

    // -1 for no limit
    private long millisToWait() {
        if (!due.isEmpty() || !tasks.isEmpty()) {
            return 0;
        }
        Timer next = timers.peek();
        if (next == null) {
            return -1;
        }
        return next.cancelled ? 0 : Math.max(0, (next.deadline - System.nanoTime() + 999_999) / 1_000_000);
    }

    private void dispatch(SelectionKey key) {
        try {
            int ready = key.readyOps();
            guard(() -> ((Turn) key.attachment()).turn(ready));
        } catch (CancelledKeyException e) {
            LOG.log(Level.TRACE, "a channel was closed in the round that found it ready", e);
        }
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            guard(task);
        }
    }

    private void runTimers() {
        long now = System.nanoTime();
        for (Timer timer = timers.peek();
                timer != null && (timer.cancelled || timer.deadline - now <= 0);
                timer = timers.peek()) {
            timers.remove();
            if (!timer.cancelled) {
                guard(timer.task);
            }
        }
    }

    // Nothing that one socket or task does may end the service of the others.
    private static void guard(Runnable step) {
        try {
            step.run();
        } catch (Throwable e) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, e);
        }
    }

    /** Tells the loop to end; from another thread also waits until it has, or until the thread is interrupted. */
    public void close() {
        closing = true;
        selector.wakeup();
        if (thread == null) {
            shutDown();
            ended.countDown();
        } else if (!isLoopThread()) {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void shutDown() {
        List<Closeable> left = new ArrayList<>(members);
        members.clear();
        left.forEach(member -> guard(member::loopClosing));
        runTasks();
        due.clear();
        timers.clear();
        try {
            selector.selectNow(); // the channels closed above are really closed only now
            selector.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing the event loop's selector failed", e);
        }
    }
}
