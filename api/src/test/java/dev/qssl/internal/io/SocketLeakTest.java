package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpServer;
import dev.qssl.net.QTcpSocket;
import java.io.IOException;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many connections that come and go leave no descriptor, thread, key or timer behind. */
class SocketLeakTest {

    private static final int CONNECTIONS = 2_000;
    private static final int AT_ONCE = 50;
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final EventLoop loop = EventLoop.start("leak-test");
    private final QTcpServer server = QTcpServer.on(loop);

    @BeforeEach
    void listen() {
        server.newConnection.connect(() -> server.nextPendingConnection().ifPresent(SocketLeakTest::echo));
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
    }

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private static void echo(QTcpSocket socket) {
        socket.readyRead.connect(() -> socket.write(socket.readAll()));
    }

    /** What may leak. */
    private record Holdings(long descriptors, Set<String> threads, int keys) {

        boolean isMoreThan(Holdings before) {
            return descriptors > before.descriptors || !before.threads.containsAll(threads) || keys > before.keys;
        }
    }

    private Holdings holdings() {
        CompletableFuture<Integer> keys = new CompletableFuture<>();
        loop.execute(() -> {
            Selector selector = loop.selectorLoop().selector();
            try {
                selector.selectNow(key -> {}); // forgets those that were closed
                keys.complete(selector.keys().size());
            } catch (IOException e) {
                keys.completeExceptionally(e);
            }
        });
        return new Holdings(
                descriptors(),
                threads(),
                keys.orTimeout(PlainPair.PATIENCE, TimeUnit.MILLISECONDS).join());
    }

    // Class files, logs and whatever else this process opens meanwhile do not count.
    private static long descriptors() {
        if (!Files.isDirectory(DESCRIPTORS)) {
            return 0; // this system does not show them
        }
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.filter(SocketLeakTest::isOfASocketOrSelector).count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isOfASocketOrSelector(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("socket:") || target.startsWith("anon_inode:") || target.startsWith("pipe:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(thread -> thread.getName() + " " + thread.getId())
                .filter(name -> name.startsWith("qssl") || name.startsWith("leak-test"))
                .collect(Collectors.toSet());
    }

    private void assertNothingIsLeft(Holdings before) {
        BooleanSupplier clean = () -> !holdings().isMoreThan(before);
        try {
            PlainPair.eventually("clean", clean);
        } catch (AssertionError never) {
            assertThat(holdings()).as("what is held now, and before").isEqualTo(before);
        }
    }

    /** Makes loop-driven connections, some at once; each says a word and hears it, and ends in one of three ways. */
    private void makeConnections(int number) throws Exception {
        AtomicInteger begun = new AtomicInteger();
        CountDownLatch ended = new CountDownLatch(number);
        for (int i = 0; i < AT_ONCE; i++) {
            loop.execute(() -> makeNext(begun, ended, number));
        }
        assertThat(ended.await(2L * PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                .as("connections that did not end: " + ended.getCount())
                .isTrue();
    }

    private void makeNext(AtomicInteger begun, CountDownLatch ended, int number) {
        int mine = begun.getAndIncrement();
        if (mine >= number) {
            return;
        }
        QTcpSocket socket = new QTcpSocket();
        socket.connected.connect(() -> socket.write(PlainPair.bytes("word")));
        socket.readyRead.connect(() -> {
            switch (mine % 3) {
                case 0 -> socket.disconnectFromHost();
                case 1 -> socket.close();
                default -> socket.abort();
            }
        });
        socket.disconnected.connect(() -> {
            ended.countDown();
            loop.execute(() -> makeNext(begun, ended, number));
        });
        socket.connectToHost(QHostAddress.LOCAL_HOST, server.serverPort(), OpenMode.READ_WRITE);
    }

    @Test
    void loopDrivenConnections_leaveNothingBehind() throws Exception {
        makeConnections(2 * AT_ONCE);
        Holdings before = settled();
        makeConnections(CONNECTIONS);

        assertNothingIsLeft(before);
    }

    // After the first few, pools and executors have what they keep.
    private Holdings settled() {
        PlainPair.eventually(
                "the warm-up's connections are gone", () -> holdings().keys() <= 1);
        return holdings();
    }

    @Test
    void callerDrivenConnections_leaveNothingBehind() {
        makeBlocking(AT_ONCE);
        Holdings before = settled();
        makeBlocking(CONNECTIONS / 4);

        assertNothingIsLeft(before);
    }

    private void makeBlocking(int number) {
        for (int i = 0; i < number; i++) {
            QTcpSocket socket = new QTcpSocket();
            socket.connectToHost(QHostAddress.LOCAL_HOST, server.serverPort(), OpenMode.READ_WRITE);
            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            socket.write(PlainPair.bytes("word"));
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            switch (i % 3) {
                case 0 -> {
                    socket.disconnectFromHost();
                    assertThat(socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
                }
                case 1 -> socket.close();
                default -> socket.abort();
            }
        }
    }

    @Test
    void refusedAndAbortedAttempts_leaveNothingBehind() {
        assumeTrue(Files.isDirectory(DESCRIPTORS), "this system does not show its descriptors");
        int port = server.serverPort();
        server.close();
        attempt(port, 20);
        Holdings before = settled();
        attempt(port, 500);

        assertNothingIsLeft(before);
    }

    private static void attempt(int port, int times) {
        for (int i = 0; i < times; i++) {
            QTcpSocket socket = new QTcpSocket();
            socket.bind(QHostAddress.LOCAL_HOST, 0);
            socket.connectToHost(QHostAddress.LOCAL_HOST, port, OpenMode.READ_WRITE);
            if (i % 2 == 0) {
                socket.waitForConnected(PlainPair.PATIENCE);
            }
            socket.abort();
        }
    }

    @Test
    void loopsThatComeAndGo_leaveNothingBehind() {
        startAndClose(5);
        Holdings before = settled();
        startAndClose(100);

        assertNothingIsLeft(before);
    }

    private static void startAndClose(int times) {
        for (int i = 0; i < times; i++) {
            try (EventLoop passing = EventLoop.start("leak-test-passing");
                    PlainPair pair = PlainPair.on(passing)) {
                pair.send("x");
                pair.socket.waitForReadyRead(PlainPair.PATIENCE);
            }
        }
    }
}
