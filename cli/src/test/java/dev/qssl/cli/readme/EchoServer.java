package dev.qssl.cli.readme;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslServer;
import dev.qssl.net.EventLoop;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A server on an event loop, which sends back what it was sent. */
final class EchoServer {

    private EchoServer() {}

    static QSslServer start(EventLoop loop, Path chain, Path key, int port, PrintStream err) throws IOException {
        // README begin
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setLocalCertificateChain(QSslCertificate.read(Files.readAllBytes(chain)));
        configuration.setPrivateKey(QSslKey.read(Files.readAllBytes(key), new byte[0])); // and its password
        QSslServer server = QSslServer.on(loop);
        server.setSslConfiguration(configuration);
        server.pendingConnectionAvailable.connect(
                () -> server.nextPendingConnection().ifPresent(client -> echo(client))); // encrypted already
        server.errorOccurred.connect(failure -> err.println(failure.socket().errorString()));
        if (!server.listen(QHostAddress.LOCAL_HOST, port)) {
            throw new IOException(server.errorString());
        }
        // README end
        return server;
    }

    // README begin
    static void echo(QTcpSocket client) {
        client.readyRead.connect(() -> client.write(client.readAll()));
        client.write(client.readAll()); // what came before
    }
    // README end
}
