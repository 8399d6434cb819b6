package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** A peer that begins another handshake on an established connection, up to TLS 1.2, loses it: an engine of the JDK does. */
class RenegotiationTest {

    private static final char[] NO_PASSWORD = new char[0];
    private static final int MAXIMUM_TURNS = 50;
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final Identity SERVER = TestAuthority.shared().server("localhost");

    private final ByteBuffer inbox = ByteBuffer.allocate(1 << 17);
    private final ByteBuffer plaintext = ByteBuffer.allocate(1 << 17);

    private static SSLEngine peer(boolean client) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("own", SERVER.key(), NO_PASSWORD, SERVER.chain().toArray(Certificate[]::new));
        int number = 0;
        for (X509Certificate authority : TestAuthority.shared().trust().certificates()) {
            store.setCertificateEntry("authority" + number++, authority);
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, NO_PASSWORD);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        TrustManager[] managers = trust.getTrustManagers();
        SSLContext context = SSLContext.getInstance("TLSv1.2");
        context.init(keys.getKeyManagers(), managers, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(client);
        engine.beginHandshake();
        return engine;
    }

    /** Runs both until nothing happens any more. */
    private void run(MemoryPair.Side ours, SSLEngine peer) throws Exception {
        for (int turn = 0; turn < MAXIMUM_TURNS && ours.failure == null; turn++) {
            switch (peer.getHandshakeStatus()) {
                case NEED_WRAP -> peer.wrap(NO_BYTES, ours.inbox);
                case NEED_TASK -> peer.getDelegatedTask().run();
                default -> {
                    inbox.flip();
                    peer.unwrap(inbox, plaintext);
                    inbox.compact();
                }
            }
            try {
                ours.inbox.flip();
                ours.engine.decrypt(ours.inbox, ours.plaintext);
                ours.inbox.compact();
                while (ours.engine.hasOutput()) {
                    ours.engine.encrypt(NO_BYTES, inbox);
                }
            } catch (TlsException failed) {
                ours.failure = failed;
            }
        }
    }

    private void assertRefuses(MemoryPair.Side ours, SSLEngine peer) throws Exception {
        run(ours, peer);
        assertThat(ours.engine.isEstablished()).as("%s", ours.failure).isTrue();
        assertThat(peer.getHandshakeStatus()).isEqualTo(HandshakeStatus.NOT_HANDSHAKING);

        peer.beginHandshake();
        run(ours, peer);

        assertThat(ours.failure).isNotNull().extracting(TlsException::error).isEqualTo(TlsError.RENEGOTIATION_REFUSED);
        assertThat(ours.sent).containsExactly(TlsAlert.warning(AlertType.NO_RENEGOTIATION));
        assertThat(ours.engine.hasOutput()).isTrue();
        ours.engine.close();
    }

    @Test
    void clientThatBeginsAgain_isRefused() throws Exception {
        assertRefuses(
                new MemoryPair.Side(
                        MemoryPair.context(
                                MemoryPair.settings(SslProtocol.TLS_V1_2).identity(SERVER)),
                        EngineRequest.server()),
                peer(true));
    }

    @Test
    void serverThatWantsToBeginAgain_isRefused() throws Exception {
        assertRefuses(
                new MemoryPair.Side(
                        MemoryPair.context(MemoryPair.settings(SslProtocol.TLS_V1_2)), MemoryPair.TO_LOCALHOST),
                peer(false));
    }
}
