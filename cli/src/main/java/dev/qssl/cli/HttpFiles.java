package dev.qssl.cli;

import dev.qssl.QSslSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Consumer;

/** Serves the files below a directory to HTTP clients, and nothing outside it. */
final class HttpFiles implements Service {

    /** Where a client may be silent, or take nothing, for so long. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path root;
    private final Consumer<String> log;

    /**
     * Prepares to serve.
     *
     * @param root the directory, with symbolic links resolved
     * @param log takes a line on every request
     */
    HttpFiles(Path root, Consumer<String> log) {
        this.root = root;
        this.log = log;
    }

    @Override
    public void serve(QSslSocket socket, String client) {
        new HttpConnection(socket, this, line -> log.accept(client + " " + line), PATIENCE).start();
    }

    /**
     * What a request asks for.
     *
     * @param path a regular file
     * @param size its length
     * @param modified when it was changed last
     * @param contentType its media type
     */
    record Found(Path path, long size, Instant modified, String contentType) {}

    /**
     * {@return the file that a request target means}
     *
     * @param target origin form, such as {@code /a%20b.html?ignored} (RFC 9112, section 3.2.1)
     * @throws HttpProblem 400 if it is malformed, or climbs; 404 if there is no such file below the root
     */
    Found find(String target) throws HttpProblem {
        Path path = root;
        for (String segment : target.replaceFirst("[?#].*$", "").split("/", -1)) {
            String name = decode(segment);
            if (name.equals("..")) {
                throw new HttpProblem(400, "the path climbs with ..");
            }
            if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
                throw new HttpProblem(404, "no file has such a name");
            }
            path = name.isEmpty() || name.equals(".") ? path : child(path, name);
        }
        return open(path);
    }

    private static Path child(Path path, String name) throws HttpProblem {
        try {
            return path.resolve(name);
        } catch (InvalidPathException e) {
            throw new HttpProblem(404, "no file has such a name");
        }
    }

    private Found open(Path asked) throws HttpProblem {
        try {
            // Resolves links, so that what one of them points to outside the root is not served.
            Path path = (Files.isDirectory(asked) ? asked.resolve("index.html") : asked).toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
            if (!path.startsWith(root) || !attributes.isRegularFile()) {
                throw new HttpProblem(404, "no such file");
            }
            return new Found(
                    path, attributes.size(), attributes.lastModifiedTime().toInstant(), contentType(path));
        } catch (NoSuchFileException e) {
            throw new HttpProblem(404, "no such file");
        } catch (IOException e) {
            throw new HttpProblem(404, "the file cannot be read");
        }
    }

    private static String contentType(Path path) {
        String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".txt") || name.endsWith(".md")) {
            return "text/plain; charset=utf-8";
        }
        if (name.endsWith(".html") || name.endsWith(".htm")) {
            return "text/html; charset=utf-8";
        }
        String guessed = URLConnection.guessContentTypeFromName(name);
        return guessed == null ? "application/octet-stream" : guessed;
    }

    private static String decode(String segment) throws HttpProblem {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            bytes.write(octet(segment, i));
            i += 2;
        }
        return text(bytes.toByteArray());
    }

    private static int octet(String segment, int percent) throws HttpProblem {
        if (percent + 2 < segment.length()) {
            int high = Character.digit(segment.charAt(percent + 1), 16);
            int low = Character.digit(segment.charAt(percent + 2), 16);
            if (high >= 0 && low >= 0) {
                return high << 4 | low;
            }
        }
        throw new HttpProblem(400, "a % is not followed by two hexadecimal digits");
    }

    private static String text(byte[] bytes) throws HttpProblem {
        try {
            String name = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (name.indexOf('\0') >= 0) {
                throw new HttpProblem(400, "the path holds a NUL");
            }
            return name;
        } catch (CharacterCodingException e) {
            throw new HttpProblem(400, "the path is not UTF-8");
        }
    }
}
