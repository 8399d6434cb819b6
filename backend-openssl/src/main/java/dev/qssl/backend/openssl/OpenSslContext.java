package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.lang.ref.Cleaner;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;

/** What all connections with equal settings share: a native context per role, and the sessions of the clients. */
final class OpenSslContext implements TlsContext {

    private static final int MAXIMUM_ALPN_BYTES = 255;

    private final OpenSsl library;
    private final Refusals refusals;
    private final ContextSettings settings;
    private final NativeContext clients;

    /** There if there is something that a server could prove itself with. */
    private final @Nullable NativeContext servers;

    private final SessionCache sessions = new SessionCache();
    private final Cleaner.Cleanable sessionsCleanable;

    private OpenSslContext(OpenSsl library, Refusals refusals, ContextSettings settings) throws TlsException {
        this.library = library;
        this.refusals = refusals;
        this.settings = settings;
        requireSensible();
        OpaqueSigner signer = proveKey();
        this.clients = NativeContext.of(library, refusals, settings, TlsRole.CLIENT, signer);
        boolean done = false;
        try {
            boolean canServe =
                    settings.identity().isPresent() || !settings.pskProtocols().isEmpty();
            this.servers = canServe ? NativeContext.of(library, refusals, settings, TlsRole.SERVER, signer) : null;
            done = true;
        } finally {
            if (!done) {
                clients.close();
            }
        }
        this.sessionsCleanable = Forgotten.CLEANER.register(this, sessions);
    }

    /**
     * {@return a new context}
     *
     * @param library the library
     * @param backend the name that users know it by
     * @param settings what the application wants
     */
    static OpenSslContext of(OpenSsl library, String backend, ContextSettings settings) throws TlsException {
        return new OpenSslContext(library, new Refusals(backend), settings);
    }

    private void requireSensible() throws TlsException {
        if (settings.protocols().stream().anyMatch(SslProtocol::isDatagram)) {
            throw refusals.invalid(
                    "protocols " + settings.protocols() + " are for datagrams; a connection needs a version of TLS");
        }
        for (String name : settings.alpn()) {
            if (name.isEmpty()
                    || name.length() > MAXIMUM_ALPN_BYTES
                    || name.chars().anyMatch(c -> c > 0xFF)) {
                throw refusals.invalid("the application protocol \"" + name
                        + "\" is not 1 to 255 bytes, written as ISO-8859-1 text (RFC 7301, section 3.1)");
            }
        }
    }

    /** {@return the private key, if it stays where it is kept} Makes sure that it belongs to the certificate. */
    private @Nullable OpaqueSigner proveKey() throws TlsException {
        if (settings.identity().isEmpty()) {
            return null;
        }
        Identity identity = settings.identity().get();
        if (!OpaqueSigner.isNeededFor(identity.key())) {
            ContextSetup.requireKeyFits(refusals, identity);
            return null;
        }
        if (!library.isVersion3()) {
            throw refusals.unsupported(
                    "an identity whose private key (" + identity.key().getAlgorithm()
                            + ") cannot be taken out of where it is kept: that takes OpenSSL 3");
        }
        return OpaqueSigner.of(identity, settings.signatureSchemes(), refusals);
    }

    @Override
    public TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException {
        NativeContext context = contextFor(request);
        long ssl = context.newSsl();
        if (ssl == 0) {
            throw new TlsException(
                    TlsError.INTERNAL,
                    "OpenSSL makes no connection: " + LibraryError.take(library).text());
        }
        boolean done = false;
        try {
            SessionCache.Kept offered = SessionCache.Kept.NONE;
            if (request.role() == TlsRole.CLIENT) {
                nameServer(ssl, request);
                offered = offerSession(ssl, request);
                LibSsl.SSL_set_connect_state(ssl);
            } else {
                LibSsl.SSL_set_accept_state(ssl);
            }
            TlsEngine engine = new OpenSslEngine(this, context, request, events, ssl, offered);
            done = true;
            return engine;
        } finally {
            if (!done) {
                LibSsl.SSL_free(ssl);
            }
        }
    }

    private NativeContext contextFor(EngineRequest request) throws TlsException {
        if (request.role() == TlsRole.CLIENT) {
            return clients;
        }
        if (servers == null) {
            throw refusals.invalid("a server of backend " + refusals.backend()
                    + " needs a certificate and its private key, or pre-shared keys, and has neither");
        }
        if (settings.isOcspStaplingEnabled()) {
            throw refusals.invalid(
                    "ocspStapling is for clients, who ask for a response; a server is given responses to staple");
        }
        if (request.staples().size() > 1) {
            throw refusals.unsupported(
                    "more than one OCSP response to staple: it can staple the one for the server's own"
                            + " certificate, not " + request.staples().size());
        }
        if (!request.staples().isEmpty() && settings.identity().isPresent()) {
            requireStapled(request.staples().get(0), settings.identity().get());
        }
        return servers;
    }

