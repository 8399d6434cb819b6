package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Finds out what this OpenSSL can do, by doing it: each claim is the result of a connection of this process with itself. What
 * fails is not claimed; why it fails does not matter here.
 */
final class CapabilityProbe {

    private static final String APPLICATION_PROTOCOL = "probe/1";

    /** Enough of an OCSP response for a library that passes on what it was given (RFC 6960: tryLater). */
    private static final byte[] RESPONSE = {0x30, 0x03, 0x0A, 0x01, 0x03};

    private final ProbeBench bench;
    private final Identity identity;
    private final Capabilities.Builder found = Capabilities.builder().verifiesCertificates();

    private CapabilityProbe(ProbeBench bench) throws GeneralSecurityException {
        this.bench = bench;
        this.identity = ThrowAwayIdentity.ec();
    }

    /** {@return what the library can do in this process} */
    static Capabilities run(OpenSslBackend backend) {
        try {
            return new CapabilityProbe(new ProbeBench(backend)).run();
        } catch (GeneralSecurityException noKeys) {
            return Capabilities.builder().verifiesCertificates().build();
        }
    }

    private Capabilities run() throws GeneralSecurityException {
        Set<SslProtocol> usable = EnumSet.noneOf(SslProtocol.class);
        for (SslProtocol protocol : UsableVersions.ALL) {
            if (ProbeBench.works(() -> handshakes(protocol))) {
                usable.add(protocol);
            }
        }
        if (!usable.isEmpty()) {
            NameProbe names = new NameProbe(bench, identity, usable);
            List<CipherSuite> suites = names.suites();
            found.cipherSuites(suites).groups(names.groups()).signatureSchemes(names.signatureSchemes());
            for (SslProtocol protocol : usable) {
                boolean tls13 = protocol == SslProtocol.TLS_V1_3;
                claim(
                        Capability.CIPHER_SUITE_CHOICE,
                        protocol,
                        suites.stream()
                                        .filter(suite -> (suite.protocol() == SslProtocol.TLS_V1_3) == tls13)
                                        .count()
                                > 1);
            }
            limitations(usable);
        }
        return found.build();
    }

    private void claim(Capability capability, SslProtocol protocol, boolean works) {
        if (works) {
            found.claim(capability, Set.of(protocol));
        }
    }

    private void claim(Capability capability, TlsRole role, SslProtocol protocol, ProbeBench.Attempt attempt) {
        if (ProbeBench.works(attempt)) {
            found.claim(capability, role, Set.of(protocol));
        }
    }

    private ContextSettings.Builder client(SslProtocol protocol) {
        return ContextSettings.builder().protocols(Set.of(protocol));
    }

    private ContextSettings.Builder server(SslProtocol protocol) {
        return client(protocol).identity(identity);
    }

    private ProbePeer owner() {
        return ProbePeer.accepting(identity.certificate());
    }

    /** {@return whether a connection works from the first word to the last} Claims whatever else it showed. */
    private boolean handshakes(SslProtocol protocol) throws TlsException {
        TlsContext clients = bench.context(server(protocol).alpn(List.of(APPLICATION_PROTOCOL)));
        TlsContext servers = bench.context(
                server(protocol).alpn(List.of(APPLICATION_PROTOCOL)).verifyMode(PeerVerifyMode.VERIFY_PEER));
        ProbePeer judge = owner();
        try (ProbeConnection connection = ProbeConnection.open(clients, owner(), servers, judge)) {
            boolean works = connection.isEstablished()
                    && connection.carriesData()
                    && connection.client().parameters().protocol() == protocol;
            if (!works) {
                return false;
            }
            NegotiatedParameters ofClient = connection.client().parameters();
            NegotiatedParameters ofServer = connection.server().parameters();
            claimAgreed(protocol, ofClient, ofServer);
            claim(
                    Capability.CLIENT_CERTIFICATE,
                    protocol,
                    judge.shown != null && judge.shown.chain().equals(identity.chain()));
            claim(Capability.EXPORTER, protocol, ProbeBench.works(() -> exports(connection)));
            boolean closed = connection.closesClient();
            claim(Capability.HALF_CLOSE, protocol, closed && ProbeBench.works(connection::carriesDataOfServer));
            if (!closed || !connection.closesServer()) {
                return false;
            }
        }
        claim(Capability.HANDSHAKE, protocol, true);
        claim(Capability.RESUMPTION, protocol, ProbeBench.works(() -> resumes(clients, servers)));
        claim(Capability.ALERTS, protocol, ProbeBench.works(() -> tellsOfAlerts(clients, servers)));
        claimChoices(protocol, servers);
        claimExtras(protocol, servers);
        claimDeferral(protocol);
        return true;
    }

