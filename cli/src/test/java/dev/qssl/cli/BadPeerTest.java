package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code qssl connect} and peers that do not do what a TLS server should. */
class BadPeerTest {

    private final PemDirectory files = PemDirectory.create();
    private final String ca =
            files.trust("ca.pem", TestAuthority.shared().trust()).toString();

    @AfterEach
    void deleteFiles() {
        files.close();
    }

    @Test
    void nobodyListens_isTold() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }

        Command command = Command.run("connect", "127.0.0.1:" + port);

        assertThat(command.exitCode()).isEqualTo(1);
        assertThat(command.messages().text())
                .startsWith("qssl: cannot connect to 127.0.0.1:" + port + ": ")
                .contains("check that a server listens there")
                .doesNotContain("What may help");
    }

    @Test
    void plainText_isNoTls() throws Exception {
        assertFails("What may help: another port, or --starttls if the server begins in clear", stage -> {
            stage.say("220 mail.example ready\r\n");
            stage.hear(1);
        });
    }

    @Test
    void startTlsWithAServerThatWaitsForTls_saysWhatToLeaveOut() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(stage -> stage.hear(1_000_000))) {
            Command command = Command.run("connect", server.target(), "--starttls", "smtp", "--timeout", "0.3");

            assertThat(command.messages().text()).contains("leave out --starttls if the server speaks TLS at once");
            assertThat(command.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void startTlsAnsweredByAnAlert_saysWhatToLeaveOut() throws Exception {
        ScriptedServer.Script script = stage -> {
            stage.hear(8);
            stage.say("\25\3\3\0\2\2\12");
        };
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command = Command.run("connect", server.target(), "--starttls", "postgres");

            assertThat(command.messages().text()).contains("leave out --starttls if the server speaks TLS at once");
        }
    }

    @Test
    void silence_isGivenUp() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(stage -> stage.hear(1_000_000))) {
            Command command = Command.run("connect", server.target(), "--timeout", "0.3");

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.messages().text()).contains("timed out", "--timeout SECONDS");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void serverThatClosesAtOnce_isToldOfAllTheSame(String version) throws Exception {
        for (int i = 0; i < 10; i++) { // it depends on how the bytes arrive
            try (ScriptedServer server = ScriptedServer.playing(stage -> {
                stage.secure();
                stage.closeTls();
            })) {
                Command command = Command.run("connect", server.target(), "--ca", ca, "--protocol", version);

                assertThat(command.messages().text()).startsWith("PROTO=TLSv" + version + " CIPHER=");
                assertThat(command.messages().text()).contains(" PEER=CN=localhost");
                assertThat(command.exitCode()).isZero();
            }
        }
    }

    @Test
    void endInTheHandshake_isTold() throws Exception {
        assertFails("handshake", stage -> stage.hear(10));
    }

    @Test
    void cutWithoutCloseNotify_isTold() throws Exception {
        ScriptedServer.Script script = stage -> {
            stage.secure();
            stage.hear("GET");
            stage.say("half an ans");
            stage.cut();
        };
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command = Command.sending("GET\r\n", "connect", server.target(), "--ca", ca);

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.output().text()).isEqualTo("half an ans");
            assertThat(command.messages().text())
                    .contains("without close_notify")
                    .containsOnlyOnce(server.target());
        }
    }

    @Test
    void inputWithoutEnd_doesNotOutliveThePeer() throws Exception {
        ScriptedServer.Script script = stage -> {
            stage.secure();
            stage.say("bye\r\n");
        };
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command = Command.start(new HeldInput(""), "connect", server.target(), "--ca", ca);

            assertThat(command.exitCode()).isZero();
            assertThat(command.output().text()).isEqualTo("bye\r\n");
        }
    }

    private static void assertFails(String message, ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command = Command.sending("secret\r\n", "connect", server.target());

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.messages().text())
                    .startsWith("qssl: ")
                    .containsOnlyOnce(server.target())
                    .contains(message);
            assertThat(command.output().bytes()).isEmpty();
        }
    }
}
