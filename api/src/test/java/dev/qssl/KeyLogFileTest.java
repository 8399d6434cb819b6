package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyLogFileTest {

    @TempDir
    Path directory;

    @Test
    void lines_areAppendedToWhatIsThere() throws IOException {
        Path file = directory.resolve("keys.log");
        Files.writeString(file, "# kept\n");

        KeyLogFile.at(file).append("LABEL 00 11");
        KeyLogFile.at(file).append("LABEL 22 33");

        assertThat(file).hasContent("# kept\nLABEL 00 11\nLABEL 22 33\n");
    }

    @Test
    void newFile_isReadableByItsOwnerAlone() throws IOException {
        Path file = directory.resolve("keys.log");
        KeyLogFile.at(file);

        assertThat(file).isEmptyFile();
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void linesOfManyThreads_stayWhole() throws Exception {
        Path file = directory.resolve("keys.log");
        String line = "LABEL " + "0".repeat(64) + " " + "1".repeat(96);
        List<CompletableFuture<Void>> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            KeyLogFile log = KeyLogFile.at(file);
            threads.add(CompletableFuture.runAsync(
                    () -> {
                        for (int n = 0; n < 100; n++) {
                            log.append(line);
                        }
                    },
                    task -> new Thread(task).start()));
        }
        CompletableFuture.allOf(threads.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);

        assertThat(Files.readAllLines(file)).hasSize(400).containsOnly(line);
    }

    @Test
    void fileThatCannotBeWritten_isToldAtOnce() throws IOException {
        Path missing = directory.resolve("missing").resolve("keys.log");
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> KeyLogFile.at(missing));

        Path gone = directory.resolve("gone");
        Files.createDirectory(gone);
        KeyLogFile log = KeyLogFile.at(gone.resolve("keys.log"));
        Files.delete(gone.resolve("keys.log"));
        Files.delete(gone);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> log.append("LABEL 00 11"))
                .withMessageContaining("keys.log");
    }

    @Test
    void environment_countsOnlyWhenItIsAsked() throws IOException {
        Path file = directory.resolve("keys.log");

        assertThat(KeyLogFile.from(Map.of("SSLKEYLOGFILE", file.toString()))).isEqualTo(KeyLogFile.at(file));
        assertThat(KeyLogFile.from(Map.of("SSLKEYLOGFILE", ""))).isSameAs(KeyLog.NONE);
        assertThat(KeyLogFile.from(Map.of())).isSameAs(KeyLog.NONE);
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> KeyLogFile.from(Map.of("SSLKEYLOGFILE", "no\0file")));
        assertThat(new QSslConfiguration().keyLog()).isSameAs(KeyLog.NONE);
    }

    @Test
    void configurationsWithTheSameFile_areEqual() throws IOException {
        Path file = directory.resolve("keys.log");
        QSslConfiguration one = new QSslConfiguration();
        QSslConfiguration other = new QSslConfiguration();
        one.setKeyLog(KeyLogFile.at(file));
        assertThat(one).isNotEqualTo(other);
        other.setKeyLog(KeyLogFile.at(file));

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        one.setKeyLog(KeyLog.NONE);
        assertThat(one.isNull()).isTrue();
    }
}
