package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.util.EnumSet;
import java.util.Set;

/** A backend on a JSSE provider. */
public abstract class JsseBackend implements TlsBackend {

    private final JsseLibrary library;
    private final LearnedFacts facts;

    /**
     * Creates one; loading is left to {@link #availability}.
     *
     * @param library the provider and its peculiarities
     */
    protected JsseBackend(JsseLibrary library) {
        this.library = library;
        this.facts = LearnedFacts.about(library);
    }

    @Override
    public Capabilities capabilities() {
        Set<SslProtocol> protocols = EnumSet.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
        return Capabilities.builder()
                .verifiesCertificates()
                .claim(Capability.HANDSHAKE, protocols)
                .claim(Capability.ALPN, protocols)
                .claim(Capability.SERVER_NAME, protocols)
                .build();
    }

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        return JsseContext.of(new EngineSetup(name(), library, facts, settings));
    }
}
