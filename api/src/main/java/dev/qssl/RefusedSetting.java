package dev.qssl;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.backend.FoundBackend;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says in the application's words why a backend refused the settings of a context: which of its setters asked for what the
 * backend does not claim. Asks what the backend can do, which may take seconds, but only now that there is no connection.
 */
final class RefusedSetting {

    private final FoundBackend backend;
    private final Capabilities capabilities;
    private final TlsRole role;
    private final ContextSettings settings;

    /**
     * Prepares the explanation.
     *
     * @param backend who refused
     * @param role our side
     * @param settings what was refused
     */
    RefusedSetting(FoundBackend backend, TlsRole role, ContextSettings settings) {
        this.backend = backend;
        this.capabilities = backend.capabilities();
        this.role = role;
        this.settings = settings;
    }

    /**
     * {@return the refusal in the application's words, with the backend's own as its cause; the backend's own if it refused
     * something that no capability speaks of}
     *
     * @param refused by the backend
     */
    TlsException explain(TlsException refused) {
        Set<SslProtocol> had = capabilities.protocols(Capability.HANDSHAKE, role);
        if (had.isEmpty()) {
            return new TlsException(
                    TlsError.NO_BACKEND,
                    "backend " + backend.name() + " has no TLS " + side() + "s here; use another one. Available: "
                            + String.join(", ", Backends.shared().availableBackends()) + "."
                            + Backends.shared().whyOthersAreMissing(),
                    refused);
        }
        return reason(had)
                .map(reason -> new TlsException(
                        TlsError.UNSUPPORTED_SETTING,
                        "backend " + backend.name() + ": " + reason
                                + ", or use a backend that has it (BackendRequirements finds one by need)",
                        refused))
                .orElse(refused);
    }

    private Optional<String> reason(Set<SslProtocol> had) {
        EnumSet<SslProtocol> versions = EnumSet.copyOf(settings.protocols());
        versions.retainAll(had);
        if (versions.isEmpty()) {
            return Optional.of("it has " + VersionText.of(had) + " here, not " + VersionText.of(settings.protocols())
                    + "; use a version that it has");
        }
        return lackingCapability(versions)
                .or(() -> lackingName("setEllipticCurves", settings.groups(), capabilities.groups()))
                .or(() -> lackingName(
                        "setSignatureSchemes", settings.signatureSchemes(), capabilities.signatureSchemes()));
    }

    private Optional<String> lackingCapability(Set<SslProtocol> versions) {
        for (Map.Entry<Capability, String> need : needs().entrySet()) {
            List<SslProtocol> lacking = concerned(need.getKey(), versions).stream()
                    .filter(version -> !capabilities.can(need.getKey(), role, version))
                    .toList();
            if (!lacking.isEmpty()) {
                return Optional.of(need.getValue() + ": it lacks " + need.getKey() + " as a " + side() + " in "
                        + VersionText.of(lacking) + "; leave that out, use other versions");
            }
        }
        return Optional.empty();
    }

    /** {@return what the settings need, with the words that name who asked for it} */
    private Map<Capability, String> needs() {
        Map<Capability, String> needs = new LinkedHashMap<>();
        need(needs, !settings.alpn().isEmpty(), Capability.ALPN, "setAllowedNextProtocols");
        need(
                needs,
                isServer() && asksForCertificate(),
                Capability.CLIENT_CERTIFICATE,
                "asking clients for a certificate");
        need(
                needs,
                !isServer() && settings.identity().isPresent(),
                Capability.CLIENT_CERTIFICATE,
                "setLocalCertificate");
        need(needs, !settings.groups().isEmpty(), Capability.GROUP_CHOICE, "setEllipticCurves");
        need(needs, !settings.signatureSchemes().isEmpty(), Capability.SIGNATURE_SCHEME_CHOICE, "setSignatureSchemes");
        need(needs, settings.isOcspStaplingEnabled(), Capability.OCSP_STAPLING, "setOcspStaplingEnabled");
        need(needs, !settings.pskProtocols().isEmpty(), Capability.PSK, "setPskProtocols");
        need(
                needs,
                !settings.options().contains(SslOption.DISABLE_SESSION_PERSISTENCE),
                Capability.SESSION_EXPORT,
                "DISABLE_SESSION_PERSISTENCE off");
        need(needs, settings.isKeyLogEnabled(), Capability.KEY_LOG, "setKeyLog");
        need(needs, !settings.ticketKeys().isEmpty(), Capability.TICKET_KEYS, "setSessionTicketKeys");
        need(
                needs,
                settings.diffieHellman() instanceof DiffieHellman.Custom,
                Capability.DIFFIE_HELLMAN_PARAMETERS,
                "setDiffieHellmanParameters");
        return needs;
    }

    private static void need(Map<Capability, String> needs, boolean wanted, Capability capability, String setter) {
        if (wanted) {
            needs.put(capability, setter);
        }
    }

    private boolean asksForCertificate() {
        return settings.verifyMode() == PeerVerifyMode.VERIFY_PEER || settings.isMissingCertificateFatal();
    }

    private Set<SslProtocol> concerned(Capability capability, Set<SslProtocol> versions) {
        EnumSet<SslProtocol> concerned = EnumSet.copyOf(versions);
        switch (capability) {
            case PSK -> concerned.retainAll(settings.pskProtocols());
            case DIFFIE_HELLMAN_PARAMETERS -> concerned.remove(SslProtocol.TLS_V1_3);
            case SESSION_EXPORT -> {
                // Sessions of some versions are better than none: only a backend without any is asked in vain.
                if (!capabilities.protocols(capability, role).isEmpty()) {
                    concerned.clear();
                }
            }
            default -> {}
        }
        return concerned;
    }

    private static Optional<String> lackingName(String setter, List<String> wanted, List<String> had) {
        List<String> lacking =
                wanted.stream().filter(name -> !had.contains(name)).toList();
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of(setter + ": it has no " + String.join(", ", lacking) + "; take that off the list");
    }

    private boolean isServer() {
        return role == TlsRole.SERVER;
    }

    private String side() {
        return isServer() ? "server" : "client";
    }
}
