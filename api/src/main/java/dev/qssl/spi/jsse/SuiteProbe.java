package dev.qssl.spi.jsse;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** Finds out which cipher suites work: two ends must agree on each when it is the only one. */
final class SuiteProbe {

    private final ProbeBench bench;
    private final Identity ec;
    private final ExtrasProbe extras;
    private final Identity rsa;
    private boolean fixedInTls13;

    SuiteProbe(ProbeBench bench, Identity ec, ExtrasProbe extras) throws GeneralSecurityException {
        this.bench = bench;
        this.ec = ec;
        this.extras = extras;
        this.rsa = ThrowAwayIdentity.rsa();
    }

    /**
     * {@return the suites that work, those enabled by default first, in the library's order}
     *
     * @param context any context of the library
     * @param usable the versions that work
     */
    List<CipherSuite> working(SSLContext context, Set<SslProtocol> usable) {
        Set<String> names =
                new LinkedHashSet<>(List.of(context.getDefaultSSLParameters().getCipherSuites()));
        names.addAll(List.of(context.getSupportedSSLParameters().getCipherSuites()));
        List<CipherSuite> candidates =
                names.stream().flatMap(name -> JsseNames.suite(name).stream()).toList();
        Set<CipherSuite> working = new LinkedHashSet<>();
        for (boolean tls13 : new boolean[] {true, false}) {
            // Suites of TLS 1.3 belong to it alone; the others work in the newest older version if in any.
            usable.stream()
                    .filter(protocol -> (protocol == SslProtocol.TLS_V1_3) == tls13)
                    .max(Comparator.comparingInt(SslProtocol::wireVersion))
                    .ifPresent(protocol -> working.addAll(working(protocol, candidates)));
        }
        return candidates.stream().filter(working::contains).distinct().toList();
    }

    /** {@return whether the suites of TLS 1.3 work, but only all together} Known after {@link #working}. */
    boolean isFixedInTls13() {
        return fixedInTls13;
    }

    private List<CipherSuite> working(SslProtocol protocol, List<CipherSuite> candidates) {
        boolean tls13 = protocol == SslProtocol.TLS_V1_3;
        List<CipherSuite> ofVersion = candidates.stream()
                .filter(suite -> (suite.protocol() == SslProtocol.TLS_V1_3) == tls13)
                .toList();
        List<CipherSuite> working = new ArrayList<>();
        if (tls13 && !ofVersion.isEmpty() && !ProbeBench.works(() -> accepts(protocol, ofVersion.subList(0, 1)))) {
            fixedInTls13 = true;
            return ofVersion;
        }
        List<CipherSuite> withKeys =
                ofVersion.stream().filter(SuiteProbe::needsKey).toList();
        if (!withKeys.isEmpty() && extras.hasPreSharedKeys(protocol)) {
            working.addAll(extras.working(protocol, withKeys));
        }
        for (Identity identity : tls13 ? List.of(ec) : List.of(ec, rsa)) {
            ContextSettings.Builder settings = settings(protocol, ofVersion).identity(identity);
            ProbeBench.works(() -> {
                TlsContext servers = bench.context(settings.verifyMode(PeerVerifyMode.VERIFY_NONE));
                for (CipherSuite suite : ofVersion) {
                    if (fits(suite, identity) && ProbeBench.works(() -> agreesOn(suite, protocol, servers, identity))) {
                        working.add(suite);
                    }
                }
                return true;
            });
        }
        return working;
    }

    private boolean accepts(SslProtocol protocol, List<CipherSuite> suites) throws TlsException {
        bench.context(settings(protocol, suites)).close();
        return true;
    }

    private static boolean needsKey(CipherSuite suite) {
        return suite.keyExchange().endsWith("PSK");
    }

    private static boolean fits(CipherSuite suite, Identity identity) {
        if (needsKey(suite)) {
            return false;
        }
        return switch (suite.authentication()) {
            case "ECDSA" -> identity.key().getAlgorithm().equals("EC");
            case "RSA" -> identity.key().getAlgorithm().equals("RSA");
            default -> true;
        };
    }

    private boolean agreesOn(CipherSuite suite, SslProtocol protocol, TlsContext servers, Identity server)
            throws TlsException {
        TlsContext clients = bench.context(settings(protocol, List.of(suite)));
        PinnedPeer owner = PinnedPeer.accepting(server.certificate());
        try (ProbeConnection connection = ProbeConnection.open(clients, owner, servers, owner)) {
            return connection.isEstablished()
                    && connection.client().parameters().cipherSuite().equals(suite);
        }
    }

    private static ContextSettings.Builder settings(SslProtocol protocol, List<CipherSuite> suites) {
        return ContextSettings.builder().protocols(Set.of(protocol)).cipherSuites(suites);
    }
}
