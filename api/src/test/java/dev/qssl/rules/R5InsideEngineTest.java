package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslPreSharedKeyAuthenticator;
import dev.qssl.QSslSocket;
import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.PlainPair;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.toy.ToyPair;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R5: from a slot inside an engine call, calls on the same socket are noted and carried out after it. */
class R5InsideEngineTest {

    private static final byte[] KEY = {1, 2, 3, 4};

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private ToyPair pair(Driving driving) {
        return driving == Driving.CALLER ? ToyPair.callerDriven() : ToyPair.on(loop);
    }

    private static void whenKeyIsWanted(ToyPair pair, Consumer<QSslSocket> slot) {
        pair.withKeyOfServer(KEY)
                .client
                .preSharedKeyAuthenticationRequired
                .connect((QSslPreSharedKeyAuthenticator question) -> {
                    question.setIdentity(PlainPair.bytes("me"));
                    question.setPreSharedKey(KEY);
                    slot.accept(pair.client);
                });
    }

    @ParameterizedTest
    @EnumSource
    void waiting_returnsFalseAtOnce(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            CompletableFuture<List<Boolean>> waits = new CompletableFuture<>();
            whenKeyIsWanted(
                    pair,
                    socket -> waits.complete(List.of(
                            socket.waitForReadyRead(-1), socket.waitForEncrypted(-1), socket.waitForDisconnected(-1))));
            pair.startEncryption();

            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isTrue();
            assertThat(waits.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).containsOnly(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    void writing_isSentAfterTheHandshake(Driving driving) {
        try (ToyPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            pair.client.encrypted.connect(() -> order.add("encrypted"));
            pair.client.bytesWritten.connect(count -> order.add("written " + count));
            whenKeyIsWanted(pair, socket -> {
                order.add("asked");
                socket.write(PlainPair.bytes("secret"));
                socket.flush();
                order.add("answered with " + socket.bytesToWrite() + " waiting");
            });
            pair.startEncryption();

            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isTrue();
            read(pair.client, "secret");
            assertThat(order).containsExactly("asked", "answered with 6 waiting", "encrypted", "written 6");
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnecting_comesAfterTheHandshake(Driving driving) {
        try (ToyPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            pair.client.encrypted.connect(() -> order.add("encrypted"));
            pair.client.disconnected.connect(() -> order.add("disconnected"));
            whenKeyIsWanted(pair, socket -> {
                socket.write(PlainPair.bytes("last words"));
                socket.disconnectFromHost();
                order.add("in " + socket.state());
            });
            Queue<String> heard = new ConcurrentLinkedQueue<>();
            CountDownLatch serverDone = new CountDownLatch(1);
            pair.server.readyRead.disconnect();
            pair.server.readyRead.connect(() -> heard.add(PlainPair.text(pair.server.readAll())));
            pair.server.disconnected.connect(serverDone::countDown);
            pair.startEncryption();

            assertThat(pair.client.waitForDisconnected(PlainPair.PATIENCE)).isTrue();
            PlainPair.eventually("the server's end", () -> serverDone.getCount() == 0);
            assertThat(order).containsExactly("in " + SocketState.CONNECTED_STATE, "encrypted", "disconnected");
            assertThat(String.join("", heard)).isEqualTo("last words");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aborting_endsTheConnectionOnceTheEngineReturned(Driving driving) {
        try (ToyPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            pair.client.disconnected.connect(() -> order.add("disconnected"));
            pair.client.encrypted.connect(() -> order.add("encrypted"));
            whenKeyIsWanted(pair, socket -> {
                int freed = pair.backend.closedEngines();
                socket.abort();
                order.add(socket.state() + ", " + (pair.backend.closedEngines() - freed) + " engines freed");
            });
            pair.startEncryption();
            pair.client.waitForDisconnected(PlainPair.PATIENCE);

            PlainPair.eventually("the end", () -> order.contains("disconnected"));
            assertThat(order).containsExactly(SocketState.UNCONNECTED_STATE + ", 0 engines freed", "disconnected");
            PlainPair.eventually("both engines freed", () -> pair.backend.closedEngines() == 2);
            assertThat(pair.client.error()).isEqualTo(SocketError.UNKNOWN_SOCKET_ERROR);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closing_endsTheConnectionOnceTheEngineReturned(Driving driving) {
        try (ToyPair pair = pair(driving)) {
            Queue<String> order = new ConcurrentLinkedQueue<>();
            pair.client.disconnected.connect(() -> order.add("disconnected"));
            whenKeyIsWanted(pair, socket -> {
                socket.close();
                order.add("open for " + socket.openMode());
            });
            pair.startEncryption();
            pair.client.waitForDisconnected(PlainPair.PATIENCE);

            PlainPair.eventually("the end", () -> order.contains("disconnected"));
            assertThat(order).containsExactly("open for NOT_OPEN", "disconnected");
            PlainPair.eventually("both engines freed", () -> pair.backend.closedEngines() == 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void slotThatThrows_leavesTheHandshakeToRefuse(Driving driving) {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
        Thread.setDefaultUncaughtExceptionHandler((thread, problem) -> uncaught.add(problem));
        try (ToyPair pair = pair(driving)) {
            RuntimeException bug = new IllegalStateException("a bug of the application");
            pair.withKeyOfServer(KEY).client.preSharedKeyAuthenticationRequired.connect(question -> {
                throw bug;
            });
            pair.startEncryption();

            assertThat(pair.client.waitForEncrypted(PlainPair.PATIENCE)).isFalse();
            assertThat(pair.client.error()).isEqualTo(SocketError.SSL_HANDSHAKE_FAILED_ERROR);
            assertThat(uncaught).contains(bug);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptSlot_mayOnlyContinueOrNot_andWaitsForNothing(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            var configuration = pair.client.sslConfiguration();
            configuration.setHandshakeMustInterruptOnError(true);
            pair.client.setSslConfiguration(configuration);
            CompletableFuture<Boolean> waited = new CompletableFuture<>();
            pair.client.handshakeInterruptedOnError.connect(() -> {
                waited.complete(pair.client.waitForEncrypted(-1));
                pair.client.continueInterruptedHandshake();
            });
            pair.encrypted();

            assertThat(waited.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(pair.client.isEncrypted()).isTrue();
        }
    }

    static void read(QSslSocket socket, String expected) {
        StringBuilder got = new StringBuilder();
        while (got.length() < expected.length()) {
            got.append(PlainPair.text(socket.readAll()));
            if (got.length() < expected.length() && !socket.waitForReadyRead(PlainPair.PATIENCE)) {
                break;
            }
        }
        assertThat(got).hasToString(expected);
    }
}
