package dev.qssl.backend.conscrypt;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.jsse.SessionStore;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    private static final int MOST_PEERS = 256;

    private final SSLContext context;
    private final HiddenParts parts;
    private int lastNumber;
    private final Map<Integer, Desk> desks = new HashMap<>();
    private final ReferenceQueue<SSLEngine> forgotten = new ReferenceQueue<>();
    private final Map<PeerKey, SessionBlob> kept = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerKey, SessionBlob> eldest) {
            return size() > MOST_PEERS;
        }
    };

    /** What lies ready for one engine, and what was left for it. It is cleared away when the engine is gone. */
    private static final class Desk extends WeakReference<SSLEngine> {
        private final int number;
        private byte @Nullable [] offered;
        private byte @Nullable [] given;

        Desk(SSLEngine engine, int number, ReferenceQueue<SSLEngine> forgotten) {
            super(engine, forgotten);
            this.number = number;
        }
    }

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

    @Override
    public synchronized SSLEngine newEngine(EngineRequest request) {
        clearAway();
        int number = freeNumber();
        SSLEngine engine = context.createSSLEngine(ConscryptLibrary.NO_NAME, number);
        Desk desk = new Desk(engine, number, forgotten);
        desk.offered = request.session()
                .or(() -> request.peerKey().flatMap(this::keptFor))
                .orElse(null);
        desks.put(number, desk);
        return engine;
    }

    private void clearAway() {
        for (Reference<?> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
            desks.remove(((Desk) gone).number);
        }
    }

    private int freeNumber() {
        do {
            lastNumber = lastNumber == Integer.MAX_VALUE ? 1 : lastNumber + 1;
        } while (desks.containsKey(lastNumber));
        return lastNumber;
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
        Desk desk = desks.get(number);
        if (desk == null) {
            return Optional.empty();
        }
        byte[] session = desk.given;
        desk.given = null;
        return Optional.ofNullable(session);
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
        Desk desk = desks.get(port);
        if (desk == null) {
            return null;
        }
        byte[] session = desk.offered;
        desk.offered = null;
        return session;
    }

    /** Conscrypt shows a session up to TLS 1.2 that a server gave. */
    @Override
    public synchronized void putSessionData(SSLSession session, byte[] data) {
        Desk desk = desks.get(session.getPeerPort());
        if (desk != null) {
            desk.given = data;
        }
    }
}
