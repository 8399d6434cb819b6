package dev.qssl.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Waiting inside a slot, for what that slot is just being told or for more, whoever drives the socket. */
class WaitingInSlotsTest {

    private @Nullable EventLoop loop;

    @AfterEach
    void closeLoop() {
        if (loop != null) {
            loop.close();
        }
    }

    private PlainPair pair(Driving driving) {
        if (driving == Driving.CALLER) {
            return PlainPair.callerDriven();
        }
        loop = EventLoop.start("waiting-in-slots");
        return PlainPair.on(loop);
    }

    /** Runs a slot once, whoever emits, and {@return what it gave} */
    private static <T> T inSlot(PlainPair pair, Signal<?> signal, Runnable cause, Function<QTcpSocket, T> slot)
            throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        Signal.Connection connection = signal.connect(() -> {
            if (!result.isDone()) {
                try {
                    result.complete(slot.apply(pair.socket));
                } catch (Throwable e) {
                    result.completeExceptionally(e);
                }
            }
        });
        cause.run();
        while (pair.socket.eventLoop().isEmpty() && !result.isDone()) {
            pair.socket.waitForReadyRead(PlainPair.PATIENCE);
        }
        T given = result.get(2L * PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
        connection.disconnect();
        return given;
    }

    @ParameterizedTest
    @EnumSource
    void readyReadSlot_waitsForNewData_notForWhatIsBeingAnnounced(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            boolean came = inSlot(
                    pair,
                    pair.socket.readyRead,
                    () -> pair.send("first"),
                    socket -> socket.waitForReadyRead(PlainPair.IMPATIENCE));

            assertThat(came).as("the data that is being announced is not new").isFalse();
            assertThat(pair.socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readyReadSlot_seesMoreDataInItsWait(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            String all = inSlot(pair, pair.socket.readyRead, () -> pair.send("first"), socket -> {
                StringBuilder text = new StringBuilder(PlainPair.text(socket.readAll()));
                pair.send("second");
                while (text.length() < "firstsecond".length() && socket.waitForReadyRead(PlainPair.PATIENCE)) {
                    text.append(PlainPair.text(socket.readAll()));
                }
                return text.toString();
            });

            assertThat(all).isEqualTo("firstsecond");
        }
    }

    @ParameterizedTest
    @EnumSource
    void dataThatASlotWaitedForAndLeft_isAnnouncedAfterIt(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            AtomicInteger emissions = new AtomicInteger();
            CountDownLatch twice = new CountDownLatch(2);
            pair.socket.readyRead.connect(() -> {
                twice.countDown();
                if (emissions.incrementAndGet() == 1) {
                    pair.socket.readAll();
                    pair.send("second");
                    pair.socket.waitForReadyRead(PlainPair.PATIENCE);
                }
            });
            pair.send("first");
            while (pair.socket.eventLoop().isEmpty() && twice.getCount() > 0) {
                pair.socket.waitForReadyRead(PlainPair.PATIENCE);
            }

            assertThat(twice.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
            PlainPair.eventually("the second bytes", () -> pair.socket.bytesAvailable() == "second".length());
        }
    }

    @ParameterizedTest
    @EnumSource
    void readyRead_isNotEmittedInsideItsOwnSlots(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            AtomicInteger depth = new AtomicInteger();
            AtomicInteger deepest = new AtomicInteger();
            pair.socket.readyRead.connect(() -> {
                deepest.accumulateAndGet(depth.incrementAndGet(), Math::max);
                if (pair.socket.bytesAvailable() < 3) {
                    pair.send("x");
                    pair.socket.waitForReadyRead(PlainPair.PATIENCE);
                }
                depth.decrementAndGet();
            });
            inSlot(pair, pair.socket.readyRead, () -> pair.send("x"), socket -> true);

            assertThat(deepest).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesWrittenSlot_hasNothingToWaitFor(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<Boolean> waited = new CompletableFuture<>();
            pair.socket.bytesWritten.connect(
                    () -> waited.complete(pair.socket.waitForBytesWritten(PlainPair.PATIENCE)));
            pair.socket.write(PlainPair.bytes("hello"));
            if (driving == Driving.CALLER) {
                assertThat(pair.socket.waitForBytesWritten(PlainPair.PATIENCE)).isTrue();
            }

            assertThat(waited.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .as("what is being announced is not new, and nothing else is queued")
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesWrittenSlot_canWaitForWhatItWritesItself(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<Boolean> waited = new CompletableFuture<>();
            List<Long> counts = new ArrayList<>();
            pair.socket.bytesWritten.connect(count -> {
                counts.add(count);
                if (counts.size() == 1) {
                    pair.socket.write(PlainPair.bytes("more"));
                    waited.complete(pair.socket.waitForBytesWritten(PlainPair.PATIENCE));
                }
            });
            pair.socket.write(PlainPair.bytes("hello"));
            if (driving == Driving.CALLER) {
                assertThat(pair.socket.waitForBytesWritten(PlainPair.PATIENCE)).isTrue();
            }

            assertThat(waited.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(pair.receiveText(9)).isEqualTo("hellomore");
        }
    }

    @ParameterizedTest
    @EnumSource
    void slotsOfTheBeginning_findTheSocketConnected(Driving driving) throws Exception {
        QTcpSocket socket;
        if (driving == Driving.CALLER) {
            socket = new QTcpSocket();
        } else {
            loop = EventLoop.start("waiting-in-slots");
            socket = QTcpSocket.on(loop);
        }
        Queue<Boolean> waits = new ConcurrentLinkedQueue<>();
        socket.stateChanged.connect(state -> {
            if (state == SocketState.CONNECTED_STATE) {
                waits.add(socket.waitForConnected(PlainPair.PATIENCE));
            }
        });
        socket.connected.connect(() -> waits.add(socket.waitForConnected(PlainPair.PATIENCE)));
        long begin = System.nanoTime();
        try (PlainPair pair = PlainPair.of(socket)) {
            assertThat(pair.socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            assertThat(waits).containsExactly(true, true);
            assertThat(System.nanoTime() - begin)
                    .as("no wait ran into its time limit")
                    .isLessThan(TimeUnit.MILLISECONDS.toNanos(PlainPair.PATIENCE));
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectedSlot_isToldThatThereIsNothingToWaitFor(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<List<Boolean>> waits = new CompletableFuture<>();
            pair.socket.disconnected.connect(() -> waits.complete(List.of(
                    pair.socket.waitForReadyRead(PlainPair.PATIENCE),
                    pair.socket.waitForBytesWritten(PlainPair.PATIENCE),
                    pair.socket.waitForDisconnected(PlainPair.PATIENCE),
                    pair.socket.waitForConnected(PlainPair.PATIENCE))));
            pair.peer.close();
            pair.socket.waitForDisconnected(PlainPair.PATIENCE);

            assertThat(waits.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).containsOnly(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void waiterOnAnotherThread_isReleasedAfterTheSlots(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CountDownLatch inSlot = new CountDownLatch(1);
            AtomicInteger slotsDone = new AtomicInteger();
            pair.socket.readyRead.connect(() -> {
                inSlot.countDown();
                pair.socket.waitForReadyRead(PlainPair.IMPATIENCE); // pumps, and tells what can be told
                slotsDone.incrementAndGet();
            });
            Thread driver = new Thread(() -> pair.socket.waitForReadyRead(PlainPair.PATIENCE), "driver");
            if (driving == Driving.CALLER) {
                driver.start();
            }
            CompletableFuture<Integer> seenByWaiter = CompletableFuture.supplyAsync(() -> {
                boolean came = pair.socket.waitForReadyRead(PlainPair.PATIENCE);
                return came ? slotsDone.get() : -1;
            });
            pair.send("x");

            assertThat(inSlot.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(seenByWaiter.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .as("slots that had returned when the waiter was released")
                    .isEqualTo(1);
            driver.join();
        }
    }
}
