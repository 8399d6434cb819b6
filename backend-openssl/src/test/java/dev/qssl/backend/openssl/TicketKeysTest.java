package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryPair;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that share the keys of their session tickets accept each other's (RFC 5077, section 4). */
class TicketKeysTest {

    private static final EngineBench BENCH = new EngineBench(new OpenSslBackend());
    private static final TicketKey OLD = new TicketKey("the old key name", "k".repeat(32));
    private static final TicketKey CURRENT = new TicketKey("the current name", "s".repeat(40));

    private static TlsContext servers(SslProtocol protocol, TicketKey... keys) throws TlsException {
        return BENCH.context(EngineBench.serverSettings(protocol).ticketKeys(List.of(keys)));
    }

    /** {@return whether the connection resumed a session} Gives the client's context another one. */
    private static boolean isResumed(TlsContext clients, TlsContext servers) throws TlsException {
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            pair.run();
            assertThat(pair.isEstablished())
                    .as("%s %s", pair.client().failure(), pair.server().failure())
                    .isTrue();
            pair.server().say(1);
            pair.run();
            return pair.client().engine().parameters().resumed();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serversWithOneKeyInCommon_resumeEachOthersSessions(SslProtocol protocol) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(protocol));

        assertThat(isResumed(clients, servers(protocol, OLD))).isFalse();
        assertThat(isResumed(clients, servers(protocol, OLD))).isTrue();
        assertThat(isResumed(clients, servers(protocol, CURRENT, OLD))).isTrue();
        assertThat(isResumed(clients, servers(protocol, CURRENT, OLD))).isTrue();
        assertThat(isResumed(clients, servers(protocol, CURRENT))).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serversWithoutKeyInCommon_doNot(SslProtocol protocol) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(protocol));

        assertThat(isResumed(clients, servers(protocol, OLD))).isFalse();
        assertThat(isResumed(clients, servers(protocol, CURRENT))).isFalse();
        assertThat(isResumed(clients, servers(protocol))).isFalse();
    }

    @Test
    void keyOfAnotherLength_isRefused() {
        assertThatThrownBy(() -> servers(SslProtocol.TLS_V1_3, new TicketKey("short", "s".repeat(32))))
                .isInstanceOfSatisfying(
                        TlsException.class, e -> assertThat(e.error()).isEqualTo(TlsError.INVALID_SETTING))
                .hasMessageContaining("16 bytes");
    }
}
