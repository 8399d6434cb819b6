package dev.qssl;

import dev.qssl.QSsl.SslMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.io.Connection;
import dev.qssl.internal.io.SelectorLoop;
import dev.qssl.internal.io.SocketCore;
import dev.qssl.internal.io.Tally;
import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PauseMode;
import dev.qssl.net.Signal;
import dev.qssl.net.Signal.Nothing;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The inside of a {@link QSslSocket}: what TLS adds to a socket's state, its signals and its waiting. */
final class TlsSocketCore extends SocketCore implements TlsDialogue.Owner {

    final Signal<Nothing> encrypted = emitter.signal();
    final Signal<SslMode> modeChanged = emitter.signal();
    final Signal<Long> encryptedBytesWritten = emitter.signal();
    final Signal<QSslError> peerVerifyError = emitter.signal();
    final Signal<List<QSslError>> sslErrors = emitter.signal();
    final Signal<QSslPreSharedKeyAuthenticator> preSharedKeyAuthenticationRequired = emitter.signal();
    final Signal<Nothing> newSessionTicketReceived = emitter.signal();
    final Signal<AlertEvent> alertSent = emitter.signal();
    final Signal<AlertEvent> alertReceived = emitter.signal();
    final Signal<QSslError> handshakeInterruptedOnError = emitter.signal();

    private volatile QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
    private volatile String verifyName = "";
    private volatile SslMode mode = SslMode.UNENCRYPTED_MODE;
    private volatile boolean encryptedNow;
    private volatile boolean ignoreAll;
    private volatile List<QSslError> ignored = List.of();
    private volatile PauseMode pauseMode = PauseMode.PAUSE_NEVER;
    private volatile List<X509Certificate> peerChain = List.of();
    private volatile @Nullable NegotiatedParameters parameters;
    private volatile SessionState session = SessionState.NONE;
    private volatile @Nullable TlsDialogue dialogue;
    private boolean encryptNext;
    private boolean encryptOnConnect;
    private boolean paused;

    // How often encrypted was emitted, and how often a waiter saw it (C15).
    private final Tally encryptions = new Tally();

    TlsSocketCore(@Nullable SelectorLoop loop) {
        super(loop);
        Backends.shared().touch();
    }

    // ---- settings ------------------------------------------------------------------------------------------------

    QSslConfiguration configuration() {
        return configuration;
    }

    void setConfiguration(QSslConfiguration next) {
        configuration = next;
    }

    /** {@return the configuration with what the connection filled in} */
    QSslConfiguration liveConfiguration() {
        NegotiatedParameters agreed = parameters;
        SessionState state = session.withPeerChain(peerChain);
        return configuration.withSession(agreed == null ? state : state.withParameters(agreed));
    }

    void setPauseMode(PauseMode next) {
        pauseMode = next;
    }

    String verifyName() {
        return verifyName;
    }

    void setVerifyName(String name) {
        verifyName = name;
    }

    SslMode mode() {
        return mode;
    }

    boolean isEncrypted() {
        return encryptedNow;
    }

    List<X509Certificate> peerChain() {
        return peerChain;
    }

    @Nullable NegotiatedParameters parameters() {
        return encryptedNow ? parameters : null;
    }

    List<QSslError> handshakeErrors() {
        TlsDialogue current = dialogue;
        return current == null ? List.of() : current.result().errors();
    }

    List<QOcspResponse> ocspResponses() {
        TlsDialogue current = dialogue;
        return current == null ? List.of() : current.result().responses();
    }

    // ---- starting ------------------------------------------------------------------------------------------------

