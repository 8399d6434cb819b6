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

    /**
     * Gives up what the context holds. Any thread, while engines are used in others; idempotent.
     *
     * <p>No engine notices: those that were made go on until each is closed, and what they share must live as long. Sessions
     * that the context keeps may go at once. QSSL itself calls this when no connection holds the context any more.
     */
    @Override
    void close();
}
