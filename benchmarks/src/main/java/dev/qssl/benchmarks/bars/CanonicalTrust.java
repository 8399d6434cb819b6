package dev.qssl.benchmarks.bars;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks the JDK's trust manager on behalf of Conscrypt, which has a name for the kind of key that the JDK does not know, and
 * certificate objects of its own: the JDK would verify their signatures anew in each handshake, at a hundred times the cost,
 * where it remembers those of its own objects. So Conscrypt verifies at the same cost as the JDK and Netty do.
 */
final class CanonicalTrust extends X509ExtendedTrustManager {

    private static final String ANY_KEY = "UNKNOWN";

    private final X509ExtendedTrustManager jdk;

    CanonicalTrust(X509ExtendedTrustManager jdk) {
        this.jdk = jdk;
    }

    /** The JDK's factory gives out the same object for the same bytes, as long as it remembers. */
    private static X509Certificate[] canonical(X509Certificate[] chain) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        X509Certificate[] canonical = new X509Certificate[chain.length];
        for (int i = 0; i < chain.length; i++) {
            byte[] der = chain[i].getEncoded();
            canonical[i] = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
        }
        return canonical;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType, Socket socket) throws CertificateException {
        jdk.checkServerTrusted(canonical(chain), ANY_KEY, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String keyType, SSLEngine engine)
            throws CertificateException {
        jdk.checkServerTrusted(canonical(chain), ANY_KEY, engine);
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
        return jdk.getAcceptedIssuers();
    }
}
