package dev.qssl.benchmarks.bars;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Sees whose server showed a certificate. JSSE does not tell whether a session was resumed, but a client that resumes one has
 * nothing to ask its trust manager (RFC 8446, section 2.2).
 */
final class Witness extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager judge;
    private final Set<Object> shown = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    Witness(X509ExtendedTrustManager judge) {
        this.judge = judge;
    }

    /** {@return how the connection of a socket or an engine began} */
    Handshakes sawOf(Object connection) {
        return shown.contains(connection) ? Handshakes.FULL : Handshakes.RESUMED;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType, Socket socket) throws CertificateException {
        shown.add(socket);
        judge.checkServerTrusted(chain, keyType, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
            throws CertificateException {
        shown.add(engine);
        judge.checkServerTrusted(chain, keyType, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType) throws CertificateException {
        throw new CertificateException("no connection, so no name to check");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType) throws CertificateException {
        throw new CertificateException("only servers are expected here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType, Socket socket) throws CertificateException {
        throw new CertificateException("only servers are expected here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("only servers are expected here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return judge.getAcceptedIssuers();
    }
}
