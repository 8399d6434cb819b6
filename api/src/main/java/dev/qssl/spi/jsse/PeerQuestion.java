package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.EncodingException;
import java.security.Principal;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** The question of one connection to its owner: is the peer who it should be? Asked once per handshake. */
final class PeerQuestion {

    private enum State {
        /** Not asked yet. */
        OPEN,
        /** Asked, and the answer comes later. */
        DEFERRED,
        /** The answer was yes, or there is nothing to ask. */
        ACCEPTED,
        /** The answer was no. */
        REFUSED
    }

    private final TlsEvents events;
    private final boolean staplesWanted;
    private State state = State.OPEN;
    private PeerDecision.@Nullable Refuse refusal;
    private List<X500Principal> authorities = List.of();
    private @Nullable PskAnswer preSharedKey;

    PeerQuestion(TlsEvents events, boolean staplesWanted) {
        this.events = events;
        this.staplesWanted = staplesWanted;
    }

    /**
     * The library hands over the certificates of a full handshake. Returning lets the handshake go on, be it for the time
     * being.
     *
     * @throws CertificateException if the owner refused them; built so that the library sends the nearest alert it can
     */
    void certificatesCame(X509Certificate[] chain, SSLEngine engine) throws CertificateException {
        if (state != State.OPEN) {
            throw new CertificateException("the peer presented its certificates twice in one handshake");
        }
        PeerDecision.Refuse refused = ask(canonical(chain), staples(engine.getHandshakeSession()), false);
        if (refused != null) {
            throw refusalFor(refused);
        }
    }

    /** The handshake went by without certificates: the session was resumed, or the client has none. */
    void sessionIsThere(SSLSession session, boolean resumed) {
        ask(chain(session), staples(session), resumed);
    }

    private PeerDecision.@Nullable Refuse ask(List<X509Certificate> chain, List<byte[]> staples, boolean resumed) {
        PeerDecision decision = events.peerPresented(new PeerCredentials(chain, staples, resumed, List.of()));
        if (decision instanceof PeerDecision.Final known) {
            answer(known);
        } else {
            state = State.DEFERRED;
        }
        return refusal;
    }

    /** There is nothing to ask: our side does not want to know who the peer is. */
    void skip() {
        state = State.ACCEPTED;
    }

    void answer(PeerDecision.Final decision) {
        if (decision instanceof PeerDecision.Refuse no) {
            refusal = no;
            state = State.REFUSED;
        } else {
            state = State.ACCEPTED;
        }
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    boolean isDeferred() {
        return state == State.DEFERRED;
    }

    /** {@return why the peer was refused, or null if it was not} */
    PeerDecision.@Nullable Refuse refusal() {
        return refusal;
    }

    void authoritiesNamed(List<Principal> issuers) {
        List<X500Principal> names = new ArrayList<>(issuers.size());
        for (Principal issuer : issuers) {
            if (issuer instanceof X500Principal name) {
                names.add(name);
            }
        }
        authorities = List.copyOf(names);
    }

    /** {@return the authorities that the server named when it asked for a certificate; empty if it did not} */
    List<X500Principal> authorities() {
        return authorities;
    }

    /** {@return the owner's pre-shared key} Asked once per handshake; not to be closed by the caller. */
    PskAnswer preSharedKey(PskQuestion question) {
        if (preSharedKey == null) {
            preSharedKey = events.pskWanted(question);
        }
        return preSharedKey;
    }

    /** The handshake is over: wipes what only it needs. */
    void wipe() {
        if (preSharedKey != null) {
            preSharedKey.close();
            preSharedKey = PskAnswer.NONE;
        }
    }

    private List<byte[]> staples(@Nullable SSLSession session) {
        if (!staplesWanted || !(session instanceof ExtendedSSLSession extended)) {
            return List.of();
        }
        // One entry per certificate of the chain (RFC 6961; RFC 8446, section 4.4.2.1), an empty one where there is no
        // response: its place tells which certificate a response is for.
        List<byte[]> responses = extended.getStatusResponses();
        int count = responses.size();
        while (count > 0 && responses.get(count - 1).length == 0) {
            count--;
        }
        return List.copyOf(responses.subList(0, count));
    }

    private static List<X509Certificate> chain(SSLSession session) {
        try {
            return canonical(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException none) {
            // The JSSE's way to say that the peer presented no certificate.
            return List.of();
        }
    }

    /** One object per certificate in the process: those that were verified before cost next to nothing. */
    private static List<X509Certificate> canonical(Certificate[] chain) {
        List<X509Certificate> canonical = new ArrayList<>(chain.length);
        for (Certificate certificate : chain) {
            X509Certificate original = (X509Certificate) certificate;
            try {
                canonical.add(CertificateTable.shared().intern(original));
            } catch (EncodingException notTheJdksTaste) {
                // Slower, but the library could read it, and whether it is good is for the verifier to say.
                canonical.add(original);
            }
        }
        return List.copyOf(canonical);
    }

    /** SunJSSE picks the alert by the reason of the cause; without one it says certificate_unknown. */
    private static CertificateException refusalFor(PeerDecision.Refuse refused) {
        @Nullable BasicReason reason = reasonFor(refused.alert());
        return reason == null
                ? new CertificateException(refused.reason())
                : new CertificateException(
                        refused.reason(),
                        new CertPathValidatorException(refused.reason(), null, (CertPath) null, -1, reason));
    }

    private static @Nullable BasicReason reasonFor(AlertType alert) {
        return switch (alert) {
            case CERTIFICATE_REVOKED -> BasicReason.REVOKED;
            case CERTIFICATE_EXPIRED -> BasicReason.EXPIRED;
            case UNSUPPORTED_CERTIFICATE -> BasicReason.ALGORITHM_CONSTRAINED;
            default -> null;
        };
    }
}
