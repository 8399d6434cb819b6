package dev.qssl.tck.link;

import dev.qssl.net.EventLoop;
import dev.qssl.tck.Driving;
import dev.qssl.tck.peer.PeerSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the ends of one test live: drives them, bounds every wait, and sees to it that nothing is thrown past them.
 *
 * <p>One thread: the test's.
 */
public final class Stage implements AutoCloseable {

    /** How long anything may take that is bounded by itself. */
    public static final Duration LIMIT = PeerSession.LIMIT;

    private final Duration patience;
    private final Semaphore news = new Semaphore(0);
    private final Optional<EventLoop> loop;
    private final List<End> ends = new ArrayList<>();
    private final List<AutoCloseable> others = new ArrayList<>();
    private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();
    private final Thread.UncaughtExceptionHandler handlerBefore;

    /**
     * Creates one without ends.
     *
     * @param driving who drives the sockets
     * @param patience how long {@link #until} waits
     */
    public Stage(Driving driving, Duration patience) {
        this.patience = patience;
        Thread current = Thread.currentThread();
        handlerBefore = current.getUncaughtExceptionHandler();
        current.setUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        loop = driving == Driving.LOOP ? Optional.of(EventLoop.start("tck-loop")) : Optional.empty();
        loop.ifPresent(made ->
                made.execute(() -> Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.add(e))));
    }

    /** {@return the loop, if one drives the sockets} */
    public Optional<EventLoop> loop() {
        return loop;
    }

    /** {@return a new end, unconnected} */
    public End open(Setup setup) {
        End made = new End(setup, loop, news);
        ends.add(made);
        return made;
    }

    /** Has something closed with this stage, before the ends. */
    public <T extends AutoCloseable> T with(T other) {
        if (!others.contains(other)) {
            others.add(other);
        }
        return other;
    }

    /**
     * Drives all ends until something is so.
     *
     * @throws AssertionError with everything that was emitted, if it is not in time
     */
    public void until(String what, BooleanSupplier done) {
        if (!within(patience, done)) {
            throw new AssertionError("not within " + patience.toSeconds() + " s: " + what + "\n" + this);
        }
    }

    /** {@return whether something became so within this time, all ends being driven} */
    public boolean within(Duration time, BooleanSupplier done) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            turn();
        }
        return true;
    }

    // Every emission is news, but not everything that a test may wait for is emitted. After news, what comes next is
    // there already, most likely: then no end waits while another could go on.
    private void turn() {
        int millis = news.drainPermits() > 0 ? 0 : 1;
        boolean driven = false;
        for (End end : ends) {
            driven |= end.pump(millis);
        }
        if (driven) {
            return;
        }
        try {
            news.tryAcquire(2, TimeUnit.MILLISECONDS);
            news.drainPermits();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** {@return what slots and tasks threw, and forgets it} For rules about exceptions. */
    public List<Throwable> takeUncaught() {
        List<Throwable> taken = List.copyOf(uncaught);
        uncaught.removeAll(taken);
        return taken;
    }

    /**
     * Ends everything, whatever fails on the way.
     *
     * @throws AssertionError if something could not be ended, or an exception went past the sockets
     */
    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(others);
        ends.forEach(end -> all.add(end.socket()::abort));
        loop.ifPresent(all::add);
        List<Throwable> failures = new ArrayList<>();
        try {
            for (AutoCloseable each : all) {
                end(each).ifPresent(failures::add);
            }
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(handlerBefore);
        }
        failures.addAll(uncaught);
        if (!failures.isEmpty()) {
            AssertionError failure = new AssertionError(
                    "something could not be closed, or an exception went past the sockets: " + failures,
                    failures.get(0));
            failures.stream().skip(1).forEach(failure::addSuppressed);
            throw failure;
        }
    }

    private static Optional<Throwable> end(AutoCloseable one) {
        try {
            one.close();
            return Optional.empty();
        } catch (Exception | AssertionError e) {
            return Optional.of(e);
        }
    }

    /** {@return what every end emitted, and what every foreign peer says} */
    @Override
    public String toString() {
        return Stream.concat(ends.stream(), others.stream().filter(PeerSession.class::isInstance))
                .map(Object::toString)
                .collect(Collectors.joining("\n"));
    }
}
