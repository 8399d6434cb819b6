package dev.qssl.tck.peer;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import dev.qssl.tck.fixture.PemDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One run of the {@code openssl} command, known by what it prints. */
final class OpenSslSession implements PeerSession {

    private static final Pattern PORT = Pattern.compile("ACCEPT [^\n]*:([0-9]+)\n");
    private static final Pattern SERVER_VERSION = Pattern.compile("Protocol version: (\\S+)\n");
    private static final Pattern SERVER_CIPHER = Pattern.compile("Ciphersuite: (\\S+)\n");
    private static final Pattern CLIENT_CIPHER = Pattern.compile("(?:New|Reused), (\\S+), Cipher is ([^\\s(]+)\n");
    private static final Pattern CLIENT_VERSION = Pattern.compile("Protocol +: (\\S+)\n");
    private static final Pattern ALPN = Pattern.compile("ALPN (?:protocols selected|protocol): (\\S+)\n");
    private static final Pattern KEYING_MATERIAL = Pattern.compile(" *Keying material: ([0-9A-F]+)\n");
    private static final Pattern FAILURE = Pattern.compile("[^\n]*(?:error|ERROR|errno)[^\n]*");
    private static final Pattern HITS = Pattern.compile(" *([0-9]+) session cache hits\n");

    private final Process process;
    private final PemDirectory files;
    private final Thread reader;
    private final StringBuilder output = new StringBuilder();
    private final CompletableFuture<Integer> port = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    private OpenSslSession(Process process, PemDirectory files) {
        this.process = process;
        this.files = files;
        this.reader = new Thread(this::readAll, "tck-openssl");
        reader.setDaemon(true);
    }

    static OpenSslSession start(List<String> command, PemDirectory files) {
        try {
            OpenSslSession session = new OpenSslSession(
                    new ProcessBuilder(command).redirectErrorStream(true).start(), files);
            session.reader.start();
            return session;
        } catch (IOException e) {
            files.close();
            throw new UncheckedIOException("cannot run " + command, e);
        }
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
        find(PORT).ifPresent(found -> port.complete(Integer.valueOf(found.group(1))));
    }

    private String text() {
        synchronized (output) {
            return output.toString();
        }
    }

    // The last one: a server prints the facts of every connection.
    private Optional<MatchResult> find(Pattern pattern) {
        return pattern.matcher(text()).results().reduce((first, second) -> second);
    }

    void awaitPort() {
        try {
            port.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            close();
            throw new AssertionError("openssl does not listen: " + text(), e);
        }
    }

    // Before the handshake is done it waits in the pipe.
    void send(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
            process.getOutputStream().flush();
        } catch (IOException e) {
            add("\nwriting its input: error " + e);
        }
    }

    @Override
    public int port() {
        return port.getNow(0);
    }

    @Override
    public int handshakes() {
        // The last of the facts that a server prints of a connection, piece by piece.
        int count = (int) SERVER_CIPHER.matcher(text()).results().count();
        return count == 0 && find(CLIENT_CIPHER).isPresent() && !cipher().isNull() ? 1 : count;
    }

    @Override
    public int resumptions() {
        return find(HITS).map(found -> Integer.valueOf(found.group(1))).orElse(text().contains("\nReused, ") ? 1 : 0);
    }

    @Override
    public SslProtocol protocol() {
        String name = find(SERVER_VERSION)
                .or(() -> find(CLIENT_VERSION))
                .or(() -> find(CLIENT_CIPHER))
                .map(found -> found.group(1))
                .orElse("");
        return switch (name) {
            case "TLSv1" -> SslProtocol.TLS_V1_0;
            case "TLSv1.1" -> SslProtocol.TLS_V1_1;
            case "TLSv1.2" -> SslProtocol.TLS_V1_2;
            case "TLSv1.3" -> SslProtocol.TLS_V1_3;
            default -> SslProtocol.UNKNOWN_PROTOCOL;
        };
    }

    @Override
    public QSslCipher cipher() {
        return find(SERVER_CIPHER)
                .map(found -> found.group(1))
                .or(() -> find(CLIENT_CIPHER).map(found -> found.group(2)))
                .map(QSslCipher::new)
                .orElseGet(QSslCipher::new);
    }

    @Override
    public Optional<String> alpn() {
        return find(ALPN).map(found -> found.group(1));
    }

    @Override
    public Optional<byte[]> keyingMaterial() {
        return find(KEYING_MATERIAL).map(found -> HexFormat.of().parseHex(found.group(1)));
    }

    @Override
    public List<String> keyLog() {
        Path log = files.path().resolve(OpenSslPeer.KEY_LOG);
        if (!Files.exists(log)) {
            return List.of();
        }
        try {
            return Files.readAllLines(log, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String failure() {
        return FAILURE.matcher(text()).results().map(MatchResult::group).collect(Collectors.joining("\n"));
    }

    @Override
    public boolean received(String text) {
        return text().contains(text + "\n");
    }

    @Override
    public boolean isOver() {
        return !process.isAlive() && !reader.isAlive();
    }

    @Override
    public void close() {
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
    public String toString() {
        return "openssl printed:\n" + text();
    }
}
