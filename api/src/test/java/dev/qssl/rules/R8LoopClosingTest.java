package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpServer;
import dev.qssl.net.QTcpSocket;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.toy.ToyPair;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R8: closing a loop aborts its sockets, releases their waiters, and ends after a last select. */
class R8LoopClosingTest {

    private final EventLoop loop = EventLoop.start("closing");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void sockets_areAbortedWithTheReason() throws Exception {
        List<PlainPair> pairs = new ArrayList<>();
        Queue<String> told = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 5; i++) {
            PlainPair pair = PlainPair.on(loop);
            pair.socket.errorOccurred.connect(error -> told.add(error.name()));
            pair.socket.disconnected.connect(() -> told.add("disconnected"));
            pairs.add(pair);
        }
        loop.close();

        assertThat(told).hasSize(10);
        assertThat(told.stream().filter("disconnected"::equals)).hasSize(5);
        assertThat(told.stream().filter(SocketError.OPERATION_ERROR.name()::equals))
                .hasSize(5);
        for (PlainPair pair : pairs) {
            assertThat(pair.socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            assertThat(pair.socket.errorString()).isEqualTo("the event loop was closed");
            assertThat(readEnd(pair))
                    .as("the channel is closed, not only told to")
                    .isTrue();
            pair.close();
        }
    }

    private static boolean readEnd(PlainPair pair) {
        try {
            return pair.peer.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void engines_areFreed() {
        try (ToyPair pair = ToyPair.on(loop)) {
            pair.encrypted();
            loop.close();
            PlainPair.eventually("both engines are freed", () -> pair.backend.closedEngines() == 2);
        }
    }

    @Test
    void everyWaiter_isReleased() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            List<Function<QTcpSocket, Boolean>> waits = List.of(socket -> socket.waitForReadyRead(-1), socket -> {
                try {
                    return socket.inputStream().read() >= 0;
                } catch (IOException e) {
                    return false;
                }
            });
            CountDownLatch begun = new CountDownLatch(waits.size() + 1);
            List<CompletableFuture<Boolean>> results = new ArrayList<>();
            for (Function<QTcpSocket, Boolean> wait : waits) {
                results.add(inThread(() -> {
                    begun.countDown();
                    return wait.apply(pair.socket);
                }));
            }
            CompletableFuture<Boolean> end = inThread(() -> {
                begun.countDown();
                return pair.socket.waitForDisconnected(-1);
            });
            R2LockTest.awaitUninterruptibly(begun);
            loop.close();

            for (CompletableFuture<Boolean> result : results) {
                assertThat(result.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                        .isFalse();
            }
            assertThat(end.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .as("the end did come")
                    .isTrue();
        }
    }

    @Test
    void waiterOnTheLoopItself_isReleased() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            CountDownLatch waiting = new CountDownLatch(1);
            CompletableFuture<Boolean> came = new CompletableFuture<>();
            loop.execute(() -> {
                waiting.countDown();
                came.complete(pair.socket.waitForReadyRead(-1));
            });
            R2LockTest.awaitUninterruptibly(waiting);
            loop.close();

            assertThat(came.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(pair.socket.error()).isEqualTo(SocketError.OPERATION_ERROR);
        }
    }

    @Test
    void fromItsOwnThread_onlyMarks() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            CompletableFuture<SocketState> right = new CompletableFuture<>();
            loop.execute(() -> {
                loop.close();
                right.complete(pair.socket.state());
            });

            assertThat(right.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo(SocketState.CONNECTED_STATE);
            PlainPair.eventually("the end", () -> pair.socket.state() == SocketState.UNCONNECTED_STATE);
        }
    }

    @Test
    void closedLoop_takesNothingMore() {
        QTcpSocket socket = QTcpSocket.on(loop);
        QTcpServer server = QTcpServer.on(loop);
        loop.close();
        loop.close();

        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> loop.schedule(Duration.ZERO, () -> {})).isInstanceOf(RejectedExecutionException.class);
        socket.connectToHost(QHostAddress.LOCAL_HOST, 9, OpenMode.READ_WRITE);
        assertThat(socket.error()).isEqualTo(SocketError.OPERATION_ERROR);
        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isFalse();
        assertThat(server.serverError()).isEqualTo(SocketError.OPERATION_ERROR);
        assertThat(server.isListening()).isFalse();
        assertThat(server.serverPort()).isZero();
    }

    @Test
    void serverOfTheLoop_stopsListening_andItsWaitersAreReleased() throws Exception {
        QTcpServer server = QTcpServer.on(loop);
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Boolean> waiter = inThread(() -> {
            begun.countDown();
            return server.waitForNewConnection(-1);
        });
        R2LockTest.awaitUninterruptibly(begun);
        loop.close();

        assertThat(waiter.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(server.isListening()).isFalse();
    }

    @Test
    void tasksGivenBefore_areStillRun_andTimersAreNot() {
        Queue<String> run = new ConcurrentLinkedQueue<>();
        CountDownLatch busy = new CountDownLatch(1);
        loop.execute(() -> R2LockTest.awaitUninterruptibly(busy));
        loop.schedule(Duration.ofDays(1), () -> run.add("timer"));
        for (int i = 0; i < 100; i++) {
            loop.execute(() -> run.add("task"));
        }
        CompletableFuture<Void> closing = CompletableFuture.runAsync(loop::close);
        busy.countDown();
        closing.join();

        assertThat(run).hasSize(100).containsOnly("task");
    }

    private static CompletableFuture<Boolean> inThread(java.util.function.Supplier<Boolean> task) {
        return CompletableFuture.supplyAsync(task, run -> new Thread(run, "waiter").start());
    }
}
