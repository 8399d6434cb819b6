package dev.qssl.spi;

/**
 * What an engine tells and asks its owner.
 *
 * <p>Called on the owner's thread, from inside a call of the engine or of one of its tasks; never at any other time. An
 * implementation must not call the engine back. It must not throw either: what it throws is a bug of this library.
 */
public interface TlsEvents {

    /**
     * An alert was put into the output. Its bytes may still be inside the engine.
     *
     * @param alert what it says
     */
    void alertSent(TlsAlert alert);

    /**
     * An alert came in. A fatal one is followed by a {@link TlsException} with {@link TlsError#PEER_ALERT}.
     *
     * @param alert what it says
     */
    void alertReceived(TlsAlert alert);

    /**
     * The server gave a session that can be resumed. Only from engines with {@link Capability#SESSION_EXPORT}.
     *
     * @param ticket the session
     */
    void newSession(SessionTicket ticket);

    /**
     * A secret of the connection, for {@link ContextSettings#isKeyLogEnabled} alone. Each once, before it is used.
     *
     * @param line a line of the NSS key log format (RFC 9850), without line end
     */
    void keyLog(String line);

    /**
     * The peer showed its certificates, or was asked and has none. Once per handshake, resumed ones included, before the
     * handshake counts as done.
     *
     * @param credentials what it showed
     * @return what to do with it
     */
    PeerDecision peerPresented(PeerCredentials credentials);

    /**
     * The handshake wants a pre-shared key. Once per handshake: the engine remembers the answer.
     *
     * @param question what is known
     * @return the key; the engine closes it
     */
    PskAnswer pskWanted(PskQuestion question);
}
