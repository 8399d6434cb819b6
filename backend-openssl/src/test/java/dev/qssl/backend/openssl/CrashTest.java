package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Native memory is handled with care: {@link DangerousPaths} ends well, in a process of its own. The system property
 * {@code qssl.openssl.handshakes} sets how many handshakes must leave the memory flat, usually a few thousand.
 */
@EnabledOnOs(OS.LINUX)
class CrashTest {

    private static final String HANDSHAKES = System.getProperty("qssl.openssl.handshakes", "3000");
    private static final long PATIENCE_MINUTES = 60;

    @ParameterizedTest
    @ValueSource(strings = {"jni", "jna"})
    void dangerousPaths_doNotCrashAndMemoryStaysFlat(String calls) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Little memory, all of it taken in the beginning, and one simple compiler, keep the JVM's own needs out of the
        // figures; if it crashes it must say why.
        command.addAll(List.of(
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ErrorFileToStdout"));
        command.add("-D" + OpenSsl.CALLS + "=" + calls);
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), DangerousPaths.class.getName(), HANDSHAKES));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Else the C library keeps a heap of its own for each of the threads, which look like a leak until they are
        // full.
        builder.environment().put("MALLOC_ARENA_MAX", "1");
        Process child = builder.start();
        try {
            child.getOutputStream().close();
            String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(child.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES))
                    .as(said)
                    .isTrue();
            assertThat(said).contains("no crash", "memory is flat");
            assertThat(child.exitValue()).as(said).isZero();
        } finally {
            child.destroyForcibly();
        }
    }
}
