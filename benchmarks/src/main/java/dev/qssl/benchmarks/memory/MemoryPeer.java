package dev.qssl.benchmarks.memory;

import dev.qssl.QSslSocket;
import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Jsse;
import dev.qssl.benchmarks.bars.QsslServer;
import dev.qssl.benchmarks.bars.QsslSettings;
import dev.qssl.benchmarks.engines.BarePair;
import dev.qssl.net.EventLoop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * The process whose memory is measured, on the backend that its argument names. It is told what to do by lines on its standard
 * input and answers each with a line: {@code serve}: the port and the authority's certificate; {@code clients} and such an
 * answer: prepares clients; {@code come N}: opens and closes that many of them; {@code engines N}: makes that many bare engines
 * and keeps them; {@code measure}: a {@link Footprint}; {@code resident}: what it occupies now; {@code connections}: how many
 * encrypted connections stand.
 */
final class MemoryPeer {

    private final PrintStream answers;
    private final String backend;
    private final Set<QSslSocket> sockets = ConcurrentHashMap.newKeySet();
    private final List<SSLEngine> engines = new ArrayList<>();
    private @Nullable Clients clients;

    private MemoryPeer(PrintStream answers, String backend) {
        this.answers = answers;
        this.backend = backend;
    }

    public static void main(String[] arguments) {
        int status = 1;
        try {
            MemoryPeer peer = new MemoryPeer(System.out, arguments[0]);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                peer.obey(order);
            }
            status = 0;
        } catch (Exception e) {
            System.getLogger("dev.qssl.benchmarks").log(System.Logger.Level.ERROR, "the measured process failed", e);
        }
        System.exit(status); // the loops would keep the process alive
    }

    private void obey(String order) throws Exception {
        String[] words = order.split(" ", 2);
        switch (words[0]) {
            case "serve" -> serve();
            case "clients" -> makeClients(words[1]);
            case "come" -> comeAndGo(Integer.parseInt(words[1]));
            case "engines" -> makeEngines(Integer.parseInt(words[1]));
            case "resident" -> answers.println(Footprint.residentNow());
            case "measure" -> answers.println(Footprint.now().text());
            case "connections" ->
                answers.println(sockets.stream().filter(QSslSocket::isEncrypted).count());
            default -> throw new IllegalArgumentException("unknown order " + order);
        }
        answers.flush();
    }

    private void serve() throws IOException, java.security.cert.CertificateEncodingException {
        EventLoop loop = EventLoop.start("server");
        QsslServer server = new QsslServer(loop, new QsslSettings(backend), Arena.server(), this::accepted);
        server.start();
        byte[] authority = Arena.authority().getEncoded();
        answers.println(server.serverPort() + " " + Base64.getEncoder().encodeToString(authority));
    }

    private void accepted(QSslSocket socket) {
        sockets.add(socket);
        socket.readyRead.connect(() -> echo(socket));
        socket.disconnected.connect(() -> sockets.remove(socket));
        socket.startServerEncryption();
    }

    private static void echo(QSslSocket socket) {
        ByteBuffer bytes = ByteBuffer.allocate((int) socket.bytesAvailable());
        socket.read(bytes);
        socket.write(bytes.flip());
    }

    private void makeClients(String server) throws Exception {
        clients = new Clients(backend, server);
        answers.println("ready");
    }

    private void comeAndGo(int count) throws Exception {
        Objects.requireNonNull(clients, "no clients").comeAndGo(count);
        answers.println(count);
    }

    private void makeEngines(int count) throws Exception {
        BarePair.Factory factory = new BarePair.Factory(Jsse.beside(backend));
        for (int i = 0; i < count; i++) {
            BarePair pair = factory.newPair();
            pair.handshake();
            pair.exchangeByte();
            engines.add(pair.server());
        }
        answers.println(engines.size());
    }
}
