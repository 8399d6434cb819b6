package dev.qssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.internal.io.Connection;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.SessionTicket;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsRole;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * What one engine tells and asks its socket. Called from inside the engine: what can wait is noted and emitted after the
 * call; only the questions are answered in place.
 */
final class TlsDialogue implements TlsEvents {

    /** The socket that the engine belongs to. */
    interface Owner {

        /** {@return whether problems are put to the application in the middle of the handshake} */
        boolean mustInterruptOnError();

        /** Puts a problem to the application, which may call {@link #continueInterruptedHandshake}. */
        void emitInterruption(QSslError error);

        /** {@return whether the application has said that it ignores all of these} */
        boolean ignoresAll(List<QSslError> errors);

        /** {@return whether anything could still make these problems not matter} If not, the peer is refused at once. */
        boolean canOverrule();

        /** Hands a secret of the connection to the application's key log. */
        void logSecret(String line);

        /** Asks the application for a key. */
        PskAnswer askForPreSharedKey(PskQuestion question);
    }

    /** Something to be emitted once the engine call is over. */
    sealed interface Note {

        /** An alert went out. */
        record AlertSent(TlsAlert alert) implements Note {}

        /** An alert came in. */
        record AlertReceived(TlsAlert alert) implements Note {}

        /** The server gave a session. */
        record NewSession(SessionTicket ticket) implements Note {}

        /** The peer has problems that do not wait for a decision: they are overruled, or refused, already. */
        record PeerProblems() implements Note {}
    }

    private final Owner socket;
    private final Connection connection;
    private final TlsRole role;
    private final PeerVerification verification;
    private @Nullable Queue<Note> notes;
    private volatile PeerVerification.Result result = PeerVerification.Result.NONE;
    private volatile List<X509Certificate> peerChain = List.of();
    private volatile boolean trusted;
    private boolean continued;
    private boolean interrupted;

    TlsDialogue(Owner socket, Connection connection, TlsRole role, PeerVerification verification) {
        this.socket = socket;
        this.connection = connection;
        this.role = role;
        this.verification = verification;
    }

    Connection connection() {
        return connection;
    }

    TlsRole role() {
        return role;
    }

    /** {@return what was found out about the peer} */
    PeerVerification.Result result() {
        return result;
    }

    /** {@return whether the peer was accepted, was met with a key that only the right one has, or need not be either} */
    boolean isPeerTrusted() {
        return trusted || verification.mode() != PeerVerifyMode.VERIFY_PEER;
    }

    /** {@return the answer to what was put off} */
    PeerDecision.Final decide(boolean accepted) {
        trusted = accepted;
        return accepted ? PeerDecision.ACCEPT : result.refusal();
    }

    /** {@return what the peer showed, its own certificate first} */
    List<X509Certificate> peerChain() {
        return peerChain;
    }

    /** {@return whether a problem was put to the application in place: it is not announced again} */
    boolean wasInterrupted() {
        return interrupted;
    }

    /** {@return the next thing to emit, or null} */
    @Nullable Note nextNote() {
        Queue<Note> waiting = notes;
        if (waiting == null) {
            return null;
        }
        Note next = waiting.poll();
        if (waiting.isEmpty()) {
            notes = null; // most connections have nothing more to say
        }
        return next;
    }

    /** Goes on after the problem that is being put to the application (B-114..B-117). */
    void continueInterruptedHandshake() {
        continued = true;
    }

    private void note(Note note) {
        Queue<Note> waiting = notes;
        if (waiting == null) {
            waiting = new ArrayDeque<>(2);
            notes = waiting;
        }
        waiting.add(note);
        connection.engineSpoke();
    }

    @Override
    public void alertSent(TlsAlert alert) {
        note(new Note.AlertSent(alert));
    }

    @Override
    public void alertReceived(TlsAlert alert) {
        note(new Note.AlertReceived(alert));
    }

    @Override
    public void newSession(SessionTicket ticket) {
        note(new Note.NewSession(ticket));
    }

    @Override
    public void keyLog(String line) {
        socket.logSecret(line);
    }

    @Override
    public PeerDecision peerPresented(PeerCredentials credentials) {
        if (connection.isAborted()) {
            return new PeerDecision.Refuse(AlertType.USER_CANCELLED, "the application aborted the connection");
        }
        PeerDecision decision = judge(credentials);
        trusted = decision == PeerDecision.ACCEPT;
        return decision;
    }

    private PeerDecision judge(PeerCredentials credentials) {
        peerChain = List.copyOf(credentials.chain());
        PeerVerifyMode mode = verification.mode();
        if (mode == PeerVerifyMode.VERIFY_NONE) {
            return PeerDecision.ACCEPT;
        }
        result = verification.check(credentials, Instant.now());
        if (result.undecodableStaple()) {
            return result.refusal();
        }
        if (result.errors().isEmpty()) {
            return PeerDecision.ACCEPT;
        }
        if (socket.mustInterruptOnError() && !interrupt(result.chainErrors())) {
            return result.refusal();
        }
        if (mode == PeerVerifyMode.QUERY_PEER || socket.ignoresAll(result.errors())) {
            note(new Note.PeerProblems());
            return PeerDecision.ACCEPT;
        }
        if (!socket.canOverrule()) {
            note(new Note.PeerProblems());
            return result.refusal();
        }
        return PeerDecision.DEFER;
    }

    // Only what concerns the chain: a name is looked at after the handshake (B-116).
    private boolean interrupt(List<QSslError> errors) {
        interrupted = true;
        for (QSslError error : errors) {
            continued = false;
            socket.emitInterruption(error);
            if (!continued) {
                return false;
            }
        }
        return true;
    }

    @Override
    public PskAnswer pskWanted(PskQuestion question) {
        if (connection.isAborted()) {
            return PskAnswer.NONE;
        }
        PskAnswer answer = socket.askForPreSharedKey(question);
        trusted |= !answer.isNone();
        return answer;
    }
}
