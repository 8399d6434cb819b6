package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.PeerKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sessions that clients of one context can resume: the newest of each peer. Owns a reference to each. Thread-safe.
 *
 * <p>Sessions of TLS 1.3 are given out once, so that nobody can tell by them that two connections have one client (RFC 8446,
 * appendix C.4).
 */
final class SessionCache implements Runnable {

    private static final int MOST_PEERS = 1_024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<PeerKey, Kept> kept = new LinkedHashMap<>();
    private boolean closed;

    /**
     * A session to resume.
     *
     * @param session a reference, owned by whoever holds this
     * @param shown by the server, in the first handshake
     */
    record Kept(long session, Shown shown) {

        /** No session. */
        static final Kept NONE = new Kept(0, Shown.NOTHING);

        void free() {
            LibSsl.SSL_SESSION_free(session);
        }
    }

    /** Keeps a session, which it takes over. */
    void keep(PeerKey peer, Kept session) {
        lock.lock();
        try {
            if (closed) {
                session.free();
                return;
            }
            Kept before = kept.remove(peer);
            if (before == null && kept.size() >= MOST_PEERS) {
                before = kept.remove(kept.keySet().iterator().next());
            }
            kept.put(peer, session);
            if (before != null) {
                before.free();
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return a session to try, owned by the caller} */
    Optional<Kept> take(PeerKey peer) {
        lock.lock();
        try {
            Kept found = kept.get(peer);
            if (found == null) {
                return Optional.empty();
            }
            if (LibSsl.SSL_SESSION_get_protocol_version(found.session) == SslProtocol.TLS_V1_3.wireVersion()) {
                kept.remove(peer);
            } else {
                LibSsl.SSL_SESSION_up_ref(found.session);
            }
            return Optional.of(found);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what there is of a peer. */
    void forget(PeerKey peer) {
        lock.lock();
        try {
            Kept dropped = kept.remove(peer);
            if (dropped != null) {
                dropped.free();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Frees all, and whatever comes afterwards. */
    @Override
    public void run() {
        lock.lock();
        try {
            closed = true;
            kept.values().forEach(Kept::free);
            kept.clear();
        } finally {
            lock.unlock();
        }
    }
}
