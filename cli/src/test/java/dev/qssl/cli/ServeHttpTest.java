package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code qssl serve --http} and the client of the curl command. */
class ServeHttpTest {

    @TempDir
    Path directory;

    private Path root;
    private Command server;
    private String url;
    private String ca;

    @BeforeEach
    void serve() throws Exception {
        root = Files.createDirectory(directory.resolve("root"));
        Files.writeString(root.resolve("page.html"), "<p>hello</p>\n");
        Files.writeString(root.resolve("with space.txt"), "spaced\n");
        Files.writeString(directory.resolve("secret.txt"), "secret\n");
        server = Command.start("serve", "--port", "0", "--http", root.toString());
        url = "https://localhost:" + server.fact("PORT");
        ca = server.fact("CA");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--tlsv1.3", "--tls-max 1.2"})
    void file_isFetched(String version) throws Exception {
        ChildProgram curl = curl((version + " " + url + "/page.html").split(" ", -1));

        assertThat(curl.output().text()).isEqualTo("<p>hello</p>\n");
        assertThat(curl.exitCode()).isZero();
        server.messages().await("\"GET /page.html HTTP/1.1\" 200");
    }

    @Test
    void largeFile_arrivesWhole() throws Exception {
        byte[] large = new byte[5_000_000];
        new Random(1).nextBytes(large);
        Files.write(root.resolve("large.bin"), large);

        ChildProgram curl = curl(url + "/large.bin");

        assertThat(curl.output().bytes()).isEqualTo(large);
    }

    @Test
    void emptyFile_arrivesEmpty() throws Exception {
        Files.createFile(root.resolve("empty"));

        ChildProgram curl = curl("-i", url + "/empty");

        assertThat(curl.output().text()).startsWith("HTTP/1.1 200 OK\r\n").contains("Content-Length: 0\r\n");
        assertThat(curl.exitCode()).isZero();
    }

    @Test
    void head_tellsLengthAndTypeWithoutABody() throws Exception {
        ChildProgram curl = curl("-I", url + "/page.html");

        assertThat(curl.output().text())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("Content-Length: 13\r\n", "Content-Type: text/html", "Connection: close\r\n")
                .endsWith("\r\n\r\n");
        assertThat(curl.exitCode()).isZero();
    }

    @Test
    void directory_isItsIndex() throws Exception {
        Files.writeString(root.resolve("index.html"), "index\n");

        assertThat(curl(url + "/").output().text()).isEqualTo("index\n");
    }

    @ParameterizedTest
    @CsvSource({
        "/with%20space.txt, 200",
        "/page.html?query=1, 200",
        "/./page.html, 200",
        "/missing, 404",
        "/, 404",
        "/../secret.txt, 400",
        "/%2e%2e/secret.txt, 400",
        "/..%2fsecret.txt, 404",
        "/..%5csecret.txt, 404",
        "/link, 404",
        "/%00, 400",
        "/%zz, 400",
        "/%ff, 400"
    })
    void path_neverLeavesTheDirectory(String path, int status) throws Exception {
        Files.createSymbolicLink(root.resolve("link"), directory.resolve("secret.txt"));

        ChildProgram curl = curl("--path-as-is", "-w", "%{http_code}", url + path);

        assertThat(curl.output().text()).endsWith(Integer.toString(status)).doesNotContain("secret\n");
    }

    @Test
    void otherMethod_isNotAllowed() throws Exception {
        ChildProgram curl = curl("-i", "-X", "DELETE", url + "/page.html");

        assertThat(curl.output().text()).startsWith("HTTP/1.1 405 ").contains("\r\nAllow: GET, HEAD\r\n");
        assertThat(root.resolve("page.html")).exists();
    }

    @Test
    void requestWithoutSense_isABadRequest() {
        String port = server.fact("PORT");

        Command client = Command.sending("what?\r\n\r\n", "connect", "localhost:" + port, "--ca", ca);

        assertThat(client.output().text()).startsWith("HTTP/1.1 400 ");
        assertThat(client.exitCode()).isZero();
    }

    @Test
    void endlessHead_isRefused() {
        String port = server.fact("PORT");

        Command client = Command.sending(
                "GET / HTTP/1.1\r\nX: " + "y".repeat(17_000), "connect", "localhost:" + port, "--ca", ca);

        assertThat(client.output().text()).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void manyClients_areServedAtTheSameTime() throws Exception {
        byte[] file = new byte[300_000];
        new Random(2).nextBytes(file);
        Files.write(root.resolve("file.bin"), file);

        ChildProgram curl = curl(
                "--parallel", "--parallel-immediate", "--parallel-max", "40", url + "/file.bin?[1-40]", "-o", "#1.bin");

        assertThat(curl.exitCode()).isZero();
        for (int i = 1; i <= 40; i++) {
            assertThat(directory.resolve(i + ".bin")).hasBinaryContent(file);
        }
    }

    @Test
    void clientThatSpeaksNoTls_isToldOfAndOthersAreServed() throws Exception {
        curl("http://localhost:" + server.fact("PORT") + "/page.html");

        server.messages().await("handshake failed: ");
        assertThat(curl(url + "/page.html").exitCode()).isZero();
    }

    @Test
    void clientThatDoesNotTrust_isToldOf() throws Exception {
        ChildProgram curl = ChildProgram.run(directory, "curl", "-sS", url + "/page.html");

        assertThat(curl.exitCode()).isEqualTo(60);
        server.messages().await("handshake failed: ");
    }

    @Test
    void end_deletesTheAuthority() {
        assertThat(Path.of(ca)).exists();

        server.close();

        assertThat(server.exitCode()).isZero();
        assertThat(Path.of(ca).getParent()).doesNotExist();
    }

    private ChildProgram curl(String... arguments) throws Exception {
        String[] all = new String[arguments.length + 3];
        all[0] = "-sS";
        all[1] = "--cacert";
        all[2] = ca;
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return ChildProgram.run(directory, "curl", all);
    }
}
