package dev.qssl.cli;

import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How {@code qssl serve} with a certificate of the user's says it can be tried: what the user has to fill in is named. */
class ServeIntroductionTest {

    private final TestAuthority authority = TestAuthority.shared();
    private final PemDirectory files = PemDirectory.create();

    @AfterEach
    void deleteFiles() {
        files.close();
    }

    @Test
    void certificateOfTheUser_needsItsAuthority() {
        assertToTry("qssl connect localhost:\\d+ --ca YOUR-CA\\.pem --quit-after 1\\R");
    }

    @Test
    void certificatesThatAreRequired_areNeededToo() {
        assertToTry(
                "--ca YOUR-CA\\.pem --cert YOUR-CERT\\.pem --key YOUR-KEY\\.pem --quit-after 1\\R",
                "--client-auth",
                "require",
                "--ca",
                files.trust("ca.pem", authority.trust()).toString());
    }

    @Test
    void files_areFetched() {
        assertToTry(
                "curl --cacert YOUR-CA\\.pem https://localhost:\\d+/\\R",
                "--http",
                files.path().toString());
    }

    @Test
    void certificateWhoseTimeIsOver_isServedWithAWarning() {
        assertToldOf(
                authority.expired("localhost"),
                "warning: the certificate localhost expired on \\S+ \\(it is now \\S+\\): clients that verify will refuse it\\R");
    }

    @Test
    void certificateWhoseTimeHasNotCome_isServedWithAWarning() {
        assertToldOf(
                authority.notYetValid("localhost"),
                "warning: the certificate localhost is not valid before \\S+ \\(it is");
    }

    private void assertToTry(String pattern, String... more) {
        assertToldOf(authority.server("localhost"), "To try it:\\R.*" + pattern, more);
    }

    private void assertToldOf(Identity identity, String pattern, String... more) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0", "--cert"));
        arguments.add(files.chain("cert.pem", identity).toString());
        arguments.addAll(List.of("--key", files.key("key.pem", identity).toString()));
        arguments.addAll(List.of(more));
        try (Command server = Command.start(arguments.toArray(String[]::new))) {
            server.messages().await(pattern);
        }
    }
}
