package dev.qssl.spi.jsse;

import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A backend on a JSSE provider. To write one, describe the provider in a {@link JsseLibrary}, extend this class with a name
 * and with an answer to whether the provider can be had, and run the TCK.
 */
public abstract class JsseBackend implements TlsBackend {

    private final JsseLibrary library;
    private final LearnedFacts facts;
    private final ReentrantLock probing = new ReentrantLock();
    private volatile @Nullable Capabilities capabilities;

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
     * <p>Takes one to two seconds the first time; waits for others who asked first.
     */
    @Override
    public final Capabilities capabilities() {
        Capabilities known = capabilities;
        if (known == null) {
            probing.lock();
            try {
                known = capabilities;
                if (known == null) {
                    known = CapabilityProbe.run(new ProbeBench(name(), library, facts));
                    capabilities = known;
                }
            } finally {
                probing.unlock();
            }
        }
        return known;
    }

    @Override
    public TlsContext newContext(ContextSettings settings) throws TlsException {
        return JsseContext.of(new EngineSetup(name(), library, facts, settings));
    }
}
