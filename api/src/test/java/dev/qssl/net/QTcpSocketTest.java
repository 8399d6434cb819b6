package dev.qssl.net;

import static dev.qssl.net.PlainPair.bytes;
import static dev.qssl.net.PlainPair.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plain TCP socket: connecting, state, options, bytes, and the end; driven both ways. */
class QTcpSocketTest {

    /** Who drives. */
    enum Driving {
        CALLER,
        LOOP
    }

    private final EventLoop loop = EventLoop.start("socket-test");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private QTcpSocket socket(Driving driving) {
        return driving == Driving.CALLER ? new QTcpSocket() : QTcpSocket.on(loop);
    }

    private PlainPair pair(Driving driving) {
        return PlainPair.of(socket(driving));
    }

    private static int closedPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    /** What a socket tells, in order. */
    private static Queue<String> transcript(QTcpSocket socket) {
        Queue<String> told = new ConcurrentLinkedQueue<>();
        socket.stateChanged.connect(state -> told.add(state.name()));
        socket.hostFound.connect(() -> told.add("hostFound"));
        socket.connected.connect(() -> told.add("connected"));
        socket.disconnected.connect(() -> told.add("disconnected"));
        socket.readChannelFinished.connect(() -> told.add("readChannelFinished"));
        socket.errorOccurred.connect(error -> told.add(error.name()));
        socket.aboutToClose.connect(() -> told.add("aboutToClose"));
        return told;
    }

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
        assertThat(socket.eventLoop()).isEqualTo(driving == Driving.LOOP ? Optional.of(loop) : Optional.empty());
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

    @ParameterizedTest
    @EnumSource
    void boundSocket_knowsItsPortAndConnectsFromIt(Driving driving) throws Exception {
        QTcpSocket socket = socket(driving);
        Queue<String> told = transcript(socket);
        assertThat(socket.bind(QHostAddress.LOCAL_HOST, 0)).isTrue();
        int port = socket.localPort();

        assertThat(port).isPositive();
        assertThat(socket.state()).isEqualTo(SocketState.BOUND_STATE);
        assertThat(socket.localAddress()).isEqualTo(QHostAddress.LOCAL_HOST);
        assertThat(socket.bind(QHostAddress.LOCAL_HOST, 0)).as("it is").isFalse();
        try (PlainPair pair = PlainPair.of(socket)) {
            assertThat(pair.socket.localPort()).isEqualTo(port).isEqualTo(pair.peer.getPort());
        }
        assertThat(told).startsWith("BOUND_STATE", "HOST_LOOKUP_STATE");
    }

    @ParameterizedTest
    @EnumSource
    void boundSocket_isUnboundByAbort(Driving driving) {
        QTcpSocket socket = socket(driving);
        socket.bind(QHostAddress.ANY, 0, BindMode.DONT_SHARE_ADDRESS);
        int port = socket.localPort();
        socket.abort();

        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        assertThat(socket.localPort()).isZero();
        QTcpSocket other = new QTcpSocket();
        assertThat(other.bind(QHostAddress.ANY, port)).as("it is free again").isTrue();
        other.close();
        assertThat(other.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @Test
    void addressThatIsTakenOrNotOurs_cannotBeBound() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = new QTcpSocket();
            assertThat(socket.bind(QHostAddress.LOCAL_HOST, taken.getLocalPort()))
                    .isFalse();
            assertThat(socket.error()).isEqualTo(SocketError.ADDRESS_IN_USE_ERROR);
        }
        QTcpSocket socket = new QTcpSocket();
        assertThat(socket.bind(QHostAddress.of("192.0.2.1"), 0)).isFalse();
        assertThat(socket.error()).isEqualTo(SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR);
        assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
    }

