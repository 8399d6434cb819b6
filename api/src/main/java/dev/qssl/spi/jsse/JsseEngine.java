package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capability;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One connection on an {@link SSLEngine}.
 *
 * <p>An {@code SSLEngine} handles one record a call and says in three ways what it wants; this class turns that into calls
 * that handle all records there are. During the handshake a {@link WireObserver} reads along and a {@link PeerQuestion} asks
 * the owner about the peer; both are out of the way once data flows.
 */
final class JsseEngine implements TlsEngine {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int ASIDE_BYTES = 1024;
    private static final int HANDSHAKE_RECORD = 22;
    private static final int APPLICATION_DATA_RECORD = 23;
    private static final byte ALERT_RECORD = 21;
    private static final byte FATAL = 2;
    private static final int FIRST_RECORD_TYPE = 20;
    private static final int LAST_RECORD_TYPE = 24;
    private static final int MAJOR_VERSION = 3;
    private static final int TLS_1_2 = 0x0303;

    private enum Phase {
        /** Nothing was done yet. */
        NEW,
        /** The handshake goes on, or waits for a decision. */
        HANDSHAKING,
        /** Application data flows, in one direction at least. */
        ESTABLISHED,
        /** Over, with a cause; last words may be left. */
        FAILED,
        /** Given back by its owner. */
        CLOSED
    }

    private final EngineSetup setup;
    private final SSLEngine engine;
    private final EngineRequest request;
    private final TlsEvents events;
    private final Optional<SessionStore> sessions;
    private final PeerQuestion peer;
    private final Cleaner.Cleanable natives;
    private final int maxRecordBytes;
    private final int recordRoom;
    private final boolean announcesOutput;
    private final int maxPlaintextBytes;

    private Phase phase = Phase.NEW;
    private boolean established;

    /** Reads along until the handshake is done, and is forgotten then. */
    private @Nullable WireObserver observer;

    /** Whether records of type handshake are in clear after the handshake: up to TLS 1.2 they begin another one. */
    private boolean renegotiable;

    private boolean taskTaken;
    private boolean decisionAnnounced;

    /** The peer's close_notify came. */
    private boolean peerClosed;

    /** Our close_notify is in the output, or was. */
    private boolean outputClosed;

    private @Nullable TlsException firstCause;
    private boolean causeThrown;

    /** What is left to send when the library has no say any more. */
    private ByteBuffer lastWords = NO_BYTES;

    /** What a library that does not announce it had to say besides data. */
    private ByteBuffer asides = NO_BYTES;

    private int recordPlaintext = RecordPlaintext.MAXIMUM;
    private @Nullable NegotiatedParameters parameters;

    JsseEngine(
            EngineSetup setup,
            SSLEngine engine,
            EngineRequest request,
            TlsEvents events,
            Optional<SessionStore> sessions) {
        this.setup = setup;
        this.engine = engine;
        this.request = request;
        this.events = events;
        this.sessions = sessions;
        this.peer = new PeerQuestion(events, setup.settings().isOcspStaplingEnabled());
        this.observer = new WireObserver(request.role());
        this.maxRecordBytes = engine.getSession().getPacketBufferSize();
        this.recordRoom = setup.library().recordRoom(engine);
        this.announcesOutput = setup.library().announcesOutput();
        this.maxPlaintextBytes = engine.getSession().getApplicationBufferSize();
        this.natives = NativeMemory.of(this, setup.library(), engine);
    }