    private void claimAgreed(SslProtocol protocol, NegotiatedParameters client, NegotiatedParameters server) {
        Alpn agreed = new Alpn.Selected(APPLICATION_PROTOCOL);
        claim(
                Capability.ALPN,
                protocol,
                client.alpn().equals(agreed) && server.alpn().equals(agreed));
        claim(Capability.SERVER_NAME, protocol, server.serverName().equals(Optional.of(ProbeConnection.SERVER_NAME)));
        claim(
                Capability.NEGOTIATED_GROUP,
                protocol,
                client.group().isPresent() && client.group().equals(server.group()));
    }

    private static boolean exports(ProbeConnection connection) throws TlsException {
        byte[] ours = connection.client().exportKeyingMaterial("EXPORTER-qssl-probe", Optional.of(new byte[] {1}), 32);
        byte[] theirs =
                connection.server().exportKeyingMaterial("EXPORTER-qssl-probe", Optional.of(new byte[] {1}), 32);
        return ours.length == 32 && Arrays.equals(ours, theirs);
    }

    private boolean resumes(TlsContext clients, TlsContext servers) throws TlsException {
        try (ProbeConnection second = ProbeConnection.open(clients, owner(), servers, owner())) {
            return second.isEstablished()
                    && second.client().parameters().resumed()
                    && second.server().parameters().resumed();
        }
    }

    /** {@return whether the two ends tell of the same alert, a refusal, with its code} */
    private boolean tellsOfAlerts(TlsContext clients, TlsContext servers) throws TlsException {
        ProbePeer client = ProbePeer.refusing(identity.certificate());
        ProbePeer server = owner();
        EngineRequest notResuming = EngineRequest.client(null, ProbeConnection.SERVER_NAME);
        try (ProbeConnection connection =
                ProbeConnection.open(clients, notResuming, client, servers, EngineRequest.server(), server)) {
            TlsAlert refusal = TlsAlert.fatal(AlertType.CERTIFICATE_UNKNOWN);
            return !connection.isEstablished()
                    && server.received.equals(List.of(refusal))
                    && client.sent.equals(server.received);
        }
    }

    private void claimChoices(SslProtocol protocol, TlsContext servers) {
        claim(
                Capability.GROUP_CHOICE,
                protocol,
                ProbeBench.works(() -> new NameProbe(bench, identity, Set.of(protocol)).agreesOn("secp384r1")));
        claim(Capability.SIGNATURE_SCHEME_CHOICE, protocol, ProbeBench.works(() -> {
            List<String> schemes = List.of("ecdsa_secp256r1_sha256");
            return establishes(bench.context(client(protocol).signatureSchemes(schemes)), servers);
        }));
        if (protocol != SslProtocol.TLS_V1_3) {
            claim(Capability.DIFFIE_HELLMAN_PARAMETERS, TlsRole.SERVER, protocol, () -> usesOwnParameters(protocol));
        }
    }

    private boolean establishes(TlsContext clients, TlsContext servers) throws TlsException {
        try (ProbeConnection connection = ProbeConnection.open(clients, owner(), servers, owner())) {
            return connection.isEstablished();
        }
    }

    private boolean usesOwnParameters(SslProtocol protocol) throws TlsException {
        ContextSettings.Builder settings = client(protocol)
                .identity(bench.rsa())
                .verifyMode(PeerVerifyMode.VERIFY_NONE)
                .diffieHellman(new DiffieHellman.Custom(KnownParameters.MODP_2048));
        List<CipherSuite> suites = CipherSuite.known().stream()
                .filter(suite -> suite.keyExchange().equals("DH"))
                .filter(suite -> suite.authentication().equals("RSA"))
                .toList();
        TlsContext clients = bench.context(client(protocol).cipherSuites(suites));
        ProbePeer owner = ProbePeer.accepting(bench.rsa().certificate());
        try (ProbeConnection connection = ProbeConnection.open(clients, owner, bench.context(settings), owner)) {
            return connection.isEstablished();
        }
    }

    private void claimExtras(SslProtocol protocol, TlsContext servers) {
        for (TlsRole role : TlsRole.values()) {
            claim(Capability.OCSP_STAPLING, role, protocol, () -> staples(protocol));
        }
        claim(Capability.SESSION_EXPORT, TlsRole.CLIENT, protocol, () -> exportsSessions(protocol, servers));
        claim(Capability.PSK, protocol, ProbeBench.works(() -> agreesOnKey(protocol)));
        claim(Capability.KEY_LOG, protocol, ProbeBench.works(() -> logsKeys(protocol)));
        claim(Capability.TICKET_KEYS, TlsRole.SERVER, protocol, () -> sharesTicketKeys(protocol));
    }

