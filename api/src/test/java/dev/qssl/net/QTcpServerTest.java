package dev.qssl.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listening and accepting, driven both ways. */
class QTcpServerTest {

    private final EventLoop loop = EventLoop.start("server-test");
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeEverything() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        loop.close();
    }

    private QTcpServer server(Driving driving) {
        QTcpServer server = driving == Driving.CALLER ? new QTcpServer() : QTcpServer.on(loop);
        open.add(server);
        return server;
    }

    private QTcpServer listening(Driving driving) {
        QTcpServer server = server(driving);
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        return server;
    }

    private Socket connect(QTcpServer server) throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), server.serverPort());
        client.setSoTimeout(PlainPair.PATIENCE);
        open.add(client);
        return client;
    }

    @ParameterizedTest
    @EnumSource
    void newServer_listensNowhere(Driving driving) {
        QTcpServer server = server(driving);

        assertThat(server.isListening()).isFalse();
        assertThat(server.serverPort()).isZero();
        assertThat(server.serverAddress()).isEqualTo(QHostAddress.NULL);
        assertThat(server.maxPendingConnections()).isEqualTo(30);
        assertThat(server.listenBacklogSize()).isEqualTo(50);
        assertThat(server.hasPendingConnections()).isFalse();
        assertThat(server.nextPendingConnection()).isEmpty();
        assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isFalse();
        assertThat(server.serverError()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
        assertThat(server.errorString()).isEqualTo("Unknown error");
        assertThat(server.eventLoop()).isEqualTo(driving == Driving.LOOP ? Optional.of(loop) : Optional.empty());
        server.pauseAccepting();
        server.resumeAccepting();
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void listening_hasAnAddressAndAPort_untilItIsClosed(Driving driving) {
        QTcpServer server = listening(driving);
        int port = server.serverPort();

        assertThat(server.isListening()).isTrue();
        assertThat(port).isPositive();
        assertThat(server.serverAddress()).isEqualTo(QHostAddress.LOCAL_HOST);
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).as("it does").isFalse();
        assertThat(server.serverPort()).isEqualTo(port);
        server.close();
        server.close();
        assertThat(server.isListening()).isFalse();
        assertThat(server.serverPort()).isZero();
        PlainPair.eventually("the port is free", () -> server.listen(QHostAddress.LOCAL_HOST, port));
        assertThat(server.serverPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnAddress_itListensEverywhere(Driving driving) throws Exception {
        QTcpServer server = server(driving);
        assertThat(server.listen()).isTrue();

        assertThat(server.serverAddress()).isEqualTo(QHostAddress.ANY);
        connect(server);
        assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void addressInUse_isSaid(Driving driving) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            QTcpServer server = server(driving);

            assertThat(server.listen(QHostAddress.LOCAL_HOST, taken.getLocalPort()))
                    .isFalse();
            assertThat(server.serverError()).isEqualTo(SocketError.ADDRESS_IN_USE_ERROR);
            assertThat(server.errorString()).contains(String.valueOf(taken.getLocalPort()));
            assertThat(server.isListening()).isFalse();
            assertThat(server.serverPort()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void addressOfAnotherHost_isSaid(Driving driving) {
        QTcpServer server = server(driving);

        assertThat(server.listen(QHostAddress.of("192.0.2.1"), 0)).isFalse();
        assertThat(server.serverError()).isEqualTo(SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR);
    }

    @Test
    void settings_areChecked() {
        QTcpServer server = server(Driving.CALLER);
        server.setMaxPendingConnections(7);
        server.setListenBacklogSize(8);

        assertThat(server.maxPendingConnections()).isEqualTo(7);
        assertThat(server.listenBacklogSize()).isEqualTo(8);
        assertThatIllegalArgumentException().isThrownBy(() -> server.setMaxPendingConnections(0));
        assertThatIllegalArgumentException().isThrownBy(() -> server.setListenBacklogSize(0));
        assertThatIllegalArgumentException().isThrownBy(() -> server.listen(QHostAddress.LOCAL_HOST, 65_536));
        try (EventLoopGroup group = new EventLoopGroup(1)) {
            assertThatIllegalStateException().isThrownBy(() -> server.setEventLoops(group));
        }
    }

    @ParameterizedTest
    @EnumSource
    void connections_areHandedOutInOrder_ready(Driving driving) throws Exception {
        QTcpServer server = listening(driving);
        for (int i = 0; i < 3; i++) {
            Socket client = connect(server);
            assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();
            assertThat(server.hasPendingConnections()).isTrue();
            QTcpSocket socket = server.nextPendingConnection().orElseThrow();

            assertThat(socket.state()).isEqualTo(SocketState.CONNECTED_STATE);
            assertThat(socket.peerPort()).isEqualTo(client.getLocalPort());
            assertThat(socket.eventLoop()).isEqualTo(server.eventLoop());
            client.getOutputStream().write('x');
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            socket.write(socket.readAll());
            socket.flush();
            assertThat(client.getInputStream().read()).isEqualTo('x');
            socket.abort();
        }
        assertThat(server.hasPendingConnections()).isFalse();
        assertThat(server.nextPendingConnection()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyConnection_isSignalledOnce(Driving driving) throws Exception {
        QTcpServer server = listening(driving);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        server.newConnection.connect(() -> told.add("newConnection"));
        server.pendingConnectionAvailable.connect(() -> told.add("pending " + server.hasPendingConnections()));
        connect(server);
        assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();
        PlainPair.eventually("told", () -> told.size() == 2);

        assertThat(told).containsExactly("pending true", "newConnection");
    }

    @ParameterizedTest
    @EnumSource
    void waiting_endsAtItsTimeLimit_orAtAnInterrupt(Driving driving) {
        QTcpServer server = listening(driving);

        assertThat(server.waitForNewConnection(0)).isFalse();
        assertThat(server.waitForNewConnection(PlainPair.IMPATIENCE)).isFalse();
        Thread.currentThread().interrupt();
        assertThat(server.waitForNewConnection(-1)).isFalse();
        assertThat(Thread.interrupted()).as("the flag stays").isTrue();
        assertThat(server.isListening()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void closing_releasesEveryWaiter(Driving driving) throws Exception {
        QTcpServer server = listening(driving);
        List<CompletableFuture<Boolean>> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Boolean> came = new CompletableFuture<>();
            Thread thread = new Thread(() -> came.complete(server.waitForNewConnection(-1)), "waiter");
            thread.setDaemon(true);
            thread.start();
            waiters.add(came);
            PlainPair.eventually("it waits", () -> isWaiting(thread));
        }
        server.close();

        for (CompletableFuture<Boolean> came : waiters) {
            assertThat(came.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING
                || List.of(thread.getStackTrace()).stream()
                        .anyMatch(frame -> frame.getMethodName().equals("select"));
    }

    @ParameterizedTest
    @EnumSource
    void pausedServer_acceptsNothing_andGoesOnLater(Driving driving) throws Exception {
        QTcpServer server = listening(driving);
        server.pauseAccepting();
        connect(server);
        assertThat(server.waitForNewConnection(PlainPair.IMPATIENCE)).isFalse();

        CompletableFuture<Boolean> came =
                CompletableFuture.supplyAsync(() -> server.waitForNewConnection(PlainPair.PATIENCE));
        server.resumeAccepting();
        assertThat(came.get(2L * PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(server.nextPendingConnection()).isPresent();
    }

    @Test
    void fullServer_stopsAccepting_untilOneIsTaken() throws Exception {
        QTcpServer server = server(Driving.LOOP);
        server.setMaxPendingConnections(2);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        server.newConnection.connect(() -> told.add("new"));
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        for (int i = 0; i < 4; i++) {
            connect(server);
        }
        PlainPair.eventually("two", () -> told.size() == 2);
        CountDownLatch settled = new CountDownLatch(1);
        loop.execute(() -> loop.execute(settled::countDown));
        assertThat(settled.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        assertThat(told).hasSize(2);

        server.nextPendingConnection().orElseThrow().abort();
        PlainPair.eventually("a third", () -> told.size() == 3);
        server.setMaxPendingConnections(10);
        PlainPair.eventually("the fourth", () -> told.size() == 4);
        assertThat(server.nextPendingConnection()).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void closing_abortsTheSocketsThatNobodyTook(Driving driving) throws Exception {
        QTcpServer server = listening(driving);
        Socket taken = connect(server);
        assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();
        QTcpSocket mine = server.nextPendingConnection().orElseThrow();
        Socket left = connect(server);
        assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();
        server.close();

        assertThat(server.hasPendingConnections()).isFalse();
        assertThat(isOver(left)).isTrue();
        mine.write(PlainPair.bytes("!"));
        mine.flush();
        assertThat(taken.getInputStream().read()).isEqualTo('!');
        mine.abort();
    }

    private static boolean isOver(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void closingInTheSlotOfANewConnection_leavesNothingBehind() throws Exception {
        QTcpServer server = server(Driving.LOOP);
        server.pendingConnectionAvailable.connect(server::close);
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        Socket client = connect(server);

        assertThat(isOver(client)).isTrue();
        assertThat(server.hasPendingConnections()).isFalse();
    }

    @Test
    void connectionAcceptedWhileTheServerIsClosed_isNotForgotten() throws Exception {
        CountDownLatch accepting = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        QTcpServer server = new QTcpServer(loop) {
            @Override
            protected void incomingConnection(long socketDescriptor) {
                accepting.countDown();
                try {
                    closed.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                super.incomingConnection(socketDescriptor);
            }
        };
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        Socket client = connect(server);
        assertThat(accepting.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        server.close();
        closed.countDown();

        assertThat(isOver(client)).as("it is closed, as nobody will take it").isTrue();
        PlainPair.eventually("none pends", () -> !server.hasPendingConnections());
    }

    @Test
    void group_drivesTheConnectionsInTurn() throws Exception {
        try (EventLoopGroup group = new EventLoopGroup(2)) {
            QTcpServer server = server(Driving.LOOP);
            server.setEventLoops(group);
            assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
            Queue<EventLoop> drivers = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < 4; i++) {
                connect(server);
                assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();
                drivers.add(
                        server.nextPendingConnection().orElseThrow().eventLoop().orElseThrow());
            }
            EventLoop one = group.loops().get(0);
            EventLoop two = group.loops().get(1);
            assertThat(drivers).containsExactly(one, two, one, two);
        }
    }

    @Test
    void waitingOnTheServersOwnLoop_isRefused() throws Exception {
        QTcpServer server = listening(Driving.LOOP);
        CompletableFuture<Boolean> came = new CompletableFuture<>();
        loop.execute(() -> came.complete(server.waitForNewConnection(-1)));

        assertThat(came.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
    }

    /** A server that has its connections taken by somebody else. */
    private static final class OwnServer extends QTcpServer {
        private final Queue<QTcpSocket> own = new ConcurrentLinkedQueue<>();

        OwnServer() {}

        OwnServer(EventLoop loop) {
            super(loop);
        }

        @Override
        protected void incomingConnection(long socketDescriptor) {
            QTcpSocket socket = nextEventLoop().map(QTcpSocket::on).orElseGet(QTcpSocket::new);
            assertThat(socket.setSocketDescriptor(socketDescriptor)).isTrue();
            assertThat(new QTcpSocket().setSocketDescriptor(socketDescriptor))
                    .as("once")
                    .isFalse();
            own.add(socket);
            if (own.size() == 2) {
                addPendingConnection(socket);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void override_makesItsOwnSockets_andTheQueueIsItsJob(Driving driving) throws Exception {
        OwnServer server = driving == Driving.CALLER ? new OwnServer() : new OwnServer(loop);
        open.add(server);
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        connect(server);
        connect(server);
        assertThat(server.waitForNewConnection(PlainPair.PATIENCE)).isTrue();

        assertThat(server.nextPendingConnection())
                .containsSame(List.copyOf(server.own).get(1));
        assertThat(server.nextPendingConnection()).isEmpty();
        server.own.forEach(QTcpSocket::abort);
    }

    /** A server with a bug. */
    private static final class BrokenServer extends QTcpServer {
        BrokenServer(EventLoop loop) {
            super(loop);
        }

        @Override
        protected void incomingConnection(long socketDescriptor) {
            throw new IllegalStateException("a bug of the application");
        }
    }

    @Test
    void overrideThatThrows_closesTheConnection_andTheServerGoesOn() throws Exception {
        Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        loop.execute(
                () -> Thread.currentThread().setUncaughtExceptionHandler((thread, problem) -> uncaught.add(problem)));
        QTcpServer server = new BrokenServer(loop);
        open.add(server);
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
        for (int i = 0; i < 3; i++) {
            assertThat(isOver(connect(server))).isTrue();
        }

        PlainPair.eventually("all three are reported", () -> uncaught.size() == 3);
        assertThat(server.isListening()).isTrue();
    }
}
