package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.MemoryEnd;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.ByteBuffer;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** An engine of the JDK that talks with one of ours in memory, and does what an OpenSSL of ours never would. */
final class JdkPeer {

    static final Identity SERVER = TestAuthority.shared().server("localhost");

    private static final char[] NO_PASSWORD = new char[0];
    private static final int MAXIMUM_TURNS = 50;
    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    final SSLEngine engine;

    private final ByteBuffer inbox = ByteBuffer.allocate(1 << 17);
    private final ByteBuffer plaintext = ByteBuffer.allocate(1 << 17);

    private JdkPeer(SSLEngine engine) {
        this.engine = engine;
    }

    static JdkPeer client(SslProtocol protocol) throws Exception {
        return of(protocol, true);
    }

    static JdkPeer server(SslProtocol protocol) throws Exception {
        return of(protocol, false);
    }

    private static JdkPeer of(SslProtocol protocol, boolean client) throws Exception {
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
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), managers, null);
        SSLEngine engine = context.createSSLEngine();
        engine.setEnabledProtocols(new String[] {protocol == SslProtocol.TLS_V1_3 ? "TLSv1.3" : "TLSv1.2"});
        engine.setUseClientMode(client);
        engine.beginHandshake();
        return new JdkPeer(engine);
    }

    /** Runs both until nothing happens any more. */
    void run(MemoryEnd ours) throws Exception {
        for (int turn = 0; turn < MAXIMUM_TURNS && ours.failure().isEmpty(); turn++) {
            switch (engine.getHandshakeStatus()) {
                case NEED_WRAP -> engine.wrap(NO_BYTES, ours.inbox());
                case NEED_TASK -> engine.getDelegatedTask().run();
                default -> {
                    inbox.flip();
                    engine.unwrap(inbox, plaintext);
                    inbox.compact();
                }
            }
            ours.turn();
            ours.deliverTo(inbox);
        }
    }

    boolean isSettled() {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Up to TLS 1.2: begins another handshake. In TLS 1.3: says that it changes its keys and wants the other side to do the same. */
    void beginAgain(ByteBuffer records) throws Exception {
        engine.beginHandshake();
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            assertThat(engine.wrap(NO_BYTES, records).getStatus()).isEqualTo(Status.OK);
        }
    }

    /** One record of application data, or as many as it takes. */
    void say(int bytes, ByteBuffer records) throws Exception {
        ByteBuffer data = ByteBuffer.allocate(bytes);
        while (data.hasRemaining()) {
            assertThat(engine.wrap(data, records).getStatus()).isEqualTo(Status.OK);
        }
    }
}
