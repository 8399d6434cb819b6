package dev.qssl.benchmarks.programs;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A child process that takes orders and answers each within a time, or is killed. Used by one thread. */
final class Child implements AutoCloseable {

    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final String name;
    private final Process process;
    private final PrintStream orders;
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        Thread reader = new Thread(this::read, "answers of " + name);
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a process; what it writes to standard error goes to ours. */
    static Child start(String name, List<String> command) throws IOException {
        return new Child(
                name,
                new ProcessBuilder(command)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                answers.add(Optional.of(line));
            }
        } catch (IOException killed) {
            // Whoever waits for an answer learns that there is none.
        } finally {
            answers.add(Optional.empty());
        }
    }

    /**
     * {@return the answer to an order}
     *
     * @param limit how long it may take; then the process is killed
     * @throws IOException if there is none, or it says that something failed
     */
    String ask(String order, Duration limit) throws IOException {
        orders.println(order);
        Optional<String> answer;
        try {
            answer = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + name);
        }
        if (answer == null) {
            process.destroyForcibly();
            throw new IOException(
                    name + " did not answer '" + order + "' within " + limit.toSeconds() + " s and was killed");
        }
        String line = answer.orElseThrow(() -> new EOFException(name + " ended instead of answering '" + order + "'"));
        if (line.startsWith("failed")) {
            throw new IOException(name + " answered '" + order + "' with: " + line);
        }
        return line;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Tells the process to end, by the end of its orders, and kills it if it does not. */
    @Override
    public void close() {
        end(FAREWELL);
    }

    /** The same, with another time for it to end by itself. */
    void end(Duration limit) {
        orders.close();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
