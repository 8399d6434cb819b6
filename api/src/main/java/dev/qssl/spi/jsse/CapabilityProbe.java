package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Deferral;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRegistry;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Finds out what a library can do, by doing it: each claim is the result of a connection of this process with itself. What
 * fails is not claimed; why it fails does not matter here.
 */
final class CapabilityProbe {

    private static final int STATUS_REQUEST = 5;
    private static final String APPLICATION_PROTOCOL = "probe/1";
    private static final String CURVE_OF_KEY = "secp256r1";
    private static final String OTHER_CURVE = "secp384r1";

    private final ProbeBench bench;
    private final Capabilities.Builder found = Capabilities.builder().verifiesCertificates();
    private final Identity identity = ThrowAwayIdentity.ec();
    private final ExtrasProbe extras;
    private final SSLContext plain;

    private CapabilityProbe(ProbeBench bench) throws GeneralSecurityException {
        this.bench = bench;
        this.extras = new ExtrasProbe(bench, identity);
        this.plain = EnginePair.context(bench.library());
    }

    /** {@return what the library can do in this process} */
    static Capabilities run(ProbeBench bench) {
        try {
            return new CapabilityProbe(bench).run();
        } catch (GeneralSecurityException unusable) {
            return Capabilities.builder().verifiesCertificates().build();
        }
    }

    private void claim(Capability capability, SslProtocol protocol, boolean works) {
        if (works) {
            found.claim(capability, Set.of(protocol));
        }
    }

    private Capabilities run() throws GeneralSecurityException {
        Set<SslProtocol> usable = EnumSet.noneOf(SslProtocol.class);
        for (String name : plain.getDefaultSSLParameters().getProtocols()) {
            SslProtocol protocol = JsseNames.protocol(name);
            if (protocol.isConcrete() && ProbeBench.works(() -> handshakes(protocol))) {
                usable.add(protocol);
            }
        }
        if (!usable.isEmpty()) {
            SuiteProbe probe = new SuiteProbe(bench, identity, extras);
            List<CipherSuite> suites = probe.working(plain, usable);
            found.cipherSuites(suites);
            for (SslProtocol protocol : usable) {
                boolean tls13 = protocol == SslProtocol.TLS_V1_3;
                long choice = suites.stream()
                        .filter(suite -> (suite.protocol() == SslProtocol.TLS_V1_3) == tls13)
                        .count();
                claim(Capability.CIPHER_SUITE_CHOICE, protocol, choice > 1 && !(tls13 && probe.isFixedInTls13()));
            }
            names(usable);
            limitations(usable);
        }
        return found.build();
    }

