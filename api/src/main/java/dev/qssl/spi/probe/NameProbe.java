package dev.qssl.spi.probe;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ClientHello;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds out which names of groups and signature schemes mean something: those that clients use unasked, and those they take. */
final class NameProbe {

    private static final String CURVE_OF_KEY = "secp256r1";

    private final ProbeBench bench;
    private final Set<SslProtocol> usable;
    private final Optional<ClientHello> hello;

    /**
     * Creates one.
     *
     * @param bench to work with
     * @param usable the versions that work
     */
    NameProbe(ProbeBench bench, Set<SslProtocol> usable) {
        this.bench = bench;
        this.usable = usable;
        this.hello = bench.hello(settings());
    }

    /** {@return the groups that clients offer by default, then those that two ends agree on when told to} */
    List<String> groups() {
        Set<String> groups = new LinkedHashSet<>();
        hello.ifPresent(said ->
                said.groups().forEach(code -> TlsRegistry.groupName(code).ifPresent(groups::add)));
        for (String group : TlsRegistry.groupNames()) {
            if (!groups.contains(group)
                    && usable.stream()
                            .anyMatch(protocol -> ProbeBench.works(() -> agreesOnGroup(bench, protocol, group)))) {
                groups.add(group);
            }
        }
        return List.copyOf(groups);
    }

    /** {@return whether two ends agree on this group when told to} */
    static boolean agreesOnGroup(ProbeBench bench, SslProtocol protocol, String group) throws TlsException {
        // Up to TLS 1.2 the group of the certificate's key must be among them too (RFC 8422, section 5.1).
        List<String> groups = protocol == SslProtocol.TLS_V1_3 || group.equals(CURVE_OF_KEY)
                ? List.of(group)
                : List.of(group, CURVE_OF_KEY);
        return bench.agree(
                ProbeBench.client(protocol).groups(groups),
                bench.server(protocol).groups(groups).verifyMode(PeerVerifyMode.VERIFY_NONE),
                agreed -> agreed.group().equals(Optional.of(group)));
    }

    /** {@return the schemes that clients offer by default, then those that they offer when told to} */
    List<String> signatureSchemes() {
        Set<String> schemes = new LinkedHashSet<>();
        hello.ifPresent(said -> said.signatureSchemes()
                .forEach(code -> TlsRegistry.signatureSchemeName(code).ifPresent(schemes::add)));
        for (String scheme : TlsRegistry.signatureSchemeNames()) {
            if (!schemes.contains(scheme) && isOffered(scheme)) {
                schemes.add(scheme);
            }
        }
        return List.copyOf(schemes);
    }

    private boolean isOffered(String scheme) {
        OptionalInt code = TlsRegistry.signatureSchemeCode(scheme);
        return code.isPresent()
                && bench.hello(settings().signatureSchemes(List.of(scheme)))
                        .filter(said -> said.signatureSchemes().contains(code.getAsInt()))
                        .isPresent();
    }

    private ContextSettings.Builder settings() {
        return ContextSettings.builder().protocols(usable);
    }
}
