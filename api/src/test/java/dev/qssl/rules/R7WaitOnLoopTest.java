package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R7: waiting on the loop's own thread pumps this one socket with another selector; the loop's others stand still. */
class R7WaitOnLoopTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private <T> T onLoop(java.util.concurrent.Callable<T> task) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        loop.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(2L * PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
    }

    @Test
    void wholeBlockingConversation_worksInOneTask() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String heard = onLoop(() -> {
                QTcpSocket socket = new QTcpSocket();
                socket.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.READ_WRITE);
                assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
                try (Socket peer = server.accept()) {
                    socket.write(PlainPair.bytes("hello"));
                    assertThat(socket.waitForBytesWritten(PlainPair.PATIENCE)).isTrue();
                    assertThat(peer.getInputStream().readNBytes(5)).isEqualTo(PlainPair.bytes("hello"));
                    peer.getOutputStream().write(PlainPair.bytes("answer"));
                    assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
                    byte[] answer = socket.readAll();
                    socket.disconnectFromHost();
                    peer.shutdownOutput();
                    assertThat(socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
                    return PlainPair.text(answer);
                }
            });
            assertThat(heard).isEqualTo("answer");
        }
    }

    @Test
    void otherSocketsOfTheLoop_standStillMeanwhileAndGoOnAfterwards() throws Exception {
        try (PlainPair waiting = PlainPair.on(loop);
                PlainPair other = PlainPair.on(loop)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            CountDownLatch otherTold = new CountDownLatch(1);
            other.socket.readyRead.connect(() -> {
                order.add("other");
                otherTold.countDown();
            });
            boolean came = onLoop(() -> {
                other.send("for the other");
                waiting.send("for the waiting one");
                boolean result = waiting.socket.waitForReadyRead(PlainPair.PATIENCE);
                order.add("waited");
                return result;
            });

            assertThat(came).isTrue();
            R2LockTest.awaitUninterruptibly(otherTold);
            assertThat(order).containsExactly("waited", "other");
        }
    }

    @Test
    void noteFromOutside_wakesTheWait() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            CountDownLatch waiting = new CountDownLatch(1);
            CompletableFuture<Boolean> came = new CompletableFuture<>();
            loop.execute(() -> {
                waiting.countDown();
                came.complete(pair.socket.waitForReadyRead(-1));
            });
            R2LockTest.awaitUninterruptibly(waiting);
            pair.socket.write(PlainPair.bytes("written meanwhile"));
            assertThat(pair.receiveText(17)).isEqualTo("written meanwhile");

            pair.socket.abort();
            assertThat(came.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    @Test
    void waitInsideAWait_ofAnotherSocket_works() throws Exception {
        try (PlainPair outer = PlainPair.on(loop);
                PlainPair inner = PlainPair.on(loop)) {
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            outer.socket.readyRead.connect(() -> {
                heard.add(PlainPair.text(outer.socket.readAll()));
                inner.send("inner");
                if (inner.socket.waitForReadyRead(PlainPair.PATIENCE)) {
                    heard.add(PlainPair.text(inner.socket.readAll()));
                }
            });
            boolean came = onLoop(() -> {
                outer.send("outer");
                return outer.socket.waitForReadyRead(PlainPair.PATIENCE);
            });

            assertThat(came).isTrue();
            assertThat(heard).containsExactly("outer", "inner");
        }
    }

    @Test
    void socketThatWaited_isServedByItsLoopAfterwards() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            for (int round = 0; round < 20; round++) {
                int now = round;
                String text = onLoop(() -> {
                    pair.send("wait " + now);
                    pair.socket.waitForReadyRead(PlainPair.PATIENCE);
                    return PlainPair.text(pair.socket.readAll());
                });
                assertThat(text).isEqualTo("wait " + round);
                pair.send("loop " + round);
                assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
                assertThat(PlainPair.text(pair.socket.readAll())).isEqualTo("loop " + round);
            }
        }
    }
}
