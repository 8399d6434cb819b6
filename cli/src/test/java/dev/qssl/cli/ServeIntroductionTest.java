package dev.qssl.cli;

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

    private void assertToTry(String pattern, String... more) {
        var identity = authority.server("localhost");
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0", "--cert"));
        arguments.add(files.chain("cert.pem", identity).toString());
        arguments.addAll(List.of("--key", files.key("key.pem", identity).toString()));
        arguments.addAll(List.of(more));
        try (Command server = Command.start(arguments.toArray(String[]::new))) {
            server.messages().await("To try it:\\R.*" + pattern);
        }
    }
}