    /** {@return whether a connection works from the first word to the last} Claims whatever else it showed. */
    private boolean handshakes(SslProtocol protocol) throws TlsException {
        ContextSettings.Builder settings = settings(protocol).alpn(List.of(APPLICATION_PROTOCOL));
        TlsContext clients = bench.context(settings);
        TlsContext servers = bench.context(settings.verifyMode(PeerVerifyMode.VERIFY_PEER));
        PinnedPeer judge = owner();
        try (ProbeConnection connection = ProbeConnection.open(clients, owner(), servers, judge)) {
            boolean works = connection.isEstablished()
                    && connection.carriesData()
                    && connection.client().parameters().protocol() == protocol;
            if (!works) {
                return false;
            }
            claimAgreed(
                    protocol,
                    connection.client().parameters(),
                    connection.server().parameters());
            claim(Capability.CLIENT_CERTIFICATE, protocol, showed(judge, identity));
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

    private static boolean showed(PinnedPeer judge, Identity identity) {
        return judge.credentials()
                .map(shown -> shown.chain().equals(identity.chain()))
                .orElse(false);
    }

    private boolean exports(ProbeConnection connection) throws TlsException {
        if (!bench.library().extras().contains(Capability.EXPORTER)) {
            return false;
        }
        Optional<byte[]> context = Optional.of(new byte[] {1});
        byte[] ours = connection.client().exportKeyingMaterial("EXPORTER-qssl-probe", context, 32);
        byte[] theirs = connection.server().exportKeyingMaterial("EXPORTER-qssl-probe", context, 32);
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
        PinnedPeer client = PinnedPeer.refusing(identity.certificate(), AlertType.CERTIFICATE_UNKNOWN);
        PinnedPeer server = owner();
        EngineRequest notResuming = EngineRequest.client(null, ProbeConnection.SERVER_NAME);
        try (ProbeConnection connection = ProbeConnection.open(clients, notResuming, client, servers, server)) {
            return !connection.isEstablished()
                    && server.received().equals(List.of(TlsAlert.fatal(AlertType.CERTIFICATE_UNKNOWN)))
                    && client.sent().equals(server.received());
        }
    }

    private void claimChoices(SslProtocol protocol, TlsContext servers) {
        claim(Capability.GROUP_CHOICE, protocol, ProbeBench.works(() -> agreesOnGroup(protocol, OTHER_CURVE)));
        claim(Capability.SIGNATURE_SCHEME_CHOICE, protocol, ProbeBench.works(() -> {
            List<String> schemes = List.of("ecdsa_secp256r1_sha256");
            return isEstablished(bench.context(clientSettings(protocol).signatureSchemes(schemes)), servers);
        }));
        if (ProbeBench.works(() -> asksForStaple(protocol))) {
            found.claim(Capability.OCSP_STAPLING, TlsRole.CLIENT, Set.of(protocol));
        }
        if (extras.staples(protocol)) {
            found.claim(Capability.OCSP_STAPLING, TlsRole.SERVER, Set.of(protocol));
        }
        if (extras.exportsSessions(protocol)) {
            found.claim(Capability.SESSION_EXPORT, TlsRole.CLIENT, Set.of(protocol));
        }
        claim(Capability.PSK, protocol, extras.hasPreSharedKeys(protocol));
        if (protocol != SslProtocol.TLS_V1_3) {
            // Up to TLS 1.2 certificates and alerts are in clear, so a late refusal is ours to write.
            for (TlsRole role : TlsRole.values()) {
                found.deferral(role, protocol, Deferral.FLIGHT_WITHHELD_WITH_ALERT);
            }
        }
    }

    private boolean isEstablished(TlsContext clients, TlsContext servers) throws TlsException {
        try (ProbeConnection connection = ProbeConnection.open(clients, owner(), servers, owner())) {
            return connection.isEstablished();
        }
    }

    private boolean agreesOnGroup(SslProtocol protocol, String group) throws TlsException {
        // Up to TLS 1.2 the group of the certificate's key must be among them too (RFC 8422, section 5.1).
        List<String> groups = protocol == SslProtocol.TLS_V1_3 || group.equals(CURVE_OF_KEY)
                ? List.of(group)
                : List.of(group, CURVE_OF_KEY);
        // Fails at once if the library does not know the group.
        TlsContext clients = bench.context(clientSettings(protocol).groups(groups));
        TlsContext servers = bench.context(settings(protocol).groups(groups).verifyMode(PeerVerifyMode.VERIFY_NONE));
        try (ProbeConnection connection = ProbeConnection.open(clients, owner(), servers, owner())) {
            return connection.isEstablished()
                    && connection.client().parameters().group().equals(Optional.of(group));
        }
    }

    private boolean asksForStaple(SslProtocol protocol) throws TlsException {
        return hello(clientSettings(protocol))
                .map(hello -> hello.extensions().contains(STATUS_REQUEST))
                .orElse(false);
    }

    /** {@return what a client of these settings says first} */
    private Optional<ClientHello> hello(ContextSettings.Builder settings) throws TlsException {
        try (TlsEngine client = bench.context(settings).newEngine(EngineRequest.client(null, null), owner())) {
            ByteBuffer records = ByteBuffer.allocate(ClientHelloReader.MAXIMUM_HELLO_BYTES);
            client.encrypt(ByteBuffer.allocate(0), records);
            return new ClientHelloReader().read(records.flip()) instanceof ClientHelloReader.Progress.Found hello
                    ? Optional.of(hello.hello())
                    : Optional.empty();
        }
    }

    /** Says of what is missing somewhere why it is. */
    private void limitations(Set<SslProtocol> usable) {
        Capabilities claimed = found.build();
        for (Capability capability : Capability.values()) {
            boolean complete = concerned(capability).stream()
                    .allMatch(role -> claimed.protocols(capability, role).containsAll(usable));
            if (!complete) {
                found.limitation(capability, bench.library().reasonAgainst(capability));
            }
        }
    }

    private static Set<TlsRole> concerned(Capability capability) {
        return switch (capability) {
            case SESSION_EXPORT -> EnumSet.of(TlsRole.CLIENT);
            case TICKET_KEYS, DIFFIE_HELLMAN_PARAMETERS -> EnumSet.of(TlsRole.SERVER);
            default -> EnumSet.allOf(TlsRole.class);
        };
    }

    /** Groups and signature schemes: what clients offer, and where groups can be chosen, what else works. */
    private void names(Set<SslProtocol> usable) {
        Set<String> groups = new LinkedHashSet<>();
        Set<String> schemes = new LinkedHashSet<>();
        ProbeBench.works(() -> {
            ClientHello hello =
                    hello(ContextSettings.builder().protocols(usable)).orElseThrow();
            hello.groups().forEach(code -> TlsRegistry.groupName(code).ifPresent(groups::add));
            hello.signatureSchemes()
                    .forEach(code -> TlsRegistry.signatureSchemeName(code).ifPresent(schemes::add));
            return true;
        });
        if (bench.library().extras().contains(Capability.GROUP_CHOICE)) {
            for (String group : TlsRegistry.groupNames()) {
                if (!groups.contains(group)
                        && usable.stream()
                                .anyMatch(protocol -> ProbeBench.works(() -> agreesOnGroup(protocol, group)))) {
                    groups.add(group);
                }
            }
        }
        found.groups(List.copyOf(groups)).signatureSchemes(List.copyOf(schemes));
    }

    private ContextSettings.Builder settings(SslProtocol protocol) {
        return clientSettings(protocol).identity(identity);
    }

    private static ContextSettings.Builder clientSettings(SslProtocol protocol) {
        return ContextSettings.builder().protocols(Set.of(protocol));
    }

    private PinnedPeer owner() {
        return PinnedPeer.accepting(identity.certificate());
    }
}
