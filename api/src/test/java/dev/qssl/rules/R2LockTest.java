package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslSocket;
import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QTcpSocket;
import dev.qssl.net.SocketOption;
import dev.qssl.net.SocketState;
import dev.qssl.toy.ToyPair;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R2: the lock guards fields only; it is never held across engine, channel, select or slots. */
class R2LockTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    /** Runs a task on a thread of its own, which must not be held up. */
    private static void unhindered(Runnable task) throws Exception {
        CompletableFuture.runAsync(task, run -> new Thread(run, "outsider").start())
                .get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
    }

    private static void askEverything(QTcpSocket socket) {
        socket.state();
        socket.error();
        socket.errorString();
        socket.openMode();
        socket.bytesAvailable();
        socket.bytesToWrite();
        socket.canReadLine();
        socket.peerAddress();
        socket.peerName();
        socket.localPort();
        socket.socketDescriptor();
        socket.socketOption(SocketOption.LOW_DELAY_OPTION);
        socket.setReadBufferSize(100_000);
        socket.setReadBufferSize(0);
        socket.write(PlainPair.bytes("from outside"));
        socket.flush();
        socket.waitForReadyRead(0);
        socket.waitForBytesWritten(0);
        socket.disconnectFromHost();
    }

    @ParameterizedTest
    @EnumSource
    void slotThatBlocks_keepsNobodyElseFromTheSocket(Driving driving) throws Exception {
        try (PlainPair pair = driving == Driving.CALLER ? PlainPair.callerDriven() : PlainPair.on(loop)) {
            CountDownLatch inSlot = new CountDownLatch(1);
            CountDownLatch mayReturn = new CountDownLatch(1);
            pair.socket.readyRead.connect(() -> {
                inSlot.countDown();
                awaitUninterruptibly(mayReturn);
            });
            Thread driver = new Thread(() -> pair.socket.waitForReadyRead(PlainPair.PATIENCE), "driver");
            driver.start();
            pair.send("x");
            awaitUninterruptibly(inSlot);

            unhindered(() -> askEverything(pair.socket));
            unhindered(pair.socket::abort);
            assertThat(pair.socket.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            mayReturn.countDown();
            driver.join();
        }
    }

    @ParameterizedTest
    @EnumSource
    void engineThatIsBusy_keepsNobodyElseFromTheSocket(Driving driving) throws Exception {
        try (ToyPair pair = driving == Driving.CALLER ? ToyPair.callerDriven() : ToyPair.on(loop)) {
            CountDownLatch inEngine = new CountDownLatch(1);
            CountDownLatch mayReturn = new CountDownLatch(1);
            pair.withKeyOfServer(new byte[] {1})
                    .client
                    .preSharedKeyAuthenticationRequired
                    .connect(() -> {
                        inEngine.countDown();
                        awaitUninterruptibly(mayReturn);
                    });
            Thread driver = new Thread(
                    () -> {
                        pair.startEncryption();
                        pair.client.waitForEncrypted(PlainPair.PATIENCE);
                    },
                    "driver");
            driver.start();
            awaitUninterruptibly(inEngine);

            unhindered(() -> askEverything(pair.client));
            unhindered(() -> askAboutTls(pair.client));
            unhindered(pair.client::abort);
            assertThat(pair.client.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            mayReturn.countDown();
            driver.join();
        }
    }

    private static void askAboutTls(QSslSocket socket) {
        socket.isEncrypted();
        socket.mode();
        socket.sessionCipher();
        socket.sessionProtocol();
        socket.peerCertificateChain();
        socket.sslConfiguration();
        socket.sslHandshakeErrors();
        socket.encryptedBytesToWrite();
        socket.encryptedBytesAvailable();
        socket.ignoreSslErrors();
        socket.resume();
        socket.waitForEncrypted(0);
    }

    static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            if (!latch.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("it never came");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
