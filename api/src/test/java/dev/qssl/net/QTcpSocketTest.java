package dev.qssl.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain TCP socket, driven both ways: what it is before it is connected, and how it connects. */
class QTcpSocketTest extends DrivenSocketTest {

    @ParameterizedTest
    @EnumSource
    void newSocket_isNothingYet(Driving driving) {
        QTcpSocket socket = socket(driving);

        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        assertThat(socket.error()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
        assertThat(socket.errorString()).isEqualTo("Unknown error");
        assertThat(socket.openMode()).isEqualTo(OpenMode.NOT_OPEN);
        assertThat(List.of(socket.isOpen(), socket.isValid(), socket.canReadLine(), socket.flush()))
                .containsOnly(false);
        assertThat(socket.atEnd()).isTrue();
        assertThat(socket.isSequential()).isTrue();
        assertThat(List.of(socket.bytesAvailable(), socket.bytesToWrite(), socket.readBufferSize()))
                .containsOnly(0L);
        assertThat(List.of(socket.localAddress(), socket.peerAddress())).containsOnly(QHostAddress.NULL);
        assertThat(List.of(socket.localPort(), socket.peerPort())).containsOnly(0);
        assertThat(socket.peerName()).isEmpty();
        assertThat(socket.socketDescriptor()).isEqualTo(-1);
        assertThat(socket.socketType()).isEqualTo(SocketType.TCP_SOCKET);
        assertThat(socket.pauseMode()).isEqualTo(PauseMode.PAUSE_NEVER);
        assertThat(socket.protocolTag()).isEmpty();
        assertThat(socket.closeTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(socket.eventLoop()).isEqualTo(driving == Driving.LOOP ? Optional.of(loop()) : Optional.empty());
        assertThat(socket.toString()).contains("UNCONNECTED_STATE");
    }

    @ParameterizedTest
    @EnumSource
    void newSocket_waitsForNothing_andReadsAndWritesNothing(Driving driving) {
        QTcpSocket socket = socket(driving);

        assertThat(List.of(
                        socket.waitForConnected(),
                        socket.waitForReadyRead(),
                        socket.waitForBytesWritten(),
                        socket.waitForDisconnected()))
                .containsOnly(false);
        assertThat(socket.read(new byte[1], 1)).isEqualTo(-1);
        assertThat(socket.write(new byte[0])).isEqualTo(-1);
        socket.abort();
        socket.disconnectFromHost();
        socket.close();
        socket.resume();
        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @ParameterizedTest
    @EnumSource
    void socketIsOpenedByConnecting_notByOpen(Driving driving) {
        QTcpSocket socket = socket(driving);

        assertThat(socket.open(OpenMode.READ_WRITE)).isFalse();
        assertThat(socket.isOpen()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void connecting_goesThroughItsStates(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = transcript(socket);
            socket.connectToHost("127.0.0.1", server.getLocalPort());
            if (driving == Driving.CALLER) {
                assertThat(socket.state()).isEqualTo(SocketState.HOST_LOOKUP_STATE);
            }
            assertThat(socket.isValid()).isTrue();
            assertThat(socket.isOpen()).isTrue();
            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).as("it is").isTrue();

            assertThat(told)
                    .containsExactly(
                            "HOST_LOOKUP_STATE", "CONNECTING_STATE", "hostFound", "CONNECTED_STATE", "connected");
            assertThat(socket.peerName()).isEqualTo("127.0.0.1");
            assertThat(socket.peerAddress()).isEqualTo(QHostAddress.LOCAL_HOST);
            assertThat(socket.peerPort()).isEqualTo(server.getLocalPort());
            assertThat(socket.localAddress()).isEqualTo(QHostAddress.LOCAL_HOST);
            assertThat(socket.localPort()).isPositive();
            assertThat(socket.socketDescriptor()).isPositive();
            assertThat(socket.openMode()).isEqualTo(OpenMode.READ_WRITE);
            assertThat(socket.readChannelCount()).isEqualTo(1);
            assertThat(socket.toString()).contains("CONNECTED_STATE", "127.0.0.1", "" + server.getLocalPort());
            socket.abort();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nameOfThisHost_isLookedUp(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = socket(driving);
            socket.connectToHost(
                    "localhost", server.getLocalPort(), OpenMode.READ_WRITE, NetworkLayerProtocol.IPV4_PROTOCOL);

            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.peerName()).isEqualTo("localhost");
            socket.abort();
        }
    }

    @ParameterizedTest
    @EnumSource
    void nobodyListening_isRefused_stateFirst(Driving driving) throws Exception {
        QTcpSocket socket = socket(driving);
        Queue<String> told = transcript(socket);
        int port = closedPort();
        socket.connectToHost("127.0.0.1", port);

        assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        assertThat(socket.error()).isEqualTo(SocketError.CONNECTION_REFUSED_ERROR);
        assertThat(socket.errorString()).contains("127.0.0.1:" + port);
        assertThat(told)
                .containsExactly(
                        "HOST_LOOKUP_STATE",
                        "CONNECTING_STATE",
                        "hostFound",
                        "UNCONNECTED_STATE",
                        "CONNECTION_REFUSED_ERROR");
    }

    @ParameterizedTest
    @EnumSource
    void emptyName_isNotFound(Driving driving) {
        QTcpSocket socket = socket(driving);
        Queue<String> told = transcript(socket);
        socket.connectToHost("", 80);

        assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        assertThat(told).containsExactly("HOST_LOOKUP_STATE", "UNCONNECTED_STATE", "HOST_NOT_FOUND_ERROR");
    }

    @ParameterizedTest
    @EnumSource
    void addressOfTheOtherFamily_isNotUsed(Driving driving) {
        QTcpSocket socket = socket(driving);
        socket.connectToHost("127.0.0.1", 80, OpenMode.READ_WRITE, NetworkLayerProtocol.IPV6_PROTOCOL);

        assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        assertThat(socket.error()).isEqualTo(SocketError.HOST_NOT_FOUND_ERROR);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void portThatIsNone_isRefusedBeforeAnythingHappens(int port) {
        QTcpSocket socket = new QTcpSocket();

        assertThatIllegalArgumentException().isThrownBy(() -> socket.connectToHost("127.0.0.1", port));
        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @ParameterizedTest
    @EnumSource
    void connectingTwice_isAnOperationError_andChangesNothing(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            Queue<String> told = transcript(pair.socket);
            pair.socket.connectToHost("127.0.0.1", 1);
            PlainPair.eventually("told", () -> !told.isEmpty());

            assertThat(told).containsExactly("OPERATION_ERROR");
            assertThat(pair.socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            pair.send("alive");
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void timeOutWhileConnecting_leavesItUnconnected(Driving driving) throws Exception {
        // A listener whose queue is full does not answer.
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Filling filling = new Filling((InetSocketAddress) server.getLocalSocketAddress())) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = transcript(socket);
            socket.connectToHost("127.0.0.1", server.getLocalPort());
            if (socket.waitForConnected(PlainPair.IMPATIENCE)) {
                socket.abort();
                return; // this system's queue is longer than it was told
            }

            assertThat(filling).isNotNull();
            assertThat(socket.error()).isEqualTo(SocketError.SOCKET_TIMEOUT_ERROR);
            assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            PlainPair.eventually("told", () -> told.contains("SOCKET_TIMEOUT_ERROR"));
            assertThat(told).doesNotContain("connected", "disconnected");
        }
    }

    /** Connections that nobody accepts. */
    private static final class Filling implements AutoCloseable {
        private final Queue<SocketChannel> channels = new ConcurrentLinkedQueue<>();

        Filling(InetSocketAddress where) throws IOException {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                channels.add(channel);
                channel.configureBlocking(false);
                channel.connect(where);
            }
        }

        @Override
        public void close() throws IOException {
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    @Test
    void stage_completesOnTheLoopWhenConnected() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = QTcpSocket.on(loop());
            CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
            CountDownLatch listened = new CountDownLatch(1);
            loop().execute(() -> await(listened)); // nothing completes before somebody listens
            socket.connectToHostAsync("127.0.0.1", server.getLocalPort())
                    .thenRun(() -> onLoop.complete(loop().isLoopThread()));
            listened.countDown();

            assertThat(onLoop.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
            assertThat(socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            assertFails(socket, server.getLocalPort(), "CONNECTED_STATE");
            socket.abort();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void assertFails(QTcpSocket socket, int port, String text) {
        assertThatThrownBy(() -> socket.connectToHostAsync("127.0.0.1", port)
                        .toCompletableFuture()
                        .get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(text);
    }

    @Test
    void stage_failsWithTheError() throws Exception {
        assertFails(QTcpSocket.on(loop()), closedPort(), "CONNECTION_REFUSED_ERROR");

        QTcpSocket aborted = QTcpSocket.on(loop());
        aborted.hostFound.connect(aborted::abort);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertFails(aborted, server.getLocalPort(), "aborted");
        }
        assertThatThrownBy(() -> QTcpSocket.on(loop())
                        .connectToHostAsync("127.0.0.1", 0)
                        .toCompletableFuture()
                        .get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stage_isForLoopDrivenSocketsWithAnOpenLoop() {
        assertThatIllegalStateException().isThrownBy(() -> new QTcpSocket().connectToHostAsync("127.0.0.1", 1));

        QTcpSocket socket = QTcpSocket.on(loop());
        loop().close();
        assertFails(socket, 1, "closed");
    }
}
