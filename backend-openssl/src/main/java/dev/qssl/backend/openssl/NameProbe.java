package dev.qssl.backend.openssl;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ClientHelloReader;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds out which names of cipher suites, groups and signature schemes mean something: two ends must agree on each. */
final class NameProbe {

    private static final String CURVE_OF_KEY = "secp256r1";
    private static final String MORE_SCHEMES = "rsa_pkcs1_sha1 ecdsa_sha1 mldsa44 mldsa65 mldsa87"
            + " ecdsa_brainpoolP256r1tls13_sha256 ecdsa_brainpoolP384r1tls13_sha384"
            + " ecdsa_brainpoolP512r1tls13_sha512";

    private final ProbeBench bench;
    private final Identity ec;
    private final Set<SslProtocol> usable;

    NameProbe(ProbeBench bench, Identity ec, Set<SslProtocol> usable) {
        this.bench = bench;
        this.ec = ec;
        this.usable = usable;
    }

    /** {@return the suites that work, those that clients offer by default first} */
    List<CipherSuite> suites() {
        Set<CipherSuite> candidates = new LinkedHashSet<>();
        hello(settings(usable))
                .ifPresent(hello -> hello.cipherSuites()
                        .forEach(code -> CipherSuite.ofCode(code).ifPresent(candidates::add)));
        candidates.addAll(CipherSuite.known());
        Set<CipherSuite> working = new HashSet<>();
        ProbeBench.works(() -> working.addAll(working(candidates, SslProtocol.TLS_V1_3)));
        // What works in any older version works in TLS 1.2.
        ProbeBench.works(() -> working.addAll(working(candidates, SslProtocol.TLS_V1_2)));
        return candidates.stream().filter(working::contains).toList();
    }

    private Set<CipherSuite> working(Set<CipherSuite> candidates, SslProtocol protocol) throws TlsException {
        if (!usable.contains(protocol)) {
            return Set.of();
        }
        boolean tls13 = protocol == SslProtocol.TLS_V1_3;
        Set<CipherSuite> working = new HashSet<>();
        try (TlsContext withEc = servers(candidates, protocol, ec);
                TlsContext withRsa = servers(candidates, protocol, bench.rsa())) {
            for (CipherSuite suite : candidates) {
                boolean rsa = suite.authentication().equals("RSA")
                        || suite.keyExchange().startsWith("RSA");
                if ((suite.protocol() == SslProtocol.TLS_V1_3) == tls13
                        && ProbeBench.works(
                                () -> agreesOn(suite, protocol, rsa ? withRsa : withEc, rsa ? bench.rsa() : ec))) {
                    working.add(suite);
                }
            }
        }
        return working;
    }

    private TlsContext servers(Set<CipherSuite> suites, SslProtocol protocol, Identity identity) throws TlsException {
        ContextSettings.Builder settings = settings(Set.of(protocol))
                .cipherSuites(List.copyOf(suites))
                .identity(identity)
                .verifyMode(PeerVerifyMode.VERIFY_NONE);
        return bench.context(protocol == SslProtocol.TLS_V1_3 ? settings : settings.pskProtocols(Set.of(protocol)));
    }

    private boolean agreesOn(CipherSuite suite, SslProtocol protocol, TlsContext servers, Identity identity)
            throws TlsException {
        ContextSettings.Builder client = settings(Set.of(protocol)).cipherSuites(List.of(suite));
        if (suite.keyExchange().endsWith("PSK")) {
            client.pskProtocols(Set.of(protocol));
        }
        ProbePeer owner = ProbePeer.accepting(identity.certificate());
        try (TlsContext clients = bench.context(client);
                ProbeConnection connection = ProbeConnection.open(clients, owner, servers, owner)) {
            return connection.isEstablished()
                    && connection.client().parameters().cipherSuite().equals(suite);
        }
    }

    /** {@return the groups that work, those that clients offer by default first} */
    List<String> groups() {
        Set<String> groups = new LinkedHashSet<>();
        hello(settings(usable))
                .ifPresent(hello -> hello.groups()
                        .forEach(code -> TlsRegistry.groupName(code).ifPresent(groups::add)));
        for (String group : TlsRegistry.groupNames()) {
            if (!groups.contains(group) && ProbeBench.works(() -> agreesOn(group))) {
                groups.add(group);
            }
        }
        return List.copyOf(groups);
    }

    /** {@return whether two ends agree on this group in any version} */
    boolean agreesOn(String group) throws TlsException {
        for (SslProtocol protocol : usable) {
            // Up to TLS 1.2 the group of the certificate's key must be among them too (RFC 8422, section 5.1).
            List<String> groups = protocol == SslProtocol.TLS_V1_3 || group.equals(CURVE_OF_KEY)
                    ? List.of(group)
                    : List.of(group, CURVE_OF_KEY);
            if (ProbeBench.works(() -> agreesOn(groups, protocol))) {
                return true;
            }
        }
        return false;
    }

    private boolean agreesOn(List<String> groups, SslProtocol protocol) throws TlsException {
        ProbePeer owner = ProbePeer.accepting(ec.certificate());
        try (TlsContext clients = bench.context(settings(Set.of(protocol)).groups(groups));
                TlsContext servers = bench.context(
                        settings(Set.of(protocol)).groups(groups).identity(ec).verifyMode(PeerVerifyMode.VERIFY_NONE));
                ProbeConnection connection = ProbeConnection.open(clients, owner, servers, owner)) {
            return connection.isEstablished()
                    && connection.client().parameters().group().equals(Optional.of(groups.get(0)));
        }
    }

    /** {@return the schemes that clients offer, by default or when they are chosen} */
    List<String> signatureSchemes() {
        Set<String> schemes = new LinkedHashSet<>();
        hello(settings(usable))
                .ifPresent(hello -> hello.signatureSchemes()
                        .forEach(code -> TlsRegistry.signatureSchemeName(code).ifPresent(schemes::add)));
        for (String scheme : MORE_SCHEMES.split(" ", -1)) {
            if (!schemes.contains(scheme) && isOffered(scheme)) {
                schemes.add(scheme);
            }
        }
        return new ArrayList<>(schemes);
    }

    private boolean isOffered(String scheme) {
        OptionalInt code = TlsRegistry.signatureSchemeCode(scheme);
        return code.isPresent()
                && hello(settings(usable).signatureSchemes(List.of(scheme)))
                        .filter(hello -> hello.signatureSchemes().contains(code.getAsInt()))
                        .isPresent();
    }

    /** {@return what a client of these settings says first; empty if it says nothing} */
    private Optional<ClientHello> hello(ContextSettings.Builder settings) {
        ByteBuffer records = ByteBuffer.allocate(ClientHelloReader.MAXIMUM_HELLO_BYTES);
        try (TlsContext context = bench.context(settings);
                TlsEngine client =
                        context.newEngine(EngineRequest.client(null, null), ProbePeer.accepting(ec.certificate()))) {
            client.encrypt(ByteBuffer.allocate(0), records);
            return new ClientHelloReader().read(records.flip()) instanceof ClientHelloReader.Progress.Found hello
                    ? Optional.of(hello.hello())
                    : Optional.empty();
        } catch (TlsException saysNothing) {
            return Optional.empty();
        }
    }

    private static ContextSettings.Builder settings(Set<SslProtocol> protocols) {
        return ContextSettings.builder().protocols(protocols);
    }
}
