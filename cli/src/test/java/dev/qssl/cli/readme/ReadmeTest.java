package dev.qssl.cli.readme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslServer;
import dev.qssl.QSslSocket;
import dev.qssl.cli.LineWatch;
import dev.qssl.net.EventLoop;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What README.md and the guides show is what is compiled here, and what README.md shows runs. */
class ReadmeTest {

    private static final Pattern EXAMPLE = Pattern.compile("(?s)// README begin\n(.*?) *// README end\n");
    private static final String ANSWER = "HTTP/1.0 200 OK\r\n\r\nhello\n";

    private final QSslConfiguration before = QSslConfiguration.defaultConfiguration();
    private final EventLoop loop = EventLoop.start("readme");
    private final QSslServer server = new QSslServer(loop);
    private final LineWatch output = new LineWatch();
    private final PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);

    @BeforeEach
    void serve() {
        TestAuthority authority = TestAuthority.shared();
        Identity identity = authority.server("localhost");
        QSslConfiguration configuration = new QSslConfiguration(before);
        configuration.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        server.setSslConfiguration(configuration);
        server.pendingConnectionAvailable.connect(
                () -> server.nextPendingConnection().ifPresent(ReadmeTest::answer));
        assertThat(server.listen(QHostAddress.LOCAL_HOST, 0)).isTrue();
    }

    private static void answer(QTcpSocket client) {
        client.readyRead.connect(() -> answerRequest(client));
        answerRequest(client);
    }

    private static void answerRequest(QTcpSocket client) {
        if (new String(client.peek(100), StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            client.readAll();
            client.write(ANSWER.getBytes(StandardCharsets.US_ASCII));
            client.disconnectFromHost();
        }
    }

    @AfterEach
    void stop() {
        QSslConfiguration.setDefaultConfiguration(before);
        server.close();
        loop.close();
    }

    private void trustTheServer() {
        QSslConfiguration configuration = new QSslConfiguration(before);
        configuration.setCaCertificates(TestAuthority.shared().trust().certificates().stream()
                .map(QSslCertificate::of)
                .toList());
        QSslConfiguration.setDefaultConfiguration(configuration);
    }

    @Test
    void loopClient_fetches() {
        trustTheServer();

        LoopClient.fetch("localhost", server.serverPort(), out, out);

        output.await("(?s)^" + Pattern.quote(ANSWER) + ".*closed");
    }

    @Test
    void loopClient_tellsWhomItDoesNotTrust() {
        LoopClient.fetch("localhost", server.serverPort(), out, out);

        output.await("(?s)^No trusted authority is known.*No trusted authority is known");
    }

    @Test
    void blockingClient_fetches() throws IOException {
        trustTheServer();

        BlockingClient.fetch("localhost", server.serverPort(), out);

        assertThat(output.text()).isEqualTo(ANSWER);
    }

    @Test
    void blockingClient_tellsWhomItDoesNotTrust() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> BlockingClient.fetch("localhost", server.serverPort(), out))
                .withMessageContaining("trusted");
    }

    @Test
    void backendChoice_findsOne() {
        assertThat(QSslSocket.availableBackends())
                .contains(BackendChoice.configuration().backend());
    }

    @Test
    void echoServer_echoes() throws IOException {
        trustTheServer();
        Identity identity = TestAuthority.shared().server("localhost");

        try (PemDirectory files = PemDirectory.create();
                QSslSocket client = new QSslSocket()) {
            Path chain = files.chain("server.pem", identity);
            QSslServer echo = EchoServer.start(loop, chain, files.key("server.key", identity), 0, out);
            client.connectToHostEncrypted("localhost", echo.serverPort());
            client.write("hello".getBytes(StandardCharsets.US_ASCII));

            assertThat(client.inputStream().readNBytes(5))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("hello");
            echo.close();
        }
    }

    @Test
    void backendOptions_areTaken() throws IOException {
        assumeTrue(QSslSocket.availableBackends().contains("openssl"), "there is no OpenSSL here");
        QSslConfiguration configuration = BackendOptions.configuration();
        try (PemDirectory files = PemDirectory.create();
                QSslSocket client = new QSslSocket()) {
            Settings.trust(
                    configuration, files.trust("ca.pem", TestAuthority.shared().trust()));
            client.setSslConfiguration(configuration);
            client.connectToHostEncrypted("localhost", server.serverPort());

            assertThat(client.waitForEncrypted()).as(client.errorString()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "LoopClient, README.md",
        "BlockingClient, README.md",
        "EchoServer, README.md",
        "BackendChoice, README.md",
        "Settings, docs/using.md",
        "BackendOptions, docs/backend-openssl.md"
    })
    void document_quotesTheExamples(String name, String document) throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/qssl/cli/readme", name + ".java"));
        String text = Files.readString(Path.of("..", document));

        List<String> examples = EXAMPLE.matcher(source)
                .results()
                .map(found -> found.group(1).stripTrailing().stripIndent())
                .toList();

        assertThat(examples).isNotEmpty().allSatisfy(example -> assertThat(text).contains(asShown(example)));
    }

    private static String asShown(String example) {
        return example.replace("host, port", "\"www.example.com\", 443")
                .replace("QSslServer.on(loop)", "QSslServer.on(EventLoop.start(\"server\"))")
                .replace("LOCAL_HOST, port", "LOCAL_HOST, 8443")
                .replaceAll("\\b(out|err)\\b", "System.$1");
    }
}
