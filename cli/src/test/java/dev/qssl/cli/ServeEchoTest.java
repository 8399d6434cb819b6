package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** {@code qssl serve --echo} and {@code qssl connect}, each other's peer. */
class ServeEchoTest {

    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @Test
    void bytes_comeBackAsTheyWere() {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (Command server = Command.start("serve", "--port", "0", "--echo")) {
            Command client = echoed(sent, server);

            assertThat(client.exitCode()).isZero();
            assertThat(client.output().bytes()).isEqualTo(sent);
        }
    }

    @Test
    void emptyInput_endsByItself() {
        try (Command server = Command.start("serve", "--port", "0")) {
            Command client = Command.run("connect", target(server), "--ca", server.fact("CA"));

            assertThat(client.exitCode()).isZero();
            assertThat(client.messages().text()).startsWith("PROTO=TLSv1.3 ").hasLineCount(1);
        }
    }

    @Test
    void silenceAfterTheInput_isAFailure() {
        try (Command server = Command.start("serve", "--port", "0")) {
            Command client =
                    Command.sending("hello", "connect", target(server), "--ca", server.fact("CA"), "--timeout", "2");

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.output().text()).isEqualTo("hello");
            assertThat(client.messages().text()).contains("was silent for 2.0 s", "--quit-after SECONDS");
        }
    }

    @Test
    void outputThatNobodyReads_endsTheCommand() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (Command server = Command.start("serve", "--port", "0")) {
            Command client = Command.sendingInto(closed, "hello", "connect", target(server), "--ca", server.fact("CA"));

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).contains("nobody reads the output");
        }
    }

    @Test
    void inputThatCannotBeRead_endsTheCommand() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        try (Command server = Command.start("serve", "--port", "0")) {
            Command client = Command.start(broken, "connect", target(server), "--ca", server.fact("CA"));

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).contains("the input cannot be read: the disk is gone");
        }
    }

    @Test
    void clientWithACertificateOfTheRun_isLetInAndNamed() {
        assumeClientCertificates();
        try (Command server = Command.start("serve", "--port", "0", "--client-auth", "require")) {
            Path certificate = Path.of(server.fact("CA")).resolveSibling("client.pem");
            Command client = echoed(HELLO, server, "--cert", certificate.toString());

            assertThat(client.output().text()).isEqualTo("hello");
            server.messages().await("PEER=CN=qssl client");
        }
    }

    @Test
    void clientWithoutACertificate_isRefused() {
        assumeClientCertificates();
        try (Command server = Command.start("serve", "--port", "0", "--client-auth", "require")) {
            Command client = Command.sending("hello", "connect", target(server), "--ca", server.fact("CA"));

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.output().bytes()).isEmpty();
            assertThat(client.messages().text()).containsOnlyOnce(target(server));
            server.messages().await("handshake failed: ");
        }
    }

    @Test
    void clientWithAnUnknownCertificate_isRefusedForAReasonToldOnce() {
        assumeClientCertificates();
        try (PemDirectory files = PemDirectory.create();
                Command server = Command.start("serve", "--port", "0", "--client-auth", "require")) {
            var identity = TestAuthority.shared().client("somebody");
            String certificate = files.chain("cert.pem", identity).toString();
            String key = files.key("key.pem", identity).toString();
            Command.run("connect", target(server), "--ca", server.fact("CA"), "--cert", certificate, "--key", key);

            String reason = server.messages()
                    .await("handshake failed: the client could not be verified:\\R"
                            + "  UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE  (.*)\\R(.*\\R)*What may help:")
                    .group(1);
            assertThat(server.messages().text()).containsOnlyOnce(reason);
        }
    }

    @Test
    void clientWithAnUnknownCertificate_isLetInAndItsErrorsAreToldOnRequest() {
        assumeClientCertificates();
        try (PemDirectory files = PemDirectory.create();
                Command server = Command.start("serve", "--port", "0", "--client-auth", "request")) {
            var identity = TestAuthority.shared().client("somebody");
            String certificate = files.chain("cert.pem", identity).toString();
            String key = files.key("key.pem", identity).toString();
            Command client = echoed(HELLO, server, "--cert", certificate, "--key", key);

            assertThat(client.output().text()).isEqualTo("hello");
            server.messages().await("IGNORED=UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE");
        }
    }

    @Test
    void applicationProtocol_isAgreedOn() {
        try (Command server = Command.start("serve", "--port", "0", "--alpn", "b,c")) {
            Command client =
                    Command.run("connect", target(server), "--ca", server.fact("CA"), "--alpn", "a,c", "--alpn", "b");

            assertThat(client.messages().text()).contains(" ALPN=c ");
        }
    }

    @Test
    void json_holdsTheFacts() {
        try (Command server = Command.start("serve", "--port", "0")) {
            Command client = Command.run("connect", target(server), "--ca", server.fact("CA"), "--json");

            assertThat(Json.object(client.messages().text()))
                    .containsEntry("protocol", "TLSv1.3")
                    .containsEntry("peer", "CN=localhost")
                    .containsEntry("resumed", "false");
        }
    }

    @Test
    void json_holdsTheErrors() {
        try (Command server = Command.start("serve", "--port", "0")) {
            Command client = Command.run("connect", target(server), "--json");

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).hasLineCount(1);
            assertThat(Json.object(client.messages().text()))
                    .containsEntry("error", "VERIFICATION_FAILED")
                    .hasEntrySatisfying("errors", errors -> assertThat(errors).contains("UNABLE_TO_GET_LOCAL_ISSUER"));
        }
    }

    @Test
    void twoServersOnOnePort_theSecondSaysWhatHelps() {
        try (Command first = Command.start("serve", "--port", "0")) {
            Command second = Command.run("serve", "--port", first.fact("PORT"));

            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.messages().text())
                    .contains("cannot listen on 127.0.0.1:" + first.fact("PORT") + ": ", "another --port");
        }
    }

    // Options that the backend does not claim are refused, which UsageTest shows.
    private static void assumeClientCertificates() {
        Set<SslProtocol> versions = Set.of(SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);
        boolean claimed = QSslSocket.backends().stream()
                .filter(backend -> backend.name().equals(QSslSocket.activeBackend()))
                .flatMap(backend -> backend.capabilities().stream())
                .anyMatch(can -> can.protocols(Capability.CLIENT_CERTIFICATE, TlsRole.CLIENT)
                                .containsAll(versions)
                        && can.protocols(Capability.CLIENT_CERTIFICATE, TlsRole.SERVER)
                                .containsAll(versions));
        assumeTrue(claimed, "the default backend does not claim CLIENT_CERTIFICATE");
    }

    // The input ends only when all has come back, so that a slow machine cannot be taken for a silent server.
    private static Command echoed(byte[] sent, Command server, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("connect", target(server), "--ca", server.fact("CA"), "--quit-after", "0.1"));
        arguments.addAll(List.of(more));
        HeldInput input = new HeldInput(sent);
        Command client = Command.start(input, arguments.toArray(String[]::new));
        client.output().awaitBytes(sent.length);
        input.release();
        assertThat(client.exitCode()).isZero();
        return client;
    }

    private static String target(Command server) {
        return "localhost:" + server.fact("PORT");
    }
}
