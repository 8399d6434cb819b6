package dev.qssl.spi;

/**
 * Everything that connections with equal settings share: keys, trust, the library's context, its session caches.
 *
 * <p>Built once per settings and used by many threads at once. Whatever can be done here is not done per connection.
 */
public interface TlsContext extends AutoCloseable {

    /**
     * Creates the engine of one connection. Cheap; no I/O.
     *
     * @param request what is particular to the connection
     * @param events whom to tell and ask
     * @return a new engine, owned by the caller
     * @throws TlsException if this connection cannot be started with these settings: a server without identity or PSK, a
     *     session that is not this library's
     * @throws IllegalStateException if the library needs the context to be open, and it is closed
     */
    TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException;

    /** Frees what the context holds once its last engine is closed. Idempotent. */
    @Override
    void close();
}
