package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capability;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One connection on an {@link SSLEngine}.
 *
 * <p>An {@code SSLEngine} handles one record a call and says in three ways what it wants; this class turns that into calls
 * that handle all records there are. It leads the {@link Handshake} and, once that is done, moves data; {@link Ending} keeps
 * why it failed, and {@link ControlRecords} what it sends besides.
 */
final class JsseEngine implements TlsEngine {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final EngineSetup setup;
    private final ConnectionSetup connection;
    private final SSLEngine engine;
    private final TlsEvents events;
    private final RecordGate gate;
    private final ControlRecords control;
    private final Ending ending;
    private final Cleaner.Cleanable natives;
    private final int recordRoom;
    private final int maxPlaintextBytes;

    /** There until it is done. */
    private @Nullable Handshake handshake;

    /** Records of type handshake are in clear after the handshake up to TLS 1.2, where they begin another one. */
    private RecordGate.Untimely untimely = RecordGate.Untimely.NOTHING;

    /** The peer's close_notify came. */
    private boolean peerClosed;

    /** Our close_notify is in the output, or was. */
    private boolean outputClosed;

    /** Given back by its owner. */
    private boolean closed;

    private int recordPlaintext = RecordPlaintext.MAXIMUM;
    private @Nullable NegotiatedParameters parameters;

    JsseEngine(ConnectionSetup connection) {
        this.setup = connection.context();
        this.connection = connection;
        this.engine = connection.engine();
        this.events = connection.events();
        WireObserver wire = new WireObserver(connection.request().role());
        PeerQuestion peer = new PeerQuestion(events, setup.settings().isOcspStaplingEnabled());
        this.control = new ControlRecords(connection);
        this.ending = new Ending(connection, peer, wire, control);
        this.gate = new RecordGate(engine, ending);
        this.handshake = new Handshake(connection, peer, wire, gate, ending);
        this.recordRoom = setup.library().recordRoom(engine);
        this.maxPlaintextBytes = engine.getSession().getApplicationBufferSize();
        this.natives = NativeMemory.of(this, setup.library(), engine);
    }

