package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEvents;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one end of a connection of this process with itself: accepts one certificate, or none at all, and keeps what it
 * is told.
 */
final class ProbePeer implements TlsEvents {

    private static final byte[] IDENTITY = {'p', 'r', 'o', 'b', 'e'};

    /** Known to both ends, and used between them alone. */
    private static final byte[] KEY = new byte[32];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    private final X509Certificate expected;
    private final boolean refuses;
    final List<TlsAlert> sent = new ArrayList<>();
    final List<TlsAlert> received = new ArrayList<>();
    final List<SessionTicket> sessions = new ArrayList<>();
    final List<String> keyLog = new ArrayList<>();

    @Nullable PeerCredentials shown;

    private ProbePeer(X509Certificate expected, boolean refuses) {
        this.expected = expected;
        this.refuses = refuses;
    }

    static ProbePeer accepting(X509Certificate expected) {
        return new ProbePeer(expected, false);
    }

    /** {@return an owner who refuses whatever comes, with certificate_unknown} */
    static ProbePeer refusing(X509Certificate expected) {
        return new ProbePeer(expected, true);
    }

    @Override
    public PeerDecision peerPresented(PeerCredentials credentials) {
        shown = credentials;
        boolean isExpected =
                credentials.chain().isEmpty() || credentials.chain().get(0).equals(expected);
        return isExpected && !refuses
                ? PeerDecision.ACCEPT
                : new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "not the certificate of this probe");
    }

    @Override
    public void alertSent(TlsAlert alert) {
        sent.add(alert);
    }

    @Override
    public void alertReceived(TlsAlert alert) {
        received.add(alert);
    }

    @Override
    public void newSession(SessionTicket ticket) {
        sessions.add(ticket);
    }

    @Override
    public void keyLog(String line) {
        keyLog.add(line);
    }

    @Override
    public PskAnswer pskWanted(PskQuestion question) {
        return PskAnswer.of(IDENTITY, KEY, "SHA-256");
    }
}
