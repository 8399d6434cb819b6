package dev.qssl.net;

import static dev.qssl.net.PlainPair.bytes;
import static dev.qssl.net.PlainPair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A socket's bytes as blocking streams, driven both ways. */
class SocketStreamsTest {

    private final EventLoop loop = EventLoop.start("streams-test");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private PlainPair pair(Driving driving) {
        return driving == Driving.CALLER ? PlainPair.callerDriven() : PlainPair.on(loop);
    }

    @ParameterizedTest
    @EnumSource
    void reading_blocksUntilThereIsAByte(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            InputStream in = pair.socket.inputStream();
            CompletableFuture<Void> sent =
                    CompletableFuture.runAsync(() -> pair.send(new byte[] {(byte) 200, 1, 2, 3}));

            assertThat(in.read()).isEqualTo(200);
            byte[] target = new byte[10];
            int count = in.read(target, 2, 8);
            while (count < 3) {
                count += in.read(target, 2 + count, 8 - count);
            }
            assertThat(target).containsExactly(0, 0, 1, 2, 3, 0, 0, 0, 0, 0);
            assertThat(in.read(target, 0, 0)).isZero();
            assertThat(in.available()).isZero();
            sent.join();
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> in.read(target, 5, 6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void orderlyEnd_isTheEndOfTheStream(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            InputStream in = pair.socket.inputStream();
            pair.send("everything");
            pair.peer.shutdownOutput();

            assertThat(text(in.readAllBytes())).isEqualTo("everything");
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void textReader_works(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving);
                BufferedReader reader =
                        new BufferedReader(new InputStreamReader(pair.socket.inputStream(), StandardCharsets.UTF_8))) {
            pair.send("first\r\nsecond\n");

            assertThat(reader.readLine()).isEqualTo("first");
            assertThat(reader.readLine()).isEqualTo("second");
        }
    }

    @ParameterizedTest
    @EnumSource
    void peekedBytes_comeFirst(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            pair.send("abc");
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            pair.socket.peek(2);
            pair.socket.ungetChar((byte) '_');

            assertThat(pair.socket.inputStream().readNBytes(4)).isEqualTo(bytes("_abc"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void timeLimit_isOfEachRead_andLeavesTheConnection(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            InputStream in = pair.socket.inputStream(Duration.ofMillis(PlainPair.IMPATIENCE));

            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(in::read);
            pair.send("late");
            assertThat(pair.socket.inputStream().readNBytes(4)).isEqualTo(bytes("late"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void interrupt_endsARead_andKeepsTheFlag(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(InterruptedIOException.class)
                    .isThrownBy(() -> pair.socket.inputStream().read())
                    .withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(pair.socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endOnOurSide_isAnErrorToAReader(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            InputStream in = pair.socket.inputStream();
            CompletableFuture<Throwable> problem = new CompletableFuture<>();
            Thread reader = new Thread(() -> {
                try {
                    in.read();
                } catch (IOException e) {
                    problem.complete(e);
                }
            });
            reader.start();
            pair.socket.abort();

            assertThat(problem.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).hasMessageContaining("on this side");
            assertThatThrownBy(in::read).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writing_isPushed(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            OutputStream out = pair.socket.outputStream();
            out.write('a');
            out.write(bytes("bcd"));
            out.write(bytes("_efg_"), 1, 3);
            out.flush();

            assertThat(pair.receiveText(7)).isEqualTo("abcdefg");
            out.close();
            assertThat(pair.socket.state()).as("closing leaves the socket").isEqualTo(SocketState.CONNECTED_STATE);
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> out.write(new byte[2], 1, 2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void writerWhosePeerIsSlow_isHeldBack(Driving driving) throws Exception {
        byte[] data = new byte[20_000_000];
        new Random(3).nextBytes(data);
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> {
                try (OutputStream out = pair.socket.outputStream()) {
                    for (int from = 0; from < data.length; from += 100_000) {
                        out.write(data, from, 100_000);
                        assertThat(pair.socket.bytesToWrite()).isLessThan(500_000);
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                while (pair.socket.bytesToWrite() > 0) {
                    pair.socket.waitForBytesWritten(PlainPair.PATIENCE);
                }
            });

            assertThat(pair.receive(data.length)).isEqualTo(data);
            written.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writerThatWaits_learnsOfTheEnd(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            CompletableFuture<Throwable> problem = new CompletableFuture<>();
            Thread writer = new Thread(() -> {
                try {
                    while (true) {
                        pair.socket.outputStream().write(new byte[100_000]);
                    }
                } catch (IOException e) {
                    problem.complete(e);
                }
            });
            writer.start();
            PlainPair.eventually("it is held back", () -> pair.socket.bytesToWrite() > 256 * 1024);
            pair.socket.abort();

            assertThat(problem.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamOfAClosedSocket_refuses(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            OutputStream out = pair.socket.outputStream();
            pair.socket.abort();
            PlainPair.eventually("the end", () -> pair.socket.peerPort() == 0);

            assertThatThrownBy(() -> out.write(1)).isInstanceOf(IOException.class);
            assertThatThrownBy(out::flush).isInstanceOf(IOException.class);
            assertThat(pair.socket.inputStream().available()).isZero();
        }
    }
}
