package dev.qssl.spi.probe;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsException;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** Finds out which cipher suites work: two ends must agree on each when it is the only one. */
final class SuiteProbe {

    private final ProbeBench bench;
    private final Set<SslProtocol> usable;
    private final Set<CipherSuite> offered = new LinkedHashSet<>();
    private final Set<CipherSuite> working = new HashSet<>();
    private final Set<SslProtocol> choosable = EnumSet.noneOf(SslProtocol.class);

    /**
     * Creates one.
     *
     * @param bench to work with
     * @param usable the versions that work
     */
    SuiteProbe(ProbeBench bench, Set<SslProtocol> usable) {
        this.bench = bench;
        this.usable = usable;
        bench.hello(ContextSettings.builder().protocols(usable))
                .ifPresent(hello -> hello.cipherSuites()
                        .forEach(code -> CipherSuite.ofCode(code).ifPresent(offered::add)));
    }

    /** {@return the suites that work, those that clients offer by default first} */
    List<CipherSuite> run() {
        Set<CipherSuite> candidates = new LinkedHashSet<>(offered);
        candidates.addAll(bench.subject().cipherSuites());
        // Suites of TLS 1.3 belong to it alone; the others work in the newest older version if in any.
        tryOut(candidates, protocol -> protocol == SslProtocol.TLS_V1_3);
        tryOut(candidates, protocol -> protocol != SslProtocol.TLS_V1_3);
        return candidates.stream().filter(working::contains).toList();
    }

    /** {@return the versions in which there is a choice} Known after {@link #run}. */
    Set<SslProtocol> choosable() {
        return choosable;
    }

    private void tryOut(Set<CipherSuite> candidates, Predicate<SslProtocol> family) {
        List<SslProtocol> versions = usable.stream()
                .filter(family)
                .sorted(Comparator.comparingInt(SslProtocol::wireVersion).reversed())
                .toList();
        if (versions.isEmpty()) {
            return;
        }
        List<CipherSuite> alone = candidates.stream()
                .filter(suite -> family.test(suite.protocol()))
                .filter(suite -> ProbeBench.works(() -> agreesOn(suite, versions.get(0))))
                .toList();
        working.addAll(alone);
        if (alone.size() > 1) {
            choosable.addAll(versions);
        }
        if (alone.isEmpty()) {
            // The library takes no choice, and its handshakes work: with what it offers.
            offered.stream().filter(suite -> family.test(suite.protocol())).forEach(working::add);
        }
    }

    private boolean agreesOn(CipherSuite suite, SslProtocol protocol) throws TlsException {
        boolean rsa =
                suite.authentication().equals("RSA") || suite.keyExchange().startsWith("RSA");
        Identity identity = rsa ? bench.rsa() : bench.ec();
        return bench.agree(
                settings(suite, protocol),
                settings(suite, protocol).identity(identity).verifyMode(PeerVerifyMode.VERIFY_NONE),
                agreed -> agreed.cipherSuite().equals(suite));
    }

    private static ContextSettings.Builder settings(CipherSuite suite, SslProtocol protocol) {
        ContextSettings.Builder settings = ProbeBench.client(protocol).cipherSuites(List.of(suite));
        return suite.keyExchange().endsWith("PSK") ? settings.pskProtocols(Set.of(protocol)) : settings;
    }
}