    /** {@return whether TLS can be started with these settings; emits the error if not (B-030, B-031)} */
    boolean checkStartable() {
        try {
            configuration.openContext(TlsRole.CLIENT, isPskWanted());
            return true;
        } catch (TlsException e) {
            emitError(codeOf(e), String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean isPskWanted() {
        return emitter.hasSlots(preSharedKeyAuthenticationRequired);
    }

    private static SocketError codeOf(TlsException e) {
        return switch (e.error()) {
            case NO_BACKEND, INTERNAL -> SocketError.SSL_INTERNAL_ERROR;
            default -> SocketError.SSL_INVALID_USER_DATA_ERROR;
        };
    }

    /** Ends the connection for a reason that is not the engine's. */
    void refuse(SocketError code, String text) {
        emitError(code, text);
        abort();
    }

    /** Connects, and has the client's handshake start as soon as the connection stands; nothing is sent in clear. */
    void connectEncrypted(String host, int port, OpenMode openMode, NetworkLayerProtocol protocol) {
        encryptNext = true;
        connectToHost(host, port, openMode, protocol);
    }

    @Override
    protected void resetForAttempt() {
        super.resetForAttempt();
        mode = SslMode.UNENCRYPTED_MODE;
        encryptedNow = false;
        encryptOnConnect = encryptNext;
        encryptNext = false;
        paused = false;
        peerChain = List.of();
        parameters = null;
        session = configuration.session().ticketOnly();
        dialogue = null;
        encryptions.reset();
    }

    @Override
    protected boolean isPlainHeld() {
        return encryptOnConnect;
    }

    @Override
    protected void transportConnected() {
        if (encryptOnConnect) {
            startEncryption(TlsRole.CLIENT, new byte[0]);
        }
    }

    /**
     * Starts the handshake.
     *
     * @param role our side
     * @param putBack bytes that the application looked at: the beginning of the handshake
     */
    void startEncryption(TlsRole role, byte[] putBack) {
        Connection attempt = connection();
        if (attempt == null || state() != SocketState.CONNECTED_STATE || mode != SslMode.UNENCRYPTED_MODE) {
            LOG.log(
                    Level.WARNING,
                    "starting TLS is possible on a connected socket that is not encrypted; this one is in " + state()
                            + " and " + mode + ": ignored");
            return;
        }
        try {
            SharedContext shared = configuration.openContext(role, isPskWanted());
            String name = nameToVerify();
            PeerVerification verification = new PeerVerification(shared, role, name, Clock.systemUTC());
            TlsDialogue started = new TlsDialogue(this, attempt, role, verification);
            TlsEngine engine = shared.context().newEngine(request(role, name), started);
            dialogue = started;
            setMode(role == TlsRole.CLIENT ? SslMode.SSL_CLIENT_MODE : SslMode.SSL_SERVER_MODE);
            startTls(attempt, engine, putBack);
        } catch (TlsException e) {
            // Whatever was or will be written was meant to be encrypted: none of it may leave.
            holdPlainBytes();
            emitError(codeOf(e), String.valueOf(e.getMessage()));
            if (encryptOnConnect) {
                abort();
            }
        }
    }

    private void setMode(SslMode next) {
        mode = next;
        onDriver(() -> emitter.emit(modeChanged, next));
    }

    private String nameToVerify() {
        if (!verifyName.isEmpty()) {
            return verifyName;
        }
        return peerName().isEmpty() ? peerAddress().toString() : peerName();
    }

    private EngineRequest request(TlsRole role, String name) {
        if (role == TlsRole.SERVER) {
            return EngineRequest.server();
        }
        boolean sharing = !configuration.testSslOption(SslOption.DISABLE_SESSION_SHARING);
        String host = peerName().isEmpty() ? peerAddress().toString() : peerName();
        PeerKey key = sharing ? new PeerKey(host, peerPort(), name) : null;
        boolean named = !configuration.testSslOption(SslOption.DISABLE_SERVER_NAME_INDICATION);
        EngineRequest request =
                EngineRequest.client(key, named ? ServerNames.forExtension(name).orElse(null) : null);
        return session.hasTicket() ? request.withSession(session.ticket()) : request;
    }

    // ---- what the engine says ------------------------------------------------------------------------------------

    @Override
    protected boolean isTlsStarted() {
        return mode != SslMode.UNENCRYPTED_MODE;
    }

    @Override
    public void peerPresented(List<X509Certificate> chain) {
        peerChain = chain;
    }

    @Override
    public boolean mustInterruptOnError() {
        return configuration.handshakeMustInterruptOnError();
    }

    @Override
    public void emitInterruption(QSslError error) {
        emitter.emit(handshakeInterruptedOnError, error);
    }

    void continueInterruptedHandshake() {
        TlsDialogue current = dialogue;
        if (current == null || !isOwner()) {
            LOG.log(Level.WARNING, "continueInterruptedHandshake() outside handshakeInterruptedOnError: ignored");
            return;
        }
        current.continueInterruptedHandshake();
    }

    @Override
    public boolean canOverrule() {
        return pauseMode == PauseMode.PAUSE_ON_SSL_ERRORS
                || emitter.hasSlots(sslErrors)
                || emitter.hasSlots(peerVerifyError);
    }

    // While a list is set, the flag does not count (B-077).
    @Override
    public boolean ignoresAll(List<QSslError> errors) {
        List<QSslError> list = ignored;
        return list.isEmpty() ? ignoreAll : list.containsAll(errors);
    }

    void ignoreAll() {
        ignoreAll = true;
    }

    void ignore(List<QSslError> errors) {
        ignored = List.copyOf(errors);
    }

    @Override
    public PskAnswer askForPreSharedKey(PskQuestion question) {
        QSslPreSharedKeyAuthenticator authenticator = QSslPreSharedKeyAuthenticator.of(question);
        emitter.emit(preSharedKeyAuthenticationRequired, authenticator);
        return authenticator.answer();
    }

    @Override
    protected void engineSpoke(Connection from) {
        TlsDialogue current = dialogue;
        while (current != null && current == dialogue) {
            TlsDialogue.Note note = current.nextNote();
            if (note == null) {
                return;
            }
            if (note instanceof TlsDialogue.Note.AlertSent sent) {
                emitter.emit(alertSent, AlertEvent.of(sent.alert()));
            } else if (note instanceof TlsDialogue.Note.AlertReceived got) {
                emitter.emit(alertReceived, AlertEvent.of(got.alert()));
            } else if (note instanceof TlsDialogue.Note.NewSession given) {
                sessionGiven(given);
            } else {
                announceErrors(current);
            }
        }
    }

    private void sessionGiven(TlsDialogue.Note.NewSession given) {
        if (configuration.testSslOption(SslOption.DISABLE_SESSION_PERSISTENCE)) {
            return;
        }
        session = session.withTicket(given.ticket());
        NegotiatedParameters agreed = parameters;
        if (agreed != null && agreed.protocol() == SslProtocol.TLS_V1_3) {
            emitter.emit(newSessionTicketReceived);
        }
    }

    // Returns whether the connection is still there: a slot may end it, which stops further signals (B-065).
    private boolean announceErrors(TlsDialogue current) {
        if (!current.wasInterrupted()) {
            for (QSslError error : current.result().announced()) {
                emitter.emit(peerVerifyError, error);
                if (isOver(current)) {
                    return false;
                }
            }
        }
        emitter.emit(sslErrors, current.result().errors());
        return !isOver(current);
    }

    private boolean isOver(TlsDialogue current) {
        return current != dialogue || current.connection().isEnding();
    }

    @Override
    protected void decisionDue(Connection from) {
        TlsDialogue current = Objects.requireNonNull(dialogue);
        if (!announceErrors(current)) {
            return;
        }
        if (ignoresAll(current.result().errors())) {
            decide(from, PeerDecision.ACCEPT);
        } else if (pauseMode == PauseMode.PAUSE_ON_SSL_ERRORS) {
            paused = true;
        } else {
            decide(from, current.result().refusal());
        }
    }

    /** Goes on after a pause: with what is ignored by now, or not at all (B-108..B-111). */
    void resume() {
        TlsDialogue current = dialogue;
        if (current == null || !paused) {
            return;
        }
        paused = false;
        boolean accepted = ignoresAll(current.result().errors());
        decide(
                current.connection(),
                accepted ? PeerDecision.ACCEPT : current.result().refusal());
    }

    @Override
    protected void encrypted(Connection from) {
        parameters = from.parameters();
        encryptedNow = true;
        emitter.emit(encrypted);
        encryptions.add();
    }

    @Override
    protected void encryptedBytesWritten(long count) {
        emitter.emit(encryptedBytesWritten, count);
    }

    @Override
    protected void connectionEnded() {
        encryptedNow = false;
        ignoreAll = false;
    }

    // ---- waiting -------------------------------------------------------------------------------------------------

    boolean waitForEncrypted(long millis) {
        Connection current = connection();
        if (current == null || (mode == SslMode.UNENCRYPTED_MODE && !encryptOnConnect)) {
            return false;
        }
        if (mode == SslMode.UNENCRYPTED_MODE && !checkStartable()) {
            return false;
        }
        long base = encryptions.base(isDriver());
        if (encryptedNow && encryptions.count() == base) {
            return false;
        }
        long deadline = deadlineIn(millis);
        if (!await(() -> encryptions.count() > base, deadline)) {
            return timedOut("the TLS handshake with", deadline);
        }
        encryptions.see();
        return true;
    }
}
