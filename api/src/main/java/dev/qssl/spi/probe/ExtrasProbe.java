package dev.qssl.spi.probe;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out which of the things work that many libraries lack, in a version that works. */
final class ExtrasProbe {

    private static final int STATUS_REQUEST = 5;

    /** Enough of an OCSP response for a library that passes on what it was given (RFC 6960: tryLater). */
    private static final byte[] RESPONSE = {0x30, 0x03, 0x0A, 0x01, 0x03};

    private final ProbeBench bench;
    private final SslProtocol protocol;
    private final Claims claims;

    /**
     * Creates one.
     *
     * @param bench to work with
     * @param claims collects what works; its version is tried
     */
    ExtrasProbe(ProbeBench bench, Claims claims) {
        this.bench = bench;
        this.protocol = claims.protocol();
        this.claims = claims;
    }

    /** Claims what works. */
    void run() {
        claims.claim(Capability.OCSP_STAPLING, TlsRole.CLIENT, this::asksForStaple);
        claims.claim(Capability.OCSP_STAPLING, TlsRole.SERVER, this::staples);
        claims.claim(Capability.SESSION_EXPORT, TlsRole.CLIENT, this::exportsSessions);
        claims.claim(Capability.PSK, this::agreesOnKey);
        claims.claim(Capability.KEY_LOG, this::logsKeys);
        claims.claim(Capability.TICKET_KEYS, TlsRole.SERVER, this::sharesTicketKeys);
        claims.claim(Capability.DIFFIE_HELLMAN_PARAMETERS, TlsRole.SERVER, this::usesOwnParameters);
    }

    private ContextSettings.Builder client() {
        return ProbeBench.client(protocol);
    }

    private ContextSettings.Builder server() {
        return bench.server(protocol);
    }

    private boolean asksForStaple() {
        return bench.hello(client().ocspStapling(true))
                .filter(hello -> hello.extensions().contains(STATUS_REQUEST))
                .isPresent();
    }

    /** {@return whether a client gets the response that its server was given} */
    private boolean staples() throws TlsException {
        ProbeOwner owner = bench.owner();
        EngineRequest given = EngineRequest.server().withStaples(List.of(RESPONSE));
        try (TlsContext clients = bench.context(client().ocspStapling(true));
                TlsContext servers = bench.context(server());
                ProbeConnection connection = ProbeConnection.open(
                        ProbeSide.client(clients, owner), new ProbeSide(servers, given, bench.owner()))) {
            return connection.isEstablished()
                    && owner.credentials().stream()
                            .flatMap(shown -> shown.staples().stream())
                            .anyMatch(staple -> Arrays.equals(staple, RESPONSE));
        }
    }

    /** {@return whether a session that left the process can enter it and be resumed} */
    private boolean exportsSessions() throws TlsException {
        try (TlsContext servers = bench.context(server())) {
            Optional<SessionTicket> session = exportedSession(servers);
            if (session.isEmpty()) {
                return false;
            }
            EngineRequest request =
                    ProbeSide.CLIENT_REQUEST.withSession(session.get().bytes());
            try (TlsContext clients = bench.context(exporting())) {
                return resumes(new ProbeSide(clients, request, bench.owner()), servers);
            }
        }
    }

    private Optional<SessionTicket> exportedSession(TlsContext servers) throws TlsException {
        ProbeOwner owner = bench.owner();
        try (TlsContext clients = bench.context(exporting());
                ProbeConnection connection = ProbeConnection.open(
                        ProbeSide.client(clients, owner), ProbeSide.server(servers, bench.owner()))) {
            return connection.isEstablished() && connection.carriesData()
                    ? owner.sessions().stream().findFirst()
                    : Optional.empty();
        }
    }

    private ContextSettings.Builder exporting() {
        Set<SslOption> options = EnumSet.noneOf(SslOption.class);
        options.addAll(client().build().options());
        options.remove(SslOption.DISABLE_SESSION_PERSISTENCE);
        return client().options(options);
    }

    private boolean resumes(ProbeSide client, TlsContext servers) throws TlsException {
        try (ProbeConnection connection = ProbeConnection.open(client, ProbeSide.server(servers, bench.owner()))) {
            return connection.isEstablished()
                    && connection.client().parameters().resumed();
        }
    }

    /** {@return whether two ends that have nothing but a key in common agree} */
    private boolean agreesOnKey() throws TlsException {
        ContextSettings.Builder both = client().pskProtocols(Set.of(protocol)).verifyMode(PeerVerifyMode.VERIFY_NONE);
        return bench.agree(both, both, agreed -> true);
    }

    private boolean logsKeys() throws TlsException {
        ProbeOwner client = bench.owner();
        ProbeOwner server = bench.owner();
        try (TlsContext clients = bench.context(client().keyLog(true));
                TlsContext servers = bench.context(server().keyLog(true));
                ProbeConnection connection =
                        ProbeConnection.open(ProbeSide.client(clients, client), ProbeSide.server(servers, server))) {
            return connection.isEstablished()
                    && !client.keyLogLines().isEmpty()
                    && !server.keyLogLines().isEmpty();
        }
    }

    /** {@return whether a server resumes what another one with the same keys gave out} */
    private boolean sharesTicketKeys() throws TlsException {
        TicketKey current = new TicketKey("the current name", "s".repeat(32));
        TicketKey next = new TicketKey("the next servers", "k".repeat(32));
        try (TlsContext clients = bench.context(client());
                TlsContext first = bench.context(server().ticketKeys(List.of(current)));
                TlsContext second = bench.context(server().ticketKeys(List.of(next, current)))) {
            try (ProbeConnection connection = bench.connect(clients, first)) {
                if (!connection.isEstablished() || !connection.carriesData()) {
                    return false;
                }
            }
            return resumes(ProbeSide.client(clients, bench.owner()), second);
        }
    }

    /** {@return whether a server takes parameters that are not its library's, and its clients agree} */
    private boolean usesOwnParameters() throws TlsException {
        if (protocol == SslProtocol.TLS_V1_3) {
            // Its groups have names, and nobody sends parameters (RFC 8446, section 4.2.7).
            return false;
        }
        List<CipherSuite> suites = CipherSuite.known().stream()
                .filter(suite -> suite.keyExchange().equals("DH"))
                .filter(suite -> suite.authentication().equals("RSA"))
                .toList();
        return bench.agree(
                client().cipherSuites(suites),
                client().identity(bench.rsa())
                        .verifyMode(PeerVerifyMode.VERIFY_NONE)
                        .diffieHellman(new DiffieHellman.Custom(KnownParameters.MODP_2048)),
                agreed -> true);
    }
}
