package dev.qssl.backend.conscrypt;

import static dev.qssl.QSsl.SslProtocol.TLS_V1_3;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.EngineBench;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.MemoryPair;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which session a client offers: its own peer's, and the one that the application gave it. */
class SessionsTest {

    private static final EngineBench BENCH = new EngineBench(new ConscryptBackend());
    private static final int WAITING = 1_100;

    private static EngineRequest to(String host) {
        return EngineRequest.client(new PeerKey(host, 443, host), "localhost");
    }

    private static boolean resumes(TlsContext clients, EngineRequest request, TlsContext servers) throws TlsException {
        try (MemoryPair pair =
                new MemoryPair(new MemoryEnd(clients, request), new MemoryEnd(servers, EngineRequest.server()))) {
            return resumes(pair);
        }
    }

    private static boolean resumes(MemoryPair pair) throws TlsException {
        assertThat(pair.run().isEstablished()).as("%s", pair.client().failure()).isTrue();
        pair.server().say(1);
        pair.run();
        return pair.client().engine().parameters().resumed();
    }

    private static ContextSettings.Builder persistent(SslProtocol protocol) {
        Set<SslOption> options = EnumSet.noneOf(SslOption.class);
        options.addAll(EngineBench.settings(protocol).build().options());
        options.remove(SslOption.DISABLE_SESSION_PERSISTENCE);
        return EngineBench.settings(protocol).options(options);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void peersWhoseHashCodesAreEqual_doNotShareSessions(SslProtocol protocol) throws Exception {
        TlsContext clients = BENCH.context(EngineBench.settings(protocol));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol));
        assertThat(new PeerKey("Aa", 443, "Aa")).hasSameHashCodeAs(new PeerKey("BB", 443, "BB"));

        assertThat(resumes(clients, to("Aa"), servers)).isFalse();
        assertThat(resumes(clients, to("BB"), servers)).isFalse();
        assertThat(resumes(clients, to("Aa"), servers)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void refusedPeersSessions_areForgottenAndOthersAreNot(SslProtocol protocol) throws Exception {
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol));
        for (ContextSettings.Builder settings : List.of(EngineBench.settings(protocol), persistent(protocol))) {
            TlsContext clients = BENCH.context(settings);
            resumes(clients, to("refused"), servers);
            resumes(clients, to("other"), servers);
            try (MemoryPair pair = new MemoryPair(
                    new MemoryEnd(clients, to("refused")), new MemoryEnd(servers, EngineRequest.server()))) {
                pair.client().answer(new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "the test says so"));
                assertThat(pair.run().client().failure()).isPresent();
            }

            assertThat(resumes(clients, to("refused"), servers)).isFalse();
            assertThat(resumes(clients, to("refused"), servers)).isTrue();
            assertThat(resumes(clients, to("other"), servers)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void clientsThatShareNothing_neverResume(SslProtocol protocol) throws Exception {
        Set<SslOption> options =
                EnumSet.copyOf(EngineBench.settings(protocol).build().options());
        options.add(SslOption.DISABLE_SESSION_SHARING);
        TlsContext clients = BENCH.context(EngineBench.settings(protocol).options(options));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol));

        for (int i = 0; i < 3; i++) {
            assertThat(resumes(clients, to("Aa"), servers)).isFalse();
            assertThat(resumes(clients, EngineRequest.client(null, "localhost"), servers))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void serversThatShareNothing_neverResume(SslProtocol protocol) throws Exception {
        TlsContext servers =
                BENCH.context(with(SslOption.DISABLE_SESSION_SHARING, EngineBench.serverSettings(protocol)));
        ContextSettings.Builder withoutTickets =
                with(SslOption.DISABLE_SESSION_TICKETS, EngineBench.settings(protocol));
        for (ContextSettings.Builder settings :
                List.of(EngineBench.settings(protocol), persistent(protocol), withoutTickets)) {
            TlsContext clients = BENCH.context(settings);
            for (int i = 0; i < 3; i++) {
                assertThat(resumes(clients, to("Aa"), servers)).isFalse();
            }
        }
    }

    @Test
    void serversThatShareNothing_giveNoTickets() throws Exception {
        TlsContext servers =
                BENCH.context(with(SslOption.DISABLE_SESSION_SHARING, EngineBench.serverSettings(TLS_V1_3)));
        TlsContext clients = BENCH.context(persistent(TLS_V1_3));
        try (MemoryPair pair = MemoryPair.of(clients, servers)) {
            resumes(pair);

            assertThat(pair.client().sessions()).isEmpty();
        }
    }

    private static ContextSettings.Builder with(SslOption option, ContextSettings.Builder settings) {
        Set<SslOption> options = EnumSet.of(option);
        options.addAll(settings.build().options());
        return settings.options(options);
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_V1_2", "TLS_V1_3"})
    void sessionOfTheApplication_isOfferedHoweverManyConnectionsWait(SslProtocol protocol) throws Exception {
        TlsContext clients = BENCH.context(persistent(protocol));
        TlsContext servers = BENCH.context(EngineBench.serverSettings(protocol));
        SessionTicket ticket;
        try (MemoryPair first = MemoryPair.of(clients, servers)) {
            resumes(first);
            ticket = first.client().sessions().get(0);
        }
        EngineRequest resuming = EngineRequest.client(null, "localhost").withSession(ticket.bytes());
        List<MemoryEnd> waiting = new ArrayList<>();
        try (MemoryPair patient =
                new MemoryPair(new MemoryEnd(clients, resuming), new MemoryEnd(servers, EngineRequest.server()))) {
            for (int i = 0; i < WAITING; i++) {
                waiting.add(new MemoryEnd(clients, resuming));
            }

            assertThat(resumes(patient)).isTrue();
        } finally {
            waiting.forEach(side -> side.engine().close());
        }
    }
}
