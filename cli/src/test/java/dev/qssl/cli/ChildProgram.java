package dev.qssl.cli;

import dev.qssl.tck.fixture.Programs;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;

/** Another program that runs as a child process. The test is skipped if it is not installed. Closing it ends it. */
final class ChildProgram implements AutoCloseable {

    private final Process process;
    private final LineWatch output = new LineWatch();
    private final Thread reader;

    private ChildProgram(Process process) {
        this.process = process;
        reader = new Thread(this::collect, "output of " + process.pid());
        reader.start();
    }

    /** {@return a program that runs in this directory} */
    static ChildProgram start(Path directory, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Programs.require(program));
        command.addAll(List.of(arguments));
        return new ChildProgram(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start());
    }

    /** {@return a program that has ended} */
    static ChildProgram run(Path directory, String program, String... arguments) throws Exception {
        ChildProgram child = start(directory, program, arguments);
        child.process.getOutputStream().close();
        if (!child.process.waitFor(60, TimeUnit.SECONDS)) {
            child.close();
            throw new AssertionError(program + " did not end: " + child.output.text());
        }
        child.reader.join();
        return child;
    }

    private void collect() {
        try (InputStream from = process.getInputStream()) {
            from.transferTo(output);
        } catch (IOException ended) {
            // The process was killed.
        } finally {
            output.end();
        }
    }

    /** {@return the first place in its output that matches, once there is one} */
    Matcher await(String pattern) {
        return output.await(pattern);
    }

    /** {@return what it wrote} */
    LineWatch output() {
        return output;
    }

    /** {@return its exit code} */
    int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
