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
import dev.qssl.spi.TlsException;
import dev.qssl.tck.EachCase;
import dev.qssl.tck.Requires;
import dev.qssl.tck.Rule;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.JdkEnd;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import java.util.Optional;
import java.util.ServiceLoader;
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
        try (MemoryPair pair = bench().pair(protocol).run()) {
            assertEndOneByOne(pair, pair.client(), pair.server());
        }
    }

    @EachCase
    @Rule(id = "HALF-002", source = "RFC 8446, section 6.1", level = MUST)
    void serverThatSaidGoodbye_stillHearsTheClient(SslProtocol protocol) throws TlsException {
        try (MemoryPair pair = bench().pair(protocol).run()) {
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
    @Rule(
            id = "HALF-020",
            source = "RFC 8446, section 6.1; a claim is proved against another implementation",
            level = MUST)
    void clientThatSaidGoodbye_stillHearsTheForeignServer(SslProtocol protocol) throws TlsException, SSLException {
        assumeJdkCan(protocol);
        MemoryEnd ours = new MemoryEnd(bench().context(EngineBench.settings(protocol)), EngineBench.TO_LOCALHOST);

        assertEndOneByOne(JdkEnd.server(protocol), ours);
    }

    @EachCase
    @Rule(
            id = "HALF-021",
            source = "RFC 8446, section 6.1; a claim is proved against another implementation",
            level = MUST)
    void serverThatSaidGoodbye_stillHearsTheForeignClient(SslProtocol protocol) throws TlsException, SSLException {
        assumeJdkCan(protocol);
        MemoryEnd ours = new MemoryEnd(bench().context(EngineBench.serverSettings(protocol)), EngineRequest.server());

        assertEndOneByOne(JdkEnd.client(protocol), ours);
    }

    private static void assertEndOneByOne(JdkEnd peer, MemoryEnd ours) throws SSLException {
        try (var engine = ours.engine()) {
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
    @Rule(
            id = "HALF-022",
            source = "RFC 8446, section 6.1; a claim is proved against another implementation",
            level = MUST)
    void foreignServerThatSaidGoodbye_stillHearsTheClient(SslProtocol protocol) throws TlsException, SSLException {
        assumeJdkCan(protocol);
        JdkEnd peer = JdkEnd.server(protocol);
        MemoryEnd ours = new MemoryEnd(bench().context(EngineBench.settings(protocol)), EngineBench.TO_LOCALHOST);
        try (var engine = ours.engine()) {
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

    private static void assumeJdkCan(SslProtocol protocol) {
        assumeTrue(protocol == SslProtocol.TLS_V1_3, "the JDK's engine answers a goodbye with its own up to TLS 1.2");
    }

    private EngineBench bench() {
        Optional<TlsBackend> found = ServiceLoader.load(TlsBackend.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(backend -> backend.name().equals(subject().backend()))
                .findFirst();
        assumeTrue(found.isPresent(), "engines can be made only of a backend that ServiceLoader finds");
        return new EngineBench(found.get());
    }
}