    @Override
    public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        requireUsable();
        if (handshake != null) {
            Need due = isClosedUnused() ? Need.NOTHING : handshake.receive(records, plaintext);
            if (due != null) {
                return due;
            }
            complete(handshake);
        }
        return openRecords(records, plaintext);
    }

    @Override
    public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (ending.isTold() && control.hasLastWords()) {
            control.sendLastWords(records);
            return control.hasLastWords() ? Need.OUTPUT : Need.NOTHING;
        }
        requireUsable();
        if (handshake != null) {
            Need due = isClosedUnused() ? Need.NOTHING : handshake.send(records);
            if (due != null) {
                return due;
            }
            complete(handshake);
        }
        return sealRecords(plaintext, records);
    }

    private void requireUsable() throws TlsException {
        if (closed) {
            throw new IllegalStateException("the engine is closed");
        }
        ending.requireNone();
    }

    private boolean isOver() {
        return closed || ending.isOver();
    }

    /** {@return whether our side was closed before the handshake began} Closing it later ends the handshake. */
    private boolean isClosedUnused() {
        return outputClosed && handshake != null;
    }

    private void complete(Handshake done) {
        NegotiatedParameters agreed = done.agreed();
        parameters = agreed;
        untimely =
                agreed.protocol() == SslProtocol.TLS_V1_3 ? RecordGate.Untimely.NOTHING : RecordGate.Untimely.HANDSHAKE;
        recordPlaintext = setup.facts().recordPlaintext().assumed(agreed.protocol());
        handshake = null;
        ending.handshakeIsDone();
        control.hearAsides();
        tellNewSessions();
    }

    private void tellNewSessions() {
        connection
                .sessions()
                .ifPresent(store -> store.takeNew(engine, connection.request()).forEach(events::newSession));
    }

    private Need openRecords(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        while (!peerClosed) {
            int from = records.position();
            if (records.remaining() < RecordGate.HEADER_BYTES) {
                // SunJSSE (JDK 17) looks for room before input: with part of a header it asks for that of the longest
                // record, and calls less an overflow.
                return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
            }
            int length = RecordGate.recordBytes(records);
            // A record's plaintext is shorter than the record, so a short one needs little room.
            if (plaintext.remaining() < Math.min(length, maxPlaintextBytes)) {
                return Need.INPUT;
            }
            gate.refuseForbidden(records, length, untimely);
            SSLEngineResult result;
            try {
                result = gate.unwrap(records, plaintext);
            } catch (SSLException | RuntimeException thrown) {
                throw ending.libraryFailed(thrown, records, from);
            }
            switch (result.getStatus()) {
                case OK -> {
                    ending.requireProgress(result.bytesConsumed() > 0 || result.bytesProduced() > 0);
                    if (result.bytesProduced() == 0) {
                        control.hearAsides();
                        tellNewSessions();
                    }
                    if (control.hasAsides() || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                        return Need.OUTPUT;
                    }
                }
                case BUFFER_UNDERFLOW -> {
                    return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
                }
                case BUFFER_OVERFLOW ->
                    throw ending.kill(TlsError.RECORD_OVERFLOW, "the peer sent a record that is too long");
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

    private void peerHasClosed() {
        peerClosed = true;
        events.alertReceived(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        control.hearAsides();
        boolean answersAtOnce = untimely == RecordGate.Untimely.HANDSHAKE;
        if (!outputClosed && (answersAtOnce || control.hasAsides())) {
            // Up to TLS 1.2 the library answers at once and drops what was not sent (RFC 5246, section 7.2.1).
            outputClosed = true;
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
    }

    private Need sealRecords(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (control.hasAsides()) {
            control.sendAsides(records);
        }
        try {
            while (plaintext.hasRemaining() && !outputClosed && !control.hasAsides()) {
                if (records.remaining() < recordRoom) {
                    return Need.OUTPUT;
                }
                SSLEngineResult result = engine.wrap(plaintext, records);
                int consumed = result.bytesConsumed();
                ending.requireProgress(consumed > 0 || result.bytesProduced() > 0);
                if (consumed != recordPlaintext && consumed > 1 && plaintext.hasRemaining()) {
                    learnRecordPlaintext(consumed);
                }
            }
            while (hasOutput()) {
                if (records.remaining() < recordRoom || control.hasAsides()) {
                    return Need.OUTPUT;
                }
                ending.requireProgress(engine.wrap(NO_BYTES, records).bytesProduced() > 0);
            }
        } catch (SSLException | RuntimeException thrown) {
            throw ending.libraryFailed(thrown);
        }
        return peerClosed ? Need.CLOSED : Need.NOTHING;
    }

    private void learnRecordPlaintext(int bytes) {
        recordPlaintext = bytes;
        SslProtocol protocol = JsseNames.protocol(engine.getSession().getProtocol());
        setup.facts().recordPlaintext().observe(protocol, bytes);
    }

    @Override
    public boolean hasOutput() {
        if (control.areWaiting()) {
            return true;
        }
        if (isOver()) {
            return false;
        }
        if (handshake != null) {
            return !isClosedUnused() && handshake.hasOutput();
        }
        // Early releases of JDK 17 say NEED_WRAP as long as only the peer's side is closed.
        return (!peerClosed || outputClosed) && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
    }

    @Override
    public boolean hasPlaintext() {
        return false;
    }

    @Override
    public boolean isEstablished() {
        return handshake == null;
    }

    @Override
    public Runnable takeTask() {
        Runnable task = handshake != null && !isOver() ? handshake.takeTask() : null;
        if (task == null) {
            throw new IllegalStateException("no task is waiting");
        }
        return task;
    }

    @Override
    public void inputEnded() throws TlsException {
        if (closed) {
            return;
        }
        ending.requireNone();
        if (!peerClosed) {
            throw ending.cutOff();
        }
    }

    @Override
    public void closeOutput() {
        if (outputClosed || isOver()) {
            return;
        }
        if (handshake != null && handshake.isDeferred()) {
            // What the library has ready to send would accept the peer.
            resume(new PeerDecision.Refuse(
                    AlertType.USER_CANCELLED, "our side closed it before it decided about the peer"));
            return;
        }
        outputClosed = true;
        engine.closeOutbound();
        if (handshake == null) {
            control.hearAsides();
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        } else if (handshake.hasBegun()) {
            control.hearLastWords();
            control.reportGoodbye();
            ending.cutOff();
        }
    }

    @Override
    public void resume(PeerDecision.Final decision) {
        if (handshake == null || isOver() || !handshake.isDeferred()) {
            throw new IllegalStateException("no decision is outstanding");
        }
        if (handshake.resume(decision)) {
            complete(handshake);
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
        if (!isEstablished()) {
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
        if (!closed) {
            closed = true;
            control.drop();
            ending.forgetPeerQuestion();
            natives.clean();
        }
    }
}
