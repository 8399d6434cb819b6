package dev.qssl.cli;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslServer;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.util.List;
import java.util.Optional;

/** A server that sends back what comes, with an authority made in memory. */
final class DemoServer implements AutoCloseable {

    /** What client and server speak within TLS. */
    static final String ALPN = "demo";

    private final EventLoop loop = EventLoop.start("qssl-demo-server");
    private final QSslServer server = new QSslServer(loop);
    private final Service echo = new EchoService();

    private DemoServer() {}

    /** {@return a server on a port of loopback, on the default backend} */
    static DemoServer start() throws CommandFailure {
        DemoServer made = new DemoServer();
        Identity identity = TestAuthority.shared().server("localhost", "127.0.0.1");
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(QSslSocket.activeBackend());
        configuration.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        configuration.setAllowedNextProtocols(ALPN);
        made.server.setSslConfiguration(configuration);
        made.server.pendingConnectionAvailable.connect(made::take);
        if (!made.server.listen(QHostAddress.LOCAL_HOST, 0)) {
            made.close();
            throw CommandFailure.failed(made.server.errorString());
        }
        return made;
    }

    private void take() {
        for (Optional<QTcpSocket> next = server.nextPendingConnection();
                next.isPresent();
                next = server.nextPendingConnection()) {
            if (next.get() instanceof QSslSocket socket) {
                echo.serve(socket, "the demo's client");
            }
        }
    }

    /** {@return its port} */
    int port() {
        return server.serverPort();
    }

    /** {@return its backend} */
    String backend() {
        return server.sslConfiguration().backend();
    }

    /** {@return whom to trust} */
    List<QSslCertificate> authorities() {
        return TestAuthority.shared().trust().certificates().stream()
                .map(QSslCertificate::of)
                .toList();
    }

    @Override
    public void close() {
        server.close();
        loop.close();
    }
}