    private void requireStapled(byte[] response, Identity own) throws TlsException {
        if (library.version().leavesOut(response, own.certificate())) {
            throw refusals.unsupported(
                    "an OCSP response to staple that is not about the server's own certificate, or is"
                            + " about one that names itself as its issuer: "
                            + library.version().text() + " leaves it out");
        }
    }

    private void nameServer(long ssl, EngineRequest request) throws TlsException {
        if (request.serverName().isEmpty() || isOn(SslOption.DISABLE_SERVER_NAME_INDICATION)) {
            return;
        }
        String name = request.serverName().get();
        long taken;
        try {
            byte[] ascii = NativeMemory.text(new SNIHostName(name).getAsciiName());
            taken = LibSsl.SSL_ctrl(ssl, Ssl.CTRL_SET_HOSTNAME, 0, ascii);
        } catch (IllegalArgumentException notAName) {
            throw refusals.invalid(
                    "the server name " + name + " is no host name in ASCII form (RFC 6066, section 3)", notAName);
        }
        if (taken != 1) {
            LibCrypto.ERR_clear_error();
            throw refusals.invalid("the server name of " + name.length()
                    + " characters is longer than a host name can be, which is 255");
        }
    }

    private boolean isOn(SslOption option) {
        return settings.options().contains(option);
    }

    /**
     * {@return the session that is offered} What is no session of ours is not, nor one whose peer would be refused for want of a
     * stapled response: where a session is resumed nothing is stapled.
     */
    private SessionCache.Kept offerSession(long ssl, EngineRequest request) {
        Optional<SessionCache.Kept> session = request.session().isPresent()
                ? imported(request.session().get())
                : request.peerKey().filter(peer -> isSharing()).flatMap(sessions::take);
        if (session.isEmpty()) {
            return SessionCache.Kept.NONE;
        }
        SessionCache.Kept offered = session.get();
        boolean useful = !settings.isOcspStaplingEnabled() || offered.shown().isStapleCurrent(Instant.now());
        if (useful) {
            LibSsl.SSL_set_session(ssl, offered.session());
        }
        offered.free();
        LibCrypto.ERR_clear_error();
        return useful ? offered : SessionCache.Kept.NONE;
    }

    private boolean isSharing() {
        return !isOn(SslOption.DISABLE_SESSION_SHARING);
    }

    private Optional<SessionCache.Kept> imported(byte[] bytes) {
        Optional<SessionBlob> blob = SessionBlob.decode(bytes);
        if (blob.isEmpty()) {
            return Optional.empty();
        }
        long session = NativeDer.decode(
                library.calls(), LibSsl::d2i_SSL_SESSION, blob.get().session());
        LibCrypto.ERR_clear_error();
        return session == 0
                ? Optional.empty()
                : Optional.of(new SessionCache.Kept(session, blob.get().shown()));
    }

    /**
     * A server gave a session: keeps it for the next connection, and tells of it if it may leave the process.
     *
     * @param session taken over
     * @param shown by the server
     */
    void keep(long session, Shown shown, EngineRequest request, Dialogue dialogue) {
        if (!isOn(SslOption.DISABLE_SESSION_PERSISTENCE)) {
            byte[] der = NativeDer.encode(library.calls(), LibSsl::i2d_SSL_SESSION, session);
            long lifetime = LibSsl.SSL_SESSION_get_ticket_lifetime_hint(session) & 0xFFFF_FFFFL;
            byte[] bytes = new SessionBlob(der, shown).encode();
            dialogue.later(events -> events.newSession(new SessionTicket(bytes, lifetime)));
        }
        if (request.peerKey().isPresent() && isSharing()) {
            sessions.keep(request.peerKey().get(), new SessionCache.Kept(session, shown));
        } else {
            LibSsl.SSL_SESSION_free(session);
        }
    }

    /** The peer was refused: none of its sessions must be of use. */
    void forget(PeerKey peer) {
        sessions.forget(peer);
    }

    ContextSettings settings() {
        return settings;
    }

    OpenSsl library() {
        return library;
    }

    String backend() {
        return refusals.backend();
    }

    @Override
    public void close() {
        sessionsCleanable.clean();
        clients.close();
        if (servers != null) {
            servers.close();
        }
    }
}
