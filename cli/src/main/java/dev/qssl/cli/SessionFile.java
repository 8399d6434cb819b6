package dev.qssl.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A session outside of the process: a line of text that says what this is, which backend made it and how many bytes follow,
 * then the session in the backend's own form. So a file that is none, is cut off, or is of another backend is known without
 * knowing the forms of backends.
 */
final class SessionFile {

    private static final Pattern FIRST_LINE = Pattern.compile("QSSL session 1 (\\S{1,100}) ([0-9]{1,9})");
    private static final int MOST_FIRST_LINE_BYTES = 200;

    private SessionFile() {}

    /** {@return the contents of a file} */
    static byte[] encode(String backend, byte[] session) {
        byte[] line = ("QSSL session 1 " + backend + " " + session.length + "\n").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(line.length + session.length)
                .put(line)
                .put(session)
                .array();
    }

    /**
     * {@return the session in a file}
     *
     * @param backend the one that is to resume it
     * @throws CommandFailure (usage) if the file cannot be read, is no session, or one of another backend
     */
    static byte[] read(String option, Path file, String backend) throws CommandFailure {
        byte[] content = Credentials.read(option, file);
        String who = option + " " + file + ": ";
        if (content.length == 0) {
            throw CommandFailure.usage(who + "the file is empty; a session is written by --session-out");
        }
        Optional<Matcher> line = firstLine(content);
        if (line.isEmpty()) {
            throw CommandFailure.usage(who + "this is no session; one is written by --session-out");
        }
        byte[] session = Arrays.copyOfRange(content, line.get().end() + 1, content.length);
        int length = Integer.parseInt(line.get().group(2));
        if (session.length != length) {
            throw CommandFailure.usage(
                    who + "the session is damaged: it should have " + length + " bytes, and has " + session.length);
        }
        String maker = line.get().group(1);
        if (!maker.equals(backend)) {
            throw CommandFailure.usage(who + "this session is of backend " + maker + ", and backend " + backend
                    + " cannot read it; use --backend " + maker);
        }
        return session;
    }

    private static Optional<Matcher> firstLine(byte[] content) {
        int end = 0;
        while (end < content.length && content[end] != '\n') {
            end++;
        }
        if (end == content.length || end > MOST_FIRST_LINE_BYTES) {
            return Optional.empty();
        }
        // One character a byte, so that positions are the same in both.
        Matcher line = FIRST_LINE.matcher(new String(content, 0, end, StandardCharsets.ISO_8859_1));
        return line.matches() ? Optional.of(line) : Optional.empty();
    }
}
