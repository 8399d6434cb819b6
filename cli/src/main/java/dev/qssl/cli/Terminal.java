package dev.qssl.cli;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes: the process's own streams, or a test's. Safe for use by many threads.
 *
 * <p>Text may hold what a peer sent (names in certificates, lines of a dialogue), so control characters are shown, never
 * obeyed: a certificate must not be able to rewrite the screen.
 */
final class Terminal {

    private final InputStream input;
    private final OutputStream output;
    private final PrintWriter outputText;
    private final OutputStream messagesStream;
    private final PrintWriter messages;
    private final Charset charset;
    private final boolean inputInteractive;
    private final boolean messagesInteractive;

    private Terminal(
            InputStream input,
            OutputStream output,
            OutputStream messages,
            Charset charset,
            boolean inputInteractive,
            boolean messagesInteractive) {
        this.input = input;
        this.output = output;
        this.outputText = new PrintWriter(output, true, charset);
        this.messagesStream = messages;
        this.charset = charset;
        this.messages = new PrintWriter(messages, true, charset);
        this.inputInteractive = inputInteractive;
        this.messagesInteractive = messagesInteractive;
    }

    /**
     * {@return the process's own streams, unbuffered}
     *
     * <p>The launcher says in the property {@code qssl.terminal} which of the descriptors 0, 1 and 2 are a terminal, because
     * the JDK cannot tell them apart.
     */
    static Terminal ofProcess() {
        String terminals = System.getProperty("qssl.terminal", "");
        return new Terminal(
                // The filter hides that this is a file: FileInputStream.readAllBytes seeks, which a pipe cannot.
                new FilterInputStream(new FileInputStream(FileDescriptor.in)) {},
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                Charset.forName(System.getProperty("native.encoding", "UTF-8")),
                terminals.contains("0"),
                terminals.contains("2"));
    }

    /** {@return other streams, none of which is a terminal} */
    static Terminal of(InputStream input, OutputStream output, OutputStream messages) {
        return new Terminal(input, output, messages, StandardCharsets.UTF_8, false, false);
    }

    /** {@return the bytes to send} */
    InputStream input() {
        return input;
    }

    /** {@return where received bytes go; its exceptions tell when nobody reads them} */
    OutputStream output() {
        return output;
    }

    /** {@return the output, for text} */
    PrintWriter outputText() {
        return outputText;
    }

    /** {@return where messages go} */
    PrintWriter messages() {
        return messages;
    }

    /** {@return whether a person types the input} */
    boolean isInputInteractive() {
        return inputInteractive;
    }

    /** {@return whether a person sees the messages at once} */
    boolean isMessagesInteractive() {
        return messagesInteractive;
    }

    /** Writes a result. */
    void print(String text) {
        outputText.println(printable(text));
    }

    /** Writes a message. */
    void tell(String text) {
        messages.println(printable(text));
    }

    /** {@return the text with control characters shown as in {@code \\u001b}, but for line feeds} */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c == '\n' || !isControl(c)) {
                shown.appendCodePoint(c);
            } else {
                // The form of JSON, so that JSON stays what it is.
                Character.toString(c).chars().forEach(unit -> shown.append("\\u%04x".formatted(unit)));
            }
        });
        return shown.toString();
    }

    // Format characters include those that turn the direction of text around.
    private static boolean isControl(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }

    /** {@return where messages go, as bytes} */
    OutputStream messagesStream() {
        return messagesStream;
    }

    /** {@return how messages are encoded} */
    Charset charset() {
        return charset;
    }
}
