package dev.qssl.benchmarks.bars;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** What all bars have in common: who the server is, whom the client trusts, and what may be negotiated. */
public final class Arena {

    /** The name that the server's certificate is for. */
    public static final String HOST = "localhost";

    /** Where the servers are; an address, so that nothing is looked up. */
    public static final String ADDRESS = "127.0.0.1";

    /** Plaintext that a writer lets pile up before it waits: the same for all bars that queue. */
    static final int HIGH_WATER = 256 * 1024;

    static final int BACKLOG = 4096;

    private static final char[] PASSWORD = "of a key store in memory".toCharArray();

    private Arena() {}

    /**
     * Allows the JSSE one group and one suite, for every bar of this process. To be called before anything of the JSSE is
     * used; processes started for the benchmarks get the same by {@link #jvmArguments}.
     */
    public static void restrictJsse() {
        System.setProperty("jdk.tls.namedGroups", "x25519");
        System.setProperty("jdk.tls.client.cipherSuites", Agreement.EXPECTED.cipherSuite());
        System.setProperty("jdk.tls.server.cipherSuites", Agreement.EXPECTED.cipherSuite());
    }

    /** {@return what {@link #restrictJsse} does, as arguments of a JVM} */
    public static List<String> jvmArguments() {
        String suite = Agreement.EXPECTED.cipherSuite();
        return List.of(
                "-Djdk.tls.namedGroups=x25519",
                "-Djdk.tls.client.cipherSuites=" + suite,
                "-Djdk.tls.server.cipherSuites=" + suite);
    }

    /** {@return the server that clients accept: an ECDSA P-256 certificate signed by a P-256 authority} */
    public static Identity server() {
        return Good.SERVER;
    }

    /** {@return a server of the same authority that is not {@link #HOST}: clients must refuse it} */
    public static Identity wrongServer() {
        return TestAuthority.shared().wrongHost();
    }

    /** {@return whom clients trust} */
    public static X509Certificate authority() {
        return TestAuthority.shared().root().certificate();
    }

    private static final class Good {
        static final Identity SERVER = TestAuthority.shared().server(HOST);
    }

    static InetSocketAddress address(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    /** {@return the configuration of a client} Every handshake is a full one. */
    public static QSslConfiguration clientConfiguration() {
        return clientConfiguration(authority());
    }

    /** {@return the configuration of a client that trusts the authority of another process} */
    public static QSslConfiguration clientConfiguration(X509Certificate trusted) {
        QSslConfiguration configuration = configuration();
        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_PEER);
        configuration.setCaCertificates(List.of(QSslCertificate.of(trusted)));
        configuration.setSslOption(SslOption.DISABLE_SESSION_SHARING, true);
        return configuration;
    }

    /** {@return the configuration of a server} */
    public static QSslConfiguration serverConfiguration(Identity identity) {
        QSslConfiguration configuration = configuration();
        configuration.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE);
        return configuration;
    }

    private static QSslConfiguration configuration() {
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setBackend("jdk");
        configuration.setProtocol(SslProtocol.TLS_V1_3);
        return configuration;
    }

    /** {@return the context of a server} */
    public static SSLContext serverContext(Identity identity) throws GeneralSecurityException, IOException {
        return context(keyManagers(identity), null);
    }

    /** {@return a new context with these trust managers: with a new one for each, no session can be resumed} */
    public static SSLContext clientContext(TrustManager[] trust) throws GeneralSecurityException {
        return context(null, trust);
    }

    private static SSLContext context(
            KeyManager @org.jspecify.annotations.Nullable [] keys,
            TrustManager @org.jspecify.annotations.Nullable [] trust)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS", "SunJSSE");
        context.init(keys, trust, null);
        return context;
    }

    private static KeyManager[] keyManagers(Identity identity) throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setKeyEntry("server", identity.key(), PASSWORD, identity.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        return factory.getKeyManagers();
    }

    /** {@return the JDK's own judge of chains and names, which trusts the authority alone} */
    public static TrustManager[] trustManagers() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        store.setCertificateEntry("authority", authority());
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /** Has a client check the server's name, and restricts it like everybody. {@return the same object} */
    public static SSLParameters clientParameters(SSLParameters parameters) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        return serverParameters(parameters);
    }

    /** Restricts a server like everybody. {@return the same object} */
    public static SSLParameters serverParameters(SSLParameters parameters) {
        parameters.setProtocols(new String[] {Agreement.EXPECTED.protocol()});
        parameters.setCipherSuites(new String[] {Agreement.EXPECTED.cipherSuite()});
        return parameters;
    }
}
