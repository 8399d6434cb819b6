package dev.qssl.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A loop: tasks, timers, and whose thread is whose. */
class EventLoopTest {

    private final EventLoop loop = EventLoop.start("event-loop-test");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
    }

    @Test
    void tasks_runInTheirOrder_onTheLoopsThread() throws Exception {
        Queue<Integer> order = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(1000);
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> {
                order.add(number);
                assertThat(loop.isLoopThread()).isTrue();
                done.countDown();
            });
        }
        await(done);

        assertThat(new ArrayList<>(order)).isSorted().hasSize(1000);
        assertThat(loop.isLoopThread()).isFalse();
    }

    @Test
    void taskGivenByATask_runsAfterThoseBeforeIt() throws Exception {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(() -> {
            loop.execute(() -> {
                order.add("inner");
                done.countDown();
            });
            order.add("outer");
        });
        await(done);

        assertThat(order).containsExactly("outer", "inner");
    }

    @Test
    void taskThatGivesItselfAgain_doesNotKeepSocketsWaiting() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            AtomicInteger rounds = new AtomicInteger();
            loop.execute(new Runnable() {
                @Override
                public void run() {
                    rounds.incrementAndGet();
                    if (pair.socket.state() == SocketState.CONNECTED_STATE) {
                        loop.execute(this);
                    }
                }
            });
            PlainPair.eventually("it runs", () -> rounds.get() > 0);
            pair.send("x");
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
        }
    }

    @Test
    void taskThatThrows_goesToTheHandler_andTheLoopGoesOn() throws Exception {
        Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        RuntimeException bug = new IllegalStateException("a bug of the application");
        Error error = new AssertionError("another");
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(
                () -> Thread.currentThread().setUncaughtExceptionHandler((thread, problem) -> uncaught.add(problem)));
        loop.execute(() -> {
            throw bug;
        });
        loop.schedule(Duration.ZERO, () -> {
            throw error;
        });
        loop.schedule(Duration.ofMillis(1), done::countDown);
        await(done);

        assertThat(uncaught).containsExactlyInAnyOrder(bug, error);
    }

    @Test
    void timers_runInTheOrderOfTheirTimes_notBeforeThem() throws Exception {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        CountDownLatch done = new CountDownLatch(3);
        long begin = System.nanoTime();
        CompletableFuture<Long> last = new CompletableFuture<>();
        loop.execute(() -> {
            loop.schedule(Duration.ofMillis(30), () -> {
                order.add("third");
                last.complete(System.nanoTime() - begin);
                done.countDown();
            });
            loop.schedule(Duration.ofMillis(10), () -> {
                order.add("second");
                done.countDown();
            });
            loop.schedule(Duration.ZERO, () -> {
                order.add("first");
                done.countDown();
            });
        });
        await(done);

        assertThat(order).containsExactly("first", "second", "third");
        assertThat(last.join()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(30));
    }

    @Test
    void cancelledTimer_doesNotRun() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        EventLoop.Timer cancelled = loop.schedule(Duration.ofMillis(5), runs::incrementAndGet);
        cancelled.cancel();
        CountDownLatch later = new CountDownLatch(1);
        EventLoop.Timer ran = loop.schedule(Duration.ofMillis(20), later::countDown);
        await(later);
        ran.cancel();

        assertThat(runs).hasValue(0);
    }

    @Test
    void current_isTheLoopOfTheThread() throws Exception {
        CompletableFuture<EventLoop> inside = new CompletableFuture<>();
        loop.execute(() -> inside.complete(EventLoop.current().orElseThrow()));

        assertThat(inside.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                .isEqualTo(loop)
                .hasSameHashCodeAs(loop);
        assertThat(EventLoop.current()).isEmpty();
        assertThat(loop).isNotEqualTo(EventLoop.shared());
    }

    @Test
    void socketsAndServersMadeOnTheLoop_areItsOwn() throws Exception {
        CompletableFuture<List<EventLoop>> drivers = new CompletableFuture<>();
        loop.execute(() -> drivers.complete(List.of(
                new QTcpSocket().eventLoop().orElseThrow(),
                new QTcpServer().eventLoop().orElseThrow())));

        assertThat(drivers.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).containsExactly(loop, loop);
        assertThat(new QTcpSocket().eventLoop()).isEmpty();
        assertThat(new QTcpServer().eventLoop()).isEmpty();
    }

    @Test
    void sharedLoop_isADaemonForEverybody_andCannotBeClosed() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        EventLoop.shared().execute(() -> thread.complete(Thread.currentThread()));

        assertThat(thread.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS).isDaemon())
                .isTrue();
        assertThat(EventLoop.shared()).isSameAs(EventLoop.shared());
        assertThatIllegalStateException().isThrownBy(EventLoop.shared()::close);
    }

    @Test
    void interruptOfItsThread_stopsNothing() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        loop.execute(() -> thread.complete(Thread.currentThread()));
        thread.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS).interrupt();

        try (PlainPair pair = PlainPair.on(loop)) {
            pair.send("x");
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
        }
    }

    @Test
    void closeByAThreadThatIsInterrupted_stillEndsTheLoop() throws Exception {
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        loop.execute(() -> thread.complete(Thread.currentThread()));
        Thread inside = thread.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
        Thread.currentThread().interrupt();
        loop.close();

        assertThat(Thread.interrupted()).as("the flag stays").isTrue();
        inside.join(PlainPair.PATIENCE);
        assertThat(inside.isAlive()).isFalse();
    }

    @Test
    void group_takesItsLoopsInTurn_andClosesThem() {
        try (EventLoopGroup group = new EventLoopGroup(3)) {
            assertThat(group.loops()).hasSize(3);
            Set<EventLoop> taken = new HashSet<>();
            for (int i = 0; i < 3; i++) {
                taken.add(group.next());
            }
            assertThat(taken).containsExactlyInAnyOrderElementsOf(group.loops());
            assertThat(group.next()).isEqualTo(group.loops().get(0));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> new EventLoopGroup(0));
    }

    @Test
    void groupWithoutASize_hasALoopForEachProcessor_andEndsTheirThreads() throws Exception {
        EventLoopGroup group = new EventLoopGroup();
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        CountDownLatch all = new CountDownLatch(group.loops().size());
        group.loops()
                .forEach(one -> one.execute(() -> {
                    threads.add(Thread.currentThread());
                    all.countDown();
                }));
        await(all);
        assertThat(threads).hasSize(Runtime.getRuntime().availableProcessors());
        group.close();
        group.close();

        for (Thread thread : threads) {
            thread.join(PlainPair.PATIENCE);
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
