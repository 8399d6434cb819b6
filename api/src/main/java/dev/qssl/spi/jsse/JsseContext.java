package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslOption;
import dev.qssl.spi.Capability;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/** The {@link SSLContext} of all connections with equal settings, with its key managers and its one trust manager. */
final class JsseContext implements TlsContext {

    private final EngineSetup setup;
    private final KeyManager[] keys;
    private final TrustManager[] trust;
    private final SSLContext shared;

    /** Of the clients that share their sessions. */
    private final SessionStore sessions;

    /** Of the clients that share none and keep none. */
    private final SessionStore none;

    private final EngineParameters parameters;

    private JsseContext(EngineSetup setup) throws TlsException, GeneralSecurityException {
        ContextSettings settings = setup.settings();
        SettingsCheck check = new SettingsCheck(setup.backend(), setup.library(), settings);
        check.requireHonourable();
        this.setup = setup;
        List<KeyManager> managers = new ArrayList<>(setup.library().keyManagers(settings));
        if (settings.identity().isPresent()) {
            managers.add(
                    new OwnIdentity(setup.library().adopted(settings.identity().get())));
        }
        this.keys = managers.toArray(KeyManager[]::new);
        this.trust = new TrustManager[] {
            new PeerTrust(settings.authorities().certificates().toArray(X509Certificate[]::new))
        };
        this.shared = newSslContext();
        this.sessions =
                isPersistent() ? setup.library().sessionStore(shared) : new SharedCache(setup.library(), shared);
        this.none = new NoSessions(setup.library(), shared);
        if (!isSharing()) {
            // Nobody will ask for what else it would keep.
            shared.getClientSessionContext().setSessionCacheSize(1);
        }
        this.parameters = new EngineParameters(setup.backend(), setup.library(), settings, shared);
        if (check.needsProof()) {
            check.requireProof(configured(shared.createSSLEngine(), EngineRequest.client(null, null)));
        }
    }

    /** {@return a new context} */
    static JsseContext of(EngineSetup setup) throws TlsException {
        try {
            return new JsseContext(setup);
        } catch (GeneralSecurityException | IllegalArgumentException unusable) {
            throw unusable(setup, unusable);
        }
    }

    private SSLContext newSslContext() throws GeneralSecurityException {
        SSLContext context = setup.library().newSslContext();
        context.init(keys, trust, null);
        setup.library().prepare(context, setup.settings());
        return context;
    }

    @Override
    public TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException {
        requireHonourable(request);
        try {
            Optional<SessionStore> store = storeFor(request);
            SSLEngine engine = store.isPresent() ? store.get().newEngine(request) : newServerEngine();
            return new JsseEngine(new ConnectionSetup(setup, configured(engine, request), request, events, store));
        } catch (GeneralSecurityException | SSLException | IllegalArgumentException unusable) {
            throw unusable(setup, unusable);
        }
    }

    private void requireHonourable(EngineRequest request) throws TlsException {
        boolean server = request.role() == TlsRole.SERVER;
        if (server && keys.length == 0) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "a server of backend " + setup.backend()
                            + " needs a certificate and its private key, and has none");
        }
        if (server && setup.settings().isOcspStaplingEnabled()) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "ocspStapling is for clients, who ask for a response; a server is given responses to staple");
        }
        if (!request.staples().isEmpty()) {
            needs(Capability.OCSP_STAPLING, "OCSP responses to staple");
        }
        if (request.session().isPresent()) {
            needs(Capability.SESSION_EXPORT, "a session to resume");
        }
    }

    private void needs(Capability capability, String setting) throws TlsException {
        if (!setup.library().extras().contains(capability)) {
            throw new TlsException(
                    TlsError.UNSUPPORTED_SETTING,
                    "backend " + setup.backend() + " cannot honour " + setting + ": "
                            + setup.library().reasonAgainst(capability)
                            + "; QSslSocket.backends() shows which backends can");
        }
    }

    /** A server resumes what its context gave out, so without sharing each has a context of its own if nothing less helps. */
    private SSLEngine newServerEngine() throws GeneralSecurityException {
        boolean together = isSharing() || setup.library().canServeWithoutSessions(setup.settings());
        return (together ? shared : newSslContext()).createSSLEngine();
    }

    /** {@return where the sessions of this connection come from and go to; empty for a server} */
    private Optional<SessionStore> storeFor(EngineRequest request) throws GeneralSecurityException {
        if (request.role() == TlsRole.SERVER) {
            return Optional.empty();
        }
        boolean isAlone = !isSharing() || (request.session().isPresent() && !isPersistent());
        if (!isAlone) {
            return Optional.of(sessions);
        }
        // A session that comes from outside into a context whose own are not to leave it: such a connection is alone.
        return Optional.of(
                isPersistent() || request.session().isPresent()
                        ? setup.library().sessionStore(newSslContext())
                        : none);
    }

    private boolean isSharing() {
        return !setup.settings().options().contains(SslOption.DISABLE_SESSION_SHARING);
    }

    private boolean isPersistent() {
        return !setup.settings().options().contains(SslOption.DISABLE_SESSION_PERSISTENCE);
    }

    private SSLEngine configured(SSLEngine engine, EngineRequest request) throws TlsException {
        boolean done = false;
        try {
            parameters.apply(engine, request);
            setup.library().prepare(engine, setup.settings(), request);
            done = true;
            return engine;
        } catch (SSLException unusable) {
            throw unusable(setup, unusable);
        } finally {
            if (!done) {
                setup.library().release(engine);
            }
        }
    }

    private static TlsException unusable(EngineSetup setup, Exception cause) {
        return new TlsException(
                TlsError.INVALID_SETTING,
                "backend " + setup.backend() + " cannot use these settings: " + cause.getMessage(),
                cause);
    }

    @Override
    public void close() {
        // What the JSSE holds goes when the last engine does.
    }
}
