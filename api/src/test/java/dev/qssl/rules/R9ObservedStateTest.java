package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import dev.qssl.net.SocketState;
import dev.qssl.toy.ToyPair;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** R9: a waiter that is not the driver waits for state that nobody observed yet, not for an emission it may have missed. */
class R9ObservedStateTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void bytesThatCameBeforeTheWait_areReportedOnce() {
        try (PlainPair pair = PlainPair.on(loop)) {
            CountDownLatch told = new CountDownLatch(1);
            pair.socket.readyRead.connect(told::countDown);
            pair.send("early");
            R2LockTest.awaitUninterruptibly(told);

            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.socket.waitForReadyRead(PlainPair.IMPATIENCE))
                    .as("the first wait observed them, though they are unread")
                    .isFalse();
        }
    }

    @Test
    void bytesThatWereCounted_areObserved() {
        try (PlainPair pair = PlainPair.on(loop)) {
            pair.send("early");
            PlainPair.eventually("they are there", () -> pair.socket.bytesAvailable() == 5);
            CountDownLatch quiet = new CountDownLatch(1);
            loop.execute(quiet::countDown);
            R2LockTest.awaitUninterruptibly(quiet);
            pair.socket.bytesAvailable();

            assertThat(pair.socket.waitForReadyRead(PlainPair.IMPATIENCE)).isFalse();
            pair.send("late");
            assertThat(pair.socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
        }
    }

    @Test
    void bytesThatWentOutBeforeTheWait_areReportedOnce() {
        try (PlainPair pair = PlainPair.on(loop)) {
            pair.socket.write(PlainPair.bytes("hello"));
            assertThat(pair.receiveText(5)).isEqualTo("hello");

            assertThat(pair.socket.waitForBytesWritten(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.socket.waitForBytesWritten(PlainPair.PATIENCE))
                    .as("nothing is queued")
                    .isFalse();
        }
    }

    @Test
    void handshakeThatWasDoneBeforeTheWait_isReportedOnce() {
        try (ToyPair pair = ToyPair.on(loop)) {
            CountDownLatch told = new CountDownLatch(1);
            pair.client.encrypted.connect(told::countDown);
            pair.client.ignoreSslErrors();
            pair.startEncryption();
            R2LockTest.awaitUninterruptibly(told);

            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isFalse();
        }
    }

    @Test
    void endThatCameBeforeTheWait_isReportedOnce() throws Exception {
        try (PlainPair pair = PlainPair.on(loop)) {
            CountDownLatch told = new CountDownLatch(1);
            pair.socket.disconnected.connect(told::countDown);
            pair.peer.close();
            R2LockTest.awaitUninterruptibly(told);

            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            assertThat(pair.socket.waitForDisconnected(PlainPair.PATIENCE)).isFalse();
        }
    }

    @Test
    void connectionThatThePeerEndedBeforeTheWait_isReportedOnce() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            QTcpSocket socket = QTcpSocket.on(loop);
            socket.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.READ_WRITE);
            try (Socket peer = server.accept()) {
                peer.getOutputStream().write(PlainPair.bytes("greeting"));
            }
            PlainPair.eventually("the end", () -> socket.state() == SocketState.UNCONNECTED_STATE);

            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isTrue();
            assertThat(socket.readAll()).isEqualTo(PlainPair.bytes("greeting"));
            assertThat(socket.waitForReadyRead(PlainPair.PATIENCE)).isFalse();
            assertThat(socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        }
    }

    @Test
    void connectionThatWasAborted_isNotReported() {
        try (PlainPair pair = PlainPair.on(loop)) {
            pair.socket.abort();
            PlainPair.eventually("the end", () -> pair.socket.state() == SocketState.UNCONNECTED_STATE);

            assertThat(pair.socket.waitForConnected(PlainPair.PATIENCE)).isFalse();
        }
    }
}
