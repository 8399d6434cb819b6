package dev.qssl.spi.jsse;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The handshake of one connection, flight by flight, until the library is done with it, the owner has accepted the peer, and
 * both know what was agreed on. Forgotten then.
 */
final class Handshake {

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    private final ConnectionSetup setup;
    private final JsseLibrary library;
    private final SSLEngine engine;
    private final TlsRole role;
    private final PeerQuestion peer;
    private final WireObserver wire;
    private final RecordGate gate;
    private final Ending ending;
    private final int recordRoom;

    private boolean begun;
    private boolean taskTaken;
    private boolean decisionAnnounced;
    private boolean done;

    Handshake(ConnectionSetup setup, PeerQuestion peer, WireObserver wire, RecordGate gate, Ending ending) {
        this.setup = setup;
        this.library = setup.context().library();
        this.engine = setup.engine();
        this.role = setup.request().role();
        this.peer = peer;
        this.wire = wire;
        this.gate = gate;
        this.ending = ending;
        this.recordRoom = library.recordRoom(engine);
    }

    /** Goes on with what the peer sent. {@return what keeps it from going on, or null when it is done} */
    @Nullable Need receive(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        Need due = advance();
        while (due == null && !done) {
            due = receiveFlight(records, plaintext);
        }
        return due;
    }

    /** Goes on with what is to be sent. {@return what keeps it from going on, or null when it is done} */
    @Nullable Need send(ByteBuffer records) throws TlsException {
        Need due = advance();
        while (due == null && !done) {
            due = sendFlight(records);
        }
        return due;
    }

    private @Nullable Need advance() throws TlsException {
        if (!begun) {
            begin();
        }
        if (taskTaken) {
            // What a task threw is kept by the library and comes out of the next call, whichever it is.
            taskTaken = false;
            return settle(unwrap(NO_BYTES, NO_BYTES));
        }
        return decisionDue();
    }

