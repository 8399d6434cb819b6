package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Availability;
import dev.qssl.spi.TlsBackend;
import dev.qssl.tck.fixture.BackendReport;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where OpenSSL can be had, where it cannot, and what is said then; nothing else suffers. */
class AvailabilityTest {

    @Test
    void openSsl_isAvailableWithItsVersionAndItsPath() {
        assertThat(new OpenSslBackend().name()).isEqualTo("openssl");
        assertThat(new OpenSslBackend().availability())
                .isInstanceOfSatisfying(Availability.Available.class, available -> {
                    assertThat(available.version()).startsWith("OpenSSL ");
                    assertThat(available.versionNumber()).isGreaterThanOrEqualTo(0x1010_1000L);
                    assertThat(available.buildVersionNumber()).isEqualTo(0x3000_0000L);
                    assertThat(available.path())
                            .hasValueSatisfying(
                                    path -> assertThat(Path.of(path)).isAbsolute());
                });
    }

    @Test
    void serviceLoader_findsTheBackend() {
        assertThat(ServiceLoader.load(TlsBackend.class).stream().map(ServiceLoader.Provider::type))
                .contains(OpenSslBackend.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jni", "jna"})
    void eitherWayToMakeCalls_works(String calls) throws Exception {
        assertThat(runBackendReport("-D" + OpenSsl.CALLS + "=" + calls))
                .contains("openssl: available")
                .contains("handshake with openssl: encrypted")
                .contains("handshake with jdk: encrypted");
    }

    @Test
    void anotherClassLoader_hasABackendOfItsOwn() throws Exception {
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            path.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader loader =
                new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Class<?> other = loader.loadClass(OpenSslBackend.class.getName());
            Object backend = other.getConstructor().newInstance();

            assertThat(other).isNotEqualTo(OpenSslBackend.class);
            assertThat(other.getMethod("availability").invoke(backend))
                    .asString()
                    .startsWith("Available[");
            assertThat(other.getMethod("capabilities").invoke(backend)).isNotNull();
        }
        assertThat(new OpenSslBackend().availability()).isInstanceOf(Availability.Available.class);
    }

    @Test
    void unknownWayToMakeCalls_isSaid() throws Exception {
        assertThat(runBackendReport("-D" + OpenSsl.CALLS + "=ffm"))
                .contains("openssl: unavailable: the system property " + OpenSsl.CALLS + " is ffm")
                .contains("handshake with jdk: encrypted");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void platformWithoutWildflysLibrary_fallsBackToJna() throws Exception {
        // JNA has looked at the platform before this test can change its name, so only the directory is wrong.
        assertThat(runBackendReport("-Djna.nosys=true", "-Djava.io.tmpdir=/dev/null", "-Djna.tmpdir=" + temporary()))
                .contains("openssl: available")
                .contains("handshake with openssl: encrypted");
    }

    private static String temporary() {
        return System.getProperty("java.io.tmpdir");
    }

    @Test
    void directoryWithoutLibraries_isSaid(@TempDir Path empty) throws Exception {
        assertThat(runBackendReport("-Dorg.wildfly.openssl.path=" + empty))
                .contains("openssl: unavailable: OpenSSL's libraries libssl and libcrypto were not found in " + empty)
                .contains("remedy: install OpenSSL 3")
                .contains("jdk: available")
                .contains("handshake with jdk: encrypted");
    }

    @Test
    void namedFileThatIsMissing_isSaidAndNothingElseIsTaken(@TempDir Path empty) throws Exception {
        assertThat(runBackendReport(
                        "-D" + LibrarySearch.SSL + "=" + empty.resolve("libssl.so.3"),
                        "-D" + LibrarySearch.CRYPTO + "=" + empty.resolve("libcrypto.so.3")))
                .contains("openssl: unavailable: the system property " + LibrarySearch.SSL + " names")
                .contains("remedy: set both");
    }

    @Test
    void oneNamedFile_isNotEnough() throws Exception {
        assertThat(runBackendReport("-D" + LibrarySearch.SSL + "=" + library()))
                .contains("openssl: unavailable: of OpenSSL's two libraries only one is named")
                .contains(LibrarySearch.CRYPTO);
    }

    private static String library() {
        return new OpenSslBackend().availability() instanceof Availability.Available available
                ? available.path().orElseThrow()
                : "";
    }

    @Test
    void fileThatIsNoLibrary_isSaid(@TempDir Path directory) throws Exception {
        Path ssl = Files.writeString(directory.resolve("libssl.so.3"), "this is no library");
        Path crypto = Files.writeString(directory.resolve("libcrypto.so.3"), "this is no library");

        assertThat(runBackendReport("-D" + LibrarySearch.SSL + "=" + ssl, "-D" + LibrarySearch.CRYPTO + "=" + crypto))
                .contains("openssl: unavailable: " + ssl + " cannot be used")
                .contains("handshake with jdk: encrypted");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24, disabledReason = "older JVMs do not deny native access")
    void deniedNativeAccess_isSaidWithItsRemedy() throws Exception {
        assertThat(runBackendReport("--illegal-native-access=deny"))
                .contains("openssl: unavailable: this JVM does not let JNA load its native library")
                .contains("remedy: start it with --enable-native-access=ALL-UNNAMED")
                .contains("handshake with jdk: encrypted");
    }

    private static String runBackendReport(String... options) throws Exception {
        return BackendReport.ofNewJvm(List.of("openssl", "jdk"), options);
    }
}
