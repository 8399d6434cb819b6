package dev.qssl.spi.jsse;

import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.security.GeneralSecurityException;

/**
 * What all probes of a library work with.
 *
 * @param backend the name that users know the library by
 * @param library the provider
 * @param facts what was found out about it
 */
record ProbeBench(String backend, JsseLibrary library, LearnedFacts facts) {

    /** Something that works or does not. */
    interface Attempt {
        boolean succeeds() throws TlsException, GeneralSecurityException;
    }

    /** {@return whether it works} */
    static boolean works(Attempt attempt) {
        try {
            return attempt.succeeds();
        } catch (TlsException | GeneralSecurityException | RuntimeException itDoesNot) {
            return false;
        }
    }

    TlsContext context(ContextSettings.Builder settings) throws TlsException {
        return JsseContext.of(new EngineSetup(backend, library, facts, settings.build()));
    }
}
