package dev.qssl.spi.jsse;

import java.lang.ref.Cleaner;
import javax.net.ssl.SSLEngine;

/** Sees to it that what an engine holds outside the heap is freed, once: by its owner, or when the owner forgot it. */
final class NativeMemory {

    /** One thread for the process, made with the first engine that needs it. */
    private static final class Shared {
        static final Cleaner CLEANER = Cleaner.create();
    }

    private NativeMemory() {}

    /**
     * {@return what frees it}
     *
     * @param owner nobody can close the engine any more when it is unreachable
     * @param library whose engine it is
     * @param engine must not lead to the owner
     */
    static Cleaner.Cleanable of(Object owner, JsseLibrary library, SSLEngine engine) {
        return library.holdsNativeMemory()
                ? Shared.CLEANER.register(owner, () -> library.release(engine))
                : () -> library.release(engine);
    }
}
