package dev.qssl.cli;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A {@code qssl} command that runs in this process, on a thread of its own. Closing it interrupts it and waits. */
final class Command implements AutoCloseable {

    private final LineWatch output;
    private final LineWatch messages = new LineWatch();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    private Command(InputStream input, LineWatch output, OutputStream sink, String... arguments) {
        this.output = output;
        Terminal terminal = Terminal.of(input, sink, messages);
        thread = new Thread(
                () -> {
                    try {
                        exit.complete(Qssl.run(terminal, arguments));
                    } catch (Throwable e) {
                        exit.completeExceptionally(e);
                    } finally {
                        output.end();
                        messages.end();
                    }
                },
                "qssl " + String.join(" ", arguments));
        thread.start();
    }

    /** {@return a command that runs, with nothing to read} */
    static Command start(String... arguments) {
        return start(InputStream.nullInputStream(), arguments);
    }

    /** {@return a command that runs and reads this} */
    static Command start(InputStream input, String... arguments) {
        LineWatch output = new LineWatch();
        return new Command(input, output, output, arguments);
    }

    /** {@return a command that has ended} */
    static Command run(String... arguments) {
        return start(arguments).ended();
    }

    /** {@return a command that has read this and ended} */
    static Command sending(String input, String... arguments) {
        return sending(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    /** {@return a command that has read this and ended} */
    static Command sending(byte[] input, String... arguments) {
        return start(new ByteArrayInputStream(input), arguments).ended();
    }

    /**
     * {@return a command that has sent this, received as many bytes, and ended} Its input ends only then, so that a slow
     * machine cannot be taken for a silent server; {@code --quit-after} may be short.
     */
    static Command exchanging(String text, String... arguments) {
        HeldInput input = new HeldInput(text);
        Command command = start(input, arguments);
        command.output().awaitBytes(text.length());
        input.release();
        return command.ended();
    }

    /** {@return a command that has read this, written elsewhere, and ended} */
    static Command sendingInto(OutputStream sink, String input, String... arguments) {
        InputStream bytes = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return new Command(bytes, new LineWatch(), sink, arguments).ended();
    }

    private Command ended() {
        exitCode();
        return this;
    }

    /** {@return the exit code, once it has ended} */
    int exitCode() {
        try {
            return exit.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the command did not end: " + messages.text(), e);
        }
    }

    /** {@return what it wrote to its output} */
    LineWatch output() {
        return output;
    }

    /** {@return what it wrote to its messages} */
    LineWatch messages() {
        return messages;
    }

    /** {@return the value of a fact on the first line of output, once it is there} */
    String fact(String name) {
        return output.await("(?m)^.*\\b" + name + "=(\\S+)").group(1);
    }

    @Override
    public void close() {
        thread.interrupt();
        exitCode();
    }
}
