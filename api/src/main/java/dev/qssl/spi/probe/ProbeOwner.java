package dev.qssl.spi.probe;

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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The owner of one end of a connection of this process with itself: decides about the peer at once, knows one pre-shared key, and
 * keeps whatever its engine tells.
 *
 * <p>It may own several ends, one after the other or the two of one connection, and then keeps what any of them told, in order.
 * One thread.
 */
public final class ProbeOwner implements TlsEvents {

    /** Known to the ends of this process, and used between them alone. */
    private static final byte[] PSK = new byte[32];

    private static final byte[] PSK_IDENTITY = {'p', 'r', 'o', 'b', 'e'};

    static {
        new SecureRandom().nextBytes(PSK);
    }

    private final Function<PeerCredentials, PeerDecision> judgement;
    private final List<TlsAlert> alertsSent = new ArrayList<>();
    private final List<TlsAlert> alertsReceived = new ArrayList<>();
    private final List<SessionTicket> sessions = new ArrayList<>();
    private final List<String> keyLogLines = new ArrayList<>();
    private @Nullable PeerCredentials credentials;

    private ProbeOwner(Function<PeerCredentials, PeerDecision> judgement) {
        this.judgement = judgement;
    }

    /**
     * {@return an owner who accepts a peer with this certificate, or with none at all, and refuses every other}
     *
     * @param expected the peer's own certificate, compared as a whole; its issuers are not looked at
     */
    public static ProbeOwner accepting(X509Certificate expected) {
        return new ProbeOwner(presented -> presented.chain().isEmpty()
                        || presented.chain().get(0).equals(expected)
                ? PeerDecision.ACCEPT
                : new PeerDecision.Refuse(AlertType.CERTIFICATE_UNKNOWN, "not the certificate that was expected"));
    }

    /**
     * {@return an owner who refuses whatever the peer shows, to see what becomes of it}
     *
     * @param alert what to tell the peer
     */
    public static ProbeOwner refusing(AlertType alert) {
        PeerDecision refusal = new PeerDecision.Refuse(alert, "refused, to see which alert is sent");
        return new ProbeOwner(presented -> refusal);
    }

    @Override
    public PeerDecision peerPresented(PeerCredentials presented) {
        credentials = presented;
        return judgement.apply(presented);
    }

    @Override
    public PskAnswer pskWanted(PskQuestion question) {
        return PskAnswer.of(PSK_IDENTITY, PSK, "SHA-256");
    }

    @Override
    public void alertSent(TlsAlert alert) {
        alertsSent.add(alert);
    }

    @Override
    public void alertReceived(TlsAlert alert) {
        alertsReceived.add(alert);
    }

    @Override
    public void newSession(SessionTicket ticket) {
        sessions.add(ticket);
    }

    @Override
    public void keyLog(String line) {
        keyLogLines.add(line);
    }

    /** {@return what the peer showed last; empty before that} */
    public Optional<PeerCredentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    /** {@return the alerts that the engine said it sent, oldest first} */
    public List<TlsAlert> alertsSent() {
        return List.copyOf(alertsSent);
    }

    /** {@return the alerts that came in, oldest first} */
    public List<TlsAlert> alertsReceived() {
        return List.copyOf(alertsReceived);
    }

    /** {@return the sessions that the server gave, oldest first} */
    public List<SessionTicket> sessions() {
        return List.copyOf(sessions);
    }

    /** {@return the lines of the key log, oldest first: secrets, though of no connection that anybody else has} */
    public List<String> keyLogLines() {
        return List.copyOf(keyLogLines);
    }
}