    private void begin() throws TlsException {
        begun = true;
        try {
            engine.beginHandshake();
            library.begun(engine, setup.context().settings(), setup.request());
        } catch (SSLException | RuntimeException thrown) {
            throw ending.cannotBegin(thrown);
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
                if (records.remaining() >= RecordGate.HEADER_BYTES) {
                    gate.refuseForbidden(
                            records,
                            RecordGate.recordBytes(records),
                            wire.isTheirsEncrypted() ? RecordGate.Untimely.NOTHING : RecordGate.Untimely.DATA);
                }
                SSLEngineResult result = unwrap(records, plaintext);
                Need due = settle(result);
                return due != null || done ? due : received(result);
            }
        }
    }

    private @Nullable Need received(SSLEngineResult result) throws TlsException {
        return switch (result.getStatus()) {
            case BUFFER_UNDERFLOW, BUFFER_OVERFLOW -> Need.INPUT;
            case CLOSED -> throw ending.cutOff();
            case OK -> {
                ending.requireProgress(
                        result.bytesConsumed() > 0 || result.getHandshakeStatus() != HandshakeStatus.NEED_UNWRAP);
                yield null;
            }
        };
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
                SSLEngineResult result = wrap(records);
                Need due = settle(result);
                if (due == null && !done) {
                    if (result.getStatus() == Status.CLOSED) {
                        throw ending.cutOff();
                    }
                    ending.requireProgress(
                            result.bytesProduced() > 0 || result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP);
                }
                return due;
            }
            default -> {
                return Need.INPUT;
            }
        }
    }

    private SSLEngineResult unwrap(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        int from = records.position();
        PeerQuestion outer = PeerTrust.enter(peer);
        try {
            // Looked at before, because the library may decrypt in place.
            TlsAlert alert = WireObserver.alert(records, from, records.limit());
            SSLEngineResult result = gate.unwrap(records, plaintext);
            wire.incoming(records, from, records.position());
            if (alert != null && records.position() > from) {
                setup.events().alertReceived(alert);
            }
            return result;
        } catch (SSLException | RuntimeException thrown) {
            throw ending.libraryFailed(thrown, records, from);
        } finally {
            PeerTrust.leave(outer);
        }
    }

    private SSLEngineResult wrap(ByteBuffer records) throws TlsException {
        int from = records.position();
        PeerQuestion outer = PeerTrust.enter(peer);
        try {
            SSLEngineResult result = engine.wrap(NO_BYTES, records);
            wire.outgoing(records, from, records.position());
            return result;
        } catch (SSLException | RuntimeException thrown) {
            throw ending.libraryFailed(thrown);
        } finally {
            PeerTrust.leave(outer);
        }
    }

    /** Looks at what a step brought about: a question about the peer, or the end of the handshake. */
    private @Nullable Need settle(SSLEngineResult settled) throws TlsException {
        SSLEngineResult result = settled;
        if (peer.isOpen() && isPeerProven()) {
            if (!library.announcesOutput() && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                // Conscrypt (2.9.0) has the certificates of a resumed session only after its own last step, which this
                // is.
                result = unwrap(NO_BYTES, NO_BYTES);
            }
            if (isPeerUnwanted()) {
                peer.skip();
            } else {
                peer.sessionIsThere(engine.getSession(), wire.isResumed());
            }
        }
        PeerDecision.Refuse refusal = peer.refusal();
        if (refusal != null) {
            throw ending.refuse(refusal);
        }
        Need due = decisionDue();
        HandshakeStatus status = result.getHandshakeStatus();
        boolean isDone = status == HandshakeStatus.FINISHED || status == HandshakeStatus.NOT_HANDSHAKING;
        if (due == null && isDone && result.getStatus() != Status.CLOSED) {
            finish();
            ending.requireNone();
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
                && (role == TlsRole.CLIENT
                        || !SslProtocol.TLS_V1_3.displayName().equals(protocol)
                        || engine.getHandshakeSession() == null);
    }

    private boolean isPeerUnwanted() {
        ContextSettings settings = setup.context().settings();
        return role == TlsRole.SERVER && settings.verifyMode(TlsRole.SERVER) == PeerVerifyMode.VERIFY_NONE;
    }

    /** The library is done; so are we, unless it does not say with whom, or in which version. */
    private void finish() {
        String finished = "backend " + setup.context().backend() + " finished the handshake ";
        String protocol = engine.getSession().getProtocol();
        if (peer.isOpen()) {
            ending.kill(TlsError.INTERNAL, finished + "without showing who the peer is");
        } else if (!JsseNames.protocol(protocol).isConcrete()) {
            ending.kill(TlsError.INTERNAL, finished + "in a version of TLS that is not known, \"" + protocol + '"');
        } else {
            done = true;
        }
    }

    boolean isDeferred() {
        return peer.isDeferred();
    }

    /** The owner decided. {@return whether the handshake is done with it} What went wrong is told by the next call. */
    boolean resume(PeerDecision.Final decision) {
        decisionAnnounced = false;
        peer.answer(decision);
        if (decision instanceof PeerDecision.Refuse refusal) {
            ending.refuse(refusal);
        } else if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
            finish();
        }
        ending.tellLater();
        return done;
    }

    boolean hasBegun() {
        return begun;
    }

    boolean hasOutput() {
        return begun
                ? !peer.isDeferred() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP
                : role == TlsRole.CLIENT;
    }

    /** {@return the task that the library waits for, or null if it waits for none} */
    @Nullable Runnable takeTask() {
        Runnable task = begun && !peer.isDeferred() ? engine.getDelegatedTask() : null;
        if (task == null) {
            return null;
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

    /** {@return what was agreed on} Once it is done. */
    NegotiatedParameters agreed() {
        return Agreement.of(engine, wire, setup.request(), setup.context(), peer.authorities());
    }
}
