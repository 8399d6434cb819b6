package dev.qssl.internal.backend;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Availability.Available;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One backend that was found or registered, usable or not. Asks it at most once whether it can run and what it can do; a
 * backend that throws instead of answering counts as unavailable, with what it threw as the reason.
 */
public final class FoundBackend {

    private static final Capabilities NOTHING = Capabilities.builder().build();
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    private final String name;
    private final @Nullable TlsBackend backend;
    private final Once<Availability> availability;
    private final Once<Capabilities> capabilities;
    private volatile @Nullable Unavailable probingFailure;

    private FoundBackend(String name, @Nullable TlsBackend backend, Supplier<Availability> availability) {
        this.name = name;
        this.backend = backend;
        this.availability = new Once<>(availability);
        this.capabilities = new Once<>(this::probe);
    }

    /**
     * {@return an entry for a backend, which is not asked anything but its name yet}
     *
     * @throws IllegalArgumentException if its name is not lower-case letters, digits and hyphens
     */
    static FoundBackend of(TlsBackend backend) {
        String name = Objects.requireNonNull(backend.name(), "the backend's name");
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a backend's name is made of lower-case letters, digits and hyphens, not \"" + name + "\"");
        }
        return new FoundBackend(name, backend, () -> askAvailability(backend));
    }

    /** {@return an entry for something that should have been a backend and cannot be one} */
    static FoundBackend unusable(String name, Unavailable why) {
        return new FoundBackend(name, null, () -> why);
    }

    private static Availability askAvailability(TlsBackend backend) {
        try {
            return Objects.requireNonNull(backend.availability(), "the backend's availability");
        } catch (RuntimeException | LinkageError failure) {
            return new Unavailable(
                    "asking whether it can run failed: " + FailureText.of(failure),
                    "Check that the libraries it needs are there and fit together.",
                    Optional.of(failure));
        }
    }

    /** {@return its name; for a provider that could not be made, its class} */
    public String name() {
        return name;
    }

    /** {@return whether it can run, and if not, why not} The first call may load native code. */
    public Availability availability() {
        Unavailable failure = probingFailure;
        return failure != null ? failure : availability.get();
    }

    /** {@return whether it can run} The first call may load native code. */
    public boolean isAvailable() {
        return availability() instanceof Available;
    }

    /** {@return what it can do; nothing if it is unavailable} The first call may take a second. */
    public Capabilities capabilities() {
        return isAvailable() ? capabilities.get() : NOTHING;
    }

    private Capabilities probe() {
        try {
            return Objects.requireNonNull(usable().capabilities(), "the backend's capabilities");
        } catch (RuntimeException | LinkageError failure) {
            probingFailure = new Unavailable(
                    "asking what it can do failed: " + FailureText.of(failure),
                    "Check that the libraries it needs are there and fit together.",
                    Optional.of(failure));
            return NOTHING;
        }
    }

    /**
     * {@return the backend, ready to make contexts}
     *
     * @throws TlsException {@link TlsError#NO_BACKEND} with reason and remedy if it is unavailable
     */
    public TlsBackend require() throws TlsException {
        if (availability() instanceof Unavailable why) {
            throw new TlsException(
                    TlsError.NO_BACKEND,
                    "backend " + name + " is unavailable: " + describe(why),
                    why.cause().orElse(null));
        }
        return usable();
    }

    /** {@return reason and remedy in one line} */
    static String describe(Unavailable why) {
        String reason = why.reason().endsWith(".") ? why.reason() : why.reason() + ".";
        return why.remedy().isBlank() ? reason : reason + " " + why.remedy();
    }

    boolean isOf(TlsBackend other) {
        return backend == other;
    }

    private TlsBackend usable() {
        return Objects.requireNonNull(backend, "an available backend");
    }

    /** {@return the versions it has, and the ranges that lead to at least one of them} */
    public List<SslProtocol> protocols() {
        var versions = capabilities().protocols();
        return Arrays.stream(SslProtocol.values())
                .filter(protocol -> protocol.versions().stream().anyMatch(versions::contains))
                .toList();
    }

    /** {@return Qt's classes that work with it; none if it is unavailable} */
    public List<ImplementedClass> classes() {
        return isAvailable() ? List.copyOf(capabilities().classes()) : List.of();
    }

    /** {@return Qt's features that it has} */
    public List<SupportedFeature> features() {
        return List.copyOf(capabilities().features());
    }

    /** {@return whether it can encrypt TCP connections} */
    public boolean hasSockets() {
        return classes().contains(ImplementedClass.SOCKET);
    }

    @Override
    public String toString() {
        return "FoundBackend[" + name + "]";
    }
}
