package dev.qssl.tck.contract;

import static dev.qssl.tck.Rule.Level.MUST;
import static dev.qssl.tck.link.TckAssertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.JdkEnd;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * One direction ends, the other goes on (RFC 8446, section 6.1).
 *
 * <p>Of engines: a socket ends when its peer says goodbye, whatever its backend could do.
 */
@Requires(Capability.HALF_CLOSE)
public abstract class HalfCloseContract extends BackendContract {

    private static final int BYTES = 40_000;
    private static final TlsAlert GOODBYE = TlsAlert.warning(AlertType.CLOSE_NOTIFY);

    /** Creates one. */
    protected HalfCloseContract() {}

    @EachCase
    @Rule(id = "HALF-001", source = "RFC 8446, section 6.1", level = MUST)
    void clientThatSaidGoodbye_stillHearsTheServer(SslProtocol protocol) throws TlsException {
        try (TlsContext clients = clients(protocol);
                TlsContext servers = servers(protocol);
                MemoryPair pair = MemoryPair.of(clients, servers).run()) {
            assertEndOneByOne(pair, pair.client(), pair.server());
        }
    }

    @EachCase
    @Rule(id = "HALF-002", source = "RFC 8446, section 6.1", level = MUST)
    void serverThatSaidGoodbye_stillHearsTheClient(SslProtocol protocol) throws TlsException {
        try (TlsContext clients = clients(protocol);
                TlsContext servers = servers(protocol);
                MemoryPair pair = MemoryPair.of(clients, servers).run()) {
            assertEndOneByOne(pair, pair.server(), pair.client());
        }
    }

    private static void assertEndOneByOne(MemoryPair pair, MemoryEnd first, MemoryEnd second) throws TlsException {
        assertThat(pair.isEstablished()).isTrue();

        first.closeOutput();
        pair.run();
        assertThat(second.need()).isEqualTo(Need.CLOSED);
        assertThat(second.received()).containsExactly(GOODBYE);
        assertThat(first.received()).isEmpty();

        second.say(BYTES);
        pair.run();
        assertThat(first.plaintext().position()).isEqualTo(BYTES);

        second.closeOutput();
        pair.run();
        assertThat(first.need()).isEqualTo(Need.CLOSED);
        assertThat(first.received()).containsExactly(GOODBYE);
        assertThat(first.failure()).isEmpty();
        assertThat(second.failure()).isEmpty();
    }

    @EachCase
    @Rule(id = "HALF-020", source = "RFC 8446, section 6.1; proved against another implementation", level = MUST)
    void clientThatSaidGoodbye_stillHearsTheForeignServer(SslProtocol protocol) throws TlsException, SSLException {
        assumeTrue(protocol == SslProtocol.TLS_V1_3, "the JDK answers a goodbye with its own up to TLS 1.2");
        try (TlsContext clients = clients(protocol)) {
            assertStillHears(new MemoryEnd(clients, EngineBench.TO_LOCALHOST), JdkEnd.server(protocol));
        }
    }

    @EachCase
    @Rule(id = "HALF-021", source = "RFC 8446, section 6.1; proved against another implementation", level = MUST)
    void serverThatSaidGoodbye_stillHearsTheForeignClient(SslProtocol protocol) throws TlsException, SSLException {
        assumeTrue(protocol == SslProtocol.TLS_V1_3, "the JDK answers a goodbye with its own up to TLS 1.2");
        try (TlsContext servers = servers(protocol)) {
            assertStillHears(new MemoryEnd(servers, EngineRequest.server()), JdkEnd.client(protocol));
        }
    }

    private static void assertStillHears(MemoryEnd ours, JdkEnd peer) throws SSLException {
        try (TlsEngine engine = ours.engine()) {
            peer.run(ours);
            assertThat(engine.isEstablished()).as("%s", ours.failure()).isTrue();

            ours.closeOutput();
            peer.run(ours);
            assertThat(peer.isInputClosed()).isTrue();

            peer.say(BYTES, ours.inbox());
            peer.run(ours);
            assertThat(ours.plaintext().position()).isEqualTo(BYTES);
            assertThat(ours.need()).isNotEqualTo(Need.CLOSED);

            peer.closeOutput();
            peer.run(ours);
            assertThat(ours.need()).isEqualTo(Need.CLOSED);
            assertThat(ours.received()).containsExactly(GOODBYE);
            assertThat(ours.failure()).isEmpty();
        }
    }

    @EachCase
    @Rule(id = "HALF-022", source = "RFC 8446, section 6.1; proved against another implementation", level = MUST)
    void foreignServerThatSaidGoodbye_stillHearsTheClient(SslProtocol protocol) throws TlsException, SSLException {
        assumeTrue(JdkEnd.speaks(protocol), "the JDK speaks " + protocol.displayName());
        try (TlsContext clients = clients(protocol)) {
            assertIsStillHeard(new MemoryEnd(clients, EngineBench.TO_LOCALHOST), JdkEnd.server(protocol));
        }
    }

    @EachCase
    @Rule(id = "HALF-023", source = "RFC 8446, section 6.1; proved against another implementation", level = MUST)
    void foreignClientThatSaidGoodbye_stillHearsTheServer(SslProtocol protocol) throws TlsException, SSLException {
        assumeTrue(JdkEnd.speaks(protocol), "the JDK speaks " + protocol.displayName());
        try (TlsContext servers = servers(protocol)) {
            assertIsStillHeard(new MemoryEnd(servers, EngineRequest.server()), JdkEnd.client(protocol));
        }
    }

    private static void assertIsStillHeard(MemoryEnd ours, JdkEnd peer) throws TlsException, SSLException {
        try (TlsEngine engine = ours.engine()) {
            peer.run(ours);
            assertThat(engine.isEstablished()).as("%s", ours.failure()).isTrue();

            peer.closeOutput();
            peer.run(ours);
            assertThat(ours.need()).isEqualTo(Need.CLOSED);
            assertThat(peer.isInputClosed()).isFalse();

            ours.say(BYTES);
            peer.run(ours);
            assertThat(peer.received()).isEqualTo(BYTES);

            ours.closeOutput();
            peer.run(ours);
            assertThat(peer.isInputClosed()).isTrue();
        }
    }

    private TlsContext clients(SslProtocol protocol) throws TlsException {
        return bench().context(EngineBench.settings(protocol));
    }

    private TlsContext servers(SslProtocol protocol) throws TlsException {
        return bench().context(EngineBench.serverSettings(protocol));
    }

    private EngineBench bench() {
        Optional<TlsBackend> found = ServiceLoader.load(TlsBackend.class).stream()
                .flatMap(HalfCloseContract::made)
                .filter(backend -> backend.name().equals(subject().backend()))
                .findFirst();
        assumeTrue(found.isPresent(), "engines can be made only of a backend that ServiceLoader finds");
        return new EngineBench(found.get());
    }

    // Another backend may lack its library.
    private static Stream<TlsBackend> made(ServiceLoader.Provider<TlsBackend> provider) {
        try {
            return Stream.of(provider.get());
        } catch (ServiceConfigurationError e) {
            return Stream.empty();
        }
    }
}
