package dev.qssl;

import dev.qssl.QSsl.SslMode;
import dev.qssl.internal.io.Connection;
import dev.qssl.internal.io.Tally;
import dev.qssl.spi.NegotiatedParameters;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far TLS has come in one attempt to be connected. Any thread reads; the owner of the connection writes, if nothing else
 * is said. Stays readable until the next attempt (B-154, B-156).
 */
final class TlsAttempt {

    /** Before any connection. */
    static final TlsAttempt NONE = new TlsAttempt(null, false, false, SessionState.NONE);

    private final @Nullable Connection connection;
    private final boolean encryptedAtOnce;
    private final Tally encryptions = new Tally();
    private boolean claimed;
    private volatile boolean ignoresAll;
    private volatile SslMode mode = SslMode.UNENCRYPTED_MODE;
    private volatile boolean encrypted;
    private volatile boolean pausing;
    private volatile boolean paused;
    private volatile boolean resumed;
    private volatile SessionState session;
    private volatile @Nullable NegotiatedParameters parameters;
    private volatile @Nullable TlsDialogue dialogue;
    private List<TlsDialogue.Note.NewSession> earlySessions = List.of();

    private TlsAttempt(
            @Nullable Connection connection, boolean encryptedAtOnce, boolean ignoresAll, SessionState session) {
        this.connection = connection;
        this.encryptedAtOnce = encryptedAtOnce;
        this.ignoresAll = ignoresAll;
        this.session = session;
    }

    /** {@return the state of an attempt that begins in clear} */
    static TlsAttempt plain(Connection connection, boolean ignoresAll, SessionState session) {
        return new TlsAttempt(connection, false, ignoresAll, session);
    }

    /** {@return the state of an attempt that is encrypted as soon as it is connected} */
    static TlsAttempt encrypted(Connection connection, boolean ignoresAll, SessionState session) {
        return new TlsAttempt(connection, true, ignoresAll, session);
    }

    @Nullable Connection connection() {
        return connection;
    }

    boolean isOf(Connection other) {
        return connection == other;
    }

    boolean isEncryptedAtOnce() {
        return encryptedAtOnce;
    }

    /** {@return how often {@code encrypted} was emitted: once at most} */
    Tally encryptions() {
        return encryptions;
    }

    /** Any thread. {@return whether the caller may start TLS: nobody else does} */
    synchronized boolean claim() {
        boolean first = !claimed;
        claimed = true;
        return first;
    }

    /** Any thread. It could not be started: somebody may try again. */
    synchronized void giveBack() {
        claimed = false;
    }

    /** TLS was started by the thread that has the claim. */
    void start(TlsDialogue started, SslMode role) {
        dialogue = started;
        mode = role;
    }

    SslMode mode() {
        return mode;
    }

    @Nullable TlsDialogue dialogue() {
        return dialogue;
    }

    /** Any thread. Accepts every problem of this attempt. */
    void ignoreAll() {
        ignoresAll = true;
    }

    boolean ignoresAll() {
        return ignoresAll;
    }

    List<X509Certificate> peerChain() {
        TlsDialogue current = dialogue;
        return current == null ? List.of() : current.peerChain();
    }

    PeerVerification.Result result() {
        TlsDialogue current = dialogue;
        return current == null ? PeerVerification.Result.NONE : current.result();
    }

    /** The slots are about to be told of a problem: whoever resumes from now on is heard. Owner only. */
    void expectPause() {
        pausing = true;
    }

    /** The slots were told, and nothing goes on. Owner only. {@return whether it stays so: nobody resumed meanwhile} */
    boolean pause() {
        paused = true;
        return !resumed;
    }

    /** Any thread. {@return whether the caller has to carry it out; if slots are still running, the owner does} */
    boolean resume() {
        if (!pausing) {
            return false;
        }
        resumed = true;
        return paused;
    }

    void encrypt(NegotiatedParameters agreed) {
        parameters = agreed;
        encryptions.happen();
        encrypted = true;
    }

    boolean isEncrypted() {
        return encrypted;
    }

    void end() {
        encrypted = false;
    }

    @Nullable NegotiatedParameters parameters() {
        return parameters;
    }

    SessionState session() {
        return session;
    }

    void keep(SessionState next) {
        session = next;
    }

    /** The server gave a session before the slots of {@code encrypted} ran: it is told after them (B-203). */
    void holdBack(TlsDialogue.Note.NewSession early) {
        List<TlsDialogue.Note.NewSession> more = new ArrayList<>(earlySessions);
        more.add(early);
        earlySessions = more;
    }

    /** {@return the sessions that were held back, which are not any more} */
    List<TlsDialogue.Note.NewSession> takeHeldBack() {
        List<TlsDialogue.Note.NewSession> held = earlySessions;
        earlySessions = List.of();
        return held;
    }
}
