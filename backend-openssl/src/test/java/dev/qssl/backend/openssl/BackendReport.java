package dev.qssl.backend.openssl;

import dev.qssl.BackendInfo;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslServer;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.QHostAddress;
import dev.qssl.spi.Availability;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.time.Duration;
import java.util.List;

/** What a program sees of the backends in a JVM of its own: run as a child process. */
final class BackendReport {

    private BackendReport() {}

    /** Prints it. */
    public static void main(String[] arguments) {
        for (BackendInfo backend : QSslSocket.backends()) {
            if (backend.availability() instanceof Availability.Unavailable why) {
                System.out.println(backend.name() + ": unavailable: " + why.reason());
                System.out.println("remedy: " + why.remedy());
            } else {
                System.out.println(backend.name() + ": available");
            }
        }
        for (String backend : List.of("openssl", "jdk")) {
            if (QSslSocket.availableBackends().contains(backend)) {
                System.out.println("handshake with " + backend + ": " + handshake(backend));
            }
        }
    }

    private static String handshake(String backend) {
        TestAuthority authority = TestAuthority.shared();
        Identity identity = authority.server("localhost");
        QSslConfiguration settings = QSslConfiguration.defaultConfiguration();
        settings.setBackend(backend);
        settings.setCaCertificates(List.of(QSslCertificate.of(authority.root().certificate())));
        QSslConfiguration serverSettings = new QSslConfiguration(settings);
        serverSettings.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        serverSettings.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        serverSettings.setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE);
        try (QSslServer server = QSslServer.on(EventLoop.shared());
                QSslSocket client = new QSslSocket()) {
            server.setSslConfiguration(serverSettings);
            if (!server.listen(QHostAddress.LOCAL_HOST, 0)) {
                return server.errorString();
            }
            client.setSslConfiguration(settings);
            client.connectToHostEncrypted("localhost", server.serverPort());
            return client.waitForEncrypted(Duration.ofSeconds(60)) ? "encrypted" : client.errorString();
        }
    }
}
