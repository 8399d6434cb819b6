package dev.qssl.cli;

import dev.qssl.QSsl.SslMode;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.net.SocketError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

/**
 * Begins one server's handshake, on loopback and with nobody at the other end: what no handshake can begin with, such as a
 * key that is not the certificate's, is refused before anybody is told to connect.
 */
final class Rehearsal {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Rehearsal() {}

    /**
     * Tries a server's configuration.
     *
     * @param configuration all of it
     * @param hasPreSharedKey whether clients may prove themselves with a pre-shared key
     * @param identity the options that are to blame
     * @throws CommandFailure (usage) naming the options and what is wrong with their files
     */
    static void of(QSslConfiguration configuration, boolean hasPreSharedKey, IdentityOptions identity)
            throws CommandFailure {
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                QSslSocket socket = new QSslSocket()) {
            socket.setSslConfiguration(configuration);
            if (hasPreSharedKey) {
                socket.preSharedKeyAuthenticationRequired.connect(unasked -> {});
            }
            socket.connectToHost(nobody.getInetAddress().getHostAddress(), nobody.getLocalPort());
            if (!socket.waitForConnected(PATIENCE)) {
                throw CommandFailure.failed("loopback cannot be used: " + socket.errorString());
            }
            socket.startServerEncryption();
            boolean began = socket.mode() == SslMode.SSL_SERVER_MODE;
            SocketError error = socket.error();
            String reason = blamed(identity) + socket.errorString();
            socket.abort();
            if (!began) {
                throw error == SocketError.SSL_INVALID_USER_DATA_ERROR
                        ? CommandFailure.usage(reason)
                        : CommandFailure.failed(reason);
            }
        } catch (IOException e) {
            throw CommandFailure.failed("loopback cannot be used: " + e.getMessage());
        }
    }

    private static String blamed(IdentityOptions identity) {
        return identity.certificate
                .map(file -> "--cert " + file
                        + identity.key.map(key -> ", --key " + key).orElse("") + ": ")
                .orElse("");
    }
}
