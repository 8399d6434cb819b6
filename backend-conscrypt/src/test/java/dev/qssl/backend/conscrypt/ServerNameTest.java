package dev.qssl.backend.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** Conscrypt sends no server name without a dot, which must not pass unnoticed. */
class ServerNameTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());

    private static Optional<String> named(TlsContext clients, TlsContext servers, String name) throws TlsException {
        try (MemoryPair pair = new MemoryPair(
                new MemoryEnd(clients, EngineRequest.client(null, name)),
                new MemoryEnd(servers, EngineRequest.server()))) {
            assertThat(pair.run().isEstablished())
                    .as("%s", pair.client().failure())
                    .isTrue();
            return pair.server().engine().parameters().serverName();
        }
    }

    @Test
    void nameThatCannotBeSent_isWarnedOfOncePerContext() throws TlsException {
        List<String> warnings = new CopyOnWriteArrayList<>();
        Logger logger = Logger.getLogger("dev.qssl");
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                warnings.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.addHandler(handler);
        try {
            TlsContext clients = BENCH.context(EngineBench.settings(SslProtocol.TLS_V1_3));
            TlsContext servers = BENCH.context(EngineBench.serverSettings(SslProtocol.TLS_V1_3));

            assertThat(named(clients, servers, "www.example.org")).hasValue("www.example.org");
            assertThat(named(clients, servers, "localhost")).hasValue("localhost");
            assertThat(warnings).isEmpty();
            assertThat(named(clients, servers, "intranet")).isEmpty();
            assertThat(named(clients, servers, "intranet")).isEmpty();
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(warnings).hasSize(1);
        assertThat(warnings.get(0)).contains("conscrypt", "intranet");
    }
}
