package dev.qssl.backend.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each engine holds a pipe, beside native memory: its descriptors show whether all of it was freed. */
@EnabledOnOs(OS.LINUX)
class NativeMemoryTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());
    private static final int ENGINES = 40;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    enum End {
        NEVER_BEGUN,
        ABORTED_IN_HANDSHAKE,
        ABORTED,
        CLOSED,
        HANDSHAKE_FAILED,
        PEER_REFUSED
    }

    /** What one connection does before its engines are given back. */
    private static void live(MemoryPair pair, End end) throws TlsException {
        switch (end) {
            case NEVER_BEGUN -> {}
            case ABORTED_IN_HANDSHAKE -> {
                pair.client()
                        .engine()
                        .encrypt(ByteBuffer.allocate(0), pair.client().outbox());
                assertThat(pair.client().outbox().position()).isPositive();
            }
            case ABORTED -> assertThat(pair.run().isEstablished()).isTrue();
            case CLOSED -> {
                pair.run();
                pair.client().engine().closeOutput();
                pair.run();
                pair.server().engine().closeOutput();
                assertThat(pair.run().client().failure()).isEmpty();
            }
            case HANDSHAKE_FAILED -> {
                pair.server().inbox().put(new byte[] {22, 3, 3, 0, 1, 1, 99, 99, 99, 99, 99, 99});
                pair.run();
                assertThat(pair.server().failure()).isPresent();
            }
            case PEER_REFUSED -> {
                pair.client().answer(new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "the test says so"));
                pair.run();
                assertThat(pair.client().failure()).isPresent();
            }
        }
    }

    @BeforeAll
    static void warmUp() throws TlsException {
        try (MemoryPair pair = BENCH.pair(SslProtocol.TLS_V1_3)) {
            live(pair, End.PEER_REFUSED); // finds out what must be found out once, with engines of its own
        }
    }

    @ParameterizedTest
    @EnumSource
    void engineGivenBack_holdsNothing(End end) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_2));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(SslProtocol.TLS_V1_2));
        long before = pipes();

        for (int i = 0; i < ENGINES; i++) {
            try (MemoryPair pair = MemoryPair.of(clients, servers)) {
                live(pair, end);
            }
        }

        // Without any help of the garbage collector.
        assertThat(pipes()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource
    void engineForgotten_isFreedInTime(End end) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_3));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(SslProtocol.TLS_V1_3));
        long before = pipes();

        forget(clients, servers, end);

        Instant deadline = Instant.now().plus(PATIENCE);
        while (pipes() > before && Instant.now().isBefore(deadline)) {
            System.gc();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertThat(pipes()).isLessThanOrEqualTo(before);
    }

    private static void forget(TlsContext clients, TlsContext servers, End end) throws TlsException {
        for (int i = 0; i < ENGINES; i++) {
            live(MemoryPair.of(clients, servers), end);
        }
    }

    private static long pipes() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(NativeMemoryTest::isPipe).count();
        }
    }

    private static boolean isPipe(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("pipe:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
