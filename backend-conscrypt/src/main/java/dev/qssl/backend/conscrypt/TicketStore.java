package dev.qssl.backend.conscrypt;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.jsse.SessionStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.conscrypt.Conscrypt;
import org.conscrypt.SSLClientSessionCache;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of one context's clients as bytes. Thread-safe.
 *
 * <p>Conscrypt files its sessions under a host name and a port, and says of none which connection it came from. So each
 * engine is made with a port number of its own, which goes nowhere else: what is filed under it was given to that engine, and
 * what is asked for under it, for that engine. Resumption between connections then has to be done here, too.
 */
final class TicketStore implements SessionStore, SSLClientSessionCache {

    private static final int MOST_ENGINES = 1_024;
    private static final int MOST_PEERS = 256;

    private final SSLContext context;
    private final HiddenParts parts;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final Map<Integer, byte[]> offered = bounded(MOST_ENGINES);
    private final Map<Integer, byte[]> given = bounded(MOST_ENGINES);
    private final Map<PeerKey, SessionBlob> kept = bounded(MOST_PEERS);

    private TicketStore(SSLContext context, HiddenParts parts) {
        this.context = context;
        this.parts = parts;
    }

    /** {@return the store of a context that makes all its clients' engines} */
    static TicketStore of(SSLContext context, HiddenParts parts) {
        TicketStore store = new TicketStore(context, parts);
        Conscrypt.setClientSessionCache(context, store);
        return store;
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    @Override
    public synchronized SSLEngine newEngine(EngineRequest request) {
        int number = lastNumber.incrementAndGet() & Integer.MAX_VALUE;
        Optional<byte[]> session = request.session().or(() -> request.peerKey().flatMap(this::keptFor));
        session.ifPresent(bytes -> offered.put(number, bytes));
        return context.createSSLEngine(ConscryptLibrary.NO_NAME, number);
    }

    private Optional<byte[]> keptFor(PeerKey peer) {
        SessionBlob blob = kept.get(peer);
        if (blob != null && blob.isSingleUse()) {
            kept.remove(peer);
        }
        return Optional.ofNullable(blob).map(SessionBlob::bytes);
    }

    @Override
    public List<SessionTicket> takeNew(SSLEngine engine, EngineRequest request) {
        List<byte[]> sessions = new ArrayList<>();
        if (!SslProtocol.TLS_V1_3.displayName().equals(engine.getSession().getProtocol())) {
            takeGiven(engine.getPeerPort()).ifPresent(sessions::add);
        } else if (parts.canExportSessions()) {
            Optional<byte[]> session = parts.takeSession(context.getClientSessionContext(), engine);
            while (session.isPresent()) {
                sessions.add(session.get());
                session = parts.takeSession(context.getClientSessionContext(), engine);
            }
        }
        return sessions.stream().map(bytes -> keep(request, bytes)).toList();
    }

    private synchronized Optional<byte[]> takeGiven(int number) {
        return Optional.ofNullable(given.remove(number));
    }

    private synchronized SessionTicket keep(EngineRequest request, byte[] bytes) {
        SessionBlob blob = SessionBlob.of(bytes);
        request.peerKey().ifPresent(peer -> kept.put(peer, blob));
        return new SessionTicket(bytes, blob.lifetimeSeconds());
    }

    @Override
    public synchronized void forget(PeerKey peer) {
        kept.remove(peer);
    }

    /** Conscrypt asks what an engine may resume. */
    @Override
    public synchronized byte @Nullable [] getSessionData(String host, int port) {
        return offered.remove(port);
    }

    /** Conscrypt shows a session up to TLS 1.2 that a server gave. */
    @Override
    public synchronized void putSessionData(SSLSession session, byte[] data) {
        given.put(session.getPeerPort(), data);
    }
}
