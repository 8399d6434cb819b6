package dev.qssl.cli;

import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.SocketState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request, one response, and the end of the connection (RFC 9112, section 9.6). Lives on its socket's loop. */
final class HttpConnection {

    private static final int MOST_HEAD_BYTES = 16 * 1024;
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MOST_QUEUED_BYTES = 4 * CHUNK_BYTES;
    private static final byte[] NOTHING = {};

    // RFC 9110, section 5.6.7; the JDK's RFC 1123 form has one digit in days below 10.
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final QSslSocket socket;
    private final HttpFiles files;
    private final Consumer<String> log;
    private final Duration patience;

    private byte[] head = NOTHING;
    private boolean answered;
    private @Nullable FileChannel body;
    private long bodyLeft;
    private long lastActivity = System.nanoTime();

    HttpConnection(QSslSocket socket, HttpFiles files, Consumer<String> log, Duration patience) {
        this.socket = socket;
        this.files = files;
        this.log = log;
        this.patience = patience;
    }

    /** Begins to listen to the client. */
    void start() {
        socket.setReadBufferSize(CHUNK_BYTES);
        socket.readyRead.connect(this::receive);
        socket.encryptedBytesWritten.connect(this::sent);
        socket.disconnected.connect(this::end);
        watch();
        receive();
        if (isGone()) {
            end(); // nobody will tell of an end that was before the slots
        }
    }

    private boolean isGone() {
        return socket.state() == SocketState.UNCONNECTED_STATE;
    }

    // A client that says nothing, or takes nothing, must not hold a connection for ever.
    private void watch() {
        Duration left = patience.minusNanos(System.nanoTime() - lastActivity);
        if (isGone()) {
            return;
        }
        if (left.isNegative() || left.isZero()) {
            log.accept("was silent for " + patience.toSeconds() + " s and is dropped");
            socket.abort();
        } else {
            EventLoop.current().orElseThrow().schedule(left, this::watch);
        }
    }

    private void sent(long count) {
        lastActivity = System.nanoTime();
        sendBody();
    }

    private void end() {
        FileChannel open = body;
        body = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.accept(e.toString());
            }
        }
        socket.close();
    }

    private void receive() {
        lastActivity = System.nanoTime();
        byte[] more = socket.readAll();
        if (answered) {
            // A body that nobody asked for, or a second request: the connection ends after the first (Connection:
            // close).
            return;
        }
        int before = head.length;
        head = Arrays.copyOf(head, before + more.length);
        System.arraycopy(more, 0, head, before, more.length);
        int end = HttpRequest.endOfHead(head);
        if (end < 0 && head.length <= MOST_HEAD_BYTES) {
            return;
        }
        answered = true;
        answer(end);
        head = NOTHING;
    }

    private void answer(int end) {
        String line = HttpRequest.firstLine(head);
        if (isGone()) {
            log.accept("\"" + line + "\" and left before the answer");
            return;
        }
        boolean bodyWanted = !line.startsWith("HEAD ");
        try {
            if (end < 0 || end > MOST_HEAD_BYTES) {
                throw new HttpProblem(431, "the request's head is longer than " + MOST_HEAD_BYTES + " bytes");
            }
            HttpRequest request = HttpRequest.parse(Arrays.copyOf(head, end));
            sendFile(files.find(request.target()), bodyWanted);
            log.accept("\"" + line + "\" 200");
        } catch (HttpProblem problem) {
            log.accept("\"" + line + "\" " + problem.status() + ": " + problem.getMessage());
            refuse(problem, bodyWanted);
        }
    }

    private void refuse(HttpProblem problem, boolean bodyWanted) {
        byte[] text = (problem.reason() + ": " + problem.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        List<String> allow = problem.status() == 405 ? List.of("Allow: GET, HEAD") : List.of();
        sendHead(problem.reason(), text.length, "text/plain; charset=utf-8", allow);
        if (bodyWanted) {
            socket.write(text);
        }
        socket.disconnectFromHost();
    }

    private void sendFile(HttpFiles.Found file, boolean bodyWanted) throws HttpProblem {
        try {
            body = FileChannel.open(file.path());
        } catch (IOException e) {
            throw new HttpProblem(404, "the file cannot be read");
        }
        sendHead("200 OK", file.size(), file.contentType(), List.of("Last-Modified: " + date(file.modified())));
        bodyLeft = bodyWanted ? file.size() : 0;
        sendBody();
    }

    private void sendHead(String status, long length, String type, List<String> more) {
        StringBuilder text = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
        text.append("Date: ").append(date(Instant.now())).append("\r\n");
        text.append("Content-Type: ").append(type).append("\r\n");
        text.append("Content-Length: ").append(length).append("\r\n");
        more.forEach(line -> text.append(line).append("\r\n"));
        text.append("X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n");
        socket.write(text.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private static String date(Instant time) {
        return DATE.format(time);
    }

    // Keeps a little queued, and comes back when TCP took some of it.
    private void sendBody() {
        try {
            while (body != null && socket.bytesToWrite() + socket.encryptedBytesToWrite() < MOST_QUEUED_BYTES) {
                if (bodyLeft == 0) {
                    Objects.requireNonNull(body).close();
                    body = null;
                    socket.disconnectFromHost();
                    return;
                }
                sendChunk(Objects.requireNonNull(body));
            }
        } catch (IOException e) {
            // The promised length cannot be kept: a cut tells the client so, an orderly end would not.
            log.accept("the file cannot be read to its end: " + e.getMessage());
            socket.abort();
        }
    }

    private void sendChunk(FileChannel file) throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, bodyLeft));
        int count = file.read(chunk);
        if (count < 0) {
            throw new IOException("it became shorter");
        }
        bodyLeft -= count;
        if (socket.write(chunk.flip()) < 0) {
            throw new IOException("the client is gone");
        }
    }
}
