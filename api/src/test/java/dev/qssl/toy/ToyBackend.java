package dev.qssl.toy;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsRole;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TLS library for tests of sockets: real handshakes, questions, records and alerts, and no security whatsoever.
 *
 * <p>Its engines watch their owner: whoever breaks the SPI's rules (two threads at once, a call from inside a call, a call
 * after the close) is listed in {@link #violations}.
 */
public final class ToyBackend implements TlsBackend {

    private static final Set<SslProtocol> VERSIONS = EnumSet.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
    private static final List<CipherSuite> SUITES = List.of(
            CipherSuite.ofName("TLS_AES_128_GCM_SHA256").orElseThrow(),
            CipherSuite.ofName("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256").orElseThrow(),
            CipherSuite.ofName("TLS_PSK_WITH_AES_128_GCM_SHA256").orElseThrow());

    private final String name;
    private final X509Certificate serverCertificate;
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();
    private volatile boolean careless;
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /**
     * Creates one.
     *
     * @param name what to choose it by
     * @param serverCertificate what its servers show when no pre-shared key is wanted
     */
    public ToyBackend(String name, X509Certificate serverCertificate) {
        this.name = name;
        this.serverCertificate = serverCertificate;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Availability availability() {
        return new Availability.Available(1, "toy 1.0", 1, "toy 1.0", Optional.empty());
    }

    @Override
    public Capabilities capabilities() {
        return Capabilities.builder()
                .claim(Capability.HANDSHAKE, VERSIONS)
                .claim(Capability.PSK, VERSIONS)
                .claim(Capability.ALERTS, VERSIONS)
                .claim(Capability.CIPHER_SUITE_CHOICE, VERSIONS)
                .cipherSuites(SUITES)
                .build();
    }

    @Override
    public TlsContext newContext(ContextSettings settings) {
        return new TlsContext() {
            @Override
            public TlsEngine newEngine(EngineRequest request, TlsEvents events) {
                opened.incrementAndGet();
                boolean psk = !settings.pskProtocols().isEmpty();
                ToyEngine engine = request.role() == TlsRole.CLIENT
                        ? new ToyEngine.Client(ToyBackend.this, events, psk)
                        : new ToyEngine.Server(ToyBackend.this, events, psk);
                return settings.isKeyLogEnabled() ? engine.loggingKeys() : engine;
            }

            @Override
            public void close() {
                // There is nothing to free.
            }
        };
    }

    /** {@return this, whose clients from now on finish handshakes without asking anybody} */
    public ToyBackend careless() {
        careless = true;
        return this;
    }

    boolean isCareless() {
        return careless;
    }

    X509Certificate serverCertificate() {
        return serverCertificate;
    }

    static CipherSuite suite() {
        return SUITES.get(0);
    }

    static Set<SslProtocol> versions() {
        return VERSIONS;
    }

    void engineClosed() {
        closed.incrementAndGet();
    }

    void violated(String rule) {
        violations.add(rule);
    }

    /** {@return how many engines it made} */
    public int openedEngines() {
        return opened.get();
    }

    /** {@return how many of them were closed} */
    public int closedEngines() {
        return closed.get();
    }

    /** {@return what owners of engines did wrong} */
    public List<String> violations() {
        return List.copyOf(violations);
    }
}
