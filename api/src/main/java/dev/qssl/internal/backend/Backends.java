package dev.qssl.internal.backend;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.spi.Availability.Available;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The backends of a process, and which of them is the active one.
 *
 * <p>Finding them and asking them happens on demand, once; an empty name always means the active backend. The active one
 * is what {@link #setActiveBackend} named, else the system property {@value #PROPERTY}, else the environment variable
 * {@value #VARIABLE}, else the first available of: openssl, conscrypt, jdk, bouncycastle, any other by name, cert-only. A
 * backend that was named and cannot be had stays the active one, without TLS: there is no silent second choice.
 *
 * <p>Pure queries leave the choice open. {@link #touch}, and whatever needs the active backend itself, close it (rule
 * B-246). All methods may be called from any thread.
 */
public final class Backends {

    /** The system property that names the active backend. */
    public static final String PROPERTY = "qssl.backend";

    /** The environment variable that names the active backend if the property does not. */
    public static final String VARIABLE = "QSSL_BACKEND";

    private static final Logger LOG = System.getLogger("dev.qssl");
    private static final List<String> PREFERENCE = List.of("openssl", "conscrypt", "jdk", "bouncycastle");
    private static final Comparator<FoundBackend> ORDER =
            Comparator.comparingInt(Backends::rank).thenComparing(FoundBackend::name);

    private final BackendEnvironment environment;
    private final Once<List<FoundBackend>> discovered;
    private final AtomicReference<State> state = new AtomicReference<>(State.INITIAL);

    /**
     * Creates a registry that has found nothing yet.
     *
     * @param environment where to look
     */
    public Backends(BackendEnvironment environment) {
        this.environment = environment;
        this.discovered =
                new Once<>(() -> BackendDiscovery.search(environment.loaders().get()));
    }

    /** {@return the registry of this process} */
    public static Backends shared() {
        return Shared.INSTANCE;
    }

    /** {@return every backend in order of preference, the unavailable ones too} Asks none of them anything. */
    public List<FoundBackend> all() {
        List<FoundBackend> all = new ArrayList<>(discovered.get());
        all.addAll(now().registered());
        all.sort(ORDER);
        return List.copyOf(all);
    }

    /** {@return the names of the backends that can run, in order of preference (B-240)} */
    public List<String> availableBackends() {
        return all().stream()
                .filter(FoundBackend::isAvailable)
                .map(FoundBackend::name)
                .toList();
    }

    /** {@return the name of the active backend; it cannot run if it was named and cannot be had} */
    public String activeBackend() {
        return selection().name();
    }

    /**
     * Names the active backend. Only before the first use of TLS in this process.
     *
     * @param name exactly as in {@link #availableBackends}
     * @return whether it is the active one now; false if it is unknown, unavailable, or another one is in use (B-243..245)
     */
    public boolean setActiveBackend(String name) {
        if (findExactly(name).filter(FoundBackend::isAvailable).isEmpty()) {
            return false;
        }
        while (true) {
            State now = now();
            String active = selection(now).name();
            if (now.isUsed()) {
                if (!name.equals(active)) {
                    LOG.log(
                            Level.WARNING,
                            "the active backend stays {0}: it is in use, so {1} comes too late; call setActiveBackend"
                                    + " before the first socket, or give one socket another backend with"
                                    + " QSslConfiguration.setBackend",
                            active,
                            name);
                }
                return name.equals(active);
            }
            if (state.compareAndSet(now, now.withChosen(new Selection(name, Origin.CODE)))) {
                return true;
            }
        }
    }

    /** {@return the versions a backend has, and the ranges that lead to one of them; empty if it cannot run} */
    public List<SslProtocol> supportedProtocols(String name) {
        return query(name, FoundBackend::protocols);
    }

    /** {@return Qt's classes that work with a backend; empty if it cannot run} */
    public List<ImplementedClass> implementedClasses(String name) {
        return query(name, FoundBackend::classes);
    }

    /** {@return Qt's features that a backend has; empty if it cannot run} */
    public List<SupportedFeature> supportedFeatures(String name) {
        return query(name, FoundBackend::features);
    }

    private <T> List<T> query(String name, Function<FoundBackend, List<T>> question) {
        return find(name).map(question).orElse(List.of());
    }

    /** {@return whether the active backend encrypts sockets} Counts as first use. */
    public boolean supportsSsl() {
        return active().filter(FoundBackend::hasSockets).isPresent();
    }

    /** {@return the version of the active backend's library, if it encrypts sockets} Counts as first use. */
    public Optional<Available> version() {
        return active().filter(FoundBackend::hasSockets)
                .map(FoundBackend::availability)
                .map(availability -> availability instanceof Available version ? version : null);
    }

    /** Counts as first use of TLS without needing the backend yet: it can no longer be changed. */
    public void touch() {
        if (!now().touched()) {
            state.updateAndGet(State::withTouched);
        }
    }

    /**
     * {@return a backend that can run} Counts as first use.
     *
     * @param name its name; empty for the active one
     * @throws TlsException {@link TlsError#NO_BACKEND} with reason and remedy if there is none or it cannot run
     */
    public FoundBackend require(String name) throws TlsException {
        Selection wanted = name.isEmpty() ? use() : new Selection(name, Origin.CONFIGURATION);
        touch();
        FoundBackend backend = findExactly(wanted.name()).orElseThrow(() -> missing(wanted));
        if (backend.availability() instanceof Unavailable why) {
            throw new TlsException(
                    TlsError.NO_BACKEND,
                    "backend " + backend.name() + ", " + wanted.origin().text() + ", is unavailable: "
                            + FoundBackend.describe(why) + whatElse(),
                    why.cause().orElse(null));
        }
        return backend;
    }

    /** {@return a sentence on each backend that cannot run, for the error of one that has no sockets; may be empty} */
    public String whyOthersAreMissing() {
        return all().stream()
                .map(backend -> backend.availability() instanceof Unavailable why
                        ? " Backend " + backend.name() + ": " + FoundBackend.describe(why)
                        : "")
                .collect(Collectors.joining());
    }

    private TlsException missing(Selection wanted) {
        return new TlsException(
                TlsError.NO_BACKEND,
                "backend " + wanted.name() + ", " + wanted.origin().text() + ", was not found: put the module that"
                        + " provides it, such as qssl-backend-" + wanted.name() + ", on the class path."
                        + whatElse() + whyOthersAreMissing());
    }

    private String whatElse() {
        return " Available: " + String.join(", ", availableBackends()) + ".";
    }

    /**
     * Adds a backend at run time (B-250).
     *
     * @param backend a backend whose name is not taken
     * @throws IllegalArgumentException if its name is taken or malformed
     */
    public void register(TlsBackend backend) {
        FoundBackend added = FoundBackend.of(backend);
        state.updateAndGet(now -> {
            boolean taken = findExactly(added.name(), now).isPresent();
            if (taken) {
                throw new IllegalArgumentException("there is a backend named " + added.name() + " already");
            }
            return now.withAdded(added);
        });
    }

    /**
     * Removes a backend that was added at run time. Connections that use it go on; if it is the active one in use, it stays
     * that, as one that cannot be had.
     *
     * @param backend the one that was added
     * @return whether it was there
     */
    public boolean remove(TlsBackend backend) {
        State before = state.getAndUpdate(now -> now.without(backend));
        return before.registered().stream().anyMatch(entry -> entry.isOf(backend));
    }

    /** {@return the active backend, if it is there} Counts as first use. */
    private Optional<FoundBackend> active() {
        return findExactly(use().name());
    }

    /** {@return the backend of this name, or the active one; maybe unavailable} */
    public Optional<FoundBackend> find(String name) {
        return findExactly(name.isEmpty() ? activeBackend() : name);
    }

    private Optional<FoundBackend> findExactly(String name) {
        return findExactly(name, now());
    }

    private Optional<FoundBackend> findExactly(String name, State now) {
        for (FoundBackend backend : discovered.get()) {
            if (backend.name().equals(name)) {
                return Optional.of(backend);
            }
        }
        return now.registered().stream()
                .filter(backend -> backend.name().equals(name))
                .findFirst();
    }

    /** Fixes the choice, once, and says so in the log. */
    private Selection use() {
        while (true) {
            State now = now();
            if (now.inUse() != null) {
                return now.inUse();
            }
            Selection selection = selection(now);
            if (state.compareAndSet(now, now.withInUse(selection))) {
                logChoice(selection);
                return selection;
            }
        }
    }

    private void logChoice(Selection selection) {
        Optional<FoundBackend> backend = findExactly(selection.name());
        if (backend.filter(FoundBackend::isAvailable).isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "there is no TLS: backend {0}, {1}, cannot be had",
                    selection.name(),
                    selection.origin().text());
        } else if (selection.name().equals(CertificateOnlyBackend.NAME)) {
            LOG.log(Level.WARNING, "there is no TLS: no backend with sockets is available.{0}", whyOthersAreMissing());
        } else {
            LOG.log(
                    Level.DEBUG,
                    "the active backend is {0}, {1}",
                    selection.name(),
                    selection.origin().text());
        }
    }

    private State now() {
        return Objects.requireNonNull(state.get());
    }

    private Selection selection() {
        return selection(now());
    }

    private Selection selection(State now) {
        if (now.inUse() != null) {
            return now.inUse();
        }
        if (now.chosen() != null) {
            return now.chosen();
        }
        return named(environment.property().apply(PROPERTY), Origin.PROPERTY)
                .or(() -> named(environment.variable().apply(VARIABLE), Origin.VARIABLE))
                .orElseGet(this::firstAvailable);
    }

    private static Optional<Selection> named(Optional<String> value, Origin origin) {
        return value.map(String::strip).filter(name -> !name.isEmpty()).map(name -> new Selection(name, origin));
    }

    private Selection firstAvailable() {
        return all().stream()
                .filter(FoundBackend::isAvailable)
                .findFirst()
                .map(backend -> new Selection(backend.name(), Origin.ORDER))
                .orElseThrow(() -> new AssertionError("the built-in backend is always available"));
    }

    private static int rank(FoundBackend backend) {
        if (backend.name().equals(CertificateOnlyBackend.NAME)) {
            return PREFERENCE.size() + 1;
        }
        int index = PREFERENCE.indexOf(backend.name());
        return index >= 0 ? index : PREFERENCE.size();
    }

    /** Why a backend was chosen. */
    private enum Origin {
        CODE("named by setActiveBackend"),
        CONFIGURATION("named by QSslConfiguration.setBackend"),
        PROPERTY("named by the system property " + Backends.PROPERTY),
        VARIABLE("named by the environment variable " + Backends.VARIABLE),
        ORDER("the first available one");

        private final String text;

        Origin(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private record Selection(String name, Origin origin) {}

    /** All that changes, in one immutable piece. */
    private record State(
            List<FoundBackend> registered,
            @Nullable Selection chosen,
            boolean touched,
            @Nullable Selection inUse) {

        static final State INITIAL =
                new State(List.of(FoundBackend.of(new CertificateOnlyBackend())), null, false, null);

        boolean isUsed() {
            return touched || inUse != null;
        }

        State withChosen(Selection selection) {
            return new State(registered, selection, touched, inUse);
        }

        State withTouched() {
            return new State(registered, chosen, true, inUse);
        }

        State withInUse(Selection selection) {
            return new State(registered, chosen, true, selection);
        }

        State withAdded(FoundBackend backend) {
            List<FoundBackend> more = new ArrayList<>(registered);
            more.add(backend);
            return new State(List.copyOf(more), chosen, touched, inUse);
        }

        State without(TlsBackend backend) {
            List<FoundBackend> rest =
                    registered.stream().filter(entry -> !entry.isOf(backend)).toList();
            return new State(rest, chosen, touched, inUse);
        }
    }

    /** Made when it is first asked for. */
    private static final class Shared {
        static final Backends INSTANCE = new Backends(BackendEnvironment.ofProcess());
    }
}