    private boolean staples(SslProtocol protocol) throws TlsException {
        ProbePeer client = owner();
        EngineRequest given = EngineRequest.server().withStaples(List.of(RESPONSE));
        try (ProbeConnection connection = ProbeConnection.open(
                bench.context(client(protocol).ocspStapling(true)),
                ProbeConnection.REQUEST,
                client,
                bench.context(server(protocol)),
                given,
                owner())) {
            return connection.isEstablished()
                    && client.shown != null
                    && client.shown.staples().stream().anyMatch(staple -> Arrays.equals(staple, RESPONSE));
        }
    }

    private boolean exportsSessions(SslProtocol protocol, TlsContext servers) throws TlsException {
        ProbePeer first = owner();
        try (ProbeConnection connection = ProbeConnection.open(exporting(protocol), first, servers, owner())) {
            if (!connection.isEstablished() || !connection.carriesData() || first.sessions.isEmpty()) {
                return false;
            }
        }
        EngineRequest request =
                ProbeConnection.REQUEST.withSession(first.sessions.get(0).bytes());
        return resumesWith(exporting(protocol), request, servers);
    }

    private boolean resumesWith(TlsContext clients, EngineRequest request, TlsContext servers) throws TlsException {
        try (ProbeConnection connection =
                ProbeConnection.open(clients, request, owner(), servers, EngineRequest.server(), owner())) {
            return connection.isEstablished()
                    && connection.client().parameters().resumed();
        }
    }

    private TlsContext exporting(SslProtocol protocol) throws TlsException {
        Set<SslOption> options = EnumSet.noneOf(SslOption.class);
        options.addAll(client(protocol).build().options());
        options.remove(SslOption.DISABLE_SESSION_PERSISTENCE);
        return bench.context(server(protocol).options(options));
    }

    /** {@return whether two ends that have nothing but a key in common agree} */
    private boolean agreesOnKey(SslProtocol protocol) throws TlsException {
        TlsContext both =
                bench.context(client(protocol).pskProtocols(Set.of(protocol)).verifyMode(PeerVerifyMode.VERIFY_NONE));
        return establishes(both, both);
    }

    private boolean logsKeys(SslProtocol protocol) throws TlsException {
        ProbePeer client = owner();
        ProbePeer server = owner();
        try (ProbeConnection connection = ProbeConnection.open(
                bench.context(client(protocol).keyLog(true)),
                client,
                bench.context(server(protocol).keyLog(true)),
                server)) {
            return connection.isEstablished() && !client.keyLog.isEmpty() && !server.keyLog.isEmpty();
        }
    }

    /** {@return whether a server resumes what another one with the same keys gave out} */
    private boolean sharesTicketKeys(SslProtocol protocol) throws TlsException {
        TicketKey old = new TicketKey("the old key name", "k".repeat(32));
        TicketKey current = new TicketKey("the current name", "s".repeat(32));
        TlsContext clients = bench.context(client(protocol));
        TlsContext first = bench.context(server(protocol).ticketKeys(List.of(current)));
        TlsContext second = bench.context(server(protocol).ticketKeys(List.of(current, old)));
        return establishesAndTalks(clients, first) && resumesWith(clients, ProbeConnection.REQUEST, second);
    }

    private boolean establishesAndTalks(TlsContext clients, TlsContext servers) throws TlsException {
        try (ProbeConnection connection = ProbeConnection.open(clients, owner(), servers, owner())) {
            return connection.isEstablished() && connection.carriesData();
        }
    }

    private void claimDeferral(SslProtocol protocol) {
        boolean tls13 = protocol == SslProtocol.TLS_V1_3;
        found.deferral(
                TlsRole.CLIENT,
                protocol,
                bench.canPause()
                        ? Deferral.TRUE_PAUSE
                        : tls13 ? Deferral.FLIGHT_WITHHELD : Deferral.FLIGHT_WITHHELD_WITH_ALERT);
        found.deferral(
                TlsRole.SERVER, protocol, tls13 ? Deferral.FLIGHT_WITHHELD : Deferral.FLIGHT_WITHHELD_WITH_ALERT);
    }

    /** Says of what is missing somewhere why it is. */
    private void limitations(Set<SslProtocol> usable) {
        Capabilities claimed = found.build();
        for (Capability capability : Capability.values()) {
            boolean complete = Stream.of(TlsRole.values())
                    .allMatch(role -> claimed.protocols(capability, role).containsAll(usable));
            if (!complete) {
                found.limitation(capability, reason(capability));
            }
        }
    }

    private static String reason(Capability capability) {
        return switch (capability) {
            case DIFFIE_HELLMAN_PARAMETERS -> "only servers have parameters, and only up to TLS 1.2";
            case SESSION_EXPORT -> "only clients take sessions out and in";
            case TICKET_KEYS -> "only servers protect tickets";
            case DATAGRAM_COOKIE -> "this backend has no DTLS yet";
            default -> "it did not work in a connection of this process with itself";
        };
    }
}
