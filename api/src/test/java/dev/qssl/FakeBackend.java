package dev.qssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Availability.Available;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A backend in memory that makes contexts without engines and counts what it is asked. */
public final class FakeBackend implements TlsBackend {

    /** The versions that {@link #withSockets} has. */
    public static final Set<SslProtocol> VERSIONS = EnumSet.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);

    private final String name;
    private final Supplier<Availability> availability;
    private final Supplier<Capabilities> capabilities;
    private final AtomicInteger availabilityQuestions = new AtomicInteger();
    private final AtomicInteger capabilityQuestions = new AtomicInteger();
    private final List<FakeContext> contexts = new ArrayList<>();
    private volatile boolean refusing;

    private FakeBackend(String name, Supplier<Availability> availability, Supplier<Capabilities> capabilities) {
        this.name = name;
        this.availability = availability;
        this.capabilities = capabilities;
    }

    /** {@return a backend with TLS 1.2 and 1.3 that can do nothing else} */
    public static FakeBackend withSockets(String name) {
        return withSockets(name, more -> {});
    }

    /** {@return a backend with TLS 1.2 and 1.3 and some suites, that can do more besides} */
    public static FakeBackend withSockets(String name, Consumer<Capabilities.Builder> more) {
        return with(name, builder -> {
            builder.claim(Capability.HANDSHAKE, VERSIONS)
                    .claim(Capability.CIPHER_SUITE_CHOICE, VERSIONS)
                    .cipherSuites(List.of(
                            suite("TLS_AES_256_GCM_SHA384"),
                            suite("TLS_AES_128_GCM_SHA256"),
                            suite("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"),
                            suite("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"),
                            suite("TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"),
                            new CipherSuite(
                                    0xFE01,
                                    "TLS_FAKE_WEAK",
                                    "FAKE-WEAK",
                                    SslProtocol.TLS_V1_2,
                                    "RSA",
                                    "RSA",
                                    "3DES(112)",
                                    112),
                            new CipherSuite(
                                    0xFE02,
                                    "TLS_FAKE_ANONYMOUS",
                                    "FAKE-ANONYMOUS",
                                    SslProtocol.TLS_V1_2,
                                    "ECDH",
                                    "None",
                                    "AES(256)",
                                    256)));
            more.accept(builder);
        });
    }

    /** {@return an available backend that can do exactly this} */
    public static FakeBackend with(String name, Consumer<Capabilities.Builder> claims) {
        return new FakeBackend(
                name, () -> new Available(7, name + " 7.0", 6, name + " 6.5", Optional.of("/fake/" + name)), () -> {
                    Capabilities.Builder builder = Capabilities.builder();
                    claims.accept(builder);
                    return builder.build();
                });
    }

    /** {@return a backend that cannot run} */
    public static FakeBackend unavailable(String name) {
        return new FakeBackend(
                name,
                () -> new Unavailable("lib" + name + " is not installed", "Install lib" + name + ".", Optional.empty()),
                () -> {
                    throw new AssertionError("asked an unavailable backend");
                });
    }

    /** {@return a backend that throws when it is asked whether it can run} */
    public static FakeBackend throwingAvailability(String name, Throwable failure) {
        return new FakeBackend(
                name,
                () -> {
                    throw unchecked(failure);
                },
                () -> {
                    throw new AssertionError("asked an unavailable backend");
                });
    }

    /** {@return a backend that throws when it is asked what it can do} */
    public static FakeBackend throwingCapabilities(String name, Throwable failure) {
        return new FakeBackend(name, () -> new Available(1, name, name, Optional.empty()), () -> {
            throw unchecked(failure);
        });
    }

    private static RuntimeException unchecked(Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        return (RuntimeException) failure;
    }

    /** {@return a suite that everybody knows} */
    public static CipherSuite suite(String name) {
        return CipherSuite.ofName(name).orElseThrow();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Availability availability() {
        availabilityQuestions.incrementAndGet();
        return availability.get();
    }

    @Override
    public Capabilities capabilities() {
        capabilityQuestions.incrementAndGet();
        return capabilities.get();
    }

    /** {@return this, from now on refusing every context} */
    public FakeBackend refusing() {
        refusing = true;
        return this;
    }

    @Override
    public synchronized TlsContext newContext(ContextSettings settings) throws TlsException {
        if (refusing) {
            throw new TlsException(TlsError.UNSUPPORTED_SETTING, "the fake was told to refuse");
        }
        FakeContext context = new FakeContext(settings);
        contexts.add(context);
        return context;
    }

    /** {@return how often it was asked whether it can run} */
    public int availabilityQuestions() {
        return availabilityQuestions.get();
    }

    /** {@return how often it was asked what it can do} */
    public int capabilityQuestions() {
        return capabilityQuestions.get();
    }

    /** {@return the contexts it made} */
    public synchronized List<FakeContext> contexts() {
        return List.copyOf(contexts);
    }

    /** A context that only remembers. */
    public static final class FakeContext implements TlsContext {

        private final ContextSettings settings;
        private final AtomicInteger closes = new AtomicInteger();

        FakeContext(ContextSettings settings) {
            this.settings = settings;
        }

        /** {@return what it was made of} */
        public ContextSettings settings() {
            return settings;
        }

        /** {@return how often it was closed} */
        public int closes() {
            return closes.get();
        }

        @Override
        public TlsEngine newEngine(EngineRequest request, TlsEvents events) {
            throw new UnsupportedOperationException("a fake has no engines");
        }

        @Override
        public void close() {
            closes.incrementAndGet();
        }
    }
}
