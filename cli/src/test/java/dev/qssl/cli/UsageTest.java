package dev.qssl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslKey;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import dev.qssl.tck.fixture.TestKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be used ends in exit code 2, with a message that names it, before anything is sent. */
class UsageTest {

    // Nobody listens on port 1 of loopback: a command that got so far would end with 1.
    private static final String TARGET = "127.0.0.1:1";

    @Test
    void noCommand_saysWhichThereAre() {
        assertUsage("a command is missing: demo, backends, connect or serve");
    }

    @Test
    void misspeltCommand_isCorrected() {
        assertUsage("Did you mean: qssl connect", "conect", TARGET);
    }

    @Test
    void commandThatIsNone_saysWhichThereAre() {
        assertUsage("there is no command foo; there are demo, backends, connect and serve", "foo");
    }

    @Test
    void optionsFileThatIsMissing_isNamed() {
        assertUsage("there is no options file nofile", "connect", "@nofile");
        assertUsage("there is no options file nofile", "connect", TARGET, "@nofile");
        assertUsage("there is no options file nofile", "serve", "@nofile");
    }

    @Test
    void misspeltOption_isCorrected() {
        assertUsage("--server-name", "connect", TARGET, "--servername", "x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.org | the port is missing: example.org:443",
                "https://example.org/path | write example.org:443",
                "https://example.org:8443 | write example.org:8443",
                "::1:443 | an IPv6 address needs brackets: [::1]:443",
                "example.org:0 | a port is a number from 1 to 65535",
                "example.org:65536 | a port is a number from 1 to 65535",
                ":443 | such as example.org:443",
                "example.org:https | such as example.org:443"
            })
    void targetThatIsNone_isCorrected(String target, String advice) {
        assertUsage(advice, "connect", target);
    }

