package dev.qssl.tck.peer;

import dev.qssl.QSsl.AlertType;
import dev.qssl.tck.fixture.PemDirectory;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One run of another program, known by what it prints. It ends with this JVM at the latest. */
abstract sealed class ProgramSession implements PeerSession permits GnuTlsSession, OpenSslSession {

    private static final int BETWEEN_LOOKS_MILLIS = 10;

    private final String program;
    private final Process process;
    private final PemDirectory files;
    private final Facts facts;
    private final Thread reader;
    private final Thread atExit;
    private final StringBuilder output = new StringBuilder();
    private volatile int port;
    private final AtomicBoolean deleted = new AtomicBoolean();

    /**
     * Where a program prints what it found out; the first group is the fact.
     *
     * @param alpn the application protocol
     * @param keyingMaterial in hexadecimal
     * @param alert the number of a fatal alert that came
     */
    record Facts(Pattern alpn, Pattern keyingMaterial, Pattern alert) {}

    /**
     * Runs a program, and reads what it prints.
     *
     * @param command its path, and what it is to do
     * @param files what it reads; closed with this, but not if there is no such program
     * @param facts where it prints them
     * @throws UncheckedIOException if it cannot be run
     */
    ProgramSession(ProcessBuilder command, PemDirectory files, Facts facts) {
        this.program = new File(command.command().get(0)).getName();
        this.files = files;
        this.facts = facts;
        this.process = run(command);
        this.atExit = new Thread(this::kill, "tck-end-of-" + program);
        this.reader = new Thread(this::readAll, "tck-" + program);
        endWithThisJvm();
        reader.setDaemon(true);
        reader.start();
    }

    private static Process run(ProcessBuilder command) {
        try {
            return command.redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.command(), e);
        }
    }

    private void endWithThisJvm() {
        try {
            Runtime.getRuntime().addShutdownHook(atExit);
        } catch (IllegalStateException e) {
            process.destroyForcibly(); // the JVM is ending already
            throw e;
        }
    }

    /** {@return where it listens, as far as can be known by now} Asked time and again until it is known. */
    abstract Optional<Integer> listening();

    /** {@return the process} */
    final ProcessHandle process() {
        return process.toHandle();
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
    }

    private void add(String text) {
        synchronized (output) {
            output.append(text);
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

    /**
     * Waits until it listens.
     *
     * @throws AssertionError if it does not in time, or has ended; then this is closed
     */
    final void awaitPort() {
        long start = System.nanoTime();
        try {
            while (port == 0) {
                boolean ended = !reader.isAlive(); // asked first: then nothing that it printed is overlooked
                Optional<Integer> found = listening();
                if (found.isPresent()) {
                    port = found.get();
                } else if (ended || System.nanoTime() - start > LIMIT.toNanos()) {
                    throw new AssertionError(program + (ended ? " has ended: " : " does not listen: ") + text());
                } else {
                    reader.join(BETWEEN_LOOKS_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
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
        return port;
    }

    @Override
    public final Optional<String> alpn() {
        return find(facts.alpn()).map(found -> found.group(1));
    }

    @Override
    public final Optional<byte[]> keyingMaterial() {
        return find(facts.keyingMaterial()).map(found -> HexFormat.of().parseHex(found.group(1)));
    }

    @Override
    public final Optional<AlertType> alert() {
        return find(facts.alert()).map(found -> AlertType.ofCode(Integer.parseInt(found.group(1))));
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
            deleteFiles();
            forgetExit();
        }
    }

    private void deleteFiles() {
        if (deleted.compareAndSet(false, true)) {
            files.close();
        }
    }

    private void forgetExit() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: it has begun what would have been forgotten.
        }
    }

    // At the end of the JVM, for whoever was interrupted before closing this. The files hold a private key.
    private void kill() {
        try {
            process.destroyForcibly().waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            deleteFiles();
        }
    }

    @Override
    public final String toString() {
        return program + " printed:\n" + text();
    }
}
