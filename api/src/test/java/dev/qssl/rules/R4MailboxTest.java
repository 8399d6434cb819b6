package dev.qssl.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.net.Driving;
import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PauseMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.toy.ToyPair;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** R4: everybody but the owner leaves notes; abort and close set the state at once, and the owner frees the engine. */
class R4MailboxTest {

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private ToyPair pair(Driving driving) {
        return driving == Driving.CALLER ? ToyPair.callerDriven() : ToyPair.on(loop);
    }

    /** A client whose owner is held up inside its engine. */
    private static final class HeldUp {
        final CountDownLatch mayReturn = new CountDownLatch(1);
        final CompletableFuture<Boolean> encrypted = new CompletableFuture<>();

        HeldUp(ToyPair pair) {
            CountDownLatch inEngine = new CountDownLatch(1);
            pair.withKeyOfServer(new byte[] {1})
                    .client
                    .preSharedKeyAuthenticationRequired
                    .connect(question -> {
                        question.setIdentity(PlainPair.bytes("me"));
                        question.setPreSharedKey(new byte[] {1});
                        inEngine.countDown();
                        R2LockTest.awaitUninterruptibly(mayReturn);
                    });
            new Thread(
                            () -> {
                                pair.startEncryption();
                                encrypted.complete(pair.client.waitForEncrypted(PlainPair.PATIENCE));
                            },
                            "owner")
                    .start();
            R2LockTest.awaitUninterruptibly(inEngine);
        }

        boolean goOn() throws Exception {
            mayReturn.countDown();
            return encrypted.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource
    void abortFromOutside_holdsAtOnce_andTheOwnerFreesTheEngine(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            Queue<String> told = new ConcurrentLinkedQueue<>();
            pair.client.disconnected.connect(() -> told.add("disconnected"));
            pair.client.encrypted.connect(() -> told.add("encrypted"));
            pair.client.errorOccurred.connect(error -> told.add(error.name()));
            HeldUp heldUp = new HeldUp(pair);

            pair.client.abort();
            assertThat(pair.client.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
            assertThat(pair.client.openMode()).isEqualTo(OpenMode.NOT_OPEN);
            assertThat(pair.backend.closedEngines())
                    .as("not while its owner is inside")
                    .isZero();
            assertThat(heldUp.goOn()).isFalse();
            PlainPair.eventually("the engines are freed", () -> pair.backend.closedEngines() == 2);
            PlainPair.eventually("the end is told", () -> !told.isEmpty());
            assertThat(told).containsExactly("disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void writingFromOutside_isSentByTheOwner(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            HeldUp heldUp = new HeldUp(pair);

            assertThat(pair.client.write(PlainPair.bytes("noted"))).isEqualTo(5);
            assertThat(pair.client.bytesToWrite()).isEqualTo(5);
            assertThat(heldUp.goOn()).isTrue();
            R5InsideEngineTest.read(pair.client, "noted");
        }
    }

    @ParameterizedTest
    @EnumSource
    void disconnectingFromOutside_comesAfterTheHandshake(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            Queue<String> told = new ConcurrentLinkedQueue<>();
            pair.client.disconnected.connect(() -> told.add("disconnected"));
            pair.client.encrypted.connect(() -> told.add("encrypted"));
            HeldUp heldUp = new HeldUp(pair);

            pair.client.disconnectFromHost();
            assertThat(pair.client.state()).as("only remembered (B-149)").isEqualTo(SocketState.CONNECTED_STATE);
            heldUp.goOn();
            pair.client.waitForDisconnected(PlainPair.PATIENCE);
            PlainPair.eventually("the end is told", () -> told.contains("disconnected"));
            assertThat(told).containsExactly("encrypted", "disconnected");
        }
    }

    @ParameterizedTest
    @EnumSource
    void decisionFromOutside_isCarriedToTheEngineByTheOwner(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            pair.client.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS);
            CountDownLatch told = new CountDownLatch(1);
            pair.client.sslErrors.connect(() -> told.countDown());
            CompletableFuture<Boolean> encrypted = startEncryption(pair);
            R2LockTest.awaitUninterruptibly(told);

            pair.client.ignoreSslErrors();
            pair.client.resume(); // maybe before the slot has returned
            assertThat(encrypted.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void decisionWhileTheSlotRuns_isCarriedOutAfterIt(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            pair.client.setPauseMode(PauseMode.PAUSE_ON_SSL_ERRORS);
            CompletableFuture<SocketError> error = new CompletableFuture<>();
            pair.client.errorOccurred.connect(error::complete);
            AtomicBoolean refusedInSlot = new AtomicBoolean();
            pair.client.sslErrors.connect(() -> {
                pair.client.resume(); // without ignoring anything: a refusal, queued (B-110, B-111)
                refusedInSlot.set(error.isDone());
            });
            CompletableFuture<Boolean> encrypted = startEncryption(pair);

            assertThat(encrypted.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(error.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .isEqualTo(SocketError.SSL_HANDSHAKE_FAILED_ERROR);
            assertThat(refusedInSlot).isFalse();
        }
    }

    private static CompletableFuture<Boolean> startEncryption(ToyPair pair) {
        return CompletableFuture.supplyAsync(
                () -> {
                    pair.startEncryption();
                    return pair.client.waitForEncrypted(PlainPair.PATIENCE);
                },
                task -> new Thread(task, "owner").start());
    }

    @ParameterizedTest
    @EnumSource
    void manyAborts_freeTheEngineOnce(Driving driving) throws Exception {
        try (ToyPair pair = pair(driving)) {
            pair.encrypted();
            CompletableFuture<?>[] threads = new CompletableFuture<?>[8];
            for (int i = 0; i < threads.length; i++) {
                threads[i] = CompletableFuture.runAsync(pair.client::abort, task -> new Thread(task).start());
            }
            CompletableFuture.allOf(threads).get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS);

            PlainPair.eventually("both engines are freed", () -> pair.backend.closedEngines() == 2);
            assertThat(pair.client.state()).isEqualTo(SocketState.UNCONNECTED_STATE);
        }
    }
}