    @Test
    void targetMissing_isTold() {
        assertUsage("HOST:PORT", "connect");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--key-pass", "--psk"})
    void targetThatWasTakenForAnAnswer_isFound(String option) {
        assertUsage(option + " takes what follows it for its text", "connect", option, TARGET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.4", "ssl3", "tls", "2"})
    void protocolThatIsNone_isRefused(String value) {
        assertUsage("'" + value + "' is no TLS version", "connect", TARGET, "--protocol", value);
    }

    @Test
    void datagramProtocol_isRefused() {
        assertUsage("for datagrams", "connect", TARGET, "--protocol", "DTLSv1.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "1e99", "100000"})
    void timeoutThatIsNone_isRefused(String value) {
        assertUsage("no number of seconds", "connect", TARGET, "--timeout=" + value);
    }

    @Test
    void repeatBelowOne_isRefused() {
        assertUsage("--repeat: at least 1", "connect", TARGET, "--repeat", "0");
    }

    @Test
    void startTlsOfAnUnknownProtocol_saysWhichAreKnown() {
        assertUsage("'gopher' is none of smtp, imap, pop3, ftp, postgres", "connect", TARGET, "--starttls", "gopher");
    }

    @Test
    void unknownBackend_saysWhichThereAre() {
        String usable = QSslSocket.availableBackends().stream()
                .filter(name -> !name.equals("cert-only"))
                .collect(Collectors.joining(", "));
        assertUsage("there is no backend x. Available: " + usable + ". ", "connect", TARGET, "--backend", "x");
        assertUsage("--backend x: there is no backend x", "serve", "--backend", "x");
    }

    @Test
    void backendWithoutSockets_isRefused() {
        assertUsage("it has no TLS clients", "connect", TARGET, "--backend", "cert-only");
    }

    @Test
    void protocolThatTheBackendLacks_isRefusedByName() {
        assertUsage(
                "--protocol: backend jdk has TLSv1.2, TLSv1.3 here, not TLSv1.",
                "connect",
                TARGET,
                "--backend",
                "jdk",
                "--protocol",
                "1.0");
    }

    @Test
    void pskOnABackendWithout_isRefusedByName() {
        assertUsage(
                "--psk: backend jdk cannot do this as a client here (it lacks PSK)",
                "connect",
                TARGET,
                "--backend",
                "jdk",
                "--psk",
                "00ff");
        assertUsage(
                "--psk: backend jdk cannot do this as a server here (it lacks PSK)",
                "serve",
                "--backend",
                "jdk",
                "--psk",
                "00ff");
    }

    @Test
    void sessionFilesOnABackendWithout_areRefusedByName() {
        try (PemDirectory files = PemDirectory.create()) {
            String session = files.bytes("session", SessionFile.encode("jdk", new byte[] {1}))
                    .toString();

            assertUsage("--session-out: backend jdk", "connect", TARGET, "--backend", "jdk", "--session-out", session);
            assertUsage("--session-in: backend jdk", "connect", TARGET, "--backend", "jdk", "--session-in", session);
        }
    }

    @Test
    void sessionFileThatCannotBeWritten_isToldBeforeAnybodyConnects(@TempDir Path directory) {
        Path missing = directory.resolve("missing");

        assertUsage(
                "there is no directory " + missing,
                "connect",
                TARGET,
                "--session-out",
                missing.resolve("session").toString());
        assertUsage("this is a directory", "connect", TARGET, "--session-out", directory.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"h2,,x", "", "h2,", ",h2"})
    void applicationProtocolWithoutAName_isRefused(String names) {
        assertUsage("--alpn: a name is empty", "connect", TARGET, "--alpn", names);
        assertUsage("--alpn: a name is empty", "serve", "--alpn", names);
    }

    @Test
    void applicationProtocolThatIsTooLong_isRefused() {
        assertUsage("is longer than 255 bytes", "connect", TARGET, "--alpn", "h2," + "x".repeat(256));
    }

    @Test
    void preSharedKeyThatIsEmpty_isNamed() {
        assertUsage("--psk: the key is empty", "connect", TARGET, "--psk=");
        assertUsage("--psk: the key is empty", "connect", TARGET, "--psk=", "--psk-identity", "x");
        assertUsage("--psk: the key is empty", "serve", "--psk=");
    }

    @Test
    void staplingOnABackendWithout_isRefusedByName() {
        assertUsage("--ocsp-response: backend jdk", "serve", "--backend", "jdk", "--ocsp-response", "x");
    }

    @Test
    void halvesOfAPair_areRefused() {
        assertUsage("--key: a key is of no use without its certificate", "connect", TARGET, "--key", "x");
        assertUsage(
                "--psk-identity: an identity is of no use without its key", "connect", TARGET, "--psk-identity", "x");
        assertUsage("--ca: clients are not asked for certificates", "serve", "--ca", "x");
    }

    @Test
    void filesThatCannotBeUsed_areNamed(@TempDir Path directory) {
        String missing = directory.resolve("missing.pem").toString();
        try (PemDirectory files = PemDirectory.create()) {
            String text = files.bytes("text.pem", "no certificate".getBytes(StandardCharsets.UTF_8))
                    .toString();

            assertUsage("--ca " + missing + ": there is no such file", "connect", TARGET, "--ca", missing);
            assertUsage("--ca " + directory + ": this is a directory", "connect", TARGET, "--ca", directory.toString());
            assertUsage("--ca " + text + ": ", "connect", TARGET, "--ca", text);
            assertUsage("--cert " + text + ": ", "serve", "--cert", text);
            assertUsage("--http " + text + ": this is not a directory", "serve", "--http", text);
            assertUsage("--http " + missing + ": there is no such directory", "serve", "--http", missing);
        }
    }

    @Test
    void certificateWithoutItsKey_isTold() {
        try (PemDirectory files = PemDirectory.create()) {
            String chain = files.chain("chain.pem", TestAuthority.shared().server("localhost"))
                    .toString();

            assertUsage("name the key's file with --key FILE", "serve", "--cert", chain);
        }
    }

    @Test
    void keyOfAnotherCertificate_isTold() {
        TestAuthority authority = TestAuthority.shared();
        var other =
                authority.serverRecipe("other.test").keys(TestKeys.rsa("other")).identity();
        try (PemDirectory files = PemDirectory.create()) {
            String chain =
                    files.chain("chain.pem", authority.server("localhost")).toString();
            String key = files.key("key.pem", other).toString();

            assertUsage(
                    "the key is for RSA, but the certificate localhost has one for EC",
                    "serve",
                    "--port",
                    "0",
                    "--cert",
                    chain,
                    "--key",
                    key);
        }
    }

    @Test
    void anotherKeyOfTheSameKind_isTold() {
        TestAuthority authority = TestAuthority.shared();
        var other =
                authority.serverRecipe("other.test").keys(TestKeys.ec("other")).identity();
        try (PemDirectory files = PemDirectory.create()) {
            String chain =
                    files.chain("chain.pem", authority.server("localhost")).toString();
            String key = files.key("key.pem", other).toString();

            String message = "--key " + key + ": this key does not belong to the certificate localhost";

            assertUsage(message, "connect", TARGET, "--cert", chain, "--key", key);
            assertUsage(message, "serve", "--port", "0", "--cert", chain, "--key", key);
        }
    }

    @Test
    void kindOfKeyThatTheBackendLacks_isToldBeforeAServerListens() {
        var identity = TestAuthority.shared()
                .serverRecipe("localhost")
                .keys(TestKeys.ed25519("server"))
                .identity();
        try (PemDirectory files = PemDirectory.create()) {
            String chain = files.chain("chain.pem", identity).toString();
            String key = files.key("key.pem", identity).toString();

            assertUsage(
                    "--cert " + chain + ", --key " + key
                            + ": backend conscrypt cannot honour an identity with a key of",
                    "serve",
                    "--port",
                    "0",
                    "--backend",
                    "conscrypt",
                    "--cert",
                    chain,
                    "--key",
                    key);
        }
    }

    @Test
    void encryptedKey_namesTheOptionForItsPassPhrase() throws Exception {
        try (PemDirectory files = PemDirectory.create()) {
            var identity = TestAuthority.shared().server("localhost");
            String chain = files.chain("chain.pem", identity).toString();
            byte[] encrypted = QSslKey.fromPrivateKey(identity.key()).toPem("secret".getBytes(StandardCharsets.UTF_8));
            String key = files.bytes("key.pem", encrypted).toString();

            assertUsage("name it with --key-pass", "connect", TARGET, "--cert", chain, "--key", key);
        }
    }

    @Test
    void filesOfOtherKinds_areRecognised() throws Exception {
        try (PemDirectory files = PemDirectory.create()) {
            String empty = files.bytes("empty.pem", new byte[0]).toString();
            String garbage = files.bytes("garbage", new byte[] {1, 2, 3, 4}).toString();
            String pkcs12 = files.bytes("store.p12", pkcs12("secret")).toString();

            assertUsage("--ca " + empty + ": the file is empty", "connect", TARGET, "--ca", empty);
            assertUsage("--ca " + garbage + ": this is neither PEM nor DER", "connect", TARGET, "--ca", garbage);
            assertUsage(
                    "--ca " + pkcs12
                            + ": this is a PKCS #12 file; its certificates are written to a PEM file by: openssl"
                            + " pkcs12 -in " + pkcs12 + " -nokeys",
                    "connect",
                    TARGET,
                    "--ca",
                    pkcs12);
            assertUsage("--key-pass", "connect", TARGET, "--cert", pkcs12, "--key-pass=wrong");
        }
    }

    @Test
    void pkcs12WithItsPassPhrase_isUsed() throws Exception {
        try (PemDirectory files = PemDirectory.create()) {
            String pkcs12 = files.bytes("store.p12", pkcs12("secret")).toString();

            Command command = Command.run("connect", TARGET, "--cert", pkcs12, "--key-pass=secret");

            assertThat(command.messages().text()).contains("cannot connect to " + TARGET);
            assertThat(command.exitCode()).isEqualTo(1);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void certificateFromAPipe_isReadOnce() throws Exception {
        Identity identity = TestAuthority.shared().server("localhost");
        try (PemDirectory files = PemDirectory.create()) {
            Path chain = files.chain("chain.pem", identity);
            Path key = files.key("key.pem", identity);
            Path pipe = files.path().resolve("pipe");
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
            Thread writer = new Thread(() -> copy(chain, pipe), "pipe");
            writer.setDaemon(true);
            writer.start();

            Command command = Command.run("connect", TARGET, "--cert", pipe.toString(), "--key", key.toString());

            assertThat(command.messages().text()).contains("cannot connect to " + TARGET);
            assertThat(command.exitCode()).isEqualTo(1);
        }
    }

    private static void copy(Path content, Path pipe) {
        try {
            Files.write(pipe, Files.readAllBytes(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pkcs12(String passPhrase) throws Exception {
        var identity = TestAuthority.shared().server("localhost");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                identity.key(),
                passPhrase.toCharArray(),
                identity.chain().toArray(Certificate[]::new));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        store.store(out, passPhrase.toCharArray());
        return out.toByteArray();
    }

    @Test
    void protocolThatFilesAreNotServedBy_isRefused() {
        assertUsage("--http: HTTP/1.1 is all it speaks", "serve", "--http", ".", "--alpn", "h2,http/1.1");
    }

    @Test
    void twoServices_areRefused() {
        assertUsage("mutually exclusive", "serve", "--echo", "--http", ".");
    }

    @Test
    void portAndAddressThatAreNone_areRefused() {
        assertUsage("--port: a number from 0 to 65535", "serve", "--port", "70000");
        assertUsage("--address: 'here' is no address", "serve", "--address", "here");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo", "backends", "connect", "serve"})
    void help_goesToTheOutputAndFitsATerminal(String command) {
        Command help = command.isEmpty() ? Command.run("--help") : Command.run(command, "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.messages().bytes()).isEmpty();
        assertThat(help.output().text()).contains("Usage: qssl").doesNotContain("\u001b", "${");
        assertThat(help.output().text().lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void version_namesTheJavaToo() {
        Command version = Command.run("--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.output().text()).matches("qssl [0-9]\\S*\\RJava [0-9](.|\\R)*");
    }

    @Test
    void valueThatIsMissing_wasTakenByNobody() {
        Command command = Command.run("serve", "--psk", "0011", "--port");

        assertThat(command.messages().text()).contains("--port").doesNotContain("--psk");
        assertThat(command.exitCode()).isEqualTo(2);
    }

    private static void assertUsage(String message, String... arguments) {
        Command command = Command.run(arguments);

        assertThat(command.messages().text()).contains(message, "Try 'qssl");
        assertThat(command.exitCode()).isEqualTo(2);
        assertThat(command.output().bytes()).isEmpty();
    }
}
