package dev.qssl.spi.jsse;

import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The sessions of the clients of one {@code SSLContext}, for a library that lets them out of the process and into it. Used by
 * the threads of all its connections.
 */
public interface SessionStore {

    /**
     * {@return a new engine that will offer the session of the request or, if it holds none, one that an earlier connection
     * to the same peer was given}
     *
     * @param request of a client
     * @throws SSLException if the session of the request cannot be this library's
     */
    SSLEngine newEngine(EngineRequest request) throws SSLException;

    /**
     * {@return the sessions that the server of an engine gave since the last call} Called when the handshake is done, and
     * whenever something that is no application data came in.
     *
     * @param engine made by this object
     * @param request that it was made for
     */
    List<SessionTicket> takeNew(SSLEngine engine, EngineRequest request);

    /**
     * Forgets the sessions of a peer that was refused.
     *
     * @param peer whom the connection meant
     */
    void forget(PeerKey peer);
}
