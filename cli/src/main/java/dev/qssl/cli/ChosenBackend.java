package dev.qssl.cli;

import dev.qssl.BackendInfo;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The backend that a command uses in one role, and the refusal of options that it cannot honour. It is asked what it can do
 * only once an option needs to know: that may take seconds.
 */
final class ChosenBackend {

    private final BackendInfo info;
    private final TlsRole role;
    private final SslProtocol protocol;
    private final boolean versionsAreGiven;

    private ChosenBackend(BackendInfo info, TlsRole role, SslProtocol protocol, boolean versionsAreGiven) {
        this.info = info;
        this.role = role;
        this.protocol = protocol;
        this.versionsAreGiven = versionsAreGiven;
    }

    /**
     * {@return the backend that was asked for}
     *
     * @param options its name and the versions
     * @throws CommandFailure (usage) if it cannot be had or has none of these versions
     */
    static ChosenBackend of(NegotiationOptions options, TlsRole role) throws CommandFailure {
        NamedBackend named = NamedBackend.of(options.backend);
        ChosenBackend chosen = new ChosenBackend(named.find(), role, options.versions(), options.protocol.isPresent());
        if (chosen.versionsAreGiven || named.name().equals(NamedBackend.CERTIFICATES_ONLY)) {
            chosen.requireVersions(named);
        }
        return chosen;
    }

    private void requireVersions(NamedBackend named) throws CommandFailure {
        Set<SslProtocol> had = capabilities().protocols(Capability.HANDSHAKE, role);
        if (had.isEmpty()) {
            throw CommandFailure.usage(named.who() + ": it has no TLS "
                    + (role == TlsRole.CLIENT ? "clients" : "servers") + "." + whoCan(Capability.HANDSHAKE));
        }
        if (versions().isEmpty()) {
            throw CommandFailure.usage("--protocol: backend " + name() + " has " + text(had) + " here, not "
                    + text(protocol.versions()) + "." + whoCan(Capability.HANDSHAKE));
        }
    }

    /** {@return its name} */
    String name() {
        return info.name();
    }

    /** {@return the version or range to negotiate} */
    SslProtocol protocol() {
        return protocol;
    }

    /**
     * {@return this backend, limited to the versions in which it can do something, if nobody chose versions} As it is if
     * they were chosen, or it cannot at all.
     */
    ChosenBackend preferring(Capability capability) {
        Set<SslProtocol> able = versions(capability);
        return !versionsAreGiven && able.size() == 1
                ? new ChosenBackend(info, role, able.iterator().next(), false)
                : this;
    }

    private Capabilities capabilities() {
        return info.capabilities().orElseThrow();
    }

    /** {@return the wanted versions that it has} */
    Set<SslProtocol> versions() {
        return versions(Capability.HANDSHAKE);
    }

    /** {@return the number of the wanted version, if there is but one} */
    Optional<String> onlyVersion() {
        Set<SslProtocol> versions = versions();
        return versions.size() == 1
                ? versions.stream().map(ChosenBackend::number).findFirst()
                : Optional.empty();
    }

    /** {@return the wanted versions in which it can do this} */
    private Set<SslProtocol> versions(Capability capability) {
        return wanted(capabilities(), capability);
    }

    private Set<SslProtocol> wanted(Capabilities capabilities, Capability capability) {
        Set<SslProtocol> able = EnumSet.copyOf(protocol.versions());
        able.retainAll(capabilities.protocols(Capability.HANDSHAKE, role));
        able.retainAll(capabilities.protocols(capability, role));
        return able;
    }

    /** {@return the suites up to TLS 1.2 that agree by a pre-shared key, best first} */
    List<QSslCipher> preSharedKeySuites() {
        return capabilities().cipherSuites().stream()
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
        Set<SslProtocol> lacking = versions();
        lacking.removeAll(able);
        if (able.isEmpty() || !lacking.isEmpty()) {
            throw CommandFailure.usage(option + ": backend " + name() + " cannot do this as a "
                    + role.name().toLowerCase(Locale.ROOT) + extent(capability, lacking) + "." + whoCan(capability));
        }
    }

    /** {@return where it cannot do this, and where it can} */
    private String extent(Capability capability, Set<SslProtocol> lacking) {
        Set<SslProtocol> able = capabilities().protocols(capability, role);
        return able.isEmpty()
                ? " here (it lacks " + capability + ")"
                : " in " + text(lacking) + " (it lacks " + capability + "); with " + options(able) + " it can";
    }

    /** {@return a sentence on the backends that can do this in the wanted versions, or in some of them} */
    private String whoCan(Capability capability) {
        String able = QSslSocket.backends().stream()
                .filter(other -> !other.name().equals(name()))
                .flatMap(other -> other.capabilities().stream()
                        .map(capabilities -> way(other.name(), capabilities, capability))
                        .flatMap(Optional::stream))
                .collect(Collectors.joining(", "));
        return able.isEmpty()
                ? " No other backend that can run here can do it either: see 'qssl backends'."
                : " These backends can: " + able + ".";
    }

    private Optional<String> way(String other, Capabilities capabilities, Capability capability) {
        Set<SslProtocol> able = wanted(capabilities, capability);
        if (able.isEmpty()) {
            return Optional.empty();
        }
        boolean all = able.equals(wanted(capabilities, Capability.HANDSHAKE));
        return Optional.of("--backend " + other + (all ? "" : " with " + options(able)));
    }

    private static String options(Set<SslProtocol> versions) {
        return versions.stream().map(ChosenBackend::number).collect(Collectors.joining(" or ", "--protocol ", ""));
    }

    private static String text(Set<SslProtocol> versions) {
        return versions.stream().map(SslProtocol::displayName).collect(Collectors.joining(", "));
    }

    private static String number(SslProtocol version) {
        return version.displayName().replaceFirst("^TLSv", "");
    }
}
