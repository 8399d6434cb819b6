package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.BackendInfo;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code qssl serve} and the JDK's own clients, which leave as soon as they can. */
class ServeLeavingClientsTest {

    private static final int ROUNDS = 5;
    private static final byte[] REQUEST = "GET /page.html HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path directory;

    static Stream<Arguments> servers() {
        return Stream.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3)
                .flatMap(version -> QSslSocket.backends().stream()
                        .filter(backend -> hasServers(backend, version))
                        .map(backend -> Arguments.of(backend.name(), version.displayName())));
    }

    private static boolean hasServers(BackendInfo backend, SslProtocol version) {
        return backend.capabilities()
                .map(can -> can.can(Capability.HANDSHAKE, TlsRole.SERVER, version))
                .orElse(false);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void clientThatLeavesAtOnce_isToldAsOneThatStays(String backend, String version) throws Exception {
        try (Command server = Command.start("serve", "--port", "0", "--backend", backend)) {
            for (int round = 0; round < ROUNDS; round++) {
                Visitor known = new Visitor(server, version);
                String fresh = facts(server, known.stay());
                String resumed = facts(server, known.stay());

                assertThat(fresh).startsWith("PROTO=" + version + " ").contains(" RESUMED=no ");
                assertThat(resumed).contains(" RESUMED=yes ");
                assertThat(facts(server, known.leave())).isEqualTo(resumed);
                assertThat(facts(server, new Visitor(server, version).leave())).isEqualTo(fresh);
            }
            assertThat(server.messages().text()).doesNotContainPattern("(?m)^:0 ");
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void clientThatLeavesAfterItsRequest_isNamedWithWhatBecameOfIt(String backend, String version) throws Exception {
        Files.writeString(directory.resolve("page.html"), "hello\n");
        try (Command server =
                Command.start("serve", "--port", "0", "--backend", backend, "--http", directory.toString())) {
            for (int round = 0; round < ROUNDS; round++) {
                int port = new Visitor(server, version).leaveAfter(REQUEST);

                assertThat(facts(server, port)).startsWith("PROTO=" + version + " ");
                server.messages()
                        .await("(?m)^127\\.0\\.0\\.1:" + port
                                + " \"GET /page.html HTTP/1.0\" (200|and left before the answer)$");
            }
            assertThat(server.messages().text()).doesNotContainPattern("(?m)^:0 ");
        }
    }

    /** {@return what the server tells of the client with this port} */
    private static String facts(Command server, int port) {
        return server.messages()
                .await("(?m)^127\\.0\\.0\\.1:" + port + " (PROTO=.*)$")
                .group(1);
    }

    /** A client that resumes its own sessions. Each visit returns the port that it came from. */
    private static final class Visitor {

        private final SSLContext context = SSLContext.getInstance("TLS");
        private final int port;
        private final String version;

        Visitor(Command server, String version) throws Exception {
            this.port = Integer.parseInt(server.fact("PORT"));
            this.version = version;
            KeyStore trust = KeyStore.getInstance(KeyStore.getDefaultType());
            trust.load(null, null);
            try (InputStream file = Files.newInputStream(Path.of(server.fact("CA")))) {
                trust.setCertificateEntry(
                        "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
            }
            TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            managers.init(trust);
            context.init(null, managers.getTrustManagers(), null);
        }

        /** Stays until a byte has come back, and with it all that the server gives for a resumption. */
        int stay() throws IOException {
            try (SSLSocket socket = connect()) {
                socket.getOutputStream().write('x');
                assertThat(socket.getInputStream().read()).isEqualTo('x');
                return socket.getLocalPort();
            }
        }

        int leave() throws IOException {
            return leaveAfter(new byte[0]);
        }

        int leaveAfter(byte[] request) throws IOException {
            try (SSLSocket socket = connect()) {
                int ours = socket.getLocalPort();
                socket.startHandshake();
                socket.getOutputStream().write(request);
                return ours;
            }
        }

        private SSLSocket connect() throws IOException {
            SSLSocket socket =
                    (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
            socket.setEnabledProtocols(new String[] {version});
            return socket;
        }
    }
}
