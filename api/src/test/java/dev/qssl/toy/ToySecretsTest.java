package dev.qssl.toy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.qssl.KeyLog;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.PlainPair;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keying material and key logs, as a socket hands them out: on which thread, and when not at all. */
class ToySecretsTest {

    private static final String LABEL = "EXPORTER-toy";
    private static final int THREADS = 4;

    private final EventLoop loop = EventLoop.start("client");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    private ToyPair pair(boolean onLoop) {
        return onLoop ? ToyPair.on(loop) : ToyPair.callerDriven();
    }

    private static CompletableFuture<byte[]> exportElsewhere(QSslSocket socket) {
        CompletableFuture<byte[]> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        result.complete(socket.exportKeyingMaterial(LABEL, 32));
                    } catch (RuntimeException e) {
                        result.completeExceptionally(e);
                    }
                },
                "elsewhere");
        thread.setDaemon(true);
        thread.start();
        return result;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void manyThreadsThatExport_neverMeetOthersInTheEngine(boolean onLoop) throws Exception {
        // ToyPair.close fails if the engine was entered twice.
        try (ToyPair pair = pair(onLoop)) {
            pair.encrypted();
            byte[] expected = pair.client.exportKeyingMaterial(LABEL, 32);
            pair.client.readyRead.connect(pair.client::readAll);
            List<CompletableFuture<Boolean>> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                threads.add(CompletableFuture.supplyAsync(
                        () -> {
                            for (int n = 0; n < 200; n++) {
                                pair.client.write(new byte[500]);
                                pair.client.waitForBytesWritten(1);
                                assertThat(pair.client.exportKeyingMaterial(LABEL, 32))
                                        .isEqualTo(expected);
                            }
                            return true;
                        },
                        task -> new Thread(task, "exporter").start()));
            }
            for (CompletableFuture<Boolean> thread : threads) {
                assertThat(thread.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                        .isTrue();
            }
        }
    }

    @Test
    void whileAnotherThreadWaits_theOwnerAnswersAndGoesOnWaiting() throws Exception {
        try (ToyPair pair = ToyPair.callerDriven()) {
            pair.encrypted();
            CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(
                    () -> pair.client.waitForReadyRead(PlainPair.PATIENCE), task -> new Thread(task, "waiter").start());

            assertThat(exportElsewhere(pair.client).get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .isEqualTo(pair.server.exportKeyingMaterial(LABEL, 32));
            pair.server.write(new byte[1]);

            assertThat(waiter.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        }
    }

    @Test
    void onALoop_theLoopDerivesAfterTheSlotThatIsRunning() throws Exception {
        try (ToyPair pair = ToyPair.on(loop)) {
            pair.encrypted();
            CountDownLatch busy = new CountDownLatch(1);
            loop.execute(() -> awaitQuietly(busy));
            CompletableFuture<byte[]> elsewhere = exportElsewhere(pair.client);
            assertThat(elsewhere).isNotDone();
            busy.countDown();

            assertThat(elsewhere.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).hasSize(32);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(PlainPair.PATIENCE, TimeUnit.MILLISECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void closedLoop_releasesWhoeverWaitsForTheMaterial() throws Exception {
        EventLoop other = EventLoop.start("closing");
        try (ToyPair pair = ToyPair.on(other)) {
            pair.encrypted();
            CountDownLatch busy = new CountDownLatch(1);
            other.execute(() -> awaitQuietly(busy));
            CompletableFuture<byte[]> elsewhere = exportElsewhere(pair.client);
            pair.client.abort();
            busy.countDown();
            other.close();

            // It came before the end, or after it: in no case does the thread hang.
            CompletableFuture<Object> outcome = elsewhere.handle((bytes, failure) -> bytes == null ? failure : bytes);
            assertThat(outcome.get(PlainPair.PATIENCE, TimeUnit.MILLISECONDS))
                    .isInstanceOfAny(byte[].class, IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void insideTheEngine_thereIsNoMaterial(boolean onLoop) {
        try (ToyPair pair = pair(onLoop).withKeyOfServer(new byte[] {1})) {
            AtomicReference<RuntimeException> thrown = new AtomicReference<>();
            pair.client.preSharedKeyAuthenticationRequired.connect(question -> {
                try {
                    pair.client.exportKeyingMaterial(LABEL, 32);
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
                question.setIdentity(new byte[] {2});
                question.setPreSharedKey(new byte[] {1});
            });
            pair.encrypted();

            assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void backendWithoutExporter_isNamed() {
        try (ToyPair pair = ToyPair.callerDriven()) {
            pair.encrypted();

            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> pair.client.exportKeyingMaterial(ToyEngine.UNSUPPORTED, 32))
                    .withMessageContainingAll(pair.backend.name(), "BackendRequirements");
            assertThat(pair.client.isEncrypted()).isTrue();
        }
    }

    @Test
    void whatNoExporterTakes_isRefusedAtOnce() {
        QSslSocket socket = new QSslSocket();
        for (String label : List.of("", "x".repeat(250), "na\u00efve", "master secret", "key expansion")) {
            assertThatIllegalArgumentException().isThrownBy(() -> socket.exportKeyingMaterial(label, 32));
        }
        for (int length : List.of(-1, 0, 65_536)) {
            assertThatIllegalArgumentException().isThrownBy(() -> socket.exportKeyingMaterial(LABEL, length));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> socket.exportKeyingMaterial(LABEL, new byte[65_536], 32));
        assertThatIllegalStateException().isThrownBy(() -> socket.exportKeyingMaterial(LABEL, 32));
    }

    @Test
    void changedContextArray_doesNotMatterAfterTheCall() {
        try (ToyPair pair = ToyPair.callerDriven()) {
            pair.encrypted();
            byte[] context = {1, 2, 3};
            byte[] material = pair.client.exportKeyingMaterial(LABEL, context, 8);

            assertThat(context).containsExactly(1, 2, 3);
            assertThat(material).isNotEqualTo(pair.client.exportKeyingMaterial(LABEL, new byte[] {3}, 8));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void keyLog_isTheOneOfTheHandshakesConfiguration(boolean onLoop) {
        List<String> lines = new CopyOnWriteArrayList<>();
        try (ToyPair pair = pair(onLoop)) {
            setKeyLog(pair.client, lines::add);
            pair.encrypted();

            assertThat(lines).containsExactly(ToyEngine.KEY_LOG_LINE);
            assertThat(pair.client.sslConfiguration().keyLog()).isNotSameAs(KeyLog.NONE);
            assertThat(pair.server.sslConfiguration().keyLog()).isSameAs(KeyLog.NONE);
        }
    }

    @Test
    void keyLogThatThrows_doesNotEndTheConnection() {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.currentThread().getUncaughtExceptionHandler();
        Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        IllegalStateException full = new IllegalStateException("no space left");
        try (ToyPair pair = ToyPair.callerDriven()) {
            setKeyLog(pair.client, line -> {
                throw full;
            });
            pair.encrypted();

            assertThat(pair.client.isEncrypted()).isTrue();
            assertThat(uncaught).containsExactly(full);
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(before);
        }
    }

    private static void setKeyLog(QSslSocket socket, KeyLog log) {
        QSslConfiguration configuration = socket.sslConfiguration();
        configuration.setKeyLog(log);
        socket.setSslConfiguration(configuration);
    }
}
