package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslSocket;
import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.PlainPair;
import dev.qssl.net.Signal;
import dev.qssl.toy.ToyPair;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R3: one owner permit per connection; only its holder touches engine and channel, and emits. */
class R3OwnerTest {

    private static final int WRITERS = 4;
    private static final int WRITES = 300;

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    /** Sees whether slots of one socket ever run on two threads at once. */
    private static final class Watch {
        private final AtomicReference<Thread> inside = new AtomicReference<>();
        private final AtomicInteger collisions = new AtomicInteger();
        private final Set<String> threads = ConcurrentHashMap.newKeySet();

        void on(Signal<?> signal) {
            signal.connect(() -> {
                Thread self = Thread.currentThread();
                threads.add(self.getName());
                Thread before = inside.getAndSet(self);
                if (before != null && before != self) {
                    collisions.incrementAndGet();
                }
                Thread.onSpinWait();
                inside.set(before);
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyThreads_neverMeetInTheEngineOrInSlots(Driving driving) throws Exception {
        // ToyPair.close fails if the engine was entered twice.
        try (ToyPair pair = driving == Driving.CALLER ? ToyPair.callerDriven() : ToyPair.on(loop)) {
            pair.encrypted();
            QSslSocket socket = pair.client;
            Watch watch = new Watch();
            watch.on(socket.readyRead);
            watch.on(socket.bytesWritten);
            watch.on(socket.encryptedBytesWritten);
            long total = (long) WRITERS * WRITES * 100;
            AtomicLong got = new AtomicLong();
            socket.readyRead.connect(() -> got.addAndGet(socket.readAll().length));

            CompletableFuture<?>[] writers = new CompletableFuture<?>[WRITERS];
            for (int i = 0; i < WRITERS; i++) {
                writers[i] =
                        CompletableFuture.runAsync(() -> write(socket), task -> new Thread(task, "writer").start());
            }
            CompletableFuture.allOf(writers).get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
            while (got.get() < total && socket.waitForReadyRead(PlainPair.PATIENCE)) {
                // the echo comes
            }

            PlainPair.eventually("the whole echo", () -> got.get() == total);
            assertThat(watch.collisions).hasValue(0);
            if (driving == Driving.LOOP) {
                assertThat(watch.threads).containsExactly("client");
            }
        }
    }

    private static void write(QSslSocket socket) {
        for (int i = 0; i < WRITES; i++) {
            socket.write(new byte[100]);
            if (i % 7 == 0) {
                socket.flush();
            }
            if (i % 50 == 0) {
                socket.waitForBytesWritten(1);
            }
        }
        socket.flush();
    }

    @Test
    void ownerThatLeaves_handsThePermitToTheNextWaiter() throws Exception {
        try (PlainPair pair = PlainPair.callerDriven()) {
            Queue<String> emitters = new ConcurrentLinkedQueue<>();
            pair.socket.readyRead.connect(
                    () -> emitters.add(Thread.currentThread().getName()));
            CompletableFuture<Boolean> patient = waiting(pair, "patient", PlainPair.PATIENCE);
            CompletableFuture<Boolean> other = waiting(pair, "other", PlainPair.PATIENCE);

            pair.send("one");
            assertThat(List.of(
                            patient.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS),
                            other.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)))
                    .as("both see the bytes that came while they waited")
                    .containsOnly(true);
            assertThat(emitters).as("one of them emitted").hasSize(1);
        }
    }

    @Test
    void waiterBehindAnOwnerWhoseTimeIsUp_goesOnPumping() throws Exception {
        try (PlainPair pair = PlainPair.callerDriven()) {
            CompletableFuture<Boolean> hasty = waiting(pair, "hasty", PlainPair.IMPATIENCE);
            CompletableFuture<Boolean> patient = waiting(pair, "patient", PlainPair.PATIENCE);
            assertThat(hasty.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();

            pair.send("late");
            assertThat(patient.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        }
    }

    @Test
    void loopDrivenSocket_emitsOnItsLoopWhoeverCalls() throws Exception {
        try (ToyPair pair = ToyPair.on(loop)) {
            Set<String> threads = ConcurrentHashMap.newKeySet();
            for (Signal<?> signal : List.of(
                    pair.client.stateChanged,
                    pair.client.modeChanged,
                    pair.client.encrypted,
                    pair.client.readyRead,
                    pair.client.bytesWritten,
                    pair.client.encryptedBytesWritten,
                    pair.client.alertSent,
                    pair.client.aboutToClose,
                    pair.client.disconnected)) {
                signal.connect(() -> threads.add(Thread.currentThread().getName()));
            }
            pair.encrypted();
            pair.client.write(PlainPair.bytes("hello"));
            assertThat(pair.client.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            pair.client.close();
            pair.client.waitForDisconnected(PlainPair.PATIENCE);

            assertThat(threads).containsExactly("client");
        }
    }

    private static CompletableFuture<Boolean> waiting(PlainPair pair, String name, int millis) {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.complete(pair.socket.waitForReadyRead(millis)), name);
        thread.start();
        PlainPair.eventually(
                name + " waits",
                () -> result.isDone()
                        || thread.getState() == Thread.State.WAITING
                        || thread.getState() == Thread.State.TIMED_WAITING
                        || List.of(thread.getStackTrace()).stream()
                                .anyMatch(frame -> frame.getMethodName().equals("select")));
        return result;
    }
}
