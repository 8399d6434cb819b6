package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --session-out} and {@code --session-in}: sessions that outlive a process. */
class SessionFileTest {

    @TempDir
    Path directory;

    private Path session() {
        return directory.resolve("session");
    }

    private static Command serve() {
        return Command.start("serve", "--port", "0", "--backend", "conscrypt");
    }

    // In TLS 1.3 sessions come with the first data.
    private static Command connect(String target, String ca, String version, String... more) {
        List<String> arguments = new ArrayList<>(List.of("connect", target, "--ca", ca, "--backend", "conscrypt"));
        arguments.addAll(List.of("--protocol", version, "--quit-after", "0.1"));
        arguments.addAll(List.of(more));
        return Command.exchanging("hello\n", arguments.toArray(String[]::new));
    }

    private static Command connect(Command server, String version, String... more) {
        return connect("localhost:" + server.fact("PORT"), server.fact("CA"), version, more);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void sessionThatWasWritten_isResumedAndWrittenAgain(String version) throws IOException {
        try (Command server = serve()) {
            Command first = connect(server, version, "--session-out", session().toString());
            assertThat(first.exitCode()).isZero();
            assertThat(first.messages().text()).contains(" RESUMED=no ");
            assertThat(session()).isNotEmptyFile();
            if (session().getFileSystem().supportedFileAttributeViews().contains("posix")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(session())))
                        .isEqualTo("rw-------");
            }

            for (int i = 0; i < 2; i++) {
                Command next = connect(
                        server,
                        version,
                        "--session-in",
                        session().toString(),
                        "--session-out",
                        session().toString());
                assertThat(next.exitCode()).isZero();
                assertThat(next.messages().text()).contains(" RESUMED=yes PEER=CN=localhost");
                server.messages().await("RESUMED=yes");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void sessionOfOpenssl_isResumed(String version) throws Exception {
        try (PemDirectory files = PemDirectory.create();
                ChildProgram server = openssl(files, version)) {
            String target =
                    "localhost:" + server.await("ACCEPT 127\\.0\\.0\\.1:(\\d+)").group(1);
            String ca = files.trust("ca.pem", TestAuthority.shared().trust()).toString();
            Command first =
                    connect(target, ca, version, "--session-out", session().toString());
            Command second =
                    connect(target, ca, version, "--session-in", session().toString());

            assertThat(first.messages().text()).contains(" RESUMED=no ");
            assertThat(second.messages().text()).contains(" RESUMED=yes ");
            assertThat(second.output().text()).isEqualTo("olleh\n");
        }
    }

    private static ChildProgram openssl(PemDirectory files, String version) throws IOException {
        var identity = TestAuthority.shared().server("localhost");
        return ChildProgram.start(
                files.path(),
                "openssl",
                "s_server",
                "-accept",
                "127.0.0.1:0",
                "-tls" + version.replace('.', '_'),
                "-cert",
                files.certificates("leaf.pem", identity.chain().subList(0, 1)).toString(),
                "-cert_chain",
                files.chain("chain.pem", identity).toString(),
                "-key",
                files.key("key.pem", identity).toString(),
                "-rev");
    }

    private void assertRefusedUnread(String message) {
        String file = session().toString();
        Command client = Command.run("connect", "127.0.0.1:1", "--backend", "conscrypt", "--session-in", file);

        assertThat(client.messages().text()).contains("qssl: --session-in " + session() + ": " + message);
        assertThat(client.exitCode()).isEqualTo(2);
    }

    @Test
    void fileThatIsNoSession_isNamedBeforeAnybodyConnects() throws IOException {
        assertRefusedUnread("there is no such file");
        Files.createFile(session());
        assertRefusedUnread("the file is empty");
        for (String text : List.of("no session", "-----BEGIN CERTIFICATE-----\nAAAA\n", "QSSL session 1 conscrypt\n")) {
            Files.writeString(session(), text);
            assertRefusedUnread("this is no session");
        }
        Files.write(session(), new byte[1000]);
        assertRefusedUnread("this is no session");
    }

    @Test
    void sessionThatWasCutOffOrIsOfAnotherBackend_isNamed() throws IOException {
        byte[] whole = SessionFile.encode("conscrypt", new byte[100]);
        Files.write(session(), Arrays.copyOf(whole, whole.length - 1));
        assertRefusedUnread("the session is damaged: it should have 100 bytes, and has 99");

        Files.write(session(), SessionFile.encode("openssl", new byte[100]));
        assertRefusedUnread("this session is of backend openssl, and backend conscrypt cannot read it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void sessionThatTheServerDoesNotKnow_isToldOf(String version) {
        try (Command first = serve();
                Command second = serve()) {
            assertThat(connect(first, version, "--session-out", session().toString())
                            .messages()
                            .text())
                    .doesNotContain("resume");
            Command client = connect(second, version, "--session-in", session().toString());

            assertThat(client.exitCode()).isZero();
            assertThat(client.messages().text())
                    .contains(" RESUMED=no ")
                    .contains("qssl: --session-in " + session() + ": the server did not resume this session");
        }
    }

    @Test
    void serverThatGivesNone_isToldAndNothingIsWritten() {
        try (Command server = serve()) {
            Command client = Command.run(
                    "connect",
                    "localhost:" + server.fact("PORT"),
                    "--ca",
                    server.fact("CA"),
                    "--backend",
                    "conscrypt",
                    "--protocol",
                    "1.3",
                    "--session-out",
                    session().toString());

            assertThat(client.exitCode()).isEqualTo(1);
            assertThat(client.messages().text()).contains("gave no session", "with their first data");
            assertThat(session()).doesNotExist();
        }
    }
}
