package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code serve --ocsp-response} and {@code connect --ocsp}: with each other, and with the openssl command. */
class StaplingTest {

    private final TestAuthority authority = TestAuthority.shared();
    private final Identity identity = authority.server("localhost");
    private final PemDirectory files = PemDirectory.create();
    private final String ca = files.trust("ca.pem", authority.trust()).toString();
    private final String certificate = files.chain("cert.pem", identity).toString();
    private final String key = files.key("key.pem", identity).toString();

    @AfterEach
    void deleteFiles() {
        files.close();
    }

    private Command serve(byte[] response) {
        return Command.start(
                "serve",
                "--port",
                "0",
                "--backend",
                "conscrypt",
                "--cert",
                certificate,
                "--key",
                key,
                "--ocsp-response",
                files.bytes("response.der", response).toString());
    }

    private Command connect(String port, String backend, String version) {
        return Command.run(
                "connect",
                "localhost:" + port,
                "--ca",
                ca,
                "--ocsp",
                "--backend",
                backend,
                "--protocol",
                version,
                "--quit-after",
                "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void goodResponse_isStapledAndTold(String version) {
        try (Command server = serve(authority.ocsp(identity).der())) {
            for (String backend : new String[] {"conscrypt", "jdk"}) {
                Command client = connect(server.fact("PORT"), backend, version);

                assertThat(client.messages().text()).contains(" OCSP=good ");
                assertThat(client.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void responseThatRevokes_endsTheConnection(String version) {
        try (Command server = serve(authority.ocsp(identity).revoked().der())) {
            Command client = connect(server.fact("PORT"), "conscrypt", version);

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).contains("CERTIFICATE_REVOKED");
        }
    }

    @Test
    void withoutResponse_theConnectionFails() {
        try (Command server =
                Command.start("serve", "--port", "0", "--backend", "conscrypt", "--cert", certificate, "--key", key)) {
            Command client = connect(server.fact("PORT"), "conscrypt", "1.3");

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).contains("OCSP_NO_RESPONSE_FOUND");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void openssl_getsTheResponse(String version) throws Exception {
        try (Command server = serve(authority.ocsp(identity).der());
                ChildProgram client = ChildProgram.start(
                        files.path(),
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.fact("PORT"),
                        "-status",
                        "-CAfile",
                        ca,
                        "-tls" + version.replace('.', '_'))) {
            client.await("OCSP Response Status: successful");
            client.await("Cert Status: good");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void responseOfOpenssl_isTold(String version) throws Exception {
        try (ChildProgram server = ChildProgram.start(
                files.path(),
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-tls" + version.replace('.', '_'),
                "-cert",
                files.certificates("leaf.pem", identity.chain().subList(0, 1)).toString(),
                "-cert_chain",
                certificate,
                "-key",
                key,
                "-status_file",
                files.bytes("response.der", authority.ocsp(identity).der()).toString(),
                "-rev")) {
            String port = server.await("ACCEPT 127\\.0\\.0\\.1:(\\d+)").group(1);

            assertThat(connect(port, "conscrypt", version).messages().text()).contains(" OCSP=good ");
        }
    }

    @Test
    void fileThatIsNoResponse_isNamedBeforeAnybodyConnects() {
        try (Command server = serve("-----BEGIN".getBytes(StandardCharsets.UTF_8))) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.messages().text()).contains("--ocsp-response ", "no OCSP response in DER");
        }
    }

    @Test
    void responseWithoutCertificate_isRefused() {
        try (Command server = Command.start(
                "serve",
                "--backend",
                "conscrypt",
                "--ocsp-response",
                files.bytes("response.der", authority.ocsp(identity).der()).toString())) {
            assertThat(server.exitCode()).isEqualTo(2);
            assertThat(server.messages().text()).contains("add --cert FILE");
        }
    }
}
