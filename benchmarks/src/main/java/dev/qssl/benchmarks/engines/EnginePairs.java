package dev.qssl.benchmarks.engines;

import dev.qssl.benchmarks.bars.Bars;
import dev.qssl.benchmarks.bars.Jsse;
import dev.qssl.benchmarks.bars.QsslSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Makes pairs of one kind, which share their contexts and their buffers. Used by one thread. */
public interface EnginePairs {

    /** Begins the names of ours; a backend follows. */
    String QSSL = "qssl:";

    /** {@return a pair that has said nothing yet} Close the one before. */
    EnginePair newPair() throws Exception;

    /** {@return the names of the kinds that these backends are about: a bare one, and ours on top of it} */
    static List<String> of(List<String> backends) {
        Set<String> names = new LinkedHashSet<>();
        for (String backend : backends) {
            names.add(Jsse.beside(backend).engineName());
            names.add(QSSL + backend);
        }
        return List.copyOf(names);
    }

    /** {@return the maker of this kind} */
    static EnginePairs open(String name) throws Exception {
        if (name.startsWith(QSSL)) {
            return new QsslPair.Factory(new QsslSettings(name.substring(QSSL.length())));
        }
        for (Jsse jsse : Jsse.values()) {
            if (name.equals(jsse.engineName())) {
                return new BarePair.Factory(jsse);
            }
        }
        throw new IllegalArgumentException("unknown engines " + name + "; known: jdk-sslengine, conscrypt-sslengine, "
                + QSSL + "BACKEND with one of the backends of " + Bars.available());
    }
}
