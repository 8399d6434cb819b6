package dev.qssl.spi.jsse;

import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * For clients of one context that neither resume a session nor leave one to others. Thread-safe.
 *
 * <p>A provider files sessions under host and port, and some do so under the server's name even where an engine was made
 * without a host. So each engine has a number of its own as its port: what is filed under that is never asked for again.
 */
final class NoSessions implements SessionStore {

    private static final PeerKey NOBODY = new PeerKey("peer", 1, "peer");

    private final JsseLibrary library;
    private final SSLContext context;
    private final AtomicInteger lastNumber = new AtomicInteger();

    /**
     * Creates one.
     *
     * @param library whose context it is
     * @param context in which nobody else's sessions are shared
     */
    NoSessions(JsseLibrary library, SSLContext context) {
        this.library = library;
        this.context = context;
    }

    @Override
    public SSLEngine newEngine(EngineRequest request) {
        int number = lastNumber.updateAndGet(last -> last == Integer.MAX_VALUE ? 1 : last + 1);
        return library.newEngine(context, request.peerKey().orElse(NOBODY), number);
    }

    @Override
    public List<SessionTicket> takeNew(SSLEngine engine, EngineRequest request) {
        return List.of();
    }

    @Override
    public void forget(PeerKey peer) {
        // There is nothing.
    }
}
