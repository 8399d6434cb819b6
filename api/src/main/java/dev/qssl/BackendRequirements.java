package dev.qssl;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.backend.FoundBackend;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What an application needs from a backend; {@link #choose} picks the first one that has it all.
 *
 * <pre>{@code
 * var choice = BackendRequirements.none()
 *         .protocols(SslProtocol.TLS_V1_3)
 *         .features(SupportedFeature.PSK)
 *         .groups("X25519MLKEM768")
 *         .choose();
 * configuration.setBackend(choice.backendOrThrow());
 * }</pre>
 *
 * <p>Immutable: each method returns requirements with one more. May be used by any thread.
 */
public final class BackendRequirements {

    private static final BackendRequirements NONE = new BackendRequirements(List.of());

    private final List<Requirement> requirements;

    private BackendRequirements(List<Requirement> requirements) {
        this.requirements = requirements;
    }

    /** {@return requirements that every backend meets that can run} */
    public static BackendRequirements none() {
        return NONE;
    }

    /**
     * Requires protocol versions, each in at least one role.
     *
     * @param protocols versions; of a range, such as {@code TLS_V1_2_OR_LATER}, one version is enough
     * @return requirements with these as well
     */
    public BackendRequirements protocols(SslProtocol... protocols) {
        return and(
                protocols,
                protocol -> new Requirement(
                        "it has no " + protocol.displayName() + " here",
                        capabilities -> protocol.versions().stream()
                                .anyMatch(version -> capabilities.protocols().contains(version))));
    }

    /**
     * Requires features, each in at least one role and version.
     *
     * @param features Qt's features
     * @return requirements with these as well
     */
    public BackendRequirements features(SupportedFeature... features) {
        return and(
                features,
                feature -> new Requirement(
                        "it lacks the feature " + feature,
                        capabilities -> capabilities.features().contains(feature)));
    }

    /**
     * Requires classes.
     *
     * @param classes Qt's classes
     * @return requirements with these as well
     */
    public BackendRequirements classes(ImplementedClass... classes) {
        return and(
                classes,
                implemented -> new Requirement(
                        "it does not implement the class " + implemented,
                        capabilities -> capabilities.classes().contains(implemented)));
    }

    /**
     * Requires capabilities, each in at least one role and version.
     *
     * @param wanted what it must be able to do
     * @return requirements with these as well
     */
    public BackendRequirements capabilities(Capability... wanted) {
        return and(
                wanted,
                capability -> new Requirement("it lacks " + capability, capabilities -> capabilities.can(capability)));
    }

    /**
     * Requires a capability of one role in one version.
     *
     * @param wanted what it must be able to do
     * @param role as which side
     * @param protocol in which version; of a range, one version is enough
     * @return requirements with this as well
     */
    public BackendRequirements capability(Capability wanted, TlsRole role, SslProtocol protocol) {
        String side = role == TlsRole.CLIENT ? "a client" : "a server";
        return and(Stream.of(new Requirement(
                "it lacks " + wanted + " as " + side + " in " + protocol.displayName(),
                capabilities ->
                        protocol.versions().stream().anyMatch(version -> capabilities.can(wanted, role, version)))));
    }

    /**
     * Requires groups.
     *
     * @param names IANA names, such as {@code X25519MLKEM768} or {@code secp256r1}
     * @return requirements with these as well
     */
    public BackendRequirements groups(String... names) {
        return and(
                names,
                name -> new Requirement(
                        "it has no group " + name,
                        capabilities -> capabilities.groups().contains(name)));
    }

    /**
     * Requires cipher suites.
     *
     * @param names IANA or OpenSSL names, such as {@code TLS_AES_128_GCM_SHA256}
     * @return requirements with these as well
     */
    public BackendRequirements cipherSuites(String... names) {
        return and(
                names,
                name -> new Requirement(
                        "it has no cipher suite " + name,
                        capabilities -> capabilities.cipherSuites().stream()
                                .anyMatch(suite -> suite.ianaName().equals(name)
                                        || suite.openSslName().equals(name))));
    }

    private <T> BackendRequirements and(T[] wanted, Function<T, Requirement> requirement) {
        return and(Stream.of(wanted).map(requirement));
    }

    private BackendRequirements and(Stream<Requirement> more) {
        return new BackendRequirements(
                Stream.concat(requirements.stream(), more).toList());
    }

    /**
     * Looks for the first backend, in the order of preference, that meets all requirements. Throws nothing.
     *
     * <p>Asks every backend what it can do, which the first time takes up to some seconds in all, because each proves it by
     * handshakes in memory: nothing for the thread of an event loop. Neither uses nor changes the active backend.
     *
     * @return the backend, if there is one, and what each of the others lacks
     */
    public Choice choose() {
        return choose(Backends.shared());
    }

    Choice choose(Backends backends) {
        Map<String, List<String>> shortfalls = new LinkedHashMap<>();
        Optional<String> chosen = Optional.empty();
        for (FoundBackend backend : backends.all()) {
            List<String> missing = shortfalls(backend);
            shortfalls.put(backend.name(), missing);
            if (missing.isEmpty() && chosen.isEmpty()) {
                chosen = Optional.of(backend.name());
            }
        }
        return new Choice(chosen, shortfalls);
    }

    private List<String> shortfalls(FoundBackend backend) {
        Capabilities found = backend.capabilities();
        if (backend.availability() instanceof Unavailable why) {
            return List.of("it is unavailable: " + why.reason() + " (" + why.remedy() + ")");
        }
        return requirements.stream()
                .filter(requirement -> !requirement.isMet().test(found))
                .map(Requirement::shortfall)
                .toList();
    }

    private record Requirement(String shortfall, Predicate<Capabilities> isMet) {}

    /**
     * Which backend meets the requirements, and why the others do not.
     *
     * @param backend the name of the first that meets them all; empty if none does
     * @param shortfalls what each backend lacks, by name, in order of preference; an empty list means it would do too
     */
    public record Choice(Optional<String> backend, Map<String, List<String>> shortfalls) {

        /**
         * Copies the lists.
         *
         * @param backend the first that can, if any
         * @param shortfalls for each of the others why not, in the order they were asked
         */
        public Choice {
            Map<String, List<String>> copy = new LinkedHashMap<>();
            shortfalls.forEach((name, missing) -> copy.put(name, List.copyOf(missing)));
            shortfalls = Collections.unmodifiableMap(copy);
        }

        /**
         * {@return the backend, for {@code QSslConfiguration.setBackend}}
         *
         * @throws IllegalStateException if none meets the requirements, saying what each lacks
         */
        public String backendOrThrow() {
            return backend.orElseThrow(() -> new IllegalStateException(explanation()));
        }

        /** {@return one sentence on each backend, in order of preference, a line each} */
        public String explanation() {
            List<String> lines = new ArrayList<>();
            lines.add(backend.map(name -> "Backend " + name + " meets the requirements.")
                    .orElse("No backend meets the requirements."));
            shortfalls.forEach((name, missing) -> {
                if (!name.equals(backend.orElse(""))) {
                    lines.add(
                            missing.isEmpty()
                                    ? "Backend " + name + " would do too."
                                    : "Backend " + name + ": "
                                            + missing.stream().collect(Collectors.joining("; ")) + ".");
                }
            });
            return String.join(System.lineSeparator(), lines);
        }
    }
}
