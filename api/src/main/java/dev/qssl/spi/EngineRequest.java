package dev.qssl.spi;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one connection and not to its context.
 *
 * @param role our side
 * @param peerKey client: whom we mean; absent if sessions must not be reused
 * @param serverName client: the name to send (RFC 6066), in ASCII form, never an address; absent to send none
 * @param session client: a session to resume, as the library serialised it
 * @param staples server: OCSP responses to staple, DER, the leaf's first
 * @param clientHello server: what the client said, if it was read beforehand; the engine is fed the same bytes all the
 *     same
 */
public record EngineRequest(
        TlsRole role,
        Optional<PeerKey> peerKey,
        Optional<String> serverName,
        Optional<byte[]> session,
        List<byte[]> staples,
        Optional<ClientHello> clientHello) {

    private static final EngineRequest SERVER = new EngineRequest(
            TlsRole.SERVER, Optional.empty(), Optional.empty(), Optional.empty(), List.of(), Optional.empty());

    /**
     * {@return the request of a client}
     *
     * @param peerKey whom we mean, or null if sessions must not be reused
     * @param serverName the name to send, or null for none
     */
    @SuppressWarnings("exports") // JSpecify is not needed to compile against this
    public static EngineRequest client(@Nullable PeerKey peerKey, @Nullable String serverName) {
        return new EngineRequest(
                TlsRole.CLIENT,
                Optional.ofNullable(peerKey),
                Optional.ofNullable(serverName),
                Optional.empty(),
                List.of(),
                Optional.empty());
    }

    /** {@return the request of a server that knows nothing about its client yet} */
    public static EngineRequest server() {
        return SERVER;
    }

    /**
     * {@return this request with a session to resume}
     *
     * @param bytes what the earlier connection's {@link TlsEvents#newSession} gave
     */
    public EngineRequest withSession(byte[] bytes) {
        return new EngineRequest(role, peerKey, serverName, Optional.of(bytes), staples, clientHello);
    }

    /**
     * {@return this request with responses to staple}
     *
     * @param responses DER, one for each certificate of our chain, from our own upwards
     */
    public EngineRequest withStaples(List<byte[]> responses) {
        return responses.equals(staples)
                ? this
                : new EngineRequest(role, peerKey, serverName, session, responses, clientHello);
    }

    /**
     * {@return this request with what the client said}
     *
     * @param hello as it was read before the engine existed
     */
    public EngineRequest withClientHello(ClientHello hello) {
        return new EngineRequest(role, peerKey, serverName, session, staples, Optional.of(hello));
    }
}
