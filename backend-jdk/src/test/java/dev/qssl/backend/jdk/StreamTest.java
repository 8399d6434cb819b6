package dev.qssl.backend.jdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslServer;
import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.QHostAddress;
import dev.qssl.net.QTcpSocket;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams of a caller-driven socket, which use the caller's own array without the queue in between where they can. */
class StreamTest {

    private static final String HOST = "localhost";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final byte[] sent = new byte[3_000_000];
    private final EventLoop loop = EventLoop.start("server");
    private final QSslServer server = QSslServer.on(loop);
    private final QSslSocket client = new QSslSocket();
    private final CompletableFuture<byte[]> kept = new CompletableFuture<>();

    @AfterEach
    void close() {
        client.abort();
        server.close();
        loop.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 16_000, 17_000, 40_000, 131_072, 300_000})
    void readsOfOneSize_giveAllBytesInOrder(int size) throws Exception {
        InputStream input = connect();
        byte[] got = new byte[sent.length];
        int first = size == 1 ? 1000 : got.length; // a byte a call takes long
        int total = 0;
        while (total < first) {
            total += read(input, got, total, Math.min(size, first - total));
        }
        readFully(input, got, total);

        assertThat(Arrays.equals(got, sent)).isTrue();
        assertThat(client.bytesAvailable()).isZero();
    }

    @Test
    void rolledBackTransaction_givesTheBytesAgain() throws Exception {
        InputStream input = connect();
        byte[] once = new byte[200_000];
        client.startTransaction();
        readFully(input, once, 0);
        client.rollbackTransaction();
        byte[] again = new byte[sent.length];
        readFully(input, again, 0);

        assertThat(once).isEqualTo(Arrays.copyOf(sent, once.length));
        assertThat(Arrays.equals(again, sent)).isTrue();
    }

    @Test
    void slotOfReadyRead_findsTheBytesInTheSocket() throws Exception {
        InputStream input = connect();
        AtomicLong empty = new AtomicLong();
        client.readyRead.connect(() -> empty.addAndGet(client.bytesAvailable() == 0 ? 1 : 0));
        byte[] got = new byte[sent.length];
        readFully(input, got, 0);

        assertThat(Arrays.equals(got, sent)).isTrue();
        assertThat(empty).hasValue(0);
    }

    @Test
    void limitedReadBuffer_holdsNoStreamBack() throws Exception {
        client.setReadBufferSize(1000);
        InputStream input = connect();
        byte[] got = new byte[sent.length];
        readFully(input, got, 0);

        assertThat(Arrays.equals(got, sent)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 16_000, 17_000, 40_000, 131_072, 300_000})
    void writesOfOneSize_arriveWholeAndInOrder(int size) throws Exception {
        server.pendingConnectionAvailable.connect(this::keepWhatComes);
        connect();
        int total = size == 1 ? 1000 : sent.length;
        try (OutputStream output = client.outputStream()) {
            for (int from = 0; from < total; from += size) {
                output.write(sent, from, Math.min(size, total - from));
            }
        }
        client.disconnectFromHost();
        assertThat(client.waitForDisconnected(PATIENCE)).isTrue();

        assertThat(Arrays.equals(kept.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), Arrays.copyOf(sent, total)))
                .isTrue();
    }

    private void keepWhatComes() {
        QTcpSocket socket = server.nextPendingConnection().orElseThrow();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        socket.readyRead.connect(() -> all.writeBytes(socket.readAll()));
        socket.disconnected.connect(() -> {
            all.writeBytes(socket.readAll());
            kept.complete(all.toByteArray());
        });
    }

    private InputStream connect() {
        new Random(7).nextBytes(sent);
        Identity identity = TestAuthority.shared().server(HOST);
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setBackend("jdk");
        configuration.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        server.setSslConfiguration(configuration);
        server.pendingConnectionAvailable.connect(
                () -> server.nextPendingConnection().ifPresent(socket -> socket.write(sent)));
        assertThat(server.listen(QHostAddress.of("127.0.0.1"), 0)).isTrue();

        QSslConfiguration trusting = new QSslConfiguration();
        trusting.setBackend("jdk");
        trusting.setCaCertificates(
                List.of(QSslCertificate.of(TestAuthority.shared().root().certificate())));
        client.setSslConfiguration(trusting);
        client.connectToHostEncrypted("127.0.0.1", server.serverPort(), HOST);
        assertThat(client.waitForEncrypted(PATIENCE)).as(client.errorString()).isTrue();
        return client.inputStream(PATIENCE);
    }

    private static int read(InputStream input, byte[] target, int offset, int length) throws IOException {
        int count = input.read(target, offset, length);
        assertThat(count).isBetween(1, length);
        return count;
    }

    private static void readFully(InputStream input, byte[] target, int from) throws IOException {
        assertThat(input.readNBytes(target, from, target.length - from)).isEqualTo(target.length - from);
    }
}
