package dev.qssl.benchmarks.memory;

import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.QsslSettings;
import dev.qssl.net.EventLoop;
import dev.qssl.spi.x509.CertificateReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The clients of a {@link MemoryPeer}, on one loop. */
final class Clients implements AutoCloseable {

    private static final int AT_ONCE = 8;
    private static final long TIME_LIMIT_SECONDS = 60;

    private final EventLoop loop = EventLoop.start("clients");
    private final List<QSslSocket> open = new ArrayList<>();
    private final QSslConfiguration configuration;
    private final int port;

    /** Prepares clients of the server that answered so. */
    Clients(String backend, String server) throws Exception {
        String[] words = server.split(" ", -1);
        port = Integer.parseInt(words[0]);
        configuration = new QsslSettings(backend)
                .client(CertificateReader.der(Base64.getDecoder().decode(words[1]))
                        .get(0));
    }

    /** Opens connections, exchanges a byte on each, and keeps them. */
    void open(int count) throws Exception {
        for (int done = 0; done < count; done += AT_ONCE) {
            open.addAll(connected(Math.min(AT_ONCE, count - done)));
        }
    }

    /** Opens connections, exchanges a byte on each, and closes them. */
    void comeAndGo(int count) throws Exception {
        for (int done = 0; done < count; done += AT_ONCE) {
            disconnect(connected(Math.min(AT_ONCE, count - done)));
        }
    }

    private List<QSslSocket> connected(int count) throws Exception {
        List<QSslSocket> sockets = new ArrayList<>();
        List<CompletableFuture<Void>> answered = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            QSslSocket socket = QSslSocket.on(loop);
            CompletableFuture<Void> answer = new CompletableFuture<>();
            socket.setSslConfiguration(configuration);
            socket.setPeerVerifyName(Arena.HOST);
            socket.readyRead.connect(() -> {
                socket.readAll();
                answer.complete(null);
            });
            socket.encrypted.connect(() -> socket.write(new byte[] {1}));
            socket.errorOccurred.connect(
                    error -> answer.completeExceptionally(new IllegalStateException(socket.errorString())));
            socket.connectToHostEncrypted(Arena.ADDRESS, port);
            sockets.add(socket);
            answered.add(answer);
        }
        await(answered);
        return sockets;
    }

    private void disconnect(List<QSslSocket> sockets) throws Exception {
        List<CompletableFuture<Void>> gone = new ArrayList<>();
        for (QSslSocket socket : sockets) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            socket.disconnected.connect(() -> end.complete(null));
            loop.execute(socket::disconnectFromHost);
            gone.add(end);
        }
        await(gone);
    }

    private static void await(List<CompletableFuture<Void>> all) throws Exception {
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(TIME_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        loop.close();
    }
}
