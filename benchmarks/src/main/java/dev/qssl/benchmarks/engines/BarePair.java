package dev.qssl.benchmarks.engines;

import dev.qssl.benchmarks.bars.Agreement;
import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Jsse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** A provider's {@link SSLEngine}s, used as directly as can be. */
public final class BarePair extends EnginePair {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Jsse jsse;
    private final SSLEngine client;
    private final SSLEngine server;

    /** What pairs share. */
    public static final class Factory implements EnginePairs {
        private final Jsse jsse;
        private final SSLContext serverContext;
        private final Jsse.Clients clients;
        private final PairBuffers buffers;

        /** Builds the shared parts. */
        public Factory(Jsse jsse) throws GeneralSecurityException, IOException {
            this.jsse = jsse;
            this.serverContext = jsse.serverContext(Arena.server());
            this.clients = new Jsse.Clients(jsse);
            this.buffers = PairBuffers.of(jsse == Jsse.JDK ? ByteBuffer::allocate : ByteBuffer::allocateDirect);
        }

        @Override
        public BarePair newPair() throws GeneralSecurityException {
            return new BarePair(this);
        }
    }

    private BarePair(Factory factory) throws GeneralSecurityException {
        super(factory.buffers);
        jsse = factory.jsse;
        client = factory.clients.engine();
        server = jsse.serverEngine(factory.serverContext);
    }

    /** {@return the server's engine} */
    public SSLEngine server() {
        return server;
    }

    @Override
    public void handshake() throws SSLException {
        ByteBuffer toServer = buffers.toServer().clear().limit(0);
        ByteBuffer toClient = buffers.toClient().clear().limit(0);
        ByteBuffer plaintext = buffers.decrypted().clear();
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

    private void sendByte(SSLEngine from, SSLEngine to) throws SSLException {
        requireOk(from.wrap(ByteBuffer.allocate(1), buffers.records().clear()));
        requireOk(to.unwrap(buffers.records().flip(), buffers.decrypted().clear()));
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
        return jsse.agreement(client);
    }

    @Override
    public Agreement serverAgreement() {
        return jsse.agreement(server);
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

    @Override
    public void close() {
        close(client);
        close(server);
    }

    /** Conscrypt frees its memory and descriptors when both directions are closed and nothing is left to be sent. */
    private void close(SSLEngine engine) {
        try {
            engine.closeOutbound();
            while (!engine.isOutboundDone()) {
                engine.wrap(NOTHING, buffers.records().clear());
            }
            engine.closeInbound();
        } catch (SSLException expected) {
            // The other side's close_notify was never delivered; the engine is closed nevertheless.
            return;
        }
    }

    private static void requireOk(SSLEngineResult result) throws SSLException {
        if (result.getStatus() != Status.OK) {
            throw new SSLException("unexpected " + result);
        }
    }
}
