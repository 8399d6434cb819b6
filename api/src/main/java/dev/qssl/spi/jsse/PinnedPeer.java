package dev.qssl.spi.jsse;

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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The owner of one end of a connection of this process with itself: trusts one certificate and keeps the alerts. */
final class PinnedPeer implements TlsEvents {

    /** Known to both ends, and used between them alone. */
    private static final byte[] PSK = new byte[32];

    private static final byte[] PSK_IDENTITY = {'p', 'r', 'o', 'b', 'e'};

    static {
        new SecureRandom().nextBytes(PSK);
    }

    private final X509Certificate expected;
    private final @Nullable AlertType refusal;
    private final List<TlsAlert> sent = new ArrayList<>();
    private final List<TlsAlert> received = new ArrayList<>();
    private final List<SessionTicket> sessions = new ArrayList<>();
    private @Nullable PeerCredentials credentials;

    private PinnedPeer(X509Certificate expected, @Nullable AlertType refusal) {
        this.expected = expected;
        this.refusal = refusal;
    }

    /** {@return an owner who accepts this certificate, or none at all, and nothing else} */
    static PinnedPeer accepting(X509Certificate expected) {
        return new PinnedPeer(expected, null);
    }

    /** {@return an owner who refuses whatever comes, with this alert} */
    static PinnedPeer refusing(X509Certificate expected, AlertType alert) {
        return new PinnedPeer(expected, alert);
    }

    @Override
    public PeerDecision peerPresented(PeerCredentials presented) {
        credentials = presented;
        if (refusal != null) {
            return new PeerDecision.Refuse(refusal, "refused, to see which alert is sent");
        }
        return presented.chain().isEmpty() || presented.chain().get(0).equals(expected)
                ? PeerDecision.ACCEPT
                : new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "not the certificate of this probe");
    }

    /** {@return what the peer showed; empty before that} */
    Optional<PeerCredentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    List<TlsAlert> sent() {
        return List.copyOf(sent);
    }

    List<TlsAlert> received() {
        return List.copyOf(received);
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

    /** {@return the sessions that the server gave, oldest first} */
    List<SessionTicket> sessions() {
        return List.copyOf(sessions);
    }

    @Override
    public void keyLog(String line) {}

    @Override
    public PskAnswer pskWanted(PskQuestion question) {
        return PskAnswer.of(PSK_IDENTITY, PSK, "SHA-256");
    }
}
