package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R1: one connection object per attempt; what comes from one that is no longer the socket's is dropped. */
class R1StaleEventsTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private QTcpSocket socket(Driving driving) {
        return driving == Driving.CALLER ? new QTcpSocket() : QTcpSocket.on(loop);
    }

    /** A server that sends one byte without end to everybody. */
    private static final class Shouter implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Queue<Socket> accepted = new ConcurrentLinkedQueue<>();
        private final byte[] shout = new byte[4096];

        Shouter(byte what) throws IOException {
            Arrays.fill(shout, what);
            start(this::acceptAll);
        }

        int port() {
            return listening.getLocalPort();
        }

        private static void start(Runnable task) {
            Thread thread = new Thread(task, "shouter");
            thread.setDaemon(true);
            thread.start();
        }

        private void acceptAll() {
            try {
                while (true) {
                    Socket next = listening.accept();
                    accepted.add(next);
                    start(() -> shoutAt(next));
                }
            } catch (IOException closed) {
                // The test is over.
            }
        }

        private void shoutAt(Socket who) {
            try (OutputStream out = who.getOutputStream()) {
                while (true) {
                    out.write(shout);
                }
            } catch (IOException gone) {
                // It does not listen any more.
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
            for (Socket each : accepted) {
                each.close();
            }
        }
    }

    @Test
    void bytesOfTheAttemptBefore_neverReachTheNextOne() throws Exception {
        try (Shouter first = new Shouter((byte) 'A');
                Shouter second = new Shouter((byte) 'B')) {
            QTcpSocket socket = QTcpSocket.on(loop);
            Queue<String> wrong = new ConcurrentLinkedQueue<>();
            CountDownLatch rounds = new CountDownLatch(100);
            int[] expected = {'A'};
            socket.readyRead.connect(() -> {
                for (byte got : socket.readAll()) {
                    if (got != expected[0]) {
                        wrong.add("got " + (char) got + " instead of " + (char) expected[0]);
                    }
                }
                rounds.countDown();
                expected[0] = expected[0] == 'A' ? 'B' : 'A';
                socket.abort();
                int port = expected[0] == 'A' ? first.port() : second.port();
                socket.connectToHost(QHostAddress.LOCAL_HOST, port, OpenMode.READ_WRITE);
            });
            socket.connectToHost(QHostAddress.LOCAL_HOST, first.port(), OpenMode.READ_WRITE);

            assertThat(rounds.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
            socket.readyRead.disconnect();
            socket.abort();
            assertThat(wrong).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void abortInASlot_isTheLastThatIsToldButTheEnd(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = new ConcurrentLinkedQueue<>();
            socket.stateChanged.connect(state -> told.add(state.name()));
            socket.hostFound.connect(() -> told.add("hostFound"));
            socket.connected.connect(() -> told.add("connected"));
            socket.disconnected.connect(() -> told.add("disconnected"));
            socket.errorOccurred.connect(error -> told.add(error.name()));
            socket.stateChanged.connect(state -> {
                if (state == SocketState.CONNECTED_STATE) {
                    socket.abort();
                }
            });
            socket.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.READ_WRITE);

            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
            PlainPair.eventually("the end", () -> told.contains("disconnected"));
            assertThat(told)
                    .containsExactly(
                            "HOST_LOOKUP_STATE",
                            "CONNECTING_STATE",
                            "hostFound",
                            "CONNECTED_STATE",
                            "UNCONNECTED_STATE",
                            "disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void abortWhileConnecting_tellsTheStateAndNothingElse(Driving driving) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = socket(driving);
            Queue<String> told = new ConcurrentLinkedQueue<>();
            socket.stateChanged.connect(state -> {
                told.add(state.name());
                if (state == SocketState.CONNECTING_STATE) {
                    socket.abort();
                }
            });
            socket.hostFound.connect(() -> told.add("hostFound"));
            socket.disconnected.connect(() -> told.add("disconnected"));
            socket.readChannelFinished.connect(() -> told.add("readChannelFinished"));
            socket.errorOccurred.connect(error -> told.add(error.name()));
            socket.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.READ_WRITE);

            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
            PlainPair.eventually("the end", () -> told.contains("UNCONNECTED_STATE"));
            assertThat(told).containsExactly("HOST_LOOKUP_STATE", "CONNECTING_STATE", "UNCONNECTED_STATE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void errorOfTheAttemptBefore_isForgotten(Driving driving) throws Exception {
        QTcpSocket socket = socket(driving);
        socket.connectToHost(QHostAddress.LOCAL_HOST, refusedPort(), OpenMode.READ_WRITE);
        assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        assertThat(socket.error()).isEqualTo(SocketError.CONNECTION_REFUSED_ERROR);

        try (PlainPair pair = PlainPair.of(socket)) {
            assertThat(pair.socket.error()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
            assertThat(pair.socket.errorString()).isEqualTo("Unknown error");
        }
    }

    @ParameterizedTest
    @EnumSource
    void socketReusedInItsOwnLastSlot_belongsToTheNewAttempt(Driving driving) throws Exception {
        try (PlainPair pair = driving == Driving.CALLER ? PlainPair.callerDriven() : PlainPair.on(loop);
                ServerSocket second = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = pair.socket;
            Signals told = new Signals();
            socket.disconnected.connect(() -> {
                if (told.count("disconnected") == 0) {
                    socket.connectToHost(QHostAddress.LOCAL_HOST, second.getLocalPort(), OpenMode.READ_WRITE);
                    told.add("disconnected"); // now there is a second attempt to wait for
                }
            });
            pair.peer.close();
            if (driving == Driving.CALLER) {
                assertThat(socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            }
            PlainPair.eventually("the second attempt", () -> told.count("disconnected") == 1);

            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            assertThat(socket.peerPort()).as("of the new peer, not forgotten").isEqualTo(second.getLocalPort());
            assertThat(socket.error()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatWereNotReadOrSent_areNotTheNextAttempts(Driving driving) throws Exception {
        QTcpSocket socket = socket(driving);
        try (PlainPair first = PlainPair.of(socket)) {
            first.send("old");
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.peek(1)).containsExactly('o');
            socket.startTransaction();
            socket.write(PlainPair.bytes("unsent"));
            socket.abort();
        }
        try (PlainPair second = PlainPair.of(socket)) {
            assertThat(List.of(socket.bytesAvailable(), socket.bytesToWrite())).containsExactly(0L, 0L);
            assertThat(socket.isTransactionStarted()).isFalse();
            second.send("new");
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.readAll()).isEqualTo(PlainPair.bytes("new"));
        }
    }

    private static int refusedPort() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return closed.getLocalPort();
        }
    }

    /** What was told, in order. */
    private static final class Signals {
        private final Queue<String> names = new ConcurrentLinkedQueue<>();

        void add(String name) {
            names.add(name);
        }

        long count(String name) {
            return names.stream().filter(name::equals).count();
        }
    }
}
