package dev.qssl.backend.openssl;

import dev.qssl.spi.EngineRequest;

/** The sessions that one connection brings: kept for the next one, or dropped if the peer turns out to be unwelcome. */
final class NewSessions {

    private final OpenSslContext context;
    private final EngineRequest request;
    private final Dialogue dialogue;

    /** What this client offered; its reference is not ours any more. */
    private final SessionCache.Kept offered;

    NewSessions(OpenSslContext context, EngineRequest request, Dialogue dialogue, SessionCache.Kept offered) {
        this.context = context;
        this.request = request;
        this.dialogue = dialogue;
        this.offered = offered;
    }

    /** {@return what the server showed that this client offered to resume a session of} */
    Shown remembered() {
        return offered.shown();
    }

    /** Keeps those that the library has told of. */
    void keep() {
        for (long session : dialogue.takeSessions()) {
            context.keep(session, dialogue.shown(), request, dialogue);
        }
    }

    /** Up to TLS 1.2 the library (seen in 3.0.22) does not tell of a ticket that replaces the one that was resumed. */
    void keepRenewed(long ssl) {
        if (offered.session() != 0 && LibSsl.SSL_session_reused(ssl) == 1) {
            long session = LibSsl.SSL_get1_session(ssl);
            if (session != offered.session()) {
                context.keep(session, dialogue.shown(), request, dialogue);
            } else {
                LibSsl.SSL_SESSION_free(session);
            }
        }
    }

    /** The peer was refused: neither these nor others of its sessions must be of use. */
    void forget() {
        request.peerKey().ifPresent(context::forget);
    }

    /** Nobody wants those that the library has told of. */
    void drop() {
        dialogue.takeSessions().forEach(LibSsl::SSL_SESSION_free);
    }
}
