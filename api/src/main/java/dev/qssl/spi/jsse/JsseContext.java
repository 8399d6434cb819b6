package dev.qssl.spi.jsse;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** The {@link SSLContext} of all connections with equal settings, with its one key manager and its one trust manager. */
final class JsseContext implements TlsContext {

    private final String backend;
    private final JsseLibrary library;
    private final ContextSettings settings;
    private final KeyManager[] keys;
    private final TrustManager[] trust;
    private final String[] protocols;
    private final @Nullable SSLContext shared;

    private JsseContext(String backend, JsseLibrary library, ContextSettings settings) throws GeneralSecurityException {
        this.backend = backend;
        this.library = library;
        this.settings = settings;
        this.keys = settings.identity()
                .map(identity -> new KeyManager[] {new OwnIdentity(identity)})
                .orElse(new KeyManager[0]);
        this.trust = new TrustManager[] {
            new PeerTrust(settings.authorities().certificates().toArray(X509Certificate[]::new))
        };
        this.protocols =
                settings.protocols().stream().map(SslProtocol::displayName).toArray(String[]::new);
        this.shared = settings.options().contains(SslOption.DISABLE_SESSION_SHARING) ? null : newSslContext();
    }

    static JsseContext of(String backend, JsseLibrary library, ContextSettings settings) throws TlsException {
        try {
            return new JsseContext(backend, library, settings);
        } catch (GeneralSecurityException e) {
            throw new TlsException(
                    TlsError.INVALID_SETTING, "backend " + backend + " cannot use these settings: " + e, e);
        }
    }

    private SSLContext newSslContext() throws GeneralSecurityException {
        SSLContext context = library.newSslContext();
        context.init(keys, trust, null);
        return context;
    }

    @Override
    public TlsEngine newEngine(EngineRequest request, TlsEvents events) throws TlsException {
        if (request.role() == TlsRole.SERVER && settings.identity().isEmpty()) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "a server needs a certificate and its private key: backend " + backend
                            + " has no other way to prove who it is");
        }
        try {
            SSLEngine engine = newSslEngine(request);
            engine.setUseClientMode(request.role() == TlsRole.CLIENT);
            engine.setSSLParameters(parameters(engine, request));
            return new JsseEngine(backend, library, settings, engine, request, events);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsException(
                    TlsError.INVALID_SETTING, "backend " + backend + " cannot use these settings: " + e, e);
        }
    }

    /** A client's host and port are nothing but the key of the provider's session cache: without them it cannot resume. */
    private SSLEngine newSslEngine(EngineRequest request) throws GeneralSecurityException {
        if (shared == null) {
            return newSslContext().createSSLEngine();
        }
        if (request.role() == TlsRole.CLIENT && request.peerKey().isPresent()) {
            PeerKey peer = request.peerKey().get();
            return shared.createSSLEngine(peer.asText(), peer.port());
        }
        return shared.createSSLEngine();
    }

    private SSLParameters parameters(SSLEngine engine, EngineRequest request) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        if (request.role() == TlsRole.CLIENT) {
            // An empty list is not the same as none: without it the provider would send the key of its session cache.
            parameters.setServerNames(request.serverName()
                    .map(name -> List.<SNIServerName>of(new SNIHostName(name)))
                    .orElse(List.of()));
            parameters.setApplicationProtocols(settings.alpn().toArray(String[]::new));
        } else {
            parameters.setUseCipherSuitesOrder(
                    !settings.options().contains(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE));
            if (settings.verifyMode(TlsRole.SERVER) != PeerVerifyMode.VERIFY_NONE) {
                if (settings.isMissingCertificateFatal()) {
                    parameters.setNeedClientAuth(true);
                } else {
                    parameters.setWantClientAuth(true);
                }
            }
        }
        return parameters;
    }

    @Override
    public void close() {
        // Nothing is held outside the heap.
    }
}
