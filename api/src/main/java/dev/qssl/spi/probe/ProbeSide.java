package dev.qssl.spi.probe;

import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEvents;

/**
 * What one end of a {@link ProbeConnection} is made of.
 *
 * @param context makes the engine; stays the caller's
 * @param request what is particular to the connection
 * @param owner whom the engine tells and asks; must answer at once, for nobody resumes a deferred decision
 */
public record ProbeSide(TlsContext context, EngineRequest request, TlsEvents owner) {

    /** The server that clients ask for: a name that nobody can have (RFC 6761, section 6.4). */
    public static final String SERVER_NAME = "probe.invalid";

    /**
     * What clients ask for unless told otherwise. They all mean the same server, so a later one may resume the session of an
     * earlier one of its context.
     */
    public static final EngineRequest CLIENT_REQUEST =
            EngineRequest.client(new PeerKey(SERVER_NAME, 1, SERVER_NAME), SERVER_NAME);

    /**
     * {@return a client with {@link #CLIENT_REQUEST}}
     *
     * @param context makes the engine
     * @param owner whom the engine tells and asks
     */
    public static ProbeSide client(TlsContext context, TlsEvents owner) {
        return new ProbeSide(context, CLIENT_REQUEST, owner);
    }

    /**
     * {@return a server that knows nothing about its client yet}
     *
     * @param context makes the engine
     * @param owner whom the engine tells and asks
     */
    public static ProbeSide server(TlsContext context, TlsEvents owner) {
        return new ProbeSide(context, EngineRequest.server(), owner);
    }
}
