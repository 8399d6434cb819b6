package dev.qssl;

import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.x509.ChainVerifier;

/**
 * The context of all connections with equal settings on one backend. A connection holds this record, not the context alone,
 * for as long as it needs its engine: the context is closed some time after the last one lets go.
 *
 * @param backend who made it
 * @param context makes the engines; never closed by hand
 * @param settings what it was made of
 * @param verifier judges the peers' chains by these settings, and remembers whom it accepted
 */
record SharedContext(TlsBackend backend, TlsContext context, ContextSettings settings, ChainVerifier verifier) {

    SharedContext(TlsBackend backend, TlsContext context, ContextSettings settings) {
        this(
                backend,
                context,
                settings,
                ChainVerifier.trusting(settings.authorities())
                        .withPolicy(settings.policy())
                        .withStrength(settings.keyStrength())
                        .withDepth(settings.verifyDepth()));
    }
}
