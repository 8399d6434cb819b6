package dev.qssl.benchmarks.programs;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a process that ran to its end wrote.
 *
 * @param status its exit status
 * @param text its standard output and standard error
 */
record Output(int status, String text) {

    /**
     * {@return the output of a command}
     *
     * @throws IOException if it cannot be started, or runs for too long and was killed
     */
    static Output of(List<String> command, Duration limit) throws IOException {
        Path file = Files.createTempFile("qssl-benchmarks-", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile())
                    .start();
            try {
                process.getOutputStream().close();
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(command.get(0) + " did not end within " + limit.toSeconds() + " s");
                }
            } finally {
                process.destroyForcibly();
            }
            return new Output(process.exitValue(), Files.readString(file, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + command.get(0) + " ran");
        } finally {
            Files.deleteIfExists(file);
        }
    }

    boolean succeeded() {
        return status == 0;
    }

    /** {@return what is most likely to say what is wrong} */
    String firstLine() {
        return text.lines()
                .filter(line -> line.contains("error") || line.contains("not found"))
                .findFirst()
                .or(() -> text.lines().findFirst())
                .orElse("exit status " + status);
    }
}
