package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code qssl connect --starttls} and scripted servers. */
class StartTlsTest {

    private final PemDirectory files = PemDirectory.create();
    private final String ca =
            files.trust("ca.pem", TestAuthority.shared().trust()).toString();

    @AfterEach
    void deleteFiles() {
        files.close();
    }

    @Test
    void smtp_isSecured() throws Exception {
        assertSecured("smtp", stage -> {
            stage.say("220-mail.example greets you\r\n220 and waits\r\n");
            stage.hear("EHLO \\[127\\.0\\.0\\.1]");
            stage.say("250-mail.example\r\n250-SIZE 1000\r\n250-starttls\r\n250 HELP\r\n");
            stage.hear("STARTTLS");
            stage.say("220 go ahead\r\n");
        });
    }

    @Test
    void imap_isSecured() throws Exception {
        assertSecured("imap", stage -> {
            stage.say("* OK IMAP4rev2 ready\r\n");
            stage.hear("q1 STARTTLS");
            stage.say("* CAPABILITY IMAP4rev2\r\nq1 OK begin now\r\n");
        });
    }

    @Test
    void pop3_isSecured() throws Exception {
        assertSecured("pop3", stage -> {
            stage.say("+OK ready\r\n");
            stage.hear("STLS");
            stage.say("+OK begin\r\n");
        });
    }

    @Test
    void ftp_isSecured() throws Exception {
        assertSecured("ftp", stage -> {
            stage.say("220-Welcome\r\n 220 is not the end\r\nanything goes\r\n220 ready\r\n");
            stage.hear("AUTH TLS");
            stage.say("234 proceed\r\n");
        });
    }

    @Test
    void postgres_isSecured() throws Exception {
        assertSecured("postgres", stage -> {
            assertThat(HexFormat.of().formatHex(stage.hear(8))).isEqualTo("0000000804d2162f");
            stage.say("S");
        });
    }

    private void assertSecured(String protocol, ScriptedServer.Script inClear) throws Exception {
        ScriptedServer.Script script = stage -> {
            inClear.play(stage);
            stage.secure();
            stage.hear("NOOP");
            stage.say("done\r\n");
        };
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command =
                    Command.sending("NOOP\r\n", "connect", server.target(), "--starttls", protocol, "--ca", ca);

            server.played();
            assertThat(command.exitCode()).isZero();
            assertThat(command.output().text()).isEqualTo("done\r\n");
            assertThat(command.messages().text()).startsWith("PROTO=TLSv1.3 ").endsWith("PEER=CN=localhost\n");
        }
    }

    @Test
    void commandsBehindTheGoAhead_areAnInjection() throws Exception {
        assertRefused("smtp", "15 more bytes in clear", stage -> {
            stage.say("220 ready\r\n");
            stage.hear("EHLO .*");
            stage.say("250 STARTTLS\r\n");
            stage.hear("STARTTLS");
            stage.say("220 go ahead\r\n250 injected!\r\n");
        });
    }

    @Test
    void bytesBehindPostgresGoAhead_areAnInjection() throws Exception {
        assertRefused("postgres", "1 more byte in clear", stage -> {
            stage.hear(8);
            stage.say("SE");
        });
    }

    @Test
    void commandsThatComeLater_areNotTakenForTls() throws Exception {
        ScriptedServer.Script script = stage -> {
            stage.say("+OK ready\r\n");
            stage.hear("STLS");
            stage.say("+OK begin\r\n");
            stage.hear(1);
            stage.say("+OK injected\r\n");
            stage.hear(5);
        };
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command = Command.sending("STAT\r\n", "connect", server.target(), "--starttls", "pop3", "--ca", ca);

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.output().bytes()).isEmpty();
        }
    }

    @Test
    void smtpServerWithoutStartTls_isRefused() throws Exception {
        assertRefused("smtp", "does not offer STARTTLS", stage -> {
            stage.say("220 ready\r\n");
            stage.hear("EHLO .*");
            stage.say("250-mail.example\r\n250 NOSTARTTLS\r\n");
        });
    }

    @Test
    void imapServerThatIsLoggedInAlready_isRefused() throws Exception {
        assertRefused("imap", "as the greeting came \"* PREAUTH", stage -> stage.say("* PREAUTH welcome back\r\n"));
    }

    @Test
    void imapServerThatRefuses_isQuoted() throws Exception {
        assertRefused("imap", "in answer to STARTTLS came \"q1 NO not today\"", stage -> {
            stage.say("* OK ready\r\n");
            stage.hear("q1 STARTTLS");
            stage.say("q1 NO not today\r\n");
        });
    }

    @Test
    void ftpServerThatRefuses_isQuoted() throws Exception {
        assertRefused("ftp", "in answer to AUTH TLS came \"500 \\u001b[2Jno\"", stage -> {
            stage.say("220 ready\r\n");
            stage.hear("AUTH TLS");
            stage.say("500 \u001b[2Jno\r\n");
        });
    }

    @Test
    void postgresServerWithoutTls_isRefused() throws Exception {
        assertRefused("postgres", "not set up for TLS", stage -> {
            stage.hear(8);
            stage.say("N");
        });
    }

    @Test
    void serverOfAnotherProtocol_isQuoted() throws Exception {
        assertRefused(
                "smtp", "as the greeting came \"HTTP/1.1 400 what?\"", stage -> stage.say("HTTP/1.1 400 what?\r\n"));
    }

    @Test
    void serverThatHangsUp_isTold() throws Exception {
        assertRefused("smtp", "the server ended the connection", stage -> stage.say("220-half a greet"));
    }

    @Test
    void endlessLine_isRefused() throws Exception {
        assertRefused("imap", "a line of more than 8192 bytes", stage -> stage.say("x".repeat(20_000)));
    }

    @Test
    void silentServer_isGivenUp() throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(stage -> stage.hear(1))) {
            Command command = Command.run("connect", server.target(), "--starttls", "smtp", "--timeout", "0.3");

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.messages().text()).contains("said nothing in time");
        }
    }

    private void assertRefused(String protocol, String message, ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = ScriptedServer.playing(script)) {
            Command command =
                    Command.sending("secret\r\n", "connect", server.target(), "--starttls", protocol, "--ca", ca);

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.messages().text()).contains("STARTTLS (" + protocol + ") failed: ", message);
            assertThat(command.output().bytes()).isEmpty();
        }
    }
}
