package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --psk} and {@code --psk-identity}: between our own ends, and with the openssl command. */
class PreSharedKeyTest {

    private static final String KEY = "00112233445566778899aabbccddeeff";
    private static final String[] CONSCRYPT = {"--backend", "conscrypt", "--protocol", "1.2"};

    private static String[] with(String... more) {
        String[] all = new String[more.length + CONSCRYPT.length];
        System.arraycopy(more, 0, all, 0, more.length);
        System.arraycopy(CONSCRYPT, 0, all, more.length, CONSCRYPT.length);
        return all;
    }

    private static Command serve(String... more) {
        String[] all = new String[more.length + 5];
        System.arraycopy(new String[] {"serve", "--port", "0", "--psk", KEY}, 0, all, 0, 5);
        System.arraycopy(more, 0, all, 5, more.length);
        return Command.start(with(all));
    }

    private static String target(Command server) {
        return "localhost:" + server.fact("PORT");
    }

    @Test
    void sameKey_needsNoCertificateAndNothingIsIgnored() {
        try (Command server = serve()) {
            assertThat(server.fact("CA")).isEqualTo("-");
            Command client =
                    Command.exchanging("hello", with("connect", target(server), "--psk", KEY, "--quit-after", "0.1"));

            assertThat(client.messages().text()).startsWith("PROTO=TLSv1.2 ").contains("PSK", " PEER=-");
            assertThat(client.output().text()).isEqualTo("hello");
            assertThat(client.exitCode()).isZero();
            server.messages()
                    .await(
                            "try it:\\R  echo hello \\| qssl connect localhost:\\d+ --psk HEX --protocol 1.2 --quit-after 1");
            server.messages().await("PROTO=TLSv1.2 CIPHER=\\S*PSK");
            assertThat(server.messages().text()).doesNotContain(KEY);
        }
    }

    @Test
    void serverThatHasACertificateToo_isToldApartByTheKey() {
        try (PemDirectory files = PemDirectory.create()) {
            var identity = TestAuthority.shared().server("localhost");
            String certificate = files.chain("cert.pem", identity).toString();
            String key = files.key("key.pem", identity).toString();
            String ca = files.trust("ca.pem", TestAuthority.shared().trust()).toString();
            try (Command server = serve("--cert", certificate, "--key", key)) {
                Command known = Command.run(with("connect", target(server), "--psk", KEY));
                Command unknown = Command.run(with("connect", target(server), "--ca", ca));

                assertThat(known.messages().text()).contains("PSK").endsWith(" PEER=-\n");
                assertThat(unknown.messages().text()).doesNotContain("PSK").contains(" PEER=CN=localhost");
                assertThat(known.exitCode() + unknown.exitCode()).isZero();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"ffeeddcc, somebody", KEY + ", somebody else"})
    void otherKeyOrIdentity_isRefusedAndTheOptionsAreNamed(String key, String identity) {
        try (Command server = serve("--psk-identity", "somebody")) {
            Command client =
                    Command.sending("hello", with("connect", target(server), "--psk", key, "--psk-identity", identity));

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.output().bytes()).isEmpty();
            assertThat(client.messages().text())
                    .contains("--psk and --psk-identity")
                    .doesNotContain(key);
            server.messages().await("handshake failed: ");
        }
    }

    @Test
    void clientWithoutAKey_isRefusedByAServerThatHasNothingElse() {
        try (Command server = serve()) {
            Command client = Command.run(with("connect", target(server)));

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).contains("handshake_failure");
        }
    }

    @Test
    void serverOfOpenssl_isConnectedTo() throws Exception {
        try (PemDirectory files = PemDirectory.create();
                ChildProgram server = ChildProgram.start(
                        files.path(),
                        "openssl",
                        "s_server",
                        "-accept",
                        "127.0.0.1:0",
                        "-nocert",
                        "-psk",
                        KEY,
                        "-psk_identity",
                        "somebody",
                        "-tls1_2",
                        "-rev")) {
            String port = server.await("ACCEPT 127\\.0\\.0\\.1:(\\d+)").group(1);
            Command client = Command.exchanging(
                    "abc\n",
                    with(
                            "connect",
                            "127.0.0.1:" + port,
                            "--psk",
                            KEY,
                            "--psk-identity",
                            "somebody",
                            "--quit-after",
                            "0.1"));

            assertThat(client.messages().text()).startsWith("PROTO=TLSv1.2 ").contains("PSK");
            assertThat(client.output().text()).isEqualTo("cba\n");
        }
    }

    @Test
    void clientOfOpenssl_isServed() throws Exception {
        try (PemDirectory files = PemDirectory.create();
                Command server = serve("--psk-identity", "somebody");
                ChildProgram client = ChildProgram.start(
                        files.path(),
                        "openssl",
                        "s_client",
                        "-connect",
                        "127.0.0.1:" + server.fact("PORT"),
                        "-psk",
                        KEY,
                        "-psk_identity",
                        "somebody",
                        "-tls1_2")) {
            client.await("Cipher is \\S*PSK");
            server.messages().await("PROTO=TLSv1.2 CIPHER=\\S*PSK\\S* .* PEER=-");
        }
    }

    @Test
    void versionWithoutKeys_isRefusedByName() {
        for (String versions : List.of("1.3", "1.2+")) {
            Command client = Command.run(
                    "connect", "127.0.0.1:1", "--backend", "conscrypt", "--psk", KEY, "--protocol", versions);

            assertThat(client.exitCode()).isEqualTo(2);
            assertThat(client.messages().text())
                    .contains("--psk: backend conscrypt", "in TLSv1.3 (it lacks PSK)", "with --protocol 1.2 it can")
                    .doesNotContain(KEY)
                    .doesNotContain("--backend conscrypt");
        }
    }

    @Test
    void backendWithoutKeys_namesThoseThatHaveThemAndInWhichVersions() {
        String any = Command.run("connect", "127.0.0.1:1", "--backend", "jdk", "--psk", KEY)
                .messages()
                .text();
        String newest = Command.run("connect", "127.0.0.1:1", "--backend", "jdk", "--psk", KEY, "--protocol", "1.3")
                .messages()
                .text();

        assertThat(any).contains("--backend conscrypt with --protocol 1.2");
        assertThat(newest).doesNotContain("--backend conscrypt");
    }

    @Test
    void noVersionNamed_meansThoseInWhichTheBackendHasKeys() {
        try (Command server = Command.start("serve", "--port", "0", "--backend", "conscrypt", "--psk", KEY)) {
            Command client = Command.exchanging(
                    "hello", "connect", target(server), "--backend", "conscrypt", "--psk", KEY, "--quit-after", "0.1");

            assertThat(client.messages().text()).startsWith("PROTO=TLSv1.2 ").contains("PSK");
            assertThat(client.output().text()).isEqualTo("hello");
            server.messages().await("--psk HEX --protocol 1.2");
        }
    }
}
