package dev.qssl.benchmarks.engines;

import dev.qssl.benchmarks.bars.Agreement;
import dev.qssl.benchmarks.bars.Arena;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;

/** The JDK's {@link SSLEngine}s, used as directly as can be. */
public final class BarePair extends EnginePair {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final int FLIGHT_BYTES = 64 * 1024;

    private final SSLEngine client;
    private final SSLEngine server;

    /** What pairs share. */
    public static final class Factory implements EnginePairs {
        private final SSLContext serverContext;
        private final TrustManager[] trust;

        /** Builds the shared parts. */
        public Factory() throws GeneralSecurityException, IOException {
            serverContext = Arena.serverContext(Arena.server());
            trust = Arena.trustManagers();
        }

        @Override
        public BarePair newPair() throws GeneralSecurityException {
            return new BarePair(this);
        }
    }

    private BarePair(Factory factory) throws GeneralSecurityException {
        client = Arena.clientContext(factory.trust).createSSLEngine(Arena.HOST, 1);
        client.setUseClientMode(true);
        client.setSSLParameters(Arena.clientParameters(client.getSSLParameters()));
        server = factory.serverContext.createSSLEngine();
        server.setUseClientMode(false);
        server.setSSLParameters(Arena.serverParameters(server.getSSLParameters()));
    }

    /** {@return the server's engine} */
    public SSLEngine server() {
        return server;
    }

    @Override
    public void handshake() throws SSLException {
        ByteBuffer toServer = ByteBuffer.allocate(FLIGHT_BYTES).limit(0);
        ByteBuffer toClient = ByteBuffer.allocate(FLIGHT_BYTES).limit(0);
        ByteBuffer plaintext = ByteBuffer.allocate(FLIGHT_BYTES);
        client.beginHandshake();
        server.beginHandshake();
        boolean clientDone = false;
        boolean serverDone = false;
        while (!clientDone || !serverDone || toClient.hasRemaining()) {
            clientDone = advance(client, toClient, toServer, plaintext);
            serverDone = advance(server, toServer, toClient, plaintext);
        }
    }

    /** Sends a byte each way, because the library sets a direction's cipher up when it is first used. */
    public void exchangeByte() throws SSLException {
        sendByte(client, server);
        sendByte(server, client);
    }

    private static void sendByte(SSLEngine from, SSLEngine to) throws SSLException {
        ByteBuffer records = ByteBuffer.allocate(FLIGHT_BYTES);
        requireOk(from.wrap(ByteBuffer.allocate(1), records));
        requireOk(to.unwrap(records.flip(), ByteBuffer.allocate(FLIGHT_BYTES)));
    }

    // Runs one side until it waits for the other. Both buffers are ready to be read from.
    private static boolean advance(SSLEngine engine, ByteBuffer in, ByteBuffer out, ByteBuffer plaintext)
            throws SSLException {
        out.compact();
        try {
            while (true) {
                HandshakeStatus status = engine.getHandshakeStatus();
                switch (status) {
                    case NEED_TASK -> runTasks(engine);
                    case NEED_WRAP -> engine.wrap(NOTHING, out);
                    default -> {
                        boolean done = status == HandshakeStatus.NOT_HANDSHAKING;
                        if (!in.hasRemaining() || engine.unwrap(in, plaintext).getStatus() != Status.OK) {
                            return done;
                        }
                    }
                }
            }
        } finally {
            out.flip();
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public Agreement clientAgreement() {
        return agreement(client.getSession());
    }

    @Override
    public Agreement serverAgreement() {
        return agreement(server.getSession());
    }

    private static Agreement agreement(SSLSession session) {
        return new Agreement(session.getProtocol(), session.getCipherSuite(), true, true);
    }

    @Override
    protected void encrypt(ByteBuffer from, ByteBuffer to) throws SSLException {
        while (from.hasRemaining()) {
            requireOk(client.wrap(from, to));
        }
    }

    @Override
    protected void decrypt(ByteBuffer from, ByteBuffer to) throws SSLException {
        while (from.hasRemaining()) {
            requireOk(server.unwrap(from, to));
        }
    }

    private static void requireOk(SSLEngineResult result) throws SSLException {
        if (result.getStatus() != Status.OK) {
            throw new SSLException("unexpected " + result);
        }
    }
}
