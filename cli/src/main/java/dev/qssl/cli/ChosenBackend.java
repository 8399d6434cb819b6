package dev.qssl.cli;

import dev.qssl.BackendInfo;
import dev.qssl.BackendRequirements;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The backend that a command uses in one role, and the refusal of options that it cannot honour. */
final class ChosenBackend {

    private final String name;
    private final Capabilities capabilities;
    private final TlsRole role;
    private final Set<SslProtocol> versions;

    private ChosenBackend(String name, Capabilities capabilities, TlsRole role, Set<SslProtocol> versions) {
        this.name = name;
        this.capabilities = capabilities;
        this.role = role;
        this.versions = versions;
    }

    /**
     * {@return the backend that was asked for}
     *
     * @param asked the option's value; empty for the active one
     * @param protocol the wanted versions
     * @throws CommandFailure (usage) if it cannot be had or has none of these versions
     */
    static ChosenBackend of(String asked, SslProtocol protocol, TlsRole role) throws CommandFailure {
        String name = asked.isEmpty() ? QSslSocket.activeBackend() : asked;
        BackendInfo info = QSslSocket.backends().stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> CommandFailure.usage("--backend " + name + ": there is no such backend." + available()));
        if (info.availability() instanceof Unavailable why) {
            throw CommandFailure.usage("--backend " + name + ": it cannot run here: " + why.reason() + ". "
                    + why.remedy() + "." + available());
        }
        Capabilities capabilities = info.capabilities().orElseThrow();
        Set<SslProtocol> had = capabilities.protocols(Capability.HANDSHAKE, role);
        if (had.isEmpty()) {
            throw CommandFailure.usage(
                    "--backend " + name + ": it has no TLS " + (role == TlsRole.CLIENT ? "clients" : "servers") + "."
                            + whoCan(Capability.HANDSHAKE, role, protocol));
        }
        Set<SslProtocol> versions = EnumSet.copyOf(protocol.versions());
        versions.retainAll(had);
        if (versions.isEmpty()) {
            throw CommandFailure.usage("--protocol: backend " + name + " has " + text(had) + " here, not "
                    + text(protocol.versions()) + "." + whoCan(Capability.HANDSHAKE, role, protocol));
        }
        return new ChosenBackend(name, capabilities, role, versions);
    }

    /** {@return its name} */
    String name() {
        return name;
    }

    /** {@return the wanted versions that it has} */
    Set<SslProtocol> versions() {
        return versions;
    }

    /** {@return the number of the wanted version, if there is but one} */
    Optional<String> onlyVersion() {
        return versions.size() == 1
                ? versions.stream().map(ChosenBackend::number).findFirst()
                : Optional.empty();
    }

    /** {@return the wanted versions in which it can do this} */
    Set<SslProtocol> versions(Capability capability) {
        Set<SslProtocol> able = EnumSet.copyOf(versions);
        able.retainAll(capabilities.protocols(capability, role));
        return able;
    }

    /** {@return the suites up to TLS 1.2 that agree by a pre-shared key, best first} */
    List<QSslCipher> preSharedKeySuites() {
        return capabilities.cipherSuites().stream()
                .filter(suite -> suite.keyExchange().endsWith("PSK"))
                .map(QSslCipher::of)
                .toList();
    }

    /**
     * Refuses an option that it cannot honour in every version that may be negotiated: half honoured would be ignored.
     *
     * @param option as the user wrote it
     * @param capability what it takes
     * @throws CommandFailure (usage) naming the option, what is missing, and who has it
     */
    void require(String option, Capability capability) throws CommandFailure {
        Set<SslProtocol> able = versions(capability);
        if (able.isEmpty()) {
            throw CommandFailure.usage(option + ": backend " + name + " cannot do this" + asWhom() + " here (it lacks "
                    + capability + ")." + whoCan(capability, role, SslProtocol.ANY_PROTOCOL));
        }
        if (!able.equals(versions)) {
            Set<SslProtocol> lacking = EnumSet.copyOf(versions);
            lacking.removeAll(able);
            throw CommandFailure.usage(option + ": backend " + name + " cannot do this" + asWhom() + " in "
                    + text(lacking) + " (it lacks " + capability + "); with "
                    + able.stream().map(ChosenBackend::number).collect(Collectors.joining(" or ", "--protocol ", ""))
                    + " it can." + whoCan(capability, role, lacking.iterator().next()));
        }
    }

    private String asWhom() {
        return role == TlsRole.CLIENT ? " as a client" : " as a server";
    }

    private static String whoCan(Capability capability, TlsRole role, SslProtocol protocol) {
        Map<String, List<String>> shortfalls = BackendRequirements.none()
                .capability(capability, role, protocol)
                .choose()
                .shortfalls();
        List<String> able = shortfalls.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        return able.isEmpty()
                ? " No other backend that can run here can do it either: see 'qssl backends'."
                : " These backends can: --backend " + String.join(", ", able) + ".";
    }

    private static String available() {
        return " Available: " + String.join(", ", QSslSocket.availableBackends()) + ". See 'qssl backends'.";
    }

    private static String text(Set<SslProtocol> versions) {
        return versions.stream().map(SslProtocol::displayName).collect(Collectors.joining(", "));
    }

    private static String number(SslProtocol version) {
        return version.displayName().replaceFirst("^TLSv", "");
    }
}
