package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Need;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsEngine;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection on an {@code SSL*}.
 *
 * <p>Records are read by the library from where they lie and decrypted into the owner's memory: one call for each. During the
 * handshake the library's questions go through a {@link Dialogue}. While one about the peer is open, nothing that the library
 * writes leaves this class: neither on servers, where OpenSSL cannot wait, nor where something of the peer is still to come.
 */
final class OpenSslEngine implements TlsEngine {

    private static final int MAXIMUM_EXPORT = 65_535;

    /** Some thousands of KeyUpdates, and more than two tickets of the greatest length. */
    private static final int MOST_ANSWERS_BYTES = 256 * 1024;

    private static final String ENDED = "the connection ended in the middle of it";

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

    private final OpenSslContext context;
    private final NativeContext shared;
    private final EngineRequest request;
    private final Dialogue dialogue;
    private final NativeConnection connection;
    private final Traffic traffic;
    private final PlainWire wire;
    private final LastWords lastWords;
    private final NewSessions sessions;

    private Phase phase = Phase.NEW;
    private boolean established;

    /** The library has nothing more to do in the handshake; its owner may have to decide. */
    private boolean libraryDone;

    private boolean decisionAnnounced;

    /** The peer's close_notify came. */
    private boolean peerClosed;

    /** Our close_notify is in the output, or was. */
    private boolean outputClosed;

    /** How many bytes the library has written that are not taken. */
    private int waiting;

    private @Nullable TlsException firstCause;
    private boolean causeThrown;
    private @Nullable NegotiatedParameters parameters;

    OpenSslEngine(
            OpenSslContext context,
            NativeContext shared,
            EngineRequest request,
            TlsEvents events,
            long ssl,
            SessionCache.Kept offered) {
        this.context = context;
        this.shared = shared;
        this.request = request;
        this.wire = new PlainWire(request.role());
        this.dialogue = new Dialogue(context.settings(), shared, request, events, ssl);
        this.connection = NativeConnection.of(context.library().calls(), ssl, dialogue);
        this.traffic = new Traffic(context.library(), connection);
        this.sessions = new NewSessions(context, request, dialogue, offered);
        this.lastWords = new LastWords(traffic, connection, wire, dialogue);
    }

