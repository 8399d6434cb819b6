package dev.qssl.spi.jsse;

import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * The session cache of a provider, for clients whose sessions stay in the process. Thread-safe.
 *
 * <p>A provider files sessions under host and port, may hold several of one peer, and drops none but the one that an engine
 * used. So peers are numbered here, and whoever was refused gets another number: what is filed under the old one is never
 * asked for again.
 */
final class SharedCache implements SessionStore {

    private static final int MOST_PEERS = 4_096;

    private final JsseLibrary library;
    private final SSLContext context;
    private int lastNumber;

    /** Those who were connected to last. To drop one costs a full handshake. */
    private final Map<PeerKey, Integer> numbers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerKey, Integer> eldest) {
            return size() > MOST_PEERS;
        }
    };

    SharedCache(JsseLibrary library, SSLContext context) {
        this.library = library;
        this.context = context;
    }

    @Override
    public SSLEngine newEngine(EngineRequest request) {
        return request.peerKey()
                .map(peer -> library.newEngine(context, peer, number(peer)))
                .orElseGet(context::createSSLEngine);
    }

    private synchronized int number(PeerKey peer) {
        return numbers.computeIfAbsent(peer, unused -> {
            lastNumber = lastNumber == Integer.MAX_VALUE ? 1 : lastNumber + 1;
            return lastNumber;
        });
    }

    @Override
    public List<SessionTicket> takeNew(SSLEngine engine, EngineRequest request) {
        return List.of();
    }

    @Override
    public synchronized void forget(PeerKey peer) {
        numbers.remove(peer);
    }
}
