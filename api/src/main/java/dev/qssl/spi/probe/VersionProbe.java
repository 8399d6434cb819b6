package dev.qssl.spi.probe;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds out whether a version works, and what its connections can do. */
final class VersionProbe {

    private static final String APPLICATION_PROTOCOL = "probe/1";
    private static final String OTHER_CURVE = "secp384r1";
    private static final String EXPORTER_LABEL = "EXPORTER-qssl-probe";

    private final ProbeBench bench;
    private final SslProtocol protocol;
    private final Claims claims;

    /**
     * Creates one.
     *
     * @param bench to work with
     * @param claims collects what works; its version is tried
     */
    VersionProbe(ProbeBench bench, Claims claims) {
        this.bench = bench;
        this.protocol = claims.protocol();
        this.claims = claims;
    }

    /** {@return whether a connection works from the first word to the last} Claims that and whatever else works, if so. */
    boolean run() throws TlsException {
        ContextSettings.Builder settings = bench.server(protocol).alpn(List.of(APPLICATION_PROTOCOL));
        try (TlsContext clients = bench.context(settings);
                TlsContext servers = bench.context(settings.verifyMode(PeerVerifyMode.VERIFY_PEER))) {
            Set<Capability> seen = firstConnection(clients, servers);
            seen.forEach(capability -> claims.claim(capability, () -> true));
            if (!seen.contains(Capability.HANDSHAKE)) {
                return false;
            }
            claims.claim(Capability.RESUMPTION, () -> resumes(clients, servers));
            claims.claim(Capability.ALERTS, () -> tellsOfAlerts(clients, servers));
        }
        claims.claim(Capability.GROUP_CHOICE, () -> NameProbe.agreesOnGroup(bench, protocol, OTHER_CURVE));
        claims.claim(Capability.SIGNATURE_SCHEME_CHOICE, this::choosesSignatureScheme);
        return true;
    }

    /** {@return what the first connection showed; nothing unless it worked to the end} */
    private Set<Capability> firstConnection(TlsContext clients, TlsContext servers) throws TlsException {
        ProbeOwner judge = bench.owner();
        try (ProbeConnection connection =
                ProbeConnection.open(ProbeSide.client(clients, bench.owner()), ProbeSide.server(servers, judge))) {
            boolean works = connection.isEstablished()
                    && connection.carriesData()
                    && connection.client().parameters().protocol() == protocol;
            if (!works) {
                return Set.of();
            }
            Set<Capability> seen =
                    agreed(connection.client().parameters(), connection.server().parameters());
            keep(seen, Capability.CLIENT_CERTIFICATE, () -> showedItsCertificate(judge));
            keep(seen, Capability.EXPORTER, () -> exports(connection));
            boolean closed = connection.closesClient();
            keep(seen, Capability.HALF_CLOSE, () -> closed && connection.carriesDataOfServer());
            keep(seen, Capability.HANDSHAKE, () -> closed && connection.closesServer());
            return seen.contains(Capability.HANDSHAKE) ? seen : Set.of();
        }
    }

    private static void keep(Set<Capability> seen, Capability capability, ProbeBench.Attempt attempt) {
        if (ProbeBench.works(attempt)) {
            seen.add(capability);
        }
    }

    private static Set<Capability> agreed(NegotiatedParameters client, NegotiatedParameters server) {
        Set<Capability> seen = EnumSet.noneOf(Capability.class);
        Alpn chosen = new Alpn.Selected(APPLICATION_PROTOCOL);
        keep(
                seen,
                Capability.ALPN,
                () -> client.alpn().equals(chosen) && server.alpn().equals(chosen));
        keep(seen, Capability.SERVER_NAME, () -> server.serverName().equals(Optional.of(ProbeSide.SERVER_NAME)));
        keep(
                seen,
                Capability.NEGOTIATED_GROUP,
                () -> client.group().isPresent() && client.group().equals(server.group()));
        return seen;
    }

    private boolean showedItsCertificate(ProbeOwner judge) {
        return judge.credentials()
                .filter(shown -> shown.chain().equals(bench.ec().chain()))
                .isPresent();
    }

    private static boolean exports(ProbeConnection connection) throws TlsException {
        Optional<byte[]> context = Optional.of(new byte[] {1});
        byte[] ours = connection.client().exportKeyingMaterial(EXPORTER_LABEL, context, 32);
        byte[] theirs = connection.server().exportKeyingMaterial(EXPORTER_LABEL, context, 32);
        return ours.length == 32 && Arrays.equals(ours, theirs);
    }

    private boolean resumes(TlsContext clients, TlsContext servers) throws TlsException {
        try (ProbeConnection second = bench.connect(clients, servers)) {
            return second.isEstablished()
                    && second.client().parameters().resumed()
                    && second.server().parameters().resumed();
        }
    }

    /** {@return whether the two ends tell of the same alert, a refusal, with its code} */
    private boolean tellsOfAlerts(TlsContext clients, TlsContext servers) throws TlsException {
        ProbeOwner client = ProbeOwner.refusing(AlertType.CERTIFICATE_UNKNOWN);
        ProbeOwner server = bench.owner();
        EngineRequest notResuming = EngineRequest.client(null, ProbeSide.SERVER_NAME);
        try (ProbeConnection connection =
                ProbeConnection.open(new ProbeSide(clients, notResuming, client), ProbeSide.server(servers, server))) {
            return !connection.isEstablished()
                    && server.alertsReceived().equals(List.of(TlsAlert.fatal(AlertType.CERTIFICATE_UNKNOWN)))
                    && client.alertsSent().equals(server.alertsReceived());
        }
    }

    private boolean choosesSignatureScheme() throws TlsException {
        ContextSettings.Builder client =
                ProbeBench.client(protocol).signatureSchemes(List.of("ecdsa_secp256r1_sha256"));
        return bench.agree(client, bench.server(protocol).verifyMode(PeerVerifyMode.VERIFY_NONE), agreed -> true);
    }
}
