package dev.qssl;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * A key log that appends to a file, each line with one write, so that several processes may share it. Thread-safe. Equal to
 * another of the same file.
 *
 * <p>A file that is not there is made: readable by its owner alone, where the file system has owners. One that is there keeps
 * its permissions. It is open only while a line is written.
 */
public final class KeyLogFile implements KeyLog {

    private static final String VARIABLE = "SSLKEYLOGFILE";
    private static final Set<StandardOpenOption> APPENDING =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);

    private final Path file;

    private KeyLogFile(Path file) {
        this.file = file;
    }

    /**
     * {@return a key log in a file that can be written to now}
     *
     * @param file where to
     * @throws IOException if it cannot be made, or cannot be written to
     */
    public static KeyLogFile at(Path file) throws IOException {
        KeyLogFile log = new KeyLogFile(file.toAbsolutePath());
        log.open().close();
        return log;
    }

    /**
     * {@return a key log in the file that the environment variable {@code SSLKEYLOGFILE} names; {@link KeyLog#NONE} if it is
     * not set, or empty}
     *
     * @throws IOException if the file cannot be made, or cannot be written to
     */
    public static KeyLog fromEnvironment() throws IOException {
        return from(System.getenv());
    }

    static KeyLog from(Map<String, String> environment) throws IOException {
        String name = environment.getOrDefault(VARIABLE, "");
        try {
            return name.isEmpty() ? NONE : at(Path.of(name));
        } catch (InvalidPathException e) {
            throw new IOException(VARIABLE + " names no file: " + e.getMessage(), e);
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, APPENDING, forOwnerAlone());
    }

    private FileAttribute<?>[] forOwnerAlone() {
        if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return new FileAttribute<?>[0];
        }
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        };
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException if it cannot be written to any more
     */
    @Override
    public void append(String line) {
        ByteBuffer bytes = StandardCharsets.US_ASCII.encode(line + "\n");
        try (FileChannel channel = open()) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a secret cannot be written to the key log " + file, e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyLogFile that && file.equals(that.file);
    }

    @Override
    public int hashCode() {
        return file.hashCode();
    }

    /** {@return the file's name} */
    @Override
    public String toString() {
        return "KeyLogFile[" + file + "]";
    }
}
