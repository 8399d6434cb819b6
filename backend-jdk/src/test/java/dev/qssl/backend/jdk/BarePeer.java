package dev.qssl.backend.jdk;

import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CaStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A bare engine of the JDK with the JDK's own key and trust managers: the other side, which nothing of ours touches. */
final class BarePeer extends MemoryPeer {

    final SSLEngine engine;
    private boolean established;

    private BarePeer(SSLEngine engine) {
        this.engine = engine;
    }

    static BarePeer client(CaStore trust, @Nullable Identity identity, String... protocols) {
        SSLEngine engine = context(trust, identity).createSSLEngine();
        engine.setUseClientMode(true);
        return new BarePeer(limited(engine, protocols));
    }

    static BarePeer server(CaStore trust, Identity identity, String... protocols) {
        SSLEngine engine = context(trust, identity).createSSLEngine();
        engine.setUseClientMode(false);
        return new BarePeer(limited(engine, protocols));
    }

    private static SSLEngine limited(SSLEngine engine, String... protocols) {
        if (protocols.length > 0) {
            engine.setEnabledProtocols(protocols);
        }
        return engine;
    }

    static SSLContext context(CaStore trust, @Nullable Identity identity) {
        try {
            KeyStore anchors = KeyStore.getInstance("PKCS12");
            anchors.load(null, null);
            int number = 0;
            for (X509Certificate authority : trust.certificates()) {
                anchors.setCertificateEntry("authority" + number++, authority);
            }
            TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
            trustManagers.init(anchors);
            KeyManager[] keyManagers = new KeyManager[0];
            if (identity != null) {
                KeyStore own = KeyStore.getInstance("PKCS12");
                own.load(null, null);
                own.setKeyEntry(
                        "own", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
                KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
                factory.init(own, new char[0]);
                keyManagers = factory.getKeyManagers();
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keyManagers, trustManagers.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException impossible) {
            throw new AssertionError("the JDK cannot make its own context", impossible);
        }
    }

    void parameters(java.util.function.Consumer<SSLParameters> change) {
        SSLParameters parameters = engine.getSSLParameters();
        change.accept(parameters);
        engine.setSSLParameters(parameters);
    }

    @Override
    boolean turn() {
        int in = inbox.position();
        int out = outbox.position();
        boolean failedBefore = failure != null;
        try {
            if (!failedBefore) {
                step();
            }
        } catch (SSLException | RuntimeException thrown) {
            failure = thrown;
            drain(thrown);
        }
        return inbox.position() != in || outbox.position() != out || (failure != null && !failedBefore);
    }

    private void step() throws SSLException {
        if (!established && engine.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.NOT_HANDSHAKING) {
            engine.beginHandshake();
        }
        boolean moved = true;
        while (moved) {
            moved = switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> {
                    engine.getDelegatedTask().run();
                    yield true;
                }
                case NEED_WRAP -> note(engine.wrap(NO_BYTES, outbox)).bytesProduced() > 0;
                default -> unwrap();
            };
        }
    }

    private boolean unwrap() throws SSLException {
        inbox.flip();
        try {
            return note(engine.unwrap(inbox, plaintext)).bytesConsumed() > 0;
        } finally {
            inbox.compact();
        }
    }

    private SSLEngineResult note(SSLEngineResult result) {
        established |= result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED;
        return result;
    }

    private void drain(Exception cause) {
        try {
            int produced;
            do {
                produced = engine.wrap(NO_BYTES, outbox).bytesProduced();
            } while (produced > 0);
        } catch (SSLException again) {
            cause.addSuppressed(again);
        }
    }

    @Override
    boolean isEstablished() {
        return established;
    }

    @Override
    void say(byte[] data) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(data);
        while (source.hasRemaining()) {
            engine.wrap(source, outbox);
        }
    }

    @Override
    void close() {
        engine.closeOutbound();
    }

    /** {@return the text of what the engine threw; empty if nothing} */
    String failureText() {
        return failure == null ? "" : String.valueOf(failure.getMessage());
    }
}
