package dev.qssl.benchmarks.engines;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.benchmarks.bars.Agreement;
import dev.qssl.benchmarks.bars.Arena;
import dev.qssl.benchmarks.bars.Handshakes;
import dev.qssl.benchmarks.bars.QsslSettings;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.HostName;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;

/** Our {@link TlsEngine}s. */
public final class QsslPair extends EnginePair {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final TlsEngine client;
    private final TlsEngine server;
    private final Verifying verifying;

    /** What pairs share. */
    public static final class Factory implements EnginePairs {
        private final TlsContext clientContext;
        private final TlsContext serverContext;
        private final ChainVerifier verifier;
        private final PairBuffers buffers;

        /** Builds the shared parts. */
        public Factory(QsslSettings names) throws TlsException {
            TlsBackend backend = ServiceLoader.load(TlsBackend.class).stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(candidate -> candidate.name().equals(names.backend()))
                    .findFirst()
                    .orElseThrow();
            CaStore trust = CaStore.of(List.of(Arena.authority()));
            clientContext = backend.newContext(settings(backend, TlsRole.CLIENT)
                    .authorities(trust)
                    .verifyMode(PeerVerifyMode.VERIFY_PEER)
                    .build());
            serverContext = backend.newContext(settings(backend, TlsRole.SERVER)
                    .identity(Arena.server())
                    .verifyMode(PeerVerifyMode.VERIFY_NONE)
                    .build());
            verifier = ChainVerifier.trusting(trust);
            buffers = PairBuffers.of(isFasterWithDirectBuffers() ? ByteBuffer::allocateDirect : ByteBuffer::allocate);
        }

        private boolean isFasterWithDirectBuffers() throws TlsException {
            try (TlsEngine any = serverContext.newEngine(EngineRequest.server(), new Verifying(verifier))) {
                return any.buffers() == BufferKind.DIRECT;
            }
        }

        private static ContextSettings.Builder settings(TlsBackend backend, TlsRole role) {
            Set<SslOption> options = EnumSet.of(SslOption.DISABLE_SESSION_SHARING);
            options.addAll(ContextSettings.builder().build().options());
            ContextSettings.Builder settings = ContextSettings.builder()
                    .protocols(Set.of(SslProtocol.TLS_V1_3))
                    .options(options);
            if (backend.capabilities().can(Capability.CIPHER_SUITE_CHOICE, role, SslProtocol.TLS_V1_3)) {
                settings.cipherSuites(List.of(
                        CipherSuite.ofName(Agreement.EXPECTED.cipherSuite()).orElseThrow()));
            }
            return settings;
        }

        @Override
        public QsslPair newPair() throws TlsException {
            return new QsslPair(this);
        }
    }

    private QsslPair(Factory factory) throws TlsException {
        super(factory.buffers);
        verifying = new Verifying(factory.verifier);
        client = factory.clientContext.newEngine(EngineRequest.client(null, Arena.HOST), verifying);
        server = factory.serverContext.newEngine(EngineRequest.server(), new Verifying(factory.verifier));
    }

    @Override
    public void handshake() throws TlsException {
        ByteBuffer toServer = buffers.toServer().clear().limit(0);
        ByteBuffer toClient = buffers.toClient().clear().limit(0);
        ByteBuffer plaintext = buffers.decrypted().clear();
        while (!client.isEstablished() || !server.isEstablished() || toClient.hasRemaining()) {
            advance(client, toClient, toServer, plaintext);
            advance(server, toServer, toClient, plaintext);
        }
    }

    // Runs one side until it waits for the other. Both buffers are ready to be read from.
    private static void advance(TlsEngine engine, ByteBuffer in, ByteBuffer out, ByteBuffer plaintext)
            throws TlsException {
        out.compact();
        try {
            Need need = engine.hasOutput() ? Need.OUTPUT : engine.decrypt(in, plaintext);
            while (need == Need.OUTPUT || need == Need.TASK || in.hasRemaining()) {
                if (need == Need.TASK) {
                    engine.takeTask().run();
                }
                need = need == Need.OUTPUT ? engine.encrypt(NOTHING, out) : engine.decrypt(in, plaintext);
            }
        } finally {
            out.flip();
        }
    }

    @Override
    public Agreement clientAgreement() {
        return agreement(client, verifying.accepted);
    }

    @Override
    public Agreement serverAgreement() {
        return agreement(server, true);
    }

    private static Agreement agreement(TlsEngine engine, boolean verified) {
        NegotiatedParameters agreed = engine.parameters();
        return Agreement.of(
                agreed.protocol().displayName(),
                agreed.cipherSuite().ianaName(),
                agreed.group().orElse(null),
                agreed.resumed() ? Handshakes.RESUMED : Handshakes.FULL,
                verified);
    }

    @Override
    protected void encrypt(ByteBuffer from, ByteBuffer to) throws TlsException {
        client.encrypt(from, to);
    }

    @Override
    protected void decrypt(ByteBuffer from, ByteBuffer to) throws TlsException {
        server.decrypt(from, to);
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }

    /** Verifies the server as a QSslSocket does. */
    private static final class Verifying implements TlsEvents {
        private final ChainVerifier verifier;
        private boolean accepted;

        Verifying(ChainVerifier verifier) {
            this.verifier = verifier;
        }

        @Override
        public PeerDecision peerPresented(PeerCredentials credentials) {
            accepted = verifier.verifyServer(credentials.chain(), Optional.of(HostName.of(Arena.HOST)), Instant.now())
                    .isAccepted();
            return accepted
                    ? PeerDecision.ACCEPT
                    : new PeerDecision.Refuse(AlertType.BAD_CERTIFICATE, "not the server that was wanted");
        }

        @Override
        public PskAnswer pskWanted(PskQuestion question) {
            throw new AssertionError("nobody offered a key");
        }

        @Override
        public void alertSent(TlsAlert alert) {}

        @Override
        public void alertReceived(TlsAlert alert) {}

        @Override
        public void newSession(SessionTicket ticket) {}

        @Override
        public void keyLog(String line) {}
    }
}
