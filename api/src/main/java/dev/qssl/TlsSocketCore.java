package dev.qssl;

import dev.qssl.QSsl.SslMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.io.Connection;
import dev.qssl.internal.io.KeyingMaterial;
import dev.qssl.internal.io.SelectorLoop;
import dev.qssl.internal.io.SocketCore;
import dev.qssl.internal.io.UncaughtExceptions;
import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PauseMode;
import dev.qssl.net.Signal;
import dev.qssl.net.Signal.Nothing;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.PskAnswer;
import dev.qssl.spi.PskQuestion;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The inside of a {@link QSslSocket}: what TLS adds to a socket's state, its signals and its waiting. */
final class TlsSocketCore extends SocketCore {

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
    private volatile PauseMode pauseMode = PauseMode.PAUSE_NEVER;
    private volatile List<QSslError> ignored = List.of();
    private boolean ignoresAllNext;
    private volatile TlsAttempt tls = TlsAttempt.NONE;

    TlsSocketCore(@Nullable SelectorLoop loop) {
        super(loop);
        Backends.shared().touch();
    }

    QSslConfiguration configuration() {
        return configuration;
    }

    void setConfiguration(QSslConfiguration next) {
        configuration = next;
    }

    /** {@return the configuration with what the connection filled in} */
    QSslConfiguration liveConfiguration() {
        TlsAttempt current = tls;
        NegotiatedParameters agreed = current.parameters();
        SessionState state = current.session().withPeerChain(current.peerChain());
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
        return tls.mode();
    }

    boolean isEncrypted() {
        return tls.isEncrypted();
    }

    List<X509Certificate> peerChain() {
        return tls.peerChain();
    }

    @Nullable NegotiatedParameters parameters() {
        TlsAttempt current = tls;
        return current.isEncrypted() ? current.parameters() : null;
    }

    byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) {
        KeyingMaterial wanted = new KeyingMaterial(label, context, length);
        TlsAttempt current = tls;
        Connection attempt = current.connection();
        if (attempt == null || !current.isEncrypted()) {
            throw new IllegalStateException("there are no keys to derive from: the connection is not encrypted");
        }
        try {
            return attempt.exportKeyingMaterial(wanted);
        } catch (TlsException e) {
            String text = String.valueOf(e.getMessage());
            if (e.error() == TlsError.UNSUPPORTED_SETTING) {
                throw new UnsupportedOperationException(
                        text + "; use a backend that can (BackendRequirements finds one by need)", e);
            }
            throw new IllegalStateException(text, e);
        }
    }

    List<QSslError> handshakeErrors() {
        return tls.result().errors();
    }

    List<QOcspResponse> ocspResponses() {
        return tls.result().responses();
    }

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

    private static SocketError codeOf(Throwable e) {
        boolean isSetting =
                e instanceof TlsException tls && tls.error() != TlsError.INTERNAL && tls.error() != TlsError.NO_BACKEND;
        return isSetting ? SocketError.SSL_INVALID_USER_DATA_ERROR : SocketError.SSL_INTERNAL_ERROR;
    }

    /** Ends the connection for a reason that is not the engine's. */
    void refuse(SocketError code, String text) {
        Connection attempt = connection();
        if (attempt == null) {
            emitError(code, text);
        } else {
            abort(attempt, code, text);
        }
    }

    /** Connects, and has the client's handshake start as soon as the connection stands; nothing is sent in clear. */
    void connectEncrypted(String host, int port, OpenMode openMode, NetworkLayerProtocol protocol) {
        connectToHost(host, port, openMode, protocol, attempt -> {
            tls = TlsAttempt.encrypted(attempt, takeIgnoresAllNext(), configuredSession());
            holdPlainBytes(attempt);
        });
    }

    @Override
    protected void attemptBegins(Connection attempt) {
        tls = TlsAttempt.plain(attempt, takeIgnoresAllNext(), configuredSession());
    }

    private SessionState configuredSession() {
        return configuration.session().ticketOnly();
    }

    @Override
    public void transportConnected(Connection from) {
        TlsAttempt current = tls;
        if (current.isOf(from) && current.isEncryptedAtOnce()) {
            startEncryption(TlsRole.CLIENT);
        }
    }

    /** Starts the handshake on a connected socket in clear; otherwise warns and does nothing. */
    void startEncryption(TlsRole role) {
        TlsAttempt current = tls;
        Connection attempt = current.connection();
        boolean connected = status().state() == SocketState.CONNECTED_STATE;
        if (attempt == null || !connected || !isLive(attempt) || !current.claim()) {
            LOG.log(
                    Level.WARNING,
                    "starting TLS is possible on a connected socket that is not encrypted; this one is in "
                            + status().state() + " and " + current.mode() + ": ignored");
            return;
        }
        try {
            start(current, attempt, role);
        } catch (TlsException | RuntimeException | LinkageError e) {
            // Whatever was or will be written was meant to be encrypted: none of it may leave.
            holdPlainBytes(attempt);
            current.giveBack();
            String text = e instanceof TlsException ? String.valueOf(e.getMessage()) : "the TLS library failed: " + e;
            if (current.isEncryptedAtOnce()) {
                abort(attempt, codeOf(e), text);
            } else {
                emitError(codeOf(e), text);
            }
        }
    }

    private void start(TlsAttempt current, Connection attempt, TlsRole role) throws TlsException {
        SharedContext shared = configuration.openContext(role, isPskWanted());
        String name = role == TlsRole.CLIENT ? nameToVerify() : "";
        PeerVerification verification = new PeerVerification(shared, role, name);
        TlsDialogue dialogue = new TlsDialogue(new Questions(current), attempt, role, verification);
        TlsEngine engine = shared.context().newEngine(request(current, role, name), dialogue);
        SslMode mode = role == TlsRole.CLIENT ? SslMode.SSL_CLIENT_MODE : SslMode.SSL_SERVER_MODE;
        current.start(dialogue, mode);
        emitAsOwner(() -> emitter.emit(modeChanged, mode));
        attempt.startTls(engine, dialogue::isPeerTrusted, signals.device.lookBack.takeAll());
    }

    private String nameToVerify() {
        return verifyName.isEmpty() ? peerHost() : verifyName;
    }

    private String peerHost() {
        String name = status().peerName();
        return name.isEmpty() ? status().peerAddress().toString() : name;
    }

    private EngineRequest request(TlsAttempt current, TlsRole role, String name) {
        if (role == TlsRole.SERVER) {
            return EngineRequest.server().withStaples(configuration.stapledOcspResponses());
        }
        boolean sharing = !configuration.testSslOption(SslOption.DISABLE_SESSION_SHARING);
        PeerKey key = sharing ? new PeerKey(peerHost(), status().peerPort(), name) : null;
        boolean named = !configuration.testSslOption(SslOption.DISABLE_SERVER_NAME_INDICATION);
        EngineRequest request =
                EngineRequest.client(key, named ? ServerNames.forExtension(name).orElse(null) : null);
        SessionState session = current.session();
        return session.hasTicket() ? request.withSession(session.ticket()) : request;
    }

    /** Answers the engine of one attempt, from inside it. */
    private final class Questions implements TlsDialogue.Owner {

        private final TlsAttempt attempt;
        private final KeyLog keyLog = configuration.keyLog();

        Questions(TlsAttempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public boolean mustInterruptOnError() {
            return configuration.handshakeMustInterruptOnError();
        }

        @Override
        public void emitInterruption(QSslError error) {
            emitter.emit(handshakeInterruptedOnError, error);
        }

        @Override
        public boolean canOverrule() {
            return pauseMode == PauseMode.PAUSE_ON_SSL_ERRORS
                    || emitter.hasSlots(sslErrors)
                    || emitter.hasSlots(peerVerifyError);
        }

        @Override
        public boolean ignoresAll(List<QSslError> errors) {
            return isIgnored(attempt, errors);
        }

        @Override
        public void logSecret(String line) {
            try {
                keyLog.append(line);
            } catch (RuntimeException e) {
                UncaughtExceptions.tell(e);
            }
        }

        @Override
        public PskAnswer askForPreSharedKey(PskQuestion question) {
            QSslPreSharedKeyAuthenticator authenticator = QSslPreSharedKeyAuthenticator.of(question);
            emitter.emit(preSharedKeyAuthenticationRequired, authenticator);
            return authenticator.answer();
        }
    }

    // While a list is set, the flag does not count (B-077).
    private boolean isIgnored(TlsAttempt attempt, List<QSslError> errors) {
        List<QSslError> list = ignored;
        return list.isEmpty() ? attempt.ignoresAll() : list.containsAll(errors);
    }

    /** Accepts every problem: of the attempt under way or, if there is none, of the next (C1). */
    void ignoreAll() {
        TlsAttempt current = tls;
        Connection attempt = current.connection();
        boolean underWay = attempt != null
                && isLive(attempt)
                && status().state() != SocketState.UNCONNECTED_STATE
                && status().state() != SocketState.BOUND_STATE;
        if (underWay) {
            current.ignoreAll();
        } else {
            ignoreAllNext();
        }
    }

    private synchronized void ignoreAllNext() {
        ignoresAllNext = true;
    }

    private synchronized boolean takeIgnoresAllNext() {
        boolean taken = ignoresAllNext;
        ignoresAllNext = false;
        return taken;
    }

    void ignore(List<QSslError> errors) {
        ignored = List.copyOf(errors);
    }

    void continueInterruptedHandshake() {
        TlsDialogue current = tls.dialogue();
        if (current == null || !current.connection().isInsideEngine()) {
            LOG.log(Level.WARNING, "continueInterruptedHandshake() outside handshakeInterruptedOnError: ignored");
            return;
        }
        current.continueInterruptedHandshake();
    }

    @Override
    public void engineSpoke(Connection from) {
        TlsAttempt current = tls;
        TlsDialogue dialogue = current.dialogue();
        while (dialogue != null && current.isOf(from) && isLive(from)) {
            TlsDialogue.Note note = dialogue.nextNote();
            if (note == null) {
                return;
            }
            tell(current, dialogue, note);
        }
    }

    private void tell(TlsAttempt current, TlsDialogue dialogue, TlsDialogue.Note note) {
        if (note instanceof TlsDialogue.Note.AlertSent sent) {
            emitter.emit(alertSent, AlertEvent.of(sent.alert()));
        } else if (note instanceof TlsDialogue.Note.AlertReceived got) {
            emitter.emit(alertReceived, AlertEvent.of(got.alert()));
        } else if (note instanceof TlsDialogue.Note.NewSession given && current.parameters() == null) {
            current.holdBack(given);
        } else if (note instanceof TlsDialogue.Note.NewSession given) {
            keepSession(current, given);
        } else {
            announceErrors(dialogue, dialogue.connection().isEnding());
        }
    }

    private void keepSession(TlsAttempt current, TlsDialogue.Note.NewSession given) {
        if (configuration.testSslOption(SslOption.DISABLE_SESSION_PERSISTENCE)) {
            return;
        }
        current.keep(current.session().withTicket(given.ticket()));
        NegotiatedParameters agreed = current.parameters();
        if (agreed != null && agreed.protocol() == SslProtocol.TLS_V1_3) {
            emitter.emit(newSessionTicketReceived);
        }
    }

    // Returns whether the connection goes on: a slot may end it, which stops further signals (B-065). An end that was
    // asked for before only comes after the handshake (B-149).
    private boolean announceErrors(TlsDialogue current, boolean endRemembered) {
        if (!current.wasInterrupted()) {
            for (QSslError error : current.result().announced()) {
                emitter.emit(peerVerifyError, error);
                if (isOver(current, endRemembered)) {
                    return false;
                }
            }
        }
        emitter.emit(sslErrors, current.result().errors());
        return !isOver(current, endRemembered);
    }

    private boolean isOver(TlsDialogue current, boolean endRemembered) {
        Connection attempt = current.connection();
        return !isLive(attempt) || (attempt.isEnding() && !endRemembered);
    }

    @Override
    public void decisionDue(Connection from) {
        TlsAttempt current = tls;
        if (!current.isOf(from)) {
            return;
        }
        TlsDialogue dialogue = Objects.requireNonNull(current.dialogue());
        current.expectPause();
        if (!announceErrors(dialogue, from.isEnding())) {
            return;
        }
        boolean stays = pauseMode == PauseMode.PAUSE_ON_SSL_ERRORS
                && !isIgnored(current, dialogue.result().errors())
                && current.pause();
        if (!stays) {
            decide(current, dialogue);
        }
    }

    private void decide(TlsAttempt attempt, TlsDialogue dialogue) {
        boolean accepted = isIgnored(attempt, dialogue.result().errors());
        dialogue.connection().decide(dialogue.decide(accepted));
    }

    /** Goes on after a pause, once its slots have returned: with what is ignored by then, or not at all (B-108..B-111). */
    void resume() {
        TlsAttempt current = tls;
        TlsDialogue dialogue = current.dialogue();
        if (dialogue != null && current.resume()) {
            decide(current, dialogue);
        }
    }

    @Override
    public void encrypted(Connection from) {
        TlsAttempt current = tls;
        if (!current.isOf(from)) {
            return;
        }
        current.encrypt(from.parameters());
        int announcement = current.encryptions().announce();
        emitter.emit(encrypted);
        current.encryptions().tell(announcement);
        for (TlsDialogue.Note.NewSession early : current.takeHeldBack()) {
            if (isLive(from)) {
                keepSession(current, early);
            }
        }
    }

    @Override
    public void encryptedBytesWritten(Connection from, long count) {
        emitter.emit(encryptedBytesWritten, count);
    }

    @Override
    public void connectionEnded(Connection from) {
        TlsAttempt current = tls;
        if (current.isOf(from)) {
            current.end();
        }
    }

    boolean waitForEncrypted(long millis) {
        TlsAttempt current = tls;
        Connection attempt = current.connection();
        boolean inClear = current.mode() == SslMode.UNENCRYPTED_MODE;
        if (attempt == null || (inClear && !current.isEncryptedAtOnce()) || (inClear && !checkStartable())) {
            return false;
        }
        if (current.isEncrypted() && !waits().isUnknown(attempt, current.encryptions())) {
            return false;
        }
        return waits().forTally(attempt, current.encryptions(), "the TLS handshake with", millis);
    }
}
