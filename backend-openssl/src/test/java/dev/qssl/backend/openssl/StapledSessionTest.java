package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import dev.qssl.tck.fixture.OcspReply;
import dev.qssl.tck.fixture.TestAuthority;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions of clients that ask for stapled responses: where a session is resumed, none comes (RFC 6066, section 8). */
class StapledSessionTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final Identity SERVER = TestAuthority.shared().server("localhost");
    private static final OcspReply REPLY = TestAuthority.shared().ocsp(SERVER);

    private final List<byte[]> sessions = new ArrayList<>();

    /** {@return a connection that is established, of a client that may bring a session from outside} */
    private MemoryPair connect(TlsContext clients, TlsContext servers, List<byte[]> brought, List<byte[]> staples)
            throws TlsException {
        EngineRequest client = EngineRequest.client(null, "localhost");
        MemoryPair pair = new MemoryPair(
                new MemoryEnd(clients, brought.isEmpty() ? client : client.withSession(brought.get(0))),
                new MemoryEnd(servers, EngineRequest.server().withStaples(staples)));
        pair.run();
        assertThat(pair.isEstablished())
                .as("%s %s", pair.client().failure(), pair.server().failure())
                .isTrue();
        pair.server().say(1);
        pair.run();
        sessions.clear();
        pair.client().sessions().forEach(session -> sessions.add(session.bytes()));
        return pair;
    }

    private static TlsContext clients(SslProtocol protocol, boolean asking) throws TlsException {
        return BENCH.context(EngineBench.settings(protocol).options(Set.of()).ocspStapling(asking));
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void responseOfTheFirstHandshake_comesWithTheSession(SslProtocol protocol) throws Exception {
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol).identity(SERVER));
        byte[] staple = REPLY.der();
        connect(clients(protocol, true), servers, List.of(), List.of(staple)).close();

        try (MemoryPair again = connect(clients(protocol, true), servers, List.copyOf(sessions), List.of(staple))) {
            assertThat(again.client().engine().parameters().resumed()).isTrue();
            PeerCredentials shown = again.client().presented().get(0);
            assertThat(shown.staples()).singleElement().isEqualTo(staple);
            assertThat(shown.chain()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void sessionWithoutResponse_isNotResumedByAClientThatWantsOne(SslProtocol protocol) throws Exception {
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol).identity(SERVER));
        byte[] staple = REPLY.der();
        connect(clients(protocol, false), servers, List.of(), List.of(staple)).close();

        try (MemoryPair again = connect(clients(protocol, true), servers, List.copyOf(sessions), List.of(staple))) {
            assertThat(again.client().engine().parameters().resumed()).isFalse();
            assertThat(again.client().presented().get(0).staples()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void sessionWithAResponseOutOfDate_isNotResumed(SslProtocol protocol) throws Exception {
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol).identity(SERVER));
        byte[] old = TestAuthority.shared().ocsp(SERVER).expired().der();
        connect(clients(protocol, true), servers, List.of(), List.of(old)).close();

        try (MemoryPair again =
                connect(clients(protocol, true), servers, List.copyOf(sessions), List.of(REPLY.der()))) {
            assertThat(again.client().engine().parameters().resumed()).isFalse();
        }
    }
}