    @ParameterizedTest
    @EnumSource
    void channel_isTakenOverConnected_withoutConnectedBeingTold(Driving driving) throws Exception {
        try (ServerSocketChannel listening =
                ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = transcript(socket);
            SocketChannel peer = SocketChannel.open(listening.getLocalAddress());
            SocketChannel ours = listening.accept();
            assertThat(socket.setSocketChannel(ours, OpenMode.READ_WRITE)).isTrue();

            assertThat(socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            assertThat(socket.peerPort()).isEqualTo(((InetSocketAddress) peer.getLocalAddress()).getPort());
            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            peer.write(ByteBuffer.wrap(bytes("hi")));
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(told).containsExactly("CONNECTED_STATE");
            assertThat(socket.setSocketChannel(ours, OpenMode.READ_WRITE))
                    .as("it has one")
                    .isFalse();
            socket.abort();
            PlainPair.eventually("closed", () -> !ours.isOpen());
            peer.close();
        }
    }

    @Test
    void channelThatIsNotConnected_staysTheCallers() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            assertThat(new QTcpSocket().setSocketChannel(channel, OpenMode.READ_WRITE))
                    .isFalse();
            assertThat(channel.isOpen()).isTrue();
        }
    }

    @Test
    void descriptorThatIsNone_isRefused() {
        QTcpSocket socket = new QTcpSocket();

        assertThat(socket.setSocketDescriptor(-1)).isFalse();
        assertThat(socket.setSocketDescriptor(Long.MAX_VALUE)).isFalse();
        assertThat(socket.setSocketDescriptor(1, SocketState.BOUND_STATE, OpenMode.READ_WRITE))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void options_areThoseOfTheChannel(Driving driving) {
        QTcpSocket unconnected = socket(driving);
        unconnected.setSocketOption(SocketOption.LOW_DELAY_OPTION, true);
        assertThat(unconnected.socketOption(SocketOption.LOW_DELAY_OPTION)).isEmpty();

        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            assertThat(socket.socketOption(SocketOption.LOW_DELAY_OPTION)).contains(true);
            socket.setSocketOption(SocketOption.LOW_DELAY_OPTION, 0);
            assertThat(socket.socketOption(SocketOption.LOW_DELAY_OPTION)).contains(false);
            socket.setSocketOption(SocketOption.KEEP_ALIVE_OPTION, true);
            assertThat(socket.socketOption(SocketOption.KEEP_ALIVE_OPTION)).contains(true);
            socket.setSocketOption(SocketOption.SEND_BUFFER_SIZE_SOCKET_OPTION, 65_536);
            assertThat(socket.socketOption(SocketOption.SEND_BUFFER_SIZE_SOCKET_OPTION))
                    .hasValueSatisfying(
                            value -> assertThat(((Number) value).intValue()).isPositive());
            socket.setSocketOption(SocketOption.RECEIVE_BUFFER_SIZE_SOCKET_OPTION, "many");
            socket.setSocketOption(SocketOption.MULTICAST_TTL_OPTION, 1);
            assertThat(socket.socketOption(SocketOption.MULTICAST_TTL_OPTION)).isEmpty();
            assertThat(socket.socketOption(SocketOption.TYPE_OF_SERVICE_OPTION)).isPresent();
        }
    }

    @Test
    void settings_areKeptAndChecked() {
        QTcpSocket socket = new QTcpSocket();
        socket.setReadBufferSize(1234);
        socket.setCloseTimeout(Duration.ZERO);
        socket.setProtocolTag("http");
        socket.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS);

        assertThat(socket.readBufferSize()).isEqualTo(1234);
        assertThat(socket.closeTimeout()).isZero();
        assertThat(socket.protocolTag()).isEqualTo("http");
        assertThat(socket.pauseMode()).isEqualTo(PauseMode.PAUSE_ON_SSL_ERRORS);
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setReadBufferSize(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> socket.setCloseTimeout(Duration.ofMillis(-1)));
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

    @ParameterizedTest
    @EnumSource
    void disconnecting_sendsWhatIsQueuedFirst(Driving driving) throws Exception {
        byte[] data = new byte[1_000_000];
        Arrays.fill(data, (byte) 7);
        try (PlainPair pair = pair(driving)) {
            Queue<String> told = transcript(pair.socket);
            CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> {
                try {
                    byte[] all = pair.peer.getInputStream().readAllBytes();
                    pair.peer.close();
                    return all;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            pair.socket.write(data);
            pair.socket.disconnectFromHost();

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo(data);
            assertThat(pair.socket.bytesToWrite()).isZero();
            assertThat(pair.socket.isOpen())
                    .as("the device is still open (B-154)")
                    .isTrue();
            assertThat(pair.socket.error()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
            assertThat(told)
                    .containsExactly("CLOSING_STATE", "UNCONNECTED_STATE", "readChannelFinished", "disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void peerThatEnds_isReported_andItsBytesCanStillBeRead(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            CompletableFuture<Integer> portInSlot = new CompletableFuture<>();
            socket.disconnected.connect(() -> portInSlot.complete(socket.peerPort()));
            int port = socket.peerPort();
            pair.send("last words");
            pair.peer.close();
            assertThat(socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();

            assertThat(told)
                    .containsExactly(
                            "REMOTE_HOST_CLOSED_ERROR",
                            "CLOSING_STATE",
                            "UNCONNECTED_STATE",
                            "readChannelFinished",
                            "disconnected");
            assertThat(socket.error()).isEqualTo(SocketError.REMOTE_HOST_CLOSED_ERROR);
            assertThat(portInSlot.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .as("readable in the slot (B-155)")
                    .isEqualTo(port);
            PlainPair.eventually("forgotten after it", () -> socket.peerPort() == 0);
            assertThat(socket.socketDescriptor()).isEqualTo(-1);
            assertThat(text(socket.readAll())).isEqualTo("last words");
            assertThat(socket.read(new byte[1], 1)).as("none will come").isEqualTo(-1);
            assertThat(socket.write(bytes("late"))).as("open still (B-147)").isEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void resetByThePeer_isAnEndToo(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            pair.peer.setOption(StandardSocketOptions.SO_LINGER, 0);
            pair.peer.close();

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.socket.error()).isEqualTo(SocketError.REMOTE_HOST_CLOSED_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void abort_dropsEverythingAtOnce(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            pair.send("unread");
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.write(new byte[10_000_000]);
            socket.abort();

            assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            assertThat(socket.openMode()).isEqualTo(OpenMode.NOT_OPEN);
            assertThat(socket.bytesAvailable()).isZero();
            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(told).containsExactly("UNCONNECTED_STATE", "readChannelFinished", "disconnected");
            assertThat(socket.bytesToWrite()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void close_sendsWhatIsQueued_andForgetsWhatIsUnread(Driving driving) throws Exception {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            pair.send("unread");
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.write(bytes("queued"));
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> {
                try {
                    String all = text(pair.peer.getInputStream().readAllBytes());
                    pair.peer.close();
                    return all;
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            socket.close();
            socket.close();

            assertThat(socket.openMode()).isEqualTo(OpenMode.NOT_OPEN);
            assertThat(socket.bytesAvailable()).isZero();
            if (driving == Driving.CALLER) {
                assertThat(socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            }
            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo("queued");
            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(told)
                    .containsExactly(
                            "aboutToClose",
                            "CLOSING_STATE",
                            "UNCONNECTED_STATE",
                            "readChannelFinished",
                            "disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeWithAPeerThatTakesNothing_givesUpAfterItsTime(Driving driving) {
        try (PlainPair pair = pair(driving)) {
            QTcpSocket socket = pair.socket;
            Queue<String> told = transcript(socket);
            socket.setCloseTimeout(Duration.ofMillis(PlainPair.IMPATIENCE));
            socket.write(new byte[50_000_000]);
            socket.close();

            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(socket.error()).isEqualTo(SocketError.SOCKET_TIMEOUT_ERROR);
            assertThat(socket.errorString()).contains("bytes were dropped");
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectingWhileConnecting_isRemembered(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = transcript(socket);
            socket.connectToHost("127.0.0.1", server.getLocalPort());
            socket.write(bytes("queued"));
            socket.disconnectFromHost();
            CompletableFuture<String> received = CompletableFuture.supplyAsync(() -> {
                try (var peer = server.accept()) {
                    return text(peer.getInputStream().readAllBytes());
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            socket.waitForDisconnected(PlainPair.PATIENCE);

            assertThat(received.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isEqualTo("queued");
            PlainPair.eventually("told", () -> told.contains("disconnected"));
            assertThat(told).containsSubsequence("CONNECTED_STATE", "connected", "CLOSING_STATE", "UNCONNECTED_STATE");
        }
    }

    @Test
    void stage_completesOnTheLoopWhenConnected() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = QTcpSocket.on(loop);
            CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
            CountDownLatch listened = new CountDownLatch(1);
            loop.execute(() -> await(listened)); // nothing completes before somebody listens
            socket.connectToHostAsync("127.0.0.1", server.getLocalPort())
                    .thenRun(() -> onLoop.complete(loop.isLoopThread()));
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
        assertFails(QTcpSocket.on(loop), closedPort(), "CONNECTION_REFUSED_ERROR");

        QTcpSocket aborted = QTcpSocket.on(loop);
        aborted.hostFound.connect(aborted::abort);
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertFails(aborted, server.getLocalPort(), "aborted");
        }
        assertThatThrownBy(() -> QTcpSocket.on(loop)
                        .connectToHostAsync("127.0.0.1", 0)
                        .toCompletableFuture()
                        .get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                .hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stage_isForLoopDrivenSocketsWithAnOpenLoop() {
        assertThatIllegalStateException().isThrownBy(() -> new QTcpSocket().connectToHostAsync("127.0.0.1", 1));

        QTcpSocket socket = QTcpSocket.on(loop);
        loop.close();
        assertFails(socket, 1, "closed");
    }
}
