package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One connection on an {@link SSLEngine}. */
final class JsseEngine implements TlsEngine {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int RECORD_HEADER_BYTES = 5;

    private enum Phase {
        NEW,
        HANDSHAKING,
        ESTABLISHED,
        FAILED,
        CLOSED
    }

    private final String backend;
    private final JsseLibrary library;
    private final ContextSettings settings;
    private final SSLEngine engine;
    private final TlsRole role;
    private final TlsEvents events;
    private final EngineRequest request;
    private final PeerQuestion peer;
    private final int maxRecordBytes;
    private final int maxPlaintextBytes;

    private Phase phase = Phase.NEW;
    private boolean established;
    private boolean peerClosed;
    private boolean outputClosed;
    private boolean decisionAnnounced;
    private boolean causeThrown;
    private boolean taskTaken;
    private @Nullable TlsException firstCause;
    private ByteBuffer lastWords = NO_BYTES;
    private int recordPlaintext = 16384;
    private boolean alpnOffered;

    JsseEngine(
            String backend,
            JsseLibrary library,
            ContextSettings settings,
            SSLEngine engine,
            EngineRequest request,
            TlsEvents events) {
        this.backend = backend;
        this.library = library;
        this.settings = settings;
        this.engine = engine;
        this.role = request.role();
        this.request = request;
        this.events = events;
        this.peer = new PeerQuestion(events, settings.isOcspStaplingEnabled());
        this.maxRecordBytes = engine.getSession().getPacketBufferSize();
        this.maxPlaintextBytes = engine.getSession().getApplicationBufferSize();
        if (role == TlsRole.SERVER && !settings.alpn().isEmpty()) {
            engine.setHandshakeApplicationProtocolSelector((unused, offered) -> select(offered));
        }
    }

    /** The first of the client's protocols that we allow (RFC 7301 leaves the order to the server); none is no error. */
    private String select(List<String> offered) {
        alpnOffered = true;
        for (String protocol : offered) {
            if (settings.alpn().contains(protocol)) {
                return protocol;
            }
        }
        return "";
    }

