package dev.qssl.tck.peer;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCipher;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** What a {@link JdkPeer} is doing. */
final class JdkSession implements PeerSession {

    static final int LIMIT_MILLIS = (int) LIMIT.toMillis();

    // An SSLSocket tells alerts in no other way.
    private static final Pattern ALERT = Pattern.compile("Received fatal alert: (\\w+)");

    private final Closeable root;
    private final int port;
    private final Optional<PeerSetup.Export> export;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private @Nullable Thread thread;
    private volatile @Nullable SSLSocket current;
    private final AtomicInteger handshakes = new AtomicInteger();
    private final AtomicInteger resumptions = new AtomicInteger();
    private volatile SslProtocol protocol = SslProtocol.UNKNOWN_PROTOCOL;
    private volatile QSslCipher cipher = new QSslCipher();
    private volatile Optional<String> alpn = Optional.empty();
    private volatile Optional<byte[]> keyingMaterial = Optional.empty();
    private volatile boolean over;

    /** Something done with sockets. */
    interface Task {
        void run() throws IOException;
    }

    // What to close so that every blocking call of the task ends.
    JdkSession(Closeable root, PeerSetup setup) {
        this.root = root;
        this.export = setup.export();
        this.port = root instanceof ServerSocket listener ? listener.getLocalPort() : 0;
    }

    void start(Task task) {
        Thread made = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        failures.add(e.toString());
                    }
                    over = true;
                },
                "tck-peer");
        made.setDaemon(true);
        made.start();
        thread = made;
    }

    // One connection's failure is not the end of the others.
    void answer(SSLSocket socket) {
        current = socket;
        try (socket) {
            handshake(socket);
            BufferedReader in = reader(socket);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
                send(socket, answerTo(line));
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    void ask(SSLSocket socket, String line) {
        current = socket;
        try (socket) {
            handshake(socket);
            send(socket, line);
            BufferedReader in = reader(socket);
            for (String answer = in.readLine(); answer != null; answer = in.readLine()) {
                lines.add(answer);
            }
        } catch (IOException e) {
            failures.add(e.toString());
        }
    }

    private void handshake(SSLSocket socket) throws IOException {
        socket.setSoTimeout(LIMIT_MILLIS);
        Instant start = Instant.now();
        socket.startHandshake();
        SSLSession session = socket.getSession();
        protocol = switch (session.getProtocol()) {
            case "TLSv1" -> SslProtocol.TLS_V1_0;
            case "TLSv1.1" -> SslProtocol.TLS_V1_1;
            case "TLSv1.2" -> SslProtocol.TLS_V1_2;
            case "TLSv1.3" -> SslProtocol.TLS_V1_3;
            default -> SslProtocol.UNKNOWN_PROTOCOL;
        };
        cipher = new QSslCipher(session.getCipherSuite());
        String chosen = socket.getApplicationProtocol();
        alpn = chosen == null || chosen.isEmpty() ? Optional.empty() : Optional.of(chosen);
        if (session.getCreationTime() < start.toEpochMilli()) {
            resumptions.incrementAndGet();
        }
        keyingMaterial = export.map(wanted -> JdkExporter.export(session, wanted));
        handshakes.incrementAndGet();
    }

    private static BufferedReader reader(SSLSocket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    }

    private static void send(SSLSocket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public int handshakes() {
        return handshakes.get();
    }

    @Override
    public int resumptions() {
        return resumptions.get();
    }

    @Override
    public SslProtocol protocol() {
        return protocol;
    }

    @Override
    public QSslCipher cipher() {
        return cipher;
    }

    @Override
    public Optional<String> alpn() {
        return alpn;
    }

    @Override
    public Optional<byte[]> keyingMaterial() {
        return keyingMaterial;
    }

    @Override
    public List<String> keyLog() {
        return List.of(); // the JDK gives out no secrets
    }

    @Override
    public Optional<AlertType> alert() {
        return failures.stream()
                .flatMap(failure -> ALERT.matcher(failure).results())
                .map(JdkSession::type)
                .reduce((first, second) -> second);
    }

    private static AlertType type(MatchResult found) {
        return Stream.of(AlertType.values())
                .filter(type -> type.name().equalsIgnoreCase(found.group(1)))
                .findFirst()
                .orElse(AlertType.UNKNOWN_ALERT_MESSAGE);
    }

    @Override
    public boolean received(String text) {
        return lines.contains(text);
    }

    @Override
    public boolean isOver() {
        return over;
    }

    @Override
    public void close() {
        try {
            root.close();
            SSLSocket socket = current;
            if (socket != null) {
                socket.close();
            }
            Thread running = thread;
            if (running != null) {
                running.join(LIMIT_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "SSLSocket " + lines + " " + failures;
    }
}
