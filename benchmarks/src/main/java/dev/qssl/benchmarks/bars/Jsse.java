package dev.qssl.benchmarks.bars;

import dev.qssl.spi.Identity;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/** A provider of the JSSE, used without QSSL: what QSSL is compared with. */
public enum Jsse {
    /** The JDK's own. */
    JDK("jdk") {
        @Override
        Provider provider() {
            return Security.getProvider("SunJSSE");
        }

        @Override
        X509ExtendedTrustManager trust(X509ExtendedTrustManager jdk) {
            return jdk;
        }

        @Override
        SSLParameters restricted(SSLParameters parameters) {
            SSLParameters restricted = super.restricted(parameters);
            restricted.setCipherSuites(new String[] {Agreement.EXPECTED.cipherSuite()});
            return restricted;
        }
    },

    /**
     * Conscrypt. In TLS 1.3 it ignores a choice of suites and, told of these alone, finds no certificate for a server; so it
     * is told nothing, and what it negotiated is checked.
     */
    CONSCRYPT("conscrypt") {
        @Override
        Provider provider() {
            return Loaded.CONSCRYPT;
        }

        @Override
        X509ExtendedTrustManager trust(X509ExtendedTrustManager jdk) {
            return new CanonicalTrust(jdk);
        }
    };

    private static final char[] PASSWORD = "of a key store in memory".toCharArray();

    private final String shortName;

    Jsse(String shortName) {
        this.shortName = shortName;
    }

    /** Nothing of Conscrypt is loaded before it is needed. */
    private static final class Loaded {
        static final Provider CONSCRYPT = Conscrypt.newProvider();
    }

    abstract Provider provider();

    /** {@return the JDK's judge of chains and names in a form that this provider can ask} */
    abstract X509ExtendedTrustManager trust(X509ExtendedTrustManager jdk);

    /** {@return the provider that a backend's engines are compared with: the one below it, or else the fastest} */
    public static Jsse beside(String backend) {
        return backend.equals(JDK.shortName) ? JDK : CONSCRYPT;
    }

    /** {@return the name of its sockets in reports} */
    public String socketName() {
        return shortName + "-sslsocket";
    }

    /** {@return the name of its engines in reports} */
    public String engineName() {
        return shortName + "-sslengine";
    }

    /** {@return whether it runs here} */
    boolean isAvailable() {
        return this == JDK || Conscrypt.isAvailable();
    }

    /** {@return the context of a server} */
    public SSLContext serverContext(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry("server", identity.key(), PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return context(factory.getKeyManagers(), null);
    }

    /** {@return a new engine of a server, from a context of {@link #serverContext}} */
    public SSLEngine serverEngine(SSLContext context) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        engine.setSSLParameters(restricted(engine.getSSLParameters()));
        return engine;
    }

    /** Restricts a connection like everybody's. {@return the same object} */
    SSLParameters restricted(SSLParameters parameters) {
        parameters.setProtocols(new String[] {Agreement.EXPECTED.protocol()});
        return parameters;
    }

    private SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", provider());
        context.init(keys, trust, null);
        return context;
    }

    /** The JDK's own judge, which trusts the authority alone. */
    static X509ExtendedTrustManager judge() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", Arena.authority());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Makes clients that check the server's chain and name. For several threads. */
    public static final class Clients {
        private final Jsse jsse;
        private final Handshakes handshakes;
        private final Witness witness;
        private final TrustManager[] trust;
        private final SSLContext shared;
        private final AtomicInteger connections = new AtomicInteger();

        /** Makes clients of this provider that never resume a session. */
        public Clients(Jsse jsse) throws GeneralSecurityException, IOException {
            this(jsse, Handshakes.FULL);
        }

        /** Makes clients of this provider whose connections begin in this way. */
        Clients(Jsse jsse, Handshakes handshakes) throws GeneralSecurityException, IOException {
            this.jsse = jsse;
            this.handshakes = handshakes;
            this.witness = new Witness(jsse.trust(judge()));
            this.trust = new TrustManager[] {handshakes == Handshakes.RESUMED ? witness : jsse.trust(judge())};
            this.shared = jsse.context(null, trust);
            if (handshakes == Handshakes.FULL) {
                shared.getClientSessionContext().setSessionCacheSize(1);
            }
        }

        /** A new context costs the JDK microseconds and Conscrypt, which makes a native one, far more. */
        private SSLContext context() throws GeneralSecurityException {
            return jsse == JDK && handshakes == Handshakes.FULL ? jsse.context(null, trust) : shared;
        }

        /** {@return a key of the session cache: another one each time, if nothing is to be resumed} */
        private int key(int port) {
            return handshakes == Handshakes.RESUMED ? port : 1 + Math.floorMod(connections.incrementAndGet(), 65_535);
        }

        /** {@return what a socket agreed on, as far as it and the trust manager tell} */
        Agreement agreement(SSLSocket socket, boolean verified) {
            return jsse.agreement(
                    socket, handshakes == Handshakes.RESUMED ? witness.sawOf(socket) : Handshakes.FULL, verified);
        }

        /** {@return a socket over a connected one, which has not begun} */
        SSLSocket socket(Socket plain) throws GeneralSecurityException, IOException {
            SSLSocket socket = (SSLSocket)
                    context().getSocketFactory().createSocket(plain, Arena.HOST, key(plain.getPort()), true);
            socket.setSSLParameters(verifying(socket.getSSLParameters()));
            return socket;
        }

        /** {@return an engine that has not begun} */
        public SSLEngine engine() throws GeneralSecurityException {
            SSLEngine engine = context().createSSLEngine(Arena.HOST, key(0));
            engine.setUseClientMode(true);
            engine.setSSLParameters(verifying(engine.getSSLParameters()));
            return engine;
        }

        private SSLParameters verifying(SSLParameters parameters) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            parameters.setServerNames(List.of(new SNIHostName(Arena.HOST))); // not sent unasked: it has no dot
            return jsse.restricted(parameters);
        }
    }

    /** {@return the group that an engine agreed on, as far as it tells} */
    public Agreement agreement(SSLEngine engine) {
        String group = this == CONSCRYPT ? Conscrypt.getGroupName(engine) : null;
        return Agreement.of(engine.getSession(), group, Handshakes.FULL, true);
    }

    /** {@return what a socket agreed on, as far as it tells} */
    Agreement agreement(SSLSocket socket, Handshakes handshakes, boolean verified) {
        String group = this == CONSCRYPT ? Conscrypt.getGroupName(socket) : null;
        return Agreement.of(socket.getSession(), group, handshakes, verified);
    }
}
