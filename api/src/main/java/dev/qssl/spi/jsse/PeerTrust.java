package dev.qssl.spi.jsse;

import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import java.net.Socket;
import java.security.Principal;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Passes the peer's certificates on to the owner of the connection, who judges them; judges nothing itself.
 *
 * <p>One object serves all connections of a context. Whose handshake is running is known by thread: each engine installs
 * its {@link PeerQuestion} with {@link #enter} around the calls of the library that may get here. Where nobody asked,
 * nobody is trusted.
 *
 * <p>Because it is an {@link X509ExtendedTrustManager}, the JDK adds no checks of its own, neither of the host name nor of
 * algorithms.
 */
final class PeerTrust extends X509ExtendedTrustManager {

    private static final ThreadLocal<PeerQuestion> ASKING = new ThreadLocal<>();

    private final X509Certificate[] authorities;

    /**
     * Creates one.
     *
     * @param authorities whom a server names when it asks for a certificate
     */
    PeerTrust(X509Certificate[] authorities) {
        this.authorities = authorities.clone();
    }

    /**
     * Begins a step of this question's connection on this thread. End it with {@link #leave} in a {@code finally}.
     *
     * @return what to give to {@code leave}
     */
    static @Nullable PeerQuestion enter(PeerQuestion question) {
        PeerQuestion outer = ASKING.get();
        ASKING.set(question);
        return outer;
    }

    /** Ends a step; nothing stays behind on the thread. */
    static void leave(@Nullable PeerQuestion outer) {
        if (outer == null) {
            ASKING.remove();
        } else {
            ASKING.set(outer);
        }
    }

    /** Remembers which authorities the server named when it asked for a certificate. */
    static void noteAuthorities(Principal @Nullable [] issuers) {
        PeerQuestion question = ASKING.get();
        if (question != null && issuers != null) {
            question.authoritiesNamed(List.of(issuers));
        }
    }

    /** Asks the owner for a pre-shared key. */
    static PskAnswer askForPreSharedKey(PskQuestion asked) {
        PeerQuestion question = ASKING.get();
        return question == null ? PskAnswer.NONE : question.preSharedKey(asked);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        ask(chain, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        ask(chain, engine);
    }

    private static void ask(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        PeerQuestion question = ASKING.get();
        if (question == null) {
            throw noOneAsked();
        }
        question.certificatesCame(chain, engine);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.clone();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noOneAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw noOneAsked();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noOneAsked();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw noOneAsked();
    }

    private static CertificateException noOneAsked() {
        return new CertificateException("certificates came outside of a handshake that this backend runs");
    }
}
