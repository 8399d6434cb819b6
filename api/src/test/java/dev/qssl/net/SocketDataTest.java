package dev.qssl.net;

import static dev.qssl.net.PlainPair.bytes;
import static dev.qssl.net.PlainPair.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of a plain TCP socket, and waiting for them, driven both ways. */
class SocketDataTest extends DrivenSocketTest {

    @ParameterizedTest
    @EnumSource
    void everyWriteThatIsWaitedFor_isSeenToLeave_howeverSoonItDoes(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            for (int i = 0; i < 20_000; i++) {
                pair.socket.write(new byte[] {7});
                assertThat(pair.socket.waitForBytesWritten(PlainPair.PATIENCE))
                        .as("write %d", i)
                        .isTrue();
                assertThat(pair.peer.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytes_areReadInEveryWay(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            pair.send("one\ntwo\r\nthree");
            while (socket.bytesAvailable() < 14) {
                assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            }

            assertThat(socket.atEnd()).isFalse();
            assertThat(socket.canReadLine()).isTrue();
            assertThat(text(socket.peek(2))).isEqualTo("on");
            assertThat(socket.bytesAvailable()).isEqualTo(14);
            assertThat(text(socket.readLine())).isEqualTo("one\n");
            socket.setTextModeEnabled(true);
            assertThat(text(socket.readLine())).isEqualTo("two\n");
            assertThat(socket.canReadLine()).isFalse();
            socket.startTransaction();
            assertThat(text(socket.read(2))).isEqualTo("th");
            socket.rollbackTransaction();
            byte[] one = new byte[1];
            assertThat(socket.getChar(one)).isTrue();
            socket.ungetChar((byte) 'T');
            assertThat(socket.skip(1)).isEqualTo(1);
            assertThat(text(socket.readAll())).isEqualTo("hree");
            assertThat(socket.atEnd()).isTrue();
            assertThat(socket.read(one, 1)).as("none now").isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bigTransfer_arrivesWhole_bothWays(Driving driving) throws Exception {
        byte[] data = new byte[5_000_000];
        new Random(5).nextBytes(data);
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> pair.receive(data.length));
            Queue<Long> counts = new ConcurrentLinkedQueue<>();
            pair.socket.bytesWritten.connect(counts::add);
            assertThat(pair.socket.write(data)).isEqualTo(data.length);
            while (pair.socket.bytesToWrite() > 0) {
                pair.socket.waitForBytesWritten(PlainPair.PATIENCE);
            }
            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo(data);
            PlainPair.eventually(
                    "all counted",
                    () -> counts.stream().mapToLong(Long::longValue).sum() == data.length);

            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> pair.send(data));
            ByteBuffer got = ByteBuffer.allocate(data.length);
            while (got.hasRemaining()) {
                if (pair.socket.read(got) == 0) {
                    assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
                }
            }
            sent.join();
            assertThat(got.array()).isEqualTo(data);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readLimit_holdsTheSenderBack_andReadingLetsItGoOn(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            socket.setReadBufferSize(1000);
            byte[] data = new byte[8_000_000];
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> pair.send(data));
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.waitForReadyRead(PlainPair.IMPATIENCE);

            assertThat(socket.bytesAvailable()).isBetween(1L, 1000L + 128 * 1024);
            assertThat(sent.isDone()).as("the sender waits").isFalse();
            long total = 0;
            while (total < data.length) {
                int count = socket.readAll().length;
                total += count;
                if (count == 0) {
                    assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
                }
            }
            sent.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void removingTheReadLimit_letsTheRestCome(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            socket.setReadBufferSize(10);
            byte[] data = new byte[500_000];
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> pair.send(data));
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.setReadBufferSize(0);
            while (socket.bytesAvailable() < data.length) {
                assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            }
            sent.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void socketOpenForOneDirection_refusesTheOther(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket reading = socket(driving);
            reading.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.READ_ONLY);
            assertThat(reading.waitForConnected(PlainPair.PATIENCE)).isTrue();
            assertThat(reading.write(bytes("x"))).isEqualTo(-1);
            reading.abort();

            QTcpSocket writing = socket(driving);
            writing.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.WRITE_ONLY);
            assertThat(writing.waitForConnected(PlainPair.PATIENCE)).isTrue();
            assertThat(writing.read(new byte[1], 1)).isEqualTo(-1);
            assertThat(writing.write(bytes("x"))).isEqualTo(1);
            writing.abort();
        }
    }

    @ParameterizedTest
    @EnumSource
    void waits_endAtTheirTimeLimit_andLeaveTheConnection(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;

            assertThat(socket.waitForReadyRead(1)).isFalse();
            assertThat(socket.error()).isEqualTo(SocketError.SOCKET_TIMEOUT_ERROR);
            assertThat(socket.waitForBytesWritten(1)).as("nothing is queued").isFalse();
            assertThat(socket.waitForDisconnected(Duration.ofNanos(1))).isFalse();
            assertThat(socket.waitForReadyRead(0)).isFalse();
            assertThat(socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interrupt_endsAWait_andKeepsTheFlagAndTheConnection(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Thread.currentThread().interrupt();
            assertThat(pair.socket.waitForReadyRead(-1)).isFalse();
            assertThat(Thread.interrupted()).isTrue();

            pair.send("x");
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptWhileWaiting_endsTheWait(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<Boolean> came = new CompletableFuture<>();
            CompletableFuture<Boolean> flag = new CompletableFuture<>();
            Thread waiter = new Thread(() -> {
                came.complete(pair.socket.waitForReadyRead(-1));
                flag.complete(Thread.currentThread().isInterrupted());
            });
            waiter.start();
            waiter.interrupt();

            assertThat(came.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(flag.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        }
    }
}
