package dev.qssl.spi.jsse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.spi.Identity;
import dev.qssl.spi.probe.ProbeOwner;
import dev.qssl.spi.probe.ThrowAwayIdentity;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;

/** Nobody is trusted where nobody asked. */
class PeerTrustTest {

    @Test
    void certificatesOutsideOfAHandshakeOfOurs_areRefusedOnEveryWay() throws Exception {
        Identity identity = ThrowAwayIdentity.ec();
        X509Certificate[] chain = {identity.certificate()};
        PeerTrust trust = new PeerTrust(chain);
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        Socket socket = new Socket();

        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA", engine))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(chain, "EC", engine))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA", socket))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(chain, "EC", socket))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(() -> trust.checkClientTrusted(chain, "EC")).isInstanceOf(CertificateException.class);
        socket.close();
    }

    @Test
    void stepThatIsOver_leavesNothingBehind() throws Exception {
        Identity identity = ThrowAwayIdentity.ec();
        PeerTrust trust = new PeerTrust(new X509Certificate[0]);
        X509Certificate[] chain = {identity.certificate()};
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        PeerQuestion question = new PeerQuestion(ProbeOwner.accepting(identity.certificate()), false);

        PeerTrust.leave(PeerTrust.enter(question));

        assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA", engine))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void secondChainInOneHandshake_isRefused() throws Exception {
        Identity identity = ThrowAwayIdentity.ec();
        PeerTrust trust = new PeerTrust(new X509Certificate[0]);
        X509Certificate[] chain = {identity.certificate()};
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        PeerQuestion outer = PeerTrust.enter(new PeerQuestion(ProbeOwner.accepting(identity.certificate()), false));
        try {
            trust.checkServerTrusted(chain, "ECDHE_ECDSA", engine);

            assertThatThrownBy(() -> trust.checkServerTrusted(chain, "ECDHE_ECDSA", engine))
                    .isInstanceOf(CertificateException.class)
                    .hasMessageContaining("twice");
        } finally {
            PeerTrust.leave(outer);
        }
    }
}
