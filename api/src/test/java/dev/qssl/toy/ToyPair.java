package dev.qssl.toy;

import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PlainPair;
import dev.qssl.net.QHostAddress;
import dev.qssl.spi.x509.CertificateRecipe;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client and a server with toy TLS, connected over loopback and still in clear. The server is driven by a loop of its own
 * and sends back what it gets; the client is what the test looks at.
 */
public final class ToyPair implements AutoCloseable {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final X509Certificate SELF_SIGNED = selfSigned();

    /** The library of both ends. */
    public final ToyBackend backend;

    /** The end under test. */
    public final QSslSocket client;

    /** The other end. */
    public final QSslSocket server;

    private final EventLoop serverLoop;

    private ToyPair(ToyBackend backend, QSslSocket client, QSslSocket server, EventLoop serverLoop) {
        this.backend = backend;
        this.client = client;
        this.server = server;
        this.serverLoop = serverLoop;
    }

    /** {@return a pair whose client its callers drive} */
    public static ToyPair callerDriven() {
        return of(new QSslSocket());
    }

    /** {@return a pair whose client a loop drives} */
    public static ToyPair on(EventLoop loop) {
        return of(QSslSocket.on(loop));
    }

    private static ToyPair of(QSslSocket client) {
        ToyBackend backend = new ToyBackend("toy-" + COUNT.incrementAndGet(), SELF_SIGNED);
        QSslSocket.registerBackend(backend);
        EventLoop serverLoop = EventLoop.start("toy-server");
        QSslSocket server = QSslSocket.on(serverLoop);
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(backend.name());
        client.setSslConfiguration(configuration);
        server.setSslConfiguration(configuration);
        server.readyRead.connect(() -> server.write(server.readAll()));
        try (ServerSocketChannel listening = ServerSocketChannel.open()) {
            listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) listening.getLocalAddress()).getPort();
            client.connectToHost(QHostAddress.LOCAL_HOST, port, OpenMode.READ_WRITE);
            if (!client.waitForConnected(PlainPair.PATIENCE)
                    || !server.setSocketChannel(listening.accept(), OpenMode.READ_WRITE)) {
                throw new AssertionError("not connected: " + client.errorString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ToyPair(backend, client, server, serverLoop);
    }

    /** Has both ends ask for a pre-shared key, and the server know the right one. The client's slot is the test's. */
    public ToyPair withKeyOfServer(byte[] key) {
        server.preSharedKeyAuthenticationRequired.connect(question -> question.setPreSharedKey(key));
        return this;
    }

    /** Starts TLS at both ends. */
    public void startEncryption() {
        server.startServerEncryption();
        client.startClientEncryption();
    }

    /** {@return this pair, encrypted, with a client that accepts the server's self-signed certificate} */
    public ToyPair encrypted() {
        client.ignoreSslErrors();
        startEncryption();
        if (!client.waitForEncrypted(PlainPair.PATIENCE)) {
            throw new AssertionError("not encrypted: " + client.errorString());
        }
        return this;
    }

    private static X509Certificate selfSigned() {
        byte[] der = new CertificateRecipe().selfSigned().der();
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        client.abort();
        serverLoop.close();
        QSslSocket.removeBackend(backend);
        if (!backend.violations().isEmpty()) {
            throw new AssertionError("the engine's owner broke its rules: " + backend.violations());
        }
    }
}
