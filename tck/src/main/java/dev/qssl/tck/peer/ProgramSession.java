package dev.qssl.tck.peer;

import dev.qssl.tck.fixture.PemDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One run of another program, known by what it prints. */
abstract sealed class ProgramSession implements PeerSession permits GnuTlsSession, OpenSslSession {

    private final String program;
    private final Process process;
    private final PemDirectory files;
    private final Thread reader;
    private final StringBuilder output = new StringBuilder();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Takes over a run of a program.
     *
     * @param program its name
     * @param process the run, of which nothing was read
     * @param files what it reads; closed with it
     */
    ProgramSession(String program, Process process, PemDirectory files) {
        this.program = program;
        this.process = process;
        this.files = files;
        this.reader = new Thread(this::readAll, "tck-" + program);
        reader.setDaemon(true);
    }

    /** {@return a new run of a program, its errors among its output} If there can be none, the files are deleted. */
    static Process run(List<String> command, PemDirectory files) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            files.close();
            throw new UncheckedIOException("cannot run " + command, e);
        }
    }

    /** {@return where it listens, as far as can be known by now} Asked whenever more was printed. */
    abstract Optional<Integer> listening();

    /** Begins to read what it prints. */
    final void begin() {
        reader.start();
    }

    private void readAll() {
        try (InputStream in = process.getInputStream()) {
            byte[] chunk = new byte[4096];
            for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                add(new String(chunk, 0, count, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            add("\nreading the output: error " + e);
        }
        port.completeExceptionally(new IOException("it ended: " + text()));
    }

    private void add(String text) {
        synchronized (output) {
            output.append(text);
        }
        if (!port.isDone()) {
            listening().ifPresent(port::complete);
        }
    }

    /** {@return everything that it printed} */
    final String text() {
        synchronized (output) {
            return output.toString();
        }
    }

    /** {@return the last place that matches: a server prints the facts of every connection} */
    final Optional<MatchResult> find(Pattern pattern) {
        return pattern.matcher(text()).results().reduce((first, second) -> second);
    }

    /** {@return how many places match} */
    final int count(Pattern pattern) {
        return (int) pattern.matcher(text()).results().count();
    }

    /** Waits until it listens. */
    final void awaitPort() {
        try {
            port.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new AssertionError(program + " does not listen: " + text(), e);
        }
    }

    /** Has it send a line to its peer. Before the handshake is done it waits in the pipe. */
    final void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
            process.getOutputStream().flush();
        } catch (IOException e) {
            add("\nwriting its input: error " + e);
        }
    }

    @Override
    public final int port() {
        return port.getNow(0);
    }

    @Override
    public final boolean received(String text) {
        return text().contains(text + "\n");
    }

    @Override
    public boolean isOver() {
        return !process.isAlive() && !reader.isAlive();
    }

    @Override
    public final void close() {
        process.destroy();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            reader.join(LIMIT.toMillis());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            if (closed.compareAndSet(false, true)) {
                files.close();
            }
        }
    }

    @Override
    public final String toString() {
        return program + " printed:\n" + text();
    }
}
