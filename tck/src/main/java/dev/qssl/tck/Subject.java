package dev.qssl.tck;

import dev.qssl.BackendInfo;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The backend under test.
 *
 * @param backend its name
 * @param drivers who drives its sockets
 * @param capabilities what it claims
 * @param patience how long a test waits for what must come
 */
public record Subject(String backend, List<Driving> drivers, Capabilities capabilities, Duration patience) {

    /** TLS 1.3 has them no more (RFC 8446, section 4.2.7). */
    private static final Set<String> OLDER_CURVES =
            Set.of("secp192r1", "secp224r1", "secp256k1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1");

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Subject.class);

    /** {@return the subject of the suite that a contract is running in} */
    static Subject of(ExtensionContext context) {
        Class<?> suite = suite(context);
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(suite, unused -> of(suite), Subject.class);
    }

    /** {@return the test class that names the backend} */
    static Class<?> suite(ExtensionContext context) {
        List<Class<?>> around = new ArrayList<>(context.getEnclosingTestClasses());
        context.getTestClass().ifPresent(around::add);
        return around.stream()
                .filter(type -> AnnotationSupport.isAnnotated(type, Certifies.class))
                .findFirst()
                .orElseThrow(() -> new ExtensionConfigurationException(
                        "a contract runs in a suite: extend TckSuite and annotate it with @Certifies(backend)"));
    }

    private static Subject of(Class<?> suite) {
        Certifies wanted =
                AnnotationSupport.findAnnotation(suite, Certifies.class).orElseThrow();
        initialize(suite);
        BackendInfo found = QSslSocket.backends().stream()
                .filter(backend -> backend.name().equals(wanted.value()))
                .findFirst()
                .orElseThrow(() -> new ExtensionConfigurationException("there is no backend " + wanted.value()
                        + "; put its module on the class path, or register it. Found: " + QSslSocket.backends()));
        Capabilities claimed = found.capabilities()
                .orElseThrow(() -> new ExtensionConfigurationException("backend " + found + " cannot be certified"));
        return new Subject(
                wanted.value(), List.of(wanted.drivers()), claimed, Duration.ofSeconds(wanted.patienceSeconds()));
    }

    // It may register its backend in a static initializer.
    private static void initialize(Class<?> suite) {
        try {
            Class.forName(suite.getName(), true, suite.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(suite + " is loaded already", e);
        }
    }

    /** {@return the versions of TLS that are claimed for both roles, oldest first} */
    public Set<SslProtocol> protocols() {
        EnumSet<SslProtocol> both = EnumSet.noneOf(SslProtocol.class);
        both.addAll(capabilities.protocols(Capability.HANDSHAKE, TlsRole.CLIENT));
        both.retainAll(capabilities.protocols(Capability.HANDSHAKE, TlsRole.SERVER));
        both.removeIf(SslProtocol::isDatagram);
        return both;
    }

    /** {@return the claimed groups that this API can name and that exist in this version, in the backend's order} */
    public List<String> curves(SslProtocol protocol) {
        return capabilities.groups().stream()
                // Finite-field groups (RFC 7919) are no curves.
                .filter(group -> !group.startsWith("ffdhe"))
                .filter(group -> protocol == SslProtocol.TLS_V1_3
                        ? !OLDER_CURVES.contains(group)
                        : !(group.contains("MLKEM") || group.endsWith("tls13")))
                .toList();
    }

    /** {@return the versions of TLS in which everything needed is claimed, by all the roles that need it} */
    Set<SslProtocol> protocols(List<Requires> needs) {
        Set<SslProtocol> fitting = protocols();
        for (Requires need : needs) {
            fitting.removeIf(protocol -> !Arrays.stream(need.value())
                    .allMatch(capability -> Arrays.stream(need.roles())
                            .allMatch(role -> capabilities.can(capability, role, protocol))));
        }
        return fitting;
    }

    /** {@return what is needed and not claimed, in words} */
    Optional<String> shortfall(Requires need) {
        for (TlsRole role : need.roles()) {
            for (SslProtocol protocol : need.protocols()) {
                if (!capabilities.can(Capability.HANDSHAKE, role, protocol)) {
                    return Optional.of(protocol + " (" + role + ")");
                }
            }
            for (Capability capability : need.value()) {
                Set<SslProtocol> has = capabilities.protocols(capability, role);
                if (has.isEmpty() || !has.containsAll(List.of(need.protocols()))) {
                    return Optional.of(capability + " (" + role + ")");
                }
            }
        }
        for (SupportedFeature feature : need.features()) {
            if (!capabilities.features().contains(feature)) {
                return Optional.of(feature.name());
            }
        }
        return Optional.empty();
    }
}
