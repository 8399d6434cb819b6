package dev.qssl.spi.jsse;

import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.probe.CapabilityProbe;

/**
 * A backend on a JSSE provider. To write one, describe the provider in a {@link JsseLibrary}, extend this class with a name
 * and with an answer to whether the provider can be had, and run the TCK.
 */
public abstract class JsseBackend implements TlsBackend {

    private final JsseLibrary library;
    private final LearnedFacts facts;
    private final CapabilityProbe probe = new CapabilityProbe();

    /**
     * Creates one; loading is left to {@link #availability}.
     *
     * @param library the provider and its peculiarities
     */
    protected JsseBackend(JsseLibrary library) {
        this.library = library;
        this.facts = LearnedFacts.about(library);
    }

    /**
     * {@return what was found out by connections of this process with itself}
     *
     * <p>Takes one to three seconds the first time; waits for others who asked first.
     */
    @Override
    public final Capabilities capabilities() {
        return probe.capabilities(new JsseSubject(this, library));
    }

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        return JsseContext.of(new EngineSetup(name(), library, facts, settings));
    }
}
