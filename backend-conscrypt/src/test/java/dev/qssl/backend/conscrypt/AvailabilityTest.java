package dev.qssl.backend.conscrypt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Availability;
import dev.qssl.spi.TlsBackend;
import dev.qssl.tck.fixture.BackendReport;
import java.util.List;
import java.util.ServiceLoader;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** Where Conscrypt can be had, where it cannot, and what is said then. */
class AvailabilityTest {

    @Test
    void conscrypt_isAvailableWithItsVersionAndItsJar() {
        assertThat(new ConscryptBackend().name()).isEqualTo("conscrypt");
        assertThat(new ConscryptBackend().availability())
                .isInstanceOfSatisfying(Availability.Available.class, available -> {
                    Conscrypt.Version version = Conscrypt.version();
                    assertThat(available.version())
                            .isEqualTo("Conscrypt " + version.major() + "." + version.minor() + "." + version.patch());
                    assertThat(available.versionNumber()).isGreaterThanOrEqualTo(2_009_000);
                    assertThat(available.buildVersionNumber()).isEqualTo(2_009_000);
                    assertThat(available.path())
                            .hasValueSatisfying(path -> assertThat(path).contains("conscrypt"));
                });
    }

    @Test
    void serviceLoader_findsTheBackend() {
        assertThat(ServiceLoader.load(TlsBackend.class).stream().map(ServiceLoader.Provider::type))
                .contains(ConscryptBackend.class);
    }

    @Test
    void platformWithoutNativeLibrary_isSaidAndNothingElseSuffers() throws Exception {
        String said = runBackendReport("-Dos.arch=sparcv9");

        assertThat(said)
                .contains("conscrypt: unavailable: Conscrypt's native library cannot be loaded on")
                .contains("sparcv9")
                .contains("remedy: Conscrypt has one for Linux")
                .contains("jdk: available")
                .contains("handshake with jdk: encrypted");
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24, disabledReason = "older JVMs do not deny native access")
    void deniedNativeAccess_isSaidWithItsRemedy() throws Exception {
        String said = runBackendReport("--illegal-native-access=deny");

        assertThat(said)
                .contains("conscrypt: unavailable: this JVM does not let Conscrypt load its native library")
                .contains("remedy: start it with --enable-native-access=ALL-UNNAMED")
                .contains("handshake with jdk: encrypted");
    }

    @Test
    void jvmThatSaysNothingOfNativeAccess_runsConscrypt() throws Exception {
        assertThat(runBackendReport())
                .contains("conscrypt: available")
                .contains("handshake with conscrypt: encrypted")
                .contains("handshake with jdk: encrypted");
    }

    private static String runBackendReport(String... options) throws Exception {
        return BackendReport.ofNewJvm(List.of("conscrypt", "jdk"), options);
    }
}
