package dev.qssl.benchmarks.engines;

import java.util.List;

/** Makes pairs of one kind, which share their contexts. */
public interface EnginePairs {

    /** The JDK's engines alone: what ours are compared with. */
    String BARE = "jdk-sslengine";

    /** Ours on top of them. */
    String QSSL = "qssl";

    /** {@return a pair that has said nothing yet} */
    EnginePair newPair() throws Exception;

    /** {@return the names of all kinds, the bare one first} */
    static List<String> names() {
        return List.of(BARE, QSSL);
    }

    /** {@return the maker of this kind} */
    static EnginePairs of(String name) throws Exception {
        return switch (name) {
            case BARE -> new BarePair.Factory();
            case QSSL -> new QsslPair.Factory();
            default -> throw new IllegalArgumentException("unknown engines " + name + "; known: " + names());
        };
    }
}
