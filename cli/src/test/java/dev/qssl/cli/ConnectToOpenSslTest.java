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

/** {@code qssl connect} and the server of the openssl command. */
class ConnectToOpenSslTest {

    private static final String PAGE = "<p>A page with \u00fcml\u00e4uts</p>\n";
    private static final String REQUEST = "GET /page.html HTTP/1.0\r\n\r\n";

    private final TestAuthority authority = TestAuthority.shared();
    private final PemDirectory files = PemDirectory.create();
    private final String ca = files.trust("ca.pem", authority.trust()).toString();

    @AfterEach
    void deleteFiles() {
        files.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void page_isRead(String version) throws Exception {
        try (ChildProgram server = pages(authority.server("localhost"), version)) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca);

            assertThat(command.messages().text())
                    .startsWith("PROTO=TLSv" + version + " CIPHER=")
                    .contains(" RESUMED=no PEER=CN=localhost");
            assertThat(command.exitCode()).isZero();
            assertThat(command.output().text()).startsWith("HTTP/1.0 200").endsWith(PAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void versionTheServerLacks_isRefused(String version) throws Exception {
        String other = version.equals("1.2") ? "1.3" : "1.2";
        try (ChildProgram server = pages(authority.server("localhost"), version)) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca, "--protocol", other);

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.messages().text())
                    .startsWith("qssl: ")
                    .containsOnlyOnce(target(server))
                    .contains("What may help: another --protocol.")
                    .doesNotContain("--starttls");
            assertThat(command.output().bytes()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void wrongHostName_isRefusedByName(String version) throws Exception {
        assertRefused(authority.wrongHost(), version, "HOST_NAME_MISMATCH", "--server-name NAME");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void expiredCertificate_isRefusedByName(String version) throws Exception {
        assertRefused(authority.expired("localhost"), version, "CERTIFICATE_EXPIRED", "clock");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void untrustedCertificate_isRefusedByName(String version) throws Exception {
        assertRefused(authority.withUnknownRoot("localhost"), version, "SELF_SIGNED_CERTIFICATE_IN_CHAIN", "--ca FILE");
    }

    @Test
    void selfSignedCertificate_isRefusedByName() throws Exception {
        assertRefused(authority.selfSigned("localhost"), "1.3", "SELF_SIGNED_CERTIFICATE", "--ca FILE");
    }

    private void assertRefused(Identity identity, String version, String code, String remedy) throws Exception {
        try (ChildProgram server = pages(identity, version)) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca);

            assertThat(command.exitCode()).isEqualTo(1);
            assertThat(command.messages().text()).contains("could not be verified", "  " + code + "  ", remedy);
            assertThat(command.output().bytes()).isEmpty();
        }
    }

    @Test
    void wrongHostName_isFineWhenThatNameIsExpected() throws Exception {
        try (ChildProgram server = pages(authority.wrongHost(), "1.3")) {
            Command command =
                    Command.sending(REQUEST, "connect", target(server), "--ca", ca, "--server-name", "wrong.host.test");

            assertThat(command.exitCode()).isZero();
        }
    }

    @Test
    void ignoredErrors_areTold() throws Exception {
        try (ChildProgram server = pages(authority.wrongHost(), "1.3")) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca, "--ignore-errors");

            assertThat(command.exitCode()).isZero();
            assertThat(command.messages().text()).startsWith("IGNORED=HOST_NAME_MISMATCH  ");
            assertThat(command.output().text()).endsWith(PAGE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void repeatedConnections_resume(String version) throws Exception {
        try (ChildProgram server = pages(authority.server("localhost"), version)) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca, "--repeat", "3");

            assertThat(command.exitCode()).isZero();
            assertThat(command.messages().text().lines().map(line -> line.replaceFirst(".* RESUMED=(\\w+) .*", "$1")))
                    .containsExactly("no", "yes", "yes");
            assertThat(command.output().text().split(PAGE, -1)).hasSize(4);
        }
    }

    @Test
    void agreedProtocol_isTold() throws Exception {
        try (ChildProgram server = pages(authority.server("localhost"), "1.3", "-alpn", "http/1.1,h2")) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca, "--alpn", "h2,http/1.1");

            assertThat(command.messages().text()).contains(" ALPN=h");
            assertThat(command.exitCode()).isZero();
        }
    }

    @Test
    void applicationProtocolThatTheServerLacks_isWhatTheAdviceIsAbout() throws Exception {
        try (ChildProgram server = pages(authority.server("localhost"), "1.3", "-alpn", "http/1.1")) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca, "--alpn", "other");

            assertThat(command.messages().text()).contains("What may help: other names for --alpn, or none.");
            assertThat(command.exitCode()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.3"})
    void certificateThatTheServerDemands_isWhatTheAdviceIsAbout(String version) throws Exception {
        try (ChildProgram server = pages(authority.server("localhost"), version, "-Verify", "1")) {
            Command command = Command.sending(REQUEST, "connect", target(server), "--ca", ca);

            assertThat(command.messages().text()).contains("What may help: ", "--cert and --key");
            assertThat(command.exitCode()).isEqualTo(1);
        }
    }

    private ChildProgram pages(Identity identity, String version, String... more) throws Exception {
        files.bytes("page.html", PAGE.getBytes(StandardCharsets.UTF_8));
        String[] arguments = {
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
            "-WWW"
        };
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return ChildProgram.start(files.path(), "openssl", all);
    }

    private static String target(ChildProgram server) {
        return "localhost:" + server.await("ACCEPT 127\\.0\\.0\\.1:(\\d+)").group(1);
    }
}