    @Override
    public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        if (phase == Phase.ESTABLISHED) {
            return decryptData(records, plaintext);
        }
        Need due = begin();
        while (due == null && phase == Phase.HANDSHAKING) {
            due = handshakeInput(records, plaintext);
        }
        return due != null ? due : decryptData(records, plaintext);
    }

    @Override
    public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (phase == Phase.ESTABLISHED) {
            return encryptData(plaintext, records);
        }
        if (phase == Phase.FAILED && causeThrown && lastWords.hasRemaining()) {
            return speakLastWords(records);
        }
        Need due = begin();
        while (due == null && phase == Phase.HANDSHAKING) {
            due = handshakeOutput(records);
        }
        return due != null ? due : encryptData(plaintext, records);
    }

    /** {@return what keeps the handshake from going on, or null} */
    private @Nullable Need begin() throws TlsException {
        switch (phase) {
            case FAILED -> throw firstCause();
            case CLOSED -> throw new IllegalStateException("the engine is closed");
            case NEW -> {
                phase = Phase.HANDSHAKING;
                try {
                    engine.beginHandshake();
                } catch (SSLException | RuntimeException e) {
                    throw libraryFailed(e);
                }
            }
            case HANDSHAKING, ESTABLISHED -> {}
        }
        if (taskTaken) {
            taskTaken = false;
            step(NO_BYTES, NO_BYTES, false);
        }
        return decision();
    }

    private @Nullable Need decision() throws TlsException {
        if (!peer.isDeferred()) {
            return null;
        }
        if (decisionAnnounced) {
            throw new IllegalStateException("a decision about the peer is outstanding: call resume first");
        }
        decisionAnnounced = true;
        return Need.DECISION;
    }

    private @Nullable Need handshakeInput(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                return Need.TASK;
            }
            case NEED_WRAP -> {
                return Need.OUTPUT;
            }
            default -> {
                SSLEngineResult result = step(records, plaintext, false);
                Need due = settle(result);
                if (due != null) {
                    return due;
                }
                return result.getStatus() == Status.BUFFER_UNDERFLOW && phase == Phase.HANDSHAKING ? Need.INPUT : null;
            }
        }
    }

    private @Nullable Need handshakeOutput(ByteBuffer records) throws TlsException {
        switch (engine.getHandshakeStatus()) {
            case NEED_TASK -> {
                return Need.TASK;
            }
            case NEED_WRAP -> {
                if (records.remaining() < maxRecordBytes) {
                    return Need.OUTPUT;
                }
                return settle(step(NO_BYTES, records, true));
            }
            default -> {
                return Need.INPUT;
            }
        }
    }

    /** Looks at what a step of the handshake brought about: a question about the peer, or the end of the handshake. */
    private @Nullable Need settle(SSLEngineResult result) throws TlsException {
        if (peer.isOpen() && isPeerProven()) {
            if (role == TlsRole.SERVER && settings.verifyMode(role) == PeerVerifyMode.VERIFY_NONE) {
                peer.skip();
            } else {
                peer.sessionIsThere(engine.getSession(), true);
            }
        }
        PeerDecision.Refuse refusal = peer.refusal();
        if (refusal != null) {
            throw fail(new TlsException(TlsError.CERTIFICATE_REFUSED, refusal.reason()));
        }
        HandshakeStatus status = result.getHandshakeStatus();
        Need due = decision();
        if (due == null && (status == HandshakeStatus.FINISHED || status == HandshakeStatus.NOT_HANDSHAKING)) {
            phase = Phase.ESTABLISHED;
            established = true;
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
                && (role == TlsRole.CLIENT || !"TLSv1.3".equals(protocol) || engine.getHandshakeSession() == null);
    }

    private SSLEngineResult step(ByteBuffer from, ByteBuffer to, boolean wrap) throws TlsException {
        SSLEngineResult[] result = new SSLEngineResult[1];
        Exception[] failure = new Exception[1];
        PeerTrust.during(peer, () -> {
            try {
                result[0] = wrap ? engine.wrap(from, to) : engine.unwrap(from, to);
            } catch (SSLException | RuntimeException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw libraryFailed(failure[0]);
        }
        return result[0];
    }

    private Need decryptData(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        try {
            while (!peerClosed) {
                if (!hasRoomForNext(records, plaintext)) {
                    return Need.INPUT;
                }
                SSLEngineResult result = engine.unwrap(records, plaintext);
                switch (result.getStatus()) {
                    case BUFFER_UNDERFLOW -> {
                        return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
                    }
                    case BUFFER_OVERFLOW ->
                        throw fail(new TlsException(TlsError.RECORD_OVERFLOW, "the peer's record is too long"));
                    case CLOSED -> peerHasClosed();
                    case OK -> {
                        if (result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                            return Need.OUTPUT;
                        }
                        if (result.bytesConsumed() == 0) {
                            throw fail(new TlsException(TlsError.INTERNAL, "the library made no progress"));
                        }
                    }
                }
            }
            return Need.CLOSED;
        } catch (SSLException | RuntimeException e) {
            throw libraryFailed(e);
        }
    }

    /** A record's plaintext is never longer than the record, so short ones fit into little room. */
    private boolean hasRoomForNext(ByteBuffer records, ByteBuffer plaintext) {
        int room = plaintext.remaining();
        if (room >= maxPlaintextBytes || records.remaining() < RECORD_HEADER_BYTES) {
            return true;
        }
        int length = Short.toUnsignedInt(records.getShort(records.position() + 3));
        return room >= length;
    }

    private void peerHasClosed() {
        peerClosed = true;
        events.alertReceived(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        if (!outputClosed && !"TLSv1.3".equals(engine.getSession().getProtocol())) {
            outputClosed = true;
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
    }

    private Need encryptData(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        try {
            while (plaintext.hasRemaining() && !outputClosed) {
                if (records.remaining() < maxRecordBytes) {
                    return Need.OUTPUT;
                }
                int offered = plaintext.remaining();
                SSLEngineResult result = engine.wrap(plaintext, records);
                if (result.bytesConsumed() > 0 && plaintext.hasRemaining()) {
                    recordPlaintext = result.bytesConsumed();
                }
                if (result.bytesProduced() == 0 && plaintext.remaining() == offered) {
                    throw fail(new TlsException(TlsError.INTERNAL, "the library made no progress"));
                }
            }
            while (hasOutput()) {
                if (records.remaining() < maxRecordBytes) {
                    return Need.OUTPUT;
                }
                if (engine.wrap(NO_BYTES, records).bytesProduced() == 0) {
                    break;
                }
            }
            return peerClosed ? Need.CLOSED : Need.NOTHING;
        } catch (SSLException | RuntimeException e) {
            throw libraryFailed(e);
        }
    }

    private Need speakLastWords(ByteBuffer records) {
        while (lastWords.hasRemaining() && records.hasRemaining()) {
            records.put(lastWords.get());
        }
        return lastWords.hasRemaining() ? Need.OUTPUT : Need.NOTHING;
    }

    private TlsException libraryFailed(Exception cause) {
        if (firstCause != null) {
            return fail(firstCause);
        }
        ByteBuffer rest = ByteBuffer.allocate(4 * maxRecordBytes);
        try {
            while (rest.remaining() >= maxRecordBytes
                    && engine.wrap(NO_BYTES, rest).bytesProduced() > 0) {
                // Everything up to the alert.
            }
        } catch (SSLException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        lastWords = rest.flip();
        PeerDecision.Refuse refusal = peer.refusal();
        return fail(
                refusal != null
                        ? new TlsException(TlsError.CERTIFICATE_REFUSED, refusal.reason(), cause)
                        : new TlsException(TlsError.PROTOCOL_VIOLATION, String.valueOf(cause.getMessage()), cause));
    }

    private TlsException fail(TlsException cause) {
        phase = Phase.FAILED;
        causeThrown = true;
        if (firstCause == null) {
            firstCause = cause;
        }
        return firstCause;
    }

    private TlsException firstCause() {
        causeThrown = true;
        return firstCause == null ? new TlsException(TlsError.INTERNAL, "failed without a cause") : firstCause;
    }

    @Override
    public boolean hasOutput() {
        return switch (phase) {
            case NEW -> role == TlsRole.CLIENT && !outputClosed;
            case FAILED -> lastWords.hasRemaining();
            case CLOSED -> false;
            case HANDSHAKING -> !peer.isDeferred() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
            // With the peer's side closed, the JDK says NEED_WRAP until our side is closed too.
            case ESTABLISHED ->
                (!peerClosed || outputClosed) && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
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
        Runnable task = engine.getDelegatedTask();
        if (task == null) {
            throw new IllegalStateException("no task is waiting");
        }
        taskTaken = true;
        return () -> PeerTrust.during(peer, task);
    }

    @Override
    public void inputEnded() throws TlsException {
        if (phase == Phase.FAILED) {
            throw firstCause();
        }
        if (!peerClosed) {
            throw fail(
                    established
                            ? new TlsException(
                                    TlsError.TRUNCATED,
                                    "the peer's side of the connection ended without close_notify: data may have been cut"
                                            + " off (RFC 8446, section 6.1)")
                            : new TlsException(
                                    TlsError.CLOSED_IN_HANDSHAKE,
                                    "the connection ended in the middle of the handshake"));
        }
    }

    @Override
    public void closeOutput() {
        if (outputClosed || phase == Phase.FAILED || phase == Phase.CLOSED) {
            return;
        }
        outputClosed = true;
        engine.closeOutbound();
        if (established) {
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
    }

    @Override
    public void resume(PeerDecision.Final decision) {
        if (!peer.isDeferred()) {
            throw new IllegalStateException("no decision is outstanding");
        }
        peer.answer(decision);
        decisionAnnounced = false;
        if (decision instanceof PeerDecision.Refuse refusal) {
            fail(new TlsException(TlsError.CERTIFICATE_REFUSED, refusal.reason()));
            causeThrown = false;
        } else if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
            phase = Phase.ESTABLISHED;
            established = true;
        }
    }

    @Override
    public NegotiatedParameters parameters() {
        if (!established) {
            throw new IllegalStateException("nothing is agreed on before the handshake is done");
        }
        SSLSession session = engine.getSession();
        String alpn = engine.getApplicationProtocol();
        return new NegotiatedParameters(
                protocol(session.getProtocol()),
                CipherSuite.ofName(session.getCipherSuite()).orElseThrow(),
                Optional.empty(),
                Optional.empty(),
                alpn != null && !alpn.isEmpty()
                        ? new Alpn.Selected(alpn)
                        : alpnOffered ? new Alpn.NoOverlap() : new Alpn.NotNegotiated(),
                false,
                request.serverName(),
                Optional.empty(),
                peer.authorities());
    }

    private static SslProtocol protocol(String name) {
        for (SslProtocol protocol : SslProtocol.values()) {
            if (protocol.isConcrete() && protocol.displayName().equals(name)) {
                return protocol;
            }
        }
        return SslProtocol.UNKNOWN_PROTOCOL;
    }

    @Override
    public int minPlaintextRoom() {
        return maxPlaintextBytes;
    }

    @Override
    public int minRecordRoom() {
        return maxRecordBytes;
    }

    @Override
    public int maxRecordPlaintext() {
        return recordPlaintext;
    }

    @Override
    public BufferKind buffers() {
        return library.buffers();
    }

    @Override
    public byte[] exportKeyingMaterial(String label, byte[] contextValue, int length) throws TlsException {
        if (!established) {
            throw new IllegalStateException("there are no keys before the handshake is done");
        }
        throw new TlsException(
                TlsError.UNSUPPORTED_SETTING, "backend " + backend + " cannot export keying material here");
    }

    @Override
    public void close() {
        if (phase != Phase.CLOSED) {
            phase = Phase.CLOSED;
            lastWords = NO_BYTES;
        }
    }
}
