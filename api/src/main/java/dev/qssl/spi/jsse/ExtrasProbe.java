package dev.qssl.spi.jsse;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out which of the {@link JsseLibrary#extras} work that not even newer JDKs have methods for. */
final class ExtrasProbe {

    /** Enough of an OCSP response for a library that passes on what it was given (RFC 6960: tryLater). */
    private static final byte[] RESPONSE = {0x30, 0x03, 0x0A, 0x01, 0x03};

    private final ProbeBench bench;
    private final Identity identity;

    ExtrasProbe(ProbeBench bench, Identity identity) {
        this.bench = bench;
        this.identity = identity;
    }

    /** {@return whether a session that left the process can enter it and be resumed} */
    boolean exportsSessions(SslProtocol protocol) {
        return claims(Capability.SESSION_EXPORT)
                && ProbeBench.works(() -> {
                    TlsContext servers = bench.context(settings(protocol).identity(identity));
                    PinnedPeer first = owner();
                    try (ProbeConnection connection =
                            ProbeConnection.open(exporting(protocol), first, servers, owner())) {
                        if (!connection.isEstablished() || !connection.carriesData()) {
                            return false;
                        }
                    }
                    Optional<SessionTicket> session = first.sessions().stream().findFirst();
                    return session.isPresent() && resumes(protocol, session.get(), servers);
                });
    }

    private boolean resumes(SslProtocol protocol, SessionTicket session, TlsContext servers) throws TlsException {
        EngineRequest request = ProbeConnection.REQUEST.withSession(session.bytes());
        try (ProbeConnection connection =
                ProbeConnection.open(exporting(protocol), request, owner(), servers, owner())) {
            return connection.isEstablished()
                    && connection.client().parameters().resumed();
        }
    }

    private TlsContext exporting(SslProtocol protocol) throws TlsException {
        Set<SslOption> options = EnumSet.noneOf(SslOption.class);
        options.addAll(settings(protocol).build().options());
        options.remove(SslOption.DISABLE_SESSION_PERSISTENCE);
        return bench.context(settings(protocol).options(options));
    }

    /** {@return whether a client gets the response that its server was given} */
    boolean staples(SslProtocol protocol) {
        return claims(Capability.OCSP_STAPLING)
                && ProbeBench.works(() -> {
                    PinnedPeer client = owner();
                    TlsContext clients = bench.context(settings(protocol).ocspStapling(true));
                    TlsContext servers = bench.context(settings(protocol).identity(identity));
                    EngineRequest given = EngineRequest.server().withStaples(List.of(RESPONSE));
                    try (ProbeConnection connection =
                            ProbeConnection.open(clients, ProbeConnection.REQUEST, client, servers, given, owner())) {
                        return connection.isEstablished()
                                && client.credentials().stream()
                                        .flatMap(shown -> shown.staples().stream())
                                        .anyMatch(staple -> Arrays.equals(staple, RESPONSE));
                    }
                });
    }

    /** {@return whether two ends that have nothing but a key in common agree} */
    boolean hasPreSharedKeys(SslProtocol protocol) {
        return claims(Capability.PSK)
                && ProbeBench.works(() -> agreesOn(protocol, List.of()).isPresent());
    }

    /** {@return those of these suites that work with a pre-shared key} */
    List<CipherSuite> working(SslProtocol protocol, List<CipherSuite> suites) {
        return suites.stream()
                .filter(suite -> ProbeBench.works(() ->
                        agreesOn(protocol, List.of(suite)).filter(suite::equals).isPresent()))
                .toList();
    }

    private Optional<CipherSuite> agreesOn(SslProtocol protocol, List<CipherSuite> suites) throws TlsException {
        TlsContext both = bench.context(settings(protocol)
                .cipherSuites(suites)
                .pskProtocols(Set.of(protocol))
                .verifyMode(PeerVerifyMode.VERIFY_NONE));
        try (ProbeConnection connection = ProbeConnection.open(both, owner(), both, owner())) {
            return connection.isEstablished()
                    ? Optional.of(connection.client().parameters().cipherSuite())
                    : Optional.empty();
        }
    }

    private boolean claims(Capability capability) {
        return bench.library().extras().contains(capability);
    }

    private static ContextSettings.Builder settings(SslProtocol protocol) {
        return ContextSettings.builder().protocols(Set.of(protocol));
    }

    private PinnedPeer owner() {
        return PinnedPeer.accepting(identity.certificate());
    }
}
