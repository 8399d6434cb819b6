package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.JdkEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The JDK's own {@link SSLSocket}, on a thread of its own. */
final class JdkPeer implements ForeignPeer {

    @Override
    public String name() {
        return "SSLSocket";
    }

    @Override
    public void require() {
        // Part of every JDK.
    }

    @Override
    public boolean speaks(SslProtocol protocol) {
        return JdkEnd.speaks(protocol);
    }

    @Override
    public boolean canExport() {
        return JdkExporter.isThere();
    }

    @Override
    public PeerSession serve(PeerSetup setup) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.setSoTimeout(JdkSession.LIMIT_MILLIS);
            SSLContext context = context(setup);
            JdkSession session = new JdkSession(listener, setup);
            session.start(() -> {
                for (int i = 0; i < setup.connections(); i++) {
                    Socket accepted = listener.accept();
                    session.answer(secure(context, accepted, setup));
                }
            });
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no port", e);
        }
    }

    private static SSLSocket secure(SSLContext context, Socket accepted, PeerSetup setup) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(accepted, accepted.getInetAddress().getHostAddress(), accepted.getPort(), true);
        socket.setUseClientMode(false);
        SSLParameters parameters = parameters(socket, setup);
        switch (setup.clientCertificate()) {
            case NONE -> {}
            case REQUEST -> parameters.setWantClientAuth(true);
            case REQUIRE -> parameters.setNeedClientAuth(true);
        }
        socket.setSSLParameters(parameters);
        return socket;
    }

    @Override
    public PeerSession connect(PeerSetup setup, int port, String line) {
        try {
            Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
            SSLSocket socket =
                    (SSLSocket) context(setup).getSocketFactory().createSocket(plain, "localhost", port, true);
            SSLParameters parameters = parameters(socket, setup);
            parameters.setServerNames(List.of(new SNIHostName("localhost")));
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            JdkSession session = new JdkSession(socket, setup);
            session.start(() -> session.ask(socket, line));
            return session;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to port " + port, e);
        }
    }

    private static SSLParameters parameters(SSLSocket socket, PeerSetup setup) {
        SSLParameters parameters = socket.getSSLParameters();
        setup.protocol().ifPresent(version -> parameters.setProtocols(new String[] {version.displayName()}));
        parameters.setApplicationProtocols(setup.alpn().toArray(String[]::new));
        return parameters;
    }

    private static SSLContext context(PeerSetup setup) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(setup).getKeyManagers(), trust(setup).getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot set up the JDK's TLS", e);
        }
    }

    private static KeyManagerFactory keys(PeerSetup setup) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        if (setup.identity().isPresent()) {
            Identity own = setup.identity().get();
            store.setKeyEntry("own", own.key(), new char[0], own.chain().toArray(X509Certificate[]::new));
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, new char[0]);
        return keys;
    }

    private static TrustManagerFactory trust(PeerSetup setup) throws GeneralSecurityException, IOException {
        KeyStore store = empty();
        int count = 0;
        for (X509Certificate authority : setup.trust().certificates()) {
            store.setCertificateEntry("authority" + count++, authority);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        return trust;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
