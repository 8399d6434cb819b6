package dev.qssl;

import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.DtlsContext;
import dev.qssl.spi.TlsBackend;

/**
 * The context of all associations with equal settings on one backend, to be held like a {@link SharedContext}.
 *
 * @param backend who made it
 * @param context makes the engines; never closed by hand
 * @param settings what it was made of
 */
record SharedDtlsContext(TlsBackend backend, DtlsContext context, ContextSettings settings) {}