    @Override
    public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        Need due = phase == Phase.ESTABLISHED ? null : advance();
        while (due == null && phase == Phase.HANDSHAKING) {
            due = receiveFlight(records, plaintext);
        }
        return due != null ? due : openRecords(records, plaintext);
    }

    @Override
    public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (causeThrown && lastWords.hasRemaining()) {
            return speakLastWords(records);
        }
        Need due = phase == Phase.ESTABLISHED ? null : advance();
        while (due == null && phase == Phase.HANDSHAKING) {
            due = sendFlight(records);
        }
        return due != null ? due : sealRecords(plaintext, records);
    }

    /** {@return what keeps the handshake from going on, or null} */
    private @Nullable Need advance() throws TlsException {
        switch (phase) {
            case NEW -> {
                if (outputClosed) {
                    return Need.NOTHING;
                }
                begin();
            }
            case FAILED -> throw firstCause();
            case CLOSED -> throw new IllegalStateException("the engine is closed");
            case HANDSHAKING, ESTABLISHED -> {}
        }
        if (taskTaken) {
            // What a task threw is kept by the library and comes out of the next call, whichever it is.
            taskTaken = false;
            return settle(unwrapInHandshake(NO_BYTES, NO_BYTES));
        }
        return decisionDue();
    }

    private void begin() throws TlsException {
        phase = Phase.HANDSHAKING;
        try {
            engine.beginHandshake();
            setup.library().begun(engine, setup.settings(), request);
        } catch (SSLException | RuntimeException thrown) {
            // Nothing came from the peer yet: what is wrong is what we asked for.
            throw failed(new Failure(setup, thrown)
                    .because(new TlsException(
                            TlsError.INVALID_SETTING,
                            activity() + " failed: backend " + setup.backend()
                                    + " cannot begin it with these settings: " + thrown.getMessage(),
                            thrown)));
        }
    }

    private @Nullable Need decisionDue() {
        if (!peer.isDeferred()) {
            return null;
        }
        if (decisionAnnounced) {
            throw new IllegalStateException("a decision about the peer is outstanding: call resume first");
        }
        decisionAnnounced = true;
        return Need.DECISION;
    }

    private @Nullable Need receiveFlight(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                return Need.TASK;
            }
            case NEED_WRAP -> {
                return Need.OUTPUT;
            }
            default -> {
                if (records.remaining() >= RECORD_HEADER_BYTES) {
                    refuseForbidden(records, recordBytes(records));
                }
                SSLEngineResult result = unwrapInHandshake(records, plaintext);
                Need due = settle(result);
                if (due != null || phase != Phase.HANDSHAKING) {
                    return due;
                }
                return switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> Need.INPUT;
                    case CLOSED -> throw fail(closedInHandshake());
                    case OK -> {
                        requireProgress(result.bytesConsumed() > 0
                                || result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP);
                        yield null;
                    }
                };
            }
        }
    }

    private @Nullable Need sendFlight(ByteBuffer records) throws TlsException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                return Need.TASK;
            }
            case NEED_WRAP -> {
                if (records.remaining() < recordRoom) {
                    return Need.OUTPUT;
                }
                SSLEngineResult result = wrapInHandshake(records);
                Need due = settle(result);
                if (due == null && phase == Phase.HANDSHAKING) {
                    if (result.getStatus() == Status.CLOSED) {
                        throw fail(closedInHandshake());
                    }
                    requireProgress(
                            result.bytesProduced() > 0 || result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP);
                }
                return due;
            }
            default -> {
                return Need.INPUT;
            }
        }
    }

    private SSLEngineResult unwrapInHandshake(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        int from = records.position();
        PeerQuestion outer = PeerTrust.enter(peer);
        try {
            // Looked at before, because the library may decrypt in place.
            TlsAlert alert = WireObserver.alert(records, from, records.limit());
            SSLEngineResult result = unwrap(records, plaintext);
            wire().incoming(records, from, records.position());
            if (alert != null && records.position() > from) {
                events.alertReceived(alert);
            }
            return result;
        } catch (SSLException | RuntimeException thrown) {
            throw libraryFailed(thrown, records, from);
        } finally {
            PeerTrust.leave(outer);
        }
    }

    private SSLEngineResult wrapInHandshake(ByteBuffer records) throws TlsException {
        int from = records.position();
        PeerQuestion outer = PeerTrust.enter(peer);
        try {
            SSLEngineResult result = engine.wrap(NO_BYTES, records);
            wire().outgoing(records, from, records.position());
            return result;
        } catch (SSLException | RuntimeException thrown) {
            throw libraryFailed(thrown, NO_BYTES, 0);
        } finally {
            PeerTrust.leave(outer);
        }
    }

    /** Looks at what a step of the handshake brought about: a question about the peer, or the end of the handshake. */
    private @Nullable Need settle(SSLEngineResult settled) throws TlsException {
        SSLEngineResult result = settled;
        if (peer.isOpen() && isPeerProven()) {
            if (!announcesOutput && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                // Conscrypt (2.9.0) has the certificates of a resumed session only after its own last step, which this
                // is.
                result = unwrapInHandshake(NO_BYTES, NO_BYTES);
            }
            if (isPeerUnwanted()) {
                peer.skip();
            } else {
                peer.sessionIsThere(engine.getSession(), wire().isResumed());
            }
        }
        PeerDecision.Refuse refusal = peer.refusal();
        if (refusal != null) {
            throw refuse(refusal);
        }
        Need due = decisionDue();
        HandshakeStatus status = result.getHandshakeStatus();
        boolean isDone = status == HandshakeStatus.FINISHED || status == HandshakeStatus.NOT_HANDSHAKING;
        if (due == null && isDone && result.getStatus() != Status.CLOSED) {
            if (peer.isOpen()) {
                throw kill(
                        TlsError.INTERNAL,
                        "backend " + setup.backend() + " finished the handshake without showing who the peer is");
            }
            complete();
        }
        return due;
    }

    /**
     * {@return whether the peer's Finished was checked, our own last flight being still in the library} The library shows it
     * by giving the connection its session; a TLS 1.3 server has one earlier, but keeps the handshake's own until then.
     */
    private boolean isPeerProven() {
        String protocol = engine.getSession().getProtocol();
        return !"NONE".equals(protocol)
                && (request.role() == TlsRole.CLIENT
                        || !SslProtocol.TLS_V1_3.displayName().equals(protocol)
                        || engine.getHandshakeSession() == null);
    }

    private boolean isPeerUnwanted() {
        return request.role() == TlsRole.SERVER
                && setup.settings().verifyMode(TlsRole.SERVER) == PeerVerifyMode.VERIFY_NONE;
    }

    private void complete() {
        phase = Phase.ESTABLISHED;
        established = true;
        SslProtocol protocol = JsseNames.protocol(engine.getSession().getProtocol());
        renegotiable = protocol != SslProtocol.TLS_V1_3;
        recordPlaintext = setup.facts().recordPlaintext().assumed(protocol);
        parameters = Agreement.of(engine, wire(), request, setup, peer.authorities());
        observer = null;
        peer.wipe();
        hearAsides();
        tellNewSessions();
    }

    private void tellNewSessions() {
        sessions.ifPresent(store -> store.takeNew(engine, request).forEach(events::newSession));
    }

    /**
     * Has the library say what it would keep to itself until it is given data to send: session tickets, KeyUpdate,
     * close_notify.
     */
    private void hearAsides() {
        if (announcesOutput) {
            return;
        }
        ByteBuffer said = ByteBuffer.allocate(ASIDE_BYTES);
        try {
            SSLEngineResult result = engine.wrap(NO_BYTES, said);
            if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                said = ByteBuffer.allocate(recordRoom);
                engine.wrap(NO_BYTES, said);
            }
        } catch (SSLException | RuntimeException thrown) {
            // It will come again from the call that is made for data, which can report it.
            return;
        }
        if (said.position() > 0) {
            asides = asides.hasRemaining()
                    ? ByteBuffer.allocate(asides.remaining() + said.position())
                            .put(asides)
                            .put(said.flip())
                            .flip()
                    : said.flip();
        }
    }

    private WireObserver wire() {
        return Objects.requireNonNull(observer);
    }

    private Need openRecords(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        while (!peerClosed) {
            int from = records.position();
            if (records.remaining() < RECORD_HEADER_BYTES) {
                // SunJSSE (JDK 17) looks for room before input: with part of a header it asks for that of the longest
                // record, and calls less an overflow.
                return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
            }
            int length = recordBytes(records);
            // A record's plaintext is shorter than the record, so a short one needs little room.
            if (plaintext.remaining() < Math.min(length, maxPlaintextBytes)) {
                return Need.INPUT;
            }
            refuseForbidden(records, length);
            SSLEngineResult result;
            try {
                result = unwrap(records, plaintext);
            } catch (SSLException | RuntimeException thrown) {
                throw libraryFailed(thrown, records, from);
            }
            switch (result.getStatus()) {
                case OK -> {
                    requireProgress(result.bytesConsumed() > 0 || result.bytesProduced() > 0);
                    if (result.bytesProduced() == 0) {
                        hearAsides();
                        tellNewSessions();
                    }
                    if (asides.hasRemaining() || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        return Need.OUTPUT;
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
                }
                case BUFFER_OVERFLOW -> throw kill(TlsError.RECORD_OVERFLOW, "the peer sent a record that is too long");
                case CLOSED -> {
                    // Conscrypt (2.9.0) says it as well of data that comes when only our direction is closed.
                    if (result.bytesProduced() == 0 || engine.isInboundDone()) {
                        peerHasClosed();
                    }
                }
            }
        }
        return Need.CLOSED;
    }

    /** {@return the length of the record at the position, its header included} */
    private static int recordBytes(ByteBuffer records) {
        int at = records.position();
        return RECORD_HEADER_BYTES
                + (Byte.toUnsignedInt(records.get(at + 3)) << 8 | Byte.toUnsignedInt(records.get(at + 4)));
    }

    private void refuseForbidden(ByteBuffer records, int length) throws TlsException {
        int type = Byte.toUnsignedInt(records.get(records.position()));
        int version = records.get(records.position() + 1);
        if (type < FIRST_RECORD_TYPE || type > LAST_RECORD_TYPE || version != MAJOR_VERSION) {
            // The JDK checks this only in the beginning, and later waits for as many bytes as the garbage says.
            throw kill(TlsError.PROTOCOL_VIOLATION, "the peer sent bytes that are no record of TLS");
        }
        if (type == APPLICATION_DATA_RECORD && !established && !wire().isTheirsEncrypted()) {
            // The JDK blames itself for it, with internal_error.
            throw kill(
                    TlsError.PROTOCOL_VIOLATION,
                    "the peer sent application data in clear, before there are keys (RFC 8446, section 5)");
        }
        if (renegotiable && type == HANDSHAKE_RECORD) {
            throw kill(
                    TlsError.RENEGOTIATION_REFUSED,
                    "the peer began another handshake on an established connection; renegotiation is always refused");
        }
        // The JSSE would double its buffers for it and from then on want twice the room for every record.
        if (length > maxRecordBytes) {
            throw kill(
                    TlsError.RECORD_OVERFLOW,
                    "the peer sent a record of " + length + " bytes, more than " + maxRecordBytes
                            + " (RFC 8446, section 5.2; RFC 5246, section 6.2.3)");
        }
    }

    /** The JDK decrypts in place, which JDK 17 cannot do in memory that it may not write. */
    private SSLEngineResult unwrap(ByteBuffer records, ByteBuffer plaintext) throws SSLException {
        if (!records.isReadOnly()) {
            return engine.unwrap(records, plaintext);
        }
        int count = Math.min(records.remaining(), maxRecordBytes);
        ByteBuffer copy = ByteBuffer.allocate(count).put(0, records, records.position(), count);
        try {
            return engine.unwrap(copy, plaintext);
        } finally {
            records.position(records.position() + copy.position());
        }
    }

    private void peerHasClosed() {
        peerClosed = true;
        events.alertReceived(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        hearAsides();
        if (!outputClosed && (renegotiable || asides.hasRemaining())) {
            // Up to TLS 1.2 the library answers at once and drops what was not sent (RFC 5246, section 7.2.1).
            outputClosed = true;
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
    }

    private Need sealRecords(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (asides.hasRemaining()) {
            move(asides, records);
        }
        try {
            while (plaintext.hasRemaining() && !outputClosed && !asides.hasRemaining()) {
                if (records.remaining() < recordRoom) {
                    return Need.OUTPUT;
                }
                SSLEngineResult result = engine.wrap(plaintext, records);
                int consumed = result.bytesConsumed();
                requireProgress(consumed > 0 || result.bytesProduced() > 0);
                if (consumed != recordPlaintext && consumed > 1 && plaintext.hasRemaining()) {
                    learnRecordPlaintext(consumed);
                }
            }
            while (hasOutput()) {
                if (records.remaining() < recordRoom || asides.hasRemaining()) {
                    return Need.OUTPUT;
                }
                requireProgress(engine.wrap(NO_BYTES, records).bytesProduced() > 0);
            }
        } catch (SSLException | RuntimeException thrown) {
            throw libraryFailed(thrown, NO_BYTES, 0);
        }
        return peerClosed ? Need.CLOSED : Need.NOTHING;
    }

    private void learnRecordPlaintext(int bytes) {
        recordPlaintext = bytes;
        SslProtocol protocol = JsseNames.protocol(engine.getSession().getProtocol());
        setup.facts().recordPlaintext().observe(protocol, bytes);
    }

    private Need speakLastWords(ByteBuffer records) {
        move(lastWords, records);
        return lastWords.hasRemaining() ? Need.OUTPUT : Need.NOTHING;
    }

    private static void move(ByteBuffer from, ByteBuffer to) {
        int count = Math.min(from.remaining(), to.remaining());
        to.put(to.position(), from, from.position(), count);
        to.position(to.position() + count);
        from.position(from.position() + count);
    }

    private void requireProgress(boolean progress) throws TlsException {
        if (!progress) {
            throw kill(
                    TlsError.INTERNAL, "backend " + setup.backend() + " reports success without having done anything");
        }
    }

    /**
     * The library gave up: keeps what it still has to say, and reports.
     *
     * @param records what it was reading
     * @param from where the record began
     */
    private TlsException libraryFailed(Exception thrown, ByteBuffer records, int from) {
        if (firstCause != null) {
            return fail(firstCause);
        }
        return failed(new Failure(setup, thrown).receivedInClear(WireObserver.alert(records, from, records.limit())));
    }

    private TlsException failed(Failure failure) {
        PeerDecision.Refuse refusal = peer.refusal();
        if (refusal != null) {
            forgetPeer();
        }
        if (refusal != null && canSpeakInClear()) {
            // The library can say little about a certificate; we can say exactly what was asked for.
            speakInClear(refusal.alert());
            return fail(failure.refused(refusal).exception(activity()));
        }
        lastWords = drain();
        TlsAlert alert = null;
        for (int at = 0; at < lastWords.limit(); at = WireObserver.recordEnd(lastWords, at, lastWords.limit())) {
            alert = WireObserver.alert(lastWords, at, lastWords.limit());
        }
        failure.refused(refusal).sent(alert, lastWords.hasRemaining());
        failure.received().ifPresent(events::alertReceived);
        failure.sent().ifPresent(events::alertSent);
        return fail(failure.exception(activity()));
    }

    /** Ends the connection with a fatal alert and a cause of our own. */
    private TlsException kill(TlsError error, String reason) {
        TlsException cause = new TlsException(error, activity() + " failed: " + reason);
        if (canSpeakInClear()) {
            speakInClear(error.alert());
            return fail(cause);
        }
        try {
            // Only a library that fails sends a fatal alert, and which one is for it to choose.
            engine.unwrap(SentAlerts.impossibleRecord(), ByteBuffer.allocate(maxPlaintextBytes));
        } catch (SSLException | RuntimeException thrown) {
            return failed(new Failure(setup, thrown).because(cause));
        }
        engine.closeOutbound();
        lastWords = drain();
        return fail(cause);
    }

    /**
     * Refuses a peer that the library has accepted already: drops what it would say next, and says something else where that
     * is possible.
     */
    private TlsException refuse(PeerDecision.Refuse refusal) {
        forgetSession();
        if (canSpeakInClear()) {
            speakInClear(refusal.alert());
        } else if (request.role() == TlsRole.SERVER) {
            // Our half of the handshake is out and the library sends no alert of our choice: all it can say is goodbye.
            engine.closeOutbound();
            lastWords = drain();
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
        // A TLS 1.3 client is left with nothing to say: goodbye would come after the Finished that accepts the server.
        return fail(new TlsException(TlsError.CERTIFICATE_REFUSED, refusal.reason()));
    }

    private void forgetSession() {
        engine.getSession().invalidate();
        SSLSession unfinished = engine.getHandshakeSession();
        if (unfinished != null) {
            unfinished.invalidate();
        }
        forgetPeer();
    }

    private void forgetPeer() {
        sessions.ifPresent(store -> request.peerKey().ifPresent(store::forget));
    }

    /** {@return whether a fatal alert in clear, made by ourselves, is what the peer expects at this point} */
    private boolean canSpeakInClear() {
        return !established && !wire().isOursEncrypted();
    }

    /** Puts a fatal alert in the place of whatever the library would say. */
    private void speakInClear(AlertType alert) {
        int version = wire().protocol().isConcrete() ? wire().protocol().wireVersion() : TLS_1_2;
        lastWords = ByteBuffer.wrap(
                new byte[] {ALERT_RECORD, (byte) (version >> 8), (byte) version, 0, 2, FATAL, (byte) alert.value()});
        events.alertSent(TlsAlert.fatal(alert));
    }

    /** {@return all that the library still has to say} */
    private ByteBuffer drain() {
        ByteBuffer rest =
                ByteBuffer.allocate(asides.remaining() + 2 * recordRoom).put(asides);
        try {
            while (engine.wrap(NO_BYTES, rest).bytesProduced() > 0) {
                if (rest.remaining() < recordRoom) {
                    rest = ByteBuffer.allocate(2 * rest.capacity()).put(rest.flip());
                }
            }
        } catch (SSLException | RuntimeException nothingMore) {
            // It throws the failure once more; what came before it counts.
            return rest.flip();
        }
        return rest.flip();
    }

    private TlsException closedInHandshake() {
        return new TlsException(
                TlsError.CLOSED_IN_HANDSHAKE, activity() + " failed: the connection ended in the middle of it");
    }

    /** {@return what we are doing and with whom, for the beginning of a sentence} */
    private String activity() {
        String with = request.peerKey()
                .map(key -> key.host() + ":" + key.port())
                .orElse(request.role() == TlsRole.CLIENT ? "the server" : "the client");
        return (established ? "the TLS connection with " : "the TLS handshake with ") + with;
    }

    private TlsException fail(TlsException cause) {
        if (firstCause == null) {
            firstCause = cause;
        }
        phase = Phase.FAILED;
        peer.wipe();
        return firstCause();
    }

    private TlsException firstCause() {
        causeThrown = true;
        return Objects.requireNonNull(firstCause);
    }

    @Override
    public boolean hasOutput() {
        if (lastWords.hasRemaining() || asides.hasRemaining()) {
            return phase != Phase.CLOSED;
        }
        return switch (phase) {
            case NEW -> request.role() == TlsRole.CLIENT && !outputClosed;
            case HANDSHAKING -> !peer.isDeferred() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            // Early releases of JDK 17 say NEED_WRAP as long as only the peer's side is closed.
            case ESTABLISHED ->
                (!peerClosed || outputClosed) && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            case FAILED, CLOSED -> false;
        };
    }

    @Override
    public boolean hasPlaintext() {
        return false;
    }

    @Override
    public boolean isEstablished() {
        return established;
    }

    @Override
    public Runnable takeTask() {
        Runnable task = phase == Phase.HANDSHAKING && !peer.isDeferred() ? engine.getDelegatedTask() : null;
        if (task == null) {
            throw new IllegalStateException("no task is waiting");
        }
        taskTaken = true;
        return () -> {
            PeerQuestion outer = PeerTrust.enter(peer);
            try {
                task.run();
            } finally {
                PeerTrust.leave(outer);
            }
        };
    }

    @Override
    public void inputEnded() throws TlsException {
        if (phase == Phase.FAILED) {
            throw firstCause();
        }
        if (peerClosed || phase == Phase.CLOSED) {
            return;
        }
        throw fail(
                established
                        ? new TlsException(
                                TlsError.TRUNCATED,
                                activity()
                                        + " ended without close_notify: data may have been cut off (RFC 8446, section"
                                        + " 6.1)")
                        : closedInHandshake());
    }

    @Override
    public void closeOutput() {
        if (outputClosed || phase == Phase.FAILED || phase == Phase.CLOSED) {
            return;
        }
        if (peer.isDeferred()) {
            // What the library has ready to send would accept the peer.
            peer.answer(new PeerDecision.Refuse(
                    AlertType.USER_CANCELLED, "our side closed it before it decided about the peer"));
            refuse(Objects.requireNonNull(peer.refusal()));
            causeThrown = false;
            return;
        }
        outputClosed = true;
        engine.closeOutbound();
        if (phase == Phase.ESTABLISHED) {
            hearAsides();
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        } else if (phase == Phase.HANDSHAKING) {
            lastWords = drain();
            reportGoodbye();
            fail(closedInHandshake());
        }
    }

    /** The library says user_canceled before close_notify (RFC 8446, section 6.1), in clear or not. */
    private void reportGoodbye() {
        boolean inClear = false;
        for (int at = 0; at < lastWords.limit(); at = WireObserver.recordEnd(lastWords, at, lastWords.limit())) {
            TlsAlert alert = WireObserver.alert(lastWords, at, lastWords.limit());
            if (alert != null) {
                inClear = true;
                events.alertSent(alert);
            }
        }
        if (!inClear && lastWords.hasRemaining()) {
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
    }

    @Override
    public void resume(PeerDecision.Final decision) {
        if (phase != Phase.HANDSHAKING || !peer.isDeferred()) {
            throw new IllegalStateException("no decision is outstanding");
        }
        decisionAnnounced = false;
        peer.answer(decision);
        if (decision instanceof PeerDecision.Refuse refusal) {
            refuse(refusal);
            causeThrown = false;
        } else if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
            complete();
        }
    }

    @Override
    public NegotiatedParameters parameters() {
        if (parameters == null) {
            throw new IllegalStateException("nothing is agreed on before the handshake is done");
        }
        return parameters;
    }

    @Override
    public int minPlaintextRoom() {
        return maxPlaintextBytes;
    }

    @Override
    public int minRecordRoom() {
        return recordRoom;
    }

    @Override
    public int maxRecordPlaintext() {
        return recordPlaintext;
    }

    @Override
    public BufferKind buffers() {
        return setup.library().buffers();
    }

    @Override
    public byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException {
        if (!established) {
            throw new IllegalStateException("there are no keys before the handshake is done");
        }
        if (length < 1 || length > 65_535) {
            throw new IllegalArgumentException("expected a length of 1 to 65535 bytes, not " + length);
        }
        String failing = "backend " + setup.backend() + " cannot export keying material: ";
        if (!setup.library().extras().contains(Capability.EXPORTER)) {
            throw new TlsException(
                    TlsError.UNSUPPORTED_SETTING, failing + setup.library().reasonAgainst(Capability.EXPORTER));
        }
        try {
            return setup.library().exportKeyingMaterial(engine, label, context, length);
        } catch (IllegalArgumentException refused) {
            throw new TlsException(TlsError.UNSUPPORTED_SETTING, failing + refused.getMessage(), refused);
        } catch (SSLException | RuntimeException failed) {
            throw new TlsException(TlsError.INTERNAL, failing + failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            lastWords = NO_BYTES;
            asides = NO_BYTES;
            peer.wipe();
            natives.clean();
        }
    }
}