    @Override
    public Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        enter();
        try {
            Need due = phase == Phase.ESTABLISHED ? null : advance();
            while (due == null && phase == Phase.HANDSHAKING) {
                due = receiveFlight(records);
            }
            return due != null ? due : openRecords(records, plaintext);
        } finally {
            leave();
        }
    }

    @Override
    public Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        enter();
        try {
            if (causeThrown && lastWords.isLeft()) {
                return lastWords.moveTo(records) ? Need.NOTHING : Need.OUTPUT;
            }
            Need due = phase == Phase.ESTABLISHED ? null : advance();
            if (due != null) {
                return due;
            }
            return phase == Phase.HANDSHAKING ? sendFlight(records) : sealRecords(plaintext, records);
        } finally {
            leave();
        }
    }

    private void enter() {
        if (!connection.enter()) {
            phase = Phase.CLOSED;
        }
    }

    private void leave() {
        if (connection.isClosed()) {
            discard();
        }
        connection.leave();
        dialogue.tell();
    }

    /** {@return what keeps the handshake from going on, or null} */
    private @Nullable Need advance() throws TlsException {
        switch (phase) {
            case NEW -> {
                if (outputClosed) {
                    return Need.NOTHING;
                }
                phase = Phase.HANDSHAKING;
                return request.role() == TlsRole.CLIENT ? settle(traffic.handshake()) : null;
            }
            case FAILED -> throw firstCause();
            case CLOSED -> throw new IllegalStateException("the engine is closed");
            case HANDSHAKING, ESTABLISHED -> {}
        }
        return decisionDue();
    }

    private @Nullable Need decisionDue() {
        if (dialogue.verdict() != Dialogue.Verdict.DEFERRED) {
            return null;
        }
        if (decisionAnnounced) {
            throw new IllegalStateException("a decision about the peer is outstanding: call resume first");
        }
        decisionAnnounced = true;
        return Need.DECISION;
    }

    private @Nullable Need receiveFlight(ByteBuffer records) throws TlsException {
        if (waiting > 0) {
            return Need.OUTPUT;
        }
        int end = Records.wholeEnd(records, Scratch.BYTES);
        if (end == records.position()) {
            requirePossible(records);
            return Need.INPUT;
        }
        wire.incoming(records, end);
        return settle(traffic.handshake(records, end));
    }

    /** There is no whole record at the position: sees whether there can ever be one. */
    private void requirePossible(ByteBuffer records) throws TlsException {
        if (records.remaining() < Records.HEADER_BYTES) {
            return;
        }
        int at = records.position();
        if (!Records.isPossible(records, at)) {
            throw kill(TlsError.PROTOCOL_VIOLATION, "the peer sent bytes that are no record of TLS");
        }
        int bytes = Records.bytes(records, at);
        if (bytes > Records.MAXIMUM_BYTES) {
            throw kill(
                    TlsError.RECORD_OVERFLOW,
                    "the peer sent a record of " + bytes + " bytes, more than " + Records.MAXIMUM_BYTES
                            + " (RFC 8446, section 5.2; RFC 5246, section 6.2.3)");
        }
    }

    /** Looks at what a step of the handshake brought about. */
    private @Nullable Need settle(int error) throws TlsException {
        waiting = connection.waiting();
        rethrow();
        switch (error) {
            case 0 -> libraryDone = true;
            case Ssl.ERROR_WANT_READ, Ssl.ERROR_WANT_WRITE, Ssl.ERROR_WANT_RETRY_VERIFY -> {}
            case Ssl.ERROR_ZERO_RETURN ->
                throw fail(inHandshake("the peer ended the connection (close_notify) in the middle of the handshake"));
            default -> throw dialogue.verdict() == Dialogue.Verdict.REFUSED ? refusedByLibrary() : libraryFailed();
        }
        if (dialogue.verdict() == Dialogue.Verdict.SHOWN && (libraryDone || waiting > 0)) {
            dialogue.askNow();
        }
        if (libraryDone && dialogue.verdict() == Dialogue.Verdict.OPEN) {
            dialogue.askAtTheEnd(sessions.remembered());
        }
        rethrow();
        if (dialogue.verdict() == Dialogue.Verdict.REFUSED) {
            throw refuse();
        }
        Need due = decisionDue();
        if (due == null && libraryDone) {
            if (dialogue.verdict() != Dialogue.Verdict.ACCEPTED) {
                throw kill(TlsError.INTERNAL, "the handshake is done and nobody has accepted the peer");
            }
            complete();
        }
        return due;
    }

    /** A bug, ours or the owner's, inside of one of the library's calls. */
    private void rethrow() throws TlsException {
        Throwable thrown = dialogue.thrown();
        if (thrown == null || phase == Phase.FAILED) {
            return;
        }
        lastWords.takeFromLibrary();
        fail(new TlsException(TlsError.INTERNAL, activity() + " failed: " + thrown, thrown));
        if (thrown instanceof Error error) {
            throw error;
        }
        throw firstCause();
    }

    private void complete() {
        long ssl = connection.ssl();
        parameters = Agreement.of(context, request, dialogue, ssl);
        phase = Phase.ESTABLISHED;
        established = true;
        connection.setSound(true);
        if (parameters.protocol() != SslProtocol.TLS_V1_3) {
            traffic.forbidHandshakes();
            sessions.keepRenewed(ssl);
        } else if (shared.holdsTicketsBack()) {
            shared.giveTickets(ssl);
            traffic.handshake();
            traffic.clearErrors();
            waiting = connection.waiting();
        }
        dialogue.wipe();
        sessions.keep();
    }

    private Need sendFlight(ByteBuffer records) {
        if (dialogue.isUndecided()) {
            return Need.INPUT;
        }
        if (waiting > 0 && records.remaining() >= Traffic.RECORD_ROOM) {
            int from = records.position();
            traffic.drain(records);
            wire.outgoing(records, from, records.position());
            waiting = connection.waiting();
        }
        return waiting > 0 ? Need.OUTPUT : Need.INPUT;
    }

    private Need openRecords(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        boolean goesOn = !peerClosed;
        while (goesOn) {
            int end = Records.wholeEnd(records, records.isDirect() ? Integer.MAX_VALUE : Scratch.BYTES);
            if (end == records.position()) {
                requirePossible(records);
                break;
            }
            Traffic.Outcome outcome = traffic.open(records, end, plaintext);
            rethrow();
            switch (outcome) {
                case DONE -> {}
                case NO_ROOM -> goesOn = false;
                case CLOSED -> {
                    peerClosed = true;
                    goesOn = false;
                }
                case FORBIDDEN -> throw renegotiationRefused();
                case STUCK -> throw stuck();
                case FAILED -> throw libraryFailed();
            }
        }
        sessions.keep();
        waiting = connection.waiting();
        if (waiting > MOST_ANSWERS_BYTES) {
            throw kill(
                    TlsError.PROTOCOL_VIOLATION, "the peer asks for answers, such as new keys, and takes none of them");
        }
        if (peerClosed) {
            return Need.CLOSED;
        }
        if (waiting > 0) {
            return Need.OUTPUT;
        }
        return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
    }

    private TlsException renegotiationRefused() {
        // With SSL_OP_NO_RENEGOTIATION the library has answered no_renegotiation, which is a warning.
        lastWords.takeFromLibrary();
        return fail(new TlsException(
                TlsError.RENEGOTIATION_REFUSED,
                activity() + " failed: the peer began another handshake on an established connection;"
                        + " renegotiation is always refused"));
    }

    private Need sealRecords(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (waiting > 0 && records.remaining() >= Traffic.RECORD_ROOM) {
            traffic.drain(records);
            waiting = connection.waiting();
        }
        if (waiting > 0) {
            return Need.OUTPUT;
        }
        if (plaintext.hasRemaining() && !outputClosed) {
            Traffic.Outcome outcome = traffic.seal(plaintext, records);
            waiting = connection.waiting();
            rethrow();
            switch (outcome) {
                case DONE, CLOSED, FORBIDDEN -> {}
                case NO_ROOM -> {
                    return Need.OUTPUT;
                }
                case STUCK -> throw stuck();
                case FAILED -> throw libraryFailed();
            }
        }
        return peerClosed ? Need.CLOSED : Need.NOTHING;
    }

    private TlsException stuck() {
        return kill(
                TlsError.INTERNAL, "backend " + context.backend() + " reports success without having done anything");
    }

    /** The library gave up: keeps what it still has to say, and reports. */
    private TlsException libraryFailed() {
        lastWords.takeFromLibrary();
        return fail(new Failure(traffic.failure(), dialogue.fatalReceived(), dialogue.fatalSent(), context.backend())
                .exception(activity()));
    }

    private TlsException refusedByLibrary() {
        lastWords.takeFromLibrary();
        return fail(dialogue.refused());
    }

    /** Ends the connection with a fatal alert and a cause of our own. */
    private TlsException kill(TlsError error, String reason) {
        if (!established && lastWords.canBeInClear()) {
            lastWords.alert(error.alert());
        } else {
            traffic.provokeAlert();
            lastWords.takeFromLibrary();
        }
        return fail(new TlsException(error, activity() + " failed: " + reason));
    }

    /**
     * Refuses a peer that the library has accepted already: drops what it would say next, and says something else where that
     * is possible.
     */
    private TlsException refuse() {
        if (lastWords.canBeInClear()) {
            lastWords.alert(dialogue.refusal().alert());
        } else if (request.role() == TlsRole.SERVER && waiting == 0) {
            // The library sends no alert of our choice: all it can say is goodbye, and before the end not even that.
            if (libraryDone) {
                traffic.sayGoodbye();
            } else {
                traffic.provokeAlert();
            }
            lastWords.takeFromLibrary();
        }
        // A TLS 1.3 client is left with nothing to say: goodbye would come after the Finished that accepts the server.
        return fail(dialogue.refused());
    }

    private TlsException inHandshake(String what) {
        return new TlsException(TlsError.CLOSED_IN_HANDSHAKE, activity() + " failed: " + what);
    }

    /** {@return what we are doing and with whom, for the beginning of a sentence} */
    private String activity() {
        String with = request.peerKey()
                .map(PeerKey::endpoint)
                .orElse(request.role() == TlsRole.CLIENT ? "the server" : "the client");
        return (established ? "the TLS connection with " : "the TLS handshake with ") + with;
    }

    private TlsException fail(TlsException cause) {
        if (firstCause == null) {
            firstCause = cause;
        }
        phase = Phase.FAILED;
        waiting = 0;
        dialogue.wipe();
        if (cause.error() != TlsError.TRUNCATED) {
            connection.setSound(false);
        }
        if (cause.error() == TlsError.CERTIFICATE_REFUSED) {
            sessions.forget();
            shared.forget(LibSsl.SSL_get_session(connection.ssl()));
        }
        sessions.drop();
        return firstCause();
    }

    private TlsException firstCause() {
        causeThrown = true;
        return Objects.requireNonNull(firstCause);
    }

    @Override
    public boolean hasOutput() {
        if (lastWords.isLeft()) {
            return phase != Phase.CLOSED;
        }
        return switch (phase) {
            case NEW -> request.role() == TlsRole.CLIENT && !outputClosed;
            case HANDSHAKING -> waiting > 0 && !dialogue.isUndecided();
            case ESTABLISHED -> waiting > 0;
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
        throw new IllegalStateException("no task is waiting");
    }

    @Override
    public void inputEnded() throws TlsException {
        enter();
        try {
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
                                            + " ended without close_notify: data may have been cut off (RFC 8446,"
                                            + " section 6.1)")
                            : inHandshake(ENDED));
        } finally {
            leave();
        }
    }

    @Override
    public void closeOutput() {
        enter();
        try {
            if (outputClosed || phase == Phase.FAILED || phase == Phase.CLOSED) {
                return;
            }
            outputClosed = true;
            if (phase == Phase.HANDSHAKING) {
                lastWords.goodbye(dialogue.isUndecided());
                fail(inHandshake(ENDED));
            } else if (phase == Phase.ESTABLISHED) {
                traffic.sayGoodbye();
                waiting = connection.waiting();
            }
        } finally {
            leave();
        }
    }

    @Override
    public void resume(PeerDecision.Final decision) {
        enter();
        try {
            if (phase != Phase.HANDSHAKING || dialogue.verdict() != Dialogue.Verdict.DEFERRED) {
                throw new IllegalStateException("no decision is outstanding");
            }
            decisionAnnounced = false;
            dialogue.answer(decision);
            if (dialogue.isPaused()) {
                settle(traffic.handshake());
            } else if (decision instanceof PeerDecision.Refuse) {
                refuse();
                causeThrown = false;
            } else if (libraryDone) {
                complete();
            }
        } catch (TlsException thrownByTheNextCall) {
            causeThrown = false;
        } finally {
            leave();
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
        return Records.MAXIMUM_PLAINTEXT;
    }

    @Override
    public int minRecordRoom() {
        return Traffic.RECORD_ROOM;
    }

    @Override
    public int maxRecordPlaintext() {
        return Records.MAXIMUM_PLAINTEXT;
    }

    @Override
    public BufferKind buffers() {
        return BufferKind.DIRECT;
    }

    @Override
    public byte[] exportKeyingMaterial(String label, Optional<byte[]> value, int length) throws TlsException {
        if (length < 1 || length > MAXIMUM_EXPORT) {
            throw new IllegalArgumentException("expected a length of 1 to 65535 bytes, not " + length);
        }
        enter();
        try {
            if (!established || phase == Phase.CLOSED) {
                throw new IllegalStateException("there are no keys before the handshake is done, or after the end");
            }
            return Exporter.export(context, connection.ssl(), label, value, length);
        } finally {
            leave();
        }
    }

    /** {@inheritDoc} From any thread: whoever is inside finds it closed when he comes the next time. */
    @Override
    public void close() {
        connection.close();
        if (connection.enterIfIdle()) {
            try {
                discard();
            } finally {
                connection.leave();
            }
        }
    }

    private void discard() {
        phase = Phase.CLOSED;
        lastWords.drop();
        dialogue.wipe();
        sessions.drop();
    }
}
