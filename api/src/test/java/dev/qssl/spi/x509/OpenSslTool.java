package dev.qssl.spi.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The {@code openssl} command, as a second opinion on files. Tests that use it are skipped where it is missing. */
public final class OpenSslTool {

    private static final boolean IS_PRESENT = isPresent();

    private OpenSslTool() {}

    public static void assumePresent() {
        assumeTrue(IS_PRESENT, "the openssl command, version 3, is not installed");
    }

    /** {@return what it wrote to its output} */
    public static byte[] run(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(directory, "output", "");
            Path errors = Files.createTempFile(directory, "errors", "");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("%s ends", command)
                    .isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, Files.readString(errors))
                    .isZero();
            return Files.readAllBytes(output);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new AssertionError(stopped);
        }
    }

    private static boolean isPresent() {
        try {
            Process process = new ProcessBuilder("openssl", "version").start();
            String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 && version.startsWith("OpenSSL 3");
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
