package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Equal configurations share a context; a context nobody holds is closed. */
class ContextSharingTest {

    private final FakeBackend backend = FakeBackend.withSockets("sharing-test");

    @BeforeEach
    void register() {
        Backends.shared().register(backend);
    }

    @AfterEach
    void remove() {
        Backends.shared().remove(backend);
    }

    private static QSslConfiguration configuration() {
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend("sharing-test");
        return configuration;
    }

    @Test
    void sameSnapshot_makesOneContextAndAsksOnce() throws TlsException {
        QSslConfiguration configuration = configuration();
        configuration.setCiphers("TLS_AES_128_GCM_SHA256"); // about a choice of suites the backend is asked
        SharedContext first = configuration.openContext(TlsRole.CLIENT, false);

        assertThat(configuration.openContext(TlsRole.CLIENT, false)).isSameAs(first);
        assertThat(new QSslConfiguration(configuration).openContext(TlsRole.CLIENT, false))
                .isSameAs(first);
        assertThat(configuration.withSession(SessionState.NONE).openContext(TlsRole.CLIENT, false))
                .isSameAs(first);
        assertThat(backend.contexts()).hasSize(1);
        assertThat(backend.capabilityQuestions()).isEqualTo(1);
        assertThat(first.backend()).isSameAs(backend);
    }

    @Test
    void equalConfigurations_shareAContext() throws TlsException {
        SharedContext first = configuration().openContext(TlsRole.CLIENT, false);

        assertThat(configuration().openContext(TlsRole.CLIENT, false)).isSameAs(first);
        assertThat(backend.contexts()).hasSize(1);
    }

    @Test
    void whatBelongsToTheConnection_changesNoContext() throws TlsException {
        SharedContext first = configuration().openContext(TlsRole.CLIENT, false);
        QSslConfiguration other = configuration();
        other.setHandshakeMustInterruptOnError(true);
        other.setDtlsCookieVerificationEnabled(false);

        assertThat(other.openContext(TlsRole.CLIENT, false)).isSameAs(first);
    }

    @Test
    void differentSettingsOrBackends_doNotShare() throws TlsException {
        FakeBackend second = FakeBackend.withSockets("sharing-test-2");
        Backends.shared().register(second);
        try {
            QSslConfiguration configuration = configuration();
            SharedContext first = configuration.openContext(TlsRole.CLIENT, false);

            configuration.setProtocol(SslProtocol.TLS_V1_3);
            SharedContext changed = configuration.openContext(TlsRole.CLIENT, false);
            configuration.setBackend("sharing-test-2");
            SharedContext elsewhere = configuration.openContext(TlsRole.CLIENT, false);

            assertThat(changed.context()).isNotSameAs(first.context());
            assertThat(elsewhere.backend()).isSameAs(second);
        } finally {
            Backends.shared().remove(second);
        }
    }

    @Test
    void manyThreadsAtOnce_endWithOneOpenContext() throws Exception {
        int threads = 8;
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<SharedContext>> calls = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            QSslConfiguration own = configuration();
            calls.add(() -> {
                start.await();
                return own.openContext(TlsRole.CLIENT, false);
            });
        }

        List<SharedContext> shared = callAll(calls);

        assertThat(shared).allSatisfy(context -> assertThat(context).isSameAs(shared.get(0)));
        assertThat(backend.contexts())
                .filteredOn(context -> context.closes() == 0)
                .hasSize(1);
        assertThat(backend.contexts()).allMatch(context -> context.closes() <= 1);
    }

    private static <T> List<T> callAll(List<Callable<T>> calls) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(calls.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> result : executor.invokeAll(calls)) {
                results.add(result.get());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void contextThatNobodyHolds_isClosedOnceAndForgotten() throws TlsException {
        int before = ContextTable.TLS.size();
        SharedContext held = configuration().openContext(TlsRole.CLIENT, false);
        openAndForget();

        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (backend.contexts().get(1).closes() == 0) {
                System.gc();
                Thread.onSpinWait();
            }
        });

        assertThat(backend.contexts().get(1).closes()).isEqualTo(1);
        assertThat(ContextTable.TLS.size()).isLessThanOrEqualTo(before + 1);
        assertThat(backend.contexts().get(0).closes()).isZero();
        assertThat(held.context()).isSameAs(backend.contexts().get(0));
    }

    private void openAndForget() throws TlsException {
        QSslConfiguration other = configuration();
        other.setProtocol(SslProtocol.TLS_V1_3);
        other.openContext(TlsRole.CLIENT, false);
        assertThat(backend.contexts()).hasSize(2);
    }
}
