package dev.qssl.cli;

import com.google.gson.JsonObject;
import dev.qssl.BackendInfo;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslError;
import dev.qssl.QSslSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * How one backend did.
 *
 * @param backend its name
 * @param version its library
 * @param facts what was agreed on; empty if it failed
 * @param handshakeMillis the median
 * @param failure why it failed; empty if it did not
 */
record DemoRun(
        String backend, String version, Optional<ConnectionFacts> facts, double handshakeMillis, String failure) {

    /** How many connections are made. */
    static final int ROUNDS = 11;

    /** How much goes there and back. */
    static final int PAYLOAD_BYTES = 256 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /**
     * {@return how a backend does}
     *
     * @param server whom to connect to
     * @param round called after each connection
     */
    static DemoRun of(BackendInfo backend, DemoServer server, Runnable round) {
        String version = BackendsCommand.library(backend).version();
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(backend.name());
        configuration.setCaCertificates(server.authorities());
        configuration.setAllowedNextProtocols(DemoServer.ALPN);
        configuration.setSslOption(SslOption.DISABLE_SESSION_SHARING, true);
        double[] millis = new double[ROUNDS];
        ConnectionFacts facts = null;
        try {
            for (int i = 0; i < ROUNDS; i++) {
                try (QSslSocket socket = new QSslSocket()) {
                    socket.setSslConfiguration(configuration);
                    millis[i] = connect(socket, server.port());
                    facts = ConnectionFacts.of(socket);
                    exchange(socket);
                }
                round.run();
            }
        } catch (IOException e) {
            return new DemoRun(backend.name(), version, Optional.empty(), 0, String.valueOf(e.getMessage()));
        }
        Arrays.sort(millis);
        return new DemoRun(backend.name(), version, Optional.ofNullable(facts), millis[ROUNDS / 2], "");
    }

    private static double connect(QSslSocket socket, int port) throws IOException {
        long[] times = new long[2];
        socket.connected.connect(() -> times[0] = System.nanoTime());
        socket.encrypted.connect(() -> times[1] = System.nanoTime());
        socket.connectToHostEncrypted("127.0.0.1", port, "localhost");
        if (!socket.waitForEncrypted(PATIENCE)) {
            List<QSslError> errors = socket.sslHandshakeErrors();
            throw new IOException(socket.errorString() + (errors.isEmpty() ? "" : " " + errors));
        }
        return (times[1] - times[0]) / 1e6;
    }

    private static void exchange(QSslSocket socket) throws IOException {
        byte[] sent = new byte[PAYLOAD_BYTES];
        new Random(1).nextBytes(sent);
        socket.write(sent);
        byte[] got = socket.inputStream(PATIENCE).readNBytes(PAYLOAD_BYTES);
        if (!Arrays.equals(sent, got)) {
            throw new IOException("of " + PAYLOAD_BYTES + " bytes came back " + got.length + ", or others");
        }
    }

    /** {@return the same as JSON} */
    JsonObject json() {
        JsonObject json = facts.map(ConnectionFacts::json).orElseGet(JsonObject::new);
        json.addProperty("backend", backend);
        json.addProperty("version", version);
        json.addProperty("handshakeMillis", failure.isEmpty() ? handshakeMillis : null);
        json.addProperty("failure", failure.isEmpty() ? null : failure);
        return json;
    }
}
