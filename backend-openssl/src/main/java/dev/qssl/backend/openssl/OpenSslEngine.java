package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
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
import dev.qssl.spi.x509.EncodingException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
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

    /** A header, and what all suites add to a record: initialisation vector, padding and authentication code, generously. */
    private static final int RECORD_ROOM = Records.MAXIMUM_PLAINTEXT + 512;

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int MAXIMUM_EXPORT = 65_535;

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
    private final RecordCalls calls;
    private final Dialogue dialogue;
    private final NativeConnection connection;
    private final PlainWire wire;

    /** The chain of the session that this client offers. */
    private final List<X509Certificate> stored;

    private Phase phase = Phase.NEW;
    private boolean established;

    /** The library has nothing more to do in the handshake; its owner may have to decide. */
    private boolean libraryDone;

    /** Whether records of type handshake are in clear after the handshake: up to TLS 1.2 they begin another one. */
    private boolean renegotiable;

    private boolean decisionAnnounced;

    /** The peer's close_notify came. */
    private boolean peerClosed;

    /** Our close_notify is in the output, or was. */
    private boolean outputClosed;

    /** How many bytes the library has written that are not taken. */
    private int waiting;

    private @Nullable TlsException firstCause;
    private boolean causeThrown;

    /** What is left to send when the library has no say any more. */
    private ByteBuffer lastWords = NO_BYTES;

    private @Nullable NegotiatedParameters parameters;

    OpenSslEngine(
            OpenSslContext context,
            NativeContext shared,
            EngineRequest request,
            TlsEvents events,
            long ssl,
            List<X509Certificate> stored) {
        this.context = context;
        this.shared = shared;
        this.request = request;
        this.calls = context.library().calls();
        this.stored = stored;
        this.wire = new PlainWire(request.role());
        this.dialogue = new Dialogue(context.settings(), shared, request, events, ssl);
        this.connection = NativeConnection.of(calls, ssl, dialogue);
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
            if (causeThrown && lastWords.hasRemaining()) {
                return speakLastWords(records);
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
        if (!connection.enter() && phase != Phase.FAILED) {
            phase = Phase.CLOSED;
        }
    }

    private void leave() {
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
                return request.role() == TlsRole.CLIENT ? step() : null;
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
        return step(records, end);
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

    /** Has the library read the records up to here, and do what it can. */
    private @Nullable Need step(ByteBuffer records, int end) throws TlsException {
        int count = end - records.position();
        wire.incoming(records, end);
        if (records.isDirect()) {
            connection.feed(calls.address(records) + records.position(), count);
            return step(records, count, null);
        }
        try (Scratch scratch = Scratch.borrow(calls, count)) {
            scratch.buffer().put(0, records, records.position(), count);
            connection.feed(scratch.address(), count);
            return step(records, count, scratch);
        }
    }

    @SuppressWarnings("UnusedVariable") // what is read from must not be collected meanwhile
    private @Nullable Need step(ByteBuffer records, int count, @Nullable Scratch scratch) throws TlsException {
        int unread = count;
        try {
            clearErrors();
            int result = calls.handshake(connection.ssl());
            unread = connection.unfeed();
            records.position(records.position() + count - unread);
            return settle(result);
        } finally {
            if (unread == count) {
                connection.unfeed();
            }
            Reference.reachabilityFence(records);
        }
    }

    /** Has the library do what it can without input. */
    private @Nullable Need step() throws TlsException {
        clearErrors();
        return settle(calls.handshake(connection.ssl()));
    }

    /** What others left in this thread's queue would be taken for the reason of a failure. */
    private void clearErrors() {
        while (calls.popError()) {
            // one by one: there are hardly ever any
        }
    }

    /** Looks at what a step of the handshake brought about. */
    private @Nullable Need settle(int result) throws TlsException {
        int error = result == 1 ? 0 : calls.error(connection.ssl(), result);
        waiting = connection.waiting();
        rethrow();
        boolean isRefused = dialogue.verdict() == Dialogue.Verdict.REFUSED;
        switch (error) {
            case 0 -> libraryDone = true;
            case Ssl.ERROR_WANT_READ, Ssl.ERROR_WANT_WRITE, Ssl.ERROR_WANT_RETRY_VERIFY -> {}
            case Ssl.ERROR_ZERO_RETURN -> throw fail(closedByPeer());
            default -> throw isRefused ? refusedByLibrary() : libraryFailed();
        }
        if (dialogue.verdict() == Dialogue.Verdict.SHOWN && (libraryDone || waiting > 0)) {
            dialogue.askLate();
        }
        if (libraryDone && dialogue.verdict() == Dialogue.Verdict.OPEN) {
            askAtTheEnd();
        }
        if (dialogue.verdict() == Dialogue.Verdict.REFUSED) {
            throw refuse();
        }
        Need due = decisionDue();
        if (due == null && libraryDone) {
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
        TlsException cause =
                new TlsException(TlsError.INTERNAL, activity() + " failed: " + thrown, thrown);
        keepLastWords();
        fail(cause);
        if (thrown instanceof Error error) {
            throw error;
        }
        throw firstCause();
    }

    private void askAtTheEnd() throws TlsException {
        boolean reused = LibSsl.SSL_session_reused(connection.ssl()) == 1;
        dialogue.keys().settle(reused);
        if (dialogue.isPeerUnwanted()) {
            dialogue.answer(PeerDecision.ACCEPT);
            return;
        }
        boolean resumed = reused && !dialogue.keys().isUsed();
        dialogue.askAtTheEnd(resumed ? storedChain() : List.of(), resumed);
    }

    private List<X509Certificate> storedChain() throws TlsException {
        if (!stored.isEmpty()) {
            return stored;
        }
        try {
            long ssl = connection.ssl();
            long session = LibSsl.SSL_get_session(ssl);
            List<X509Certificate> chain = new ArrayList<>();
            Certificates.peerOf(calls, session).ifPresent(chain::add);
            if (request.role() == TlsRole.SERVER && !chain.isEmpty()) {
                chain.addAll(issuers(session));
            }
            return chain;
        } catch (EncodingException malformed) {
            throw kill(TlsError.INTERNAL, "the stored session's certificate cannot be read: " + malformed.getMessage());
        }
    }

    /** A ticket brings them with it; a session that the library kept itself has them. */
    private List<X509Certificate> issuers(long session) throws EncodingException {
        long[] data = new long[1];
        long[] bytes = new long[1];
        if (LibSsl.SSL_SESSION_get0_ticket_appdata(session, data, bytes) == 1 && bytes[0] > 0) {
            return SessionBlob.decodeChain(NativeMemory.read(data[0], (int) bytes[0]));
        }
        return Certificates.ofStack(calls, LibSsl.SSL_get_peer_cert_chain(connection.ssl()));
    }

    private void complete() throws TlsException {
        long ssl = connection.ssl();
        dialogue.keys().settle(LibSsl.SSL_session_reused(ssl) == 1);
        parameters = Agreement.of(context, request, dialogue, ssl);
        phase = Phase.ESTABLISHED;
        established = true;
        renegotiable = parameters.protocol() != SslProtocol.TLS_V1_3;
        if (shared.holdsTicketsBack() && !renegotiable) {
            giveTickets(ssl);
        }
        dialogue.wipe();
        keepSessions();
    }

    private void giveTickets(long ssl) {
        for (int i = 0; i < NativeContext.TICKETS; i++) {
            LibSsl3.SSL_new_session_ticket(ssl);
        }
        calls.handshake(ssl);
        clearErrors();
        waiting = connection.waiting();
    }

    private void keepSessions() {
        for (long session : dialogue.takeSessions()) {
            context.keep(session, dialogue.chain(), request, dialogue);
        }
    }

    private Need sendFlight(ByteBuffer records) throws TlsException {
        if (!isWithheld()) {
            if (waiting > 0 && records.remaining() < RECORD_ROOM) {
                return Need.OUTPUT;
            }
            drain(records);
            if (waiting > 0) {
                return Need.OUTPUT;
            }
        }
        return Need.INPUT;
    }

    private boolean isWithheld() {
        return dialogue.verdict() == Dialogue.Verdict.DEFERRED || dialogue.verdict() == Dialogue.Verdict.SHOWN;
    }

    private void drain(ByteBuffer records) {
        if (waiting == 0) {
            return;
        }
        int from = records.position();
        if (records.isDirect()) {
            int count = connection.take(calls.address(records) + from, Math.min(waiting, records.remaining()));
            records.position(from + count);
        } else {
            try (Scratch scratch = Scratch.borrow(calls)) {
                int count = 1;
                while (count > 0 && records.hasRemaining()) {
                    count = connection.take(scratch.address(), Math.min(Scratch.BYTES, records.remaining()));
                    records.put(scratch.buffer().limit(count));
                }
            }
        }
        if (!established) {
            wire.outgoing(records, from, records.position());
        }
        waiting = connection.waiting();
    }

    private Need openRecords(ByteBuffer records, ByteBuffer plaintext) throws TlsException {
        boolean hasRoom = true;
        while (!peerClosed && hasRoom && records.hasRemaining()) {
            int end = Records.wholeEnd(records, records.isDirect() ? Integer.MAX_VALUE : Scratch.BYTES);
            if (end == records.position()) {
                requirePossible(records);
                break;
            }
            hasRoom = plaintext.isDirect()
                    ? open(records, end, plaintext)
                    : openOnHeap(records, end, plaintext);
        }
        waiting = connection.waiting();
        if (peerClosed) {
            return Need.CLOSED;
        }
        if (waiting > 0) {
            return Need.OUTPUT;
        }
        return records.hasRemaining() ? Need.INPUT : Need.NOTHING;
    }

    private boolean openOnHeap(ByteBuffer records, int end, ByteBuffer plaintext) throws TlsException {
        try (Scratch scratch = Scratch.borrow(calls)) {
            ByteBuffer room = scratch.buffer().limit(Math.min(Scratch.BYTES, plaintext.remaining()));
            try {
                open(records, end, room);
            } finally {
                plaintext.put(room.flip());
            }
            // Less room than the owner has may have been the reason to stop.
            return plaintext.remaining() >= Records.MAXIMUM_PLAINTEXT;
        }
    }

    private boolean open(ByteBuffer records, int end, ByteBuffer plaintext) throws TlsException {
        int from = records.position();
        int count = end - from;
        if (records.isDirect()) {
            connection.feed(calls.address(records) + from, count);
            return openFed(records, end, plaintext);
        }
        try (Scratch scratch = Scratch.borrow(calls, count)) {
            scratch.buffer().put(0, records, from, count);
            connection.feed(scratch.address(), count);
            return openFed(records, end, plaintext);
        }
    }

    /** {@return whether there was room for all of it} */
    private boolean openFed(ByteBuffer records, int end, ByteBuffer plaintext) throws TlsException {
        long ssl = connection.ssl();
        long target = calls.address(plaintext);
        int at = plaintext.position();
        int limit = plaintext.limit();
        clearErrors();
        try {
            int next = records.position();
            while (next < end) {
                if (limit - at < Math.min(Records.bytes(records, next), Records.MAXIMUM_PLAINTEXT)) {
                    return false;
                }
                boolean forbidden = renegotiable && Records.type(records, next) == Records.HANDSHAKE;
                int result = calls.read(ssl, target + at, limit - at);
                if (result > 0) {
                    at += result;
                } else if (readNothing(ssl, result)) {
                    return true;
                }
                if (forbidden) {
                    throw renegotiationRefused();
                }
                int before = next;
                next = end - connection.unread();
                requireProgress(next > before || result > 0);
            }
            return true;
        } finally {
            plaintext.position(at);
            records.position(end - connection.unfeed());
            keepSessions(); // of TLS 1.3: one read may take them and the data behind them
            Reference.reachabilityFence(records);
            Reference.reachabilityFence(plaintext);
        }
    }

    /** {@return whether the peer said goodbye} */
    private boolean readNothing(long ssl, int result) throws TlsException {
        switch (calls.error(ssl, result)) {
            case Ssl.ERROR_WANT_READ, Ssl.ERROR_WANT_WRITE -> {
                rethrow();
                return false;
            }
            case Ssl.ERROR_ZERO_RETURN -> {
                peerClosed = true;
                return true;
            }
            default -> {
                rethrow();
                throw libraryFailed();
            }
        }
    }

    private TlsException renegotiationRefused() {
        // With SSL_OP_NO_RENEGOTIATION the library has answered no_renegotiation, which is a warning.
        keepLastWords();
        return fail(new TlsException(
                TlsError.RENEGOTIATION_REFUSED,
                activity() + " failed: the peer began another handshake on an established connection;"
                        + " renegotiation is always refused"));
    }

    private Need sealRecords(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (waiting > 0) {
            if (records.remaining() < RECORD_ROOM) {
                return Need.OUTPUT;
            }
            drain(records);
        }
        if (plaintext.hasRemaining() && !outputClosed && waiting == 0) {
            if (!records.isDirect()) {
                return sealOnHeap(plaintext, records);
            }
            if (!seal(plaintext, records)) {
                return Need.OUTPUT;
            }
        }
        if (waiting > 0) {
            return Need.OUTPUT;
        }
        return peerClosed ? Need.CLOSED : Need.NOTHING;
    }

    private Need sealOnHeap(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        try (Scratch scratch = Scratch.borrow(calls)) {
            while (plaintext.hasRemaining()) {
                if (records.remaining() < RECORD_ROOM) {
                    return Need.OUTPUT;
                }
                ByteBuffer room = scratch.buffer().limit(RECORD_ROOM);
                try {
                    seal(plaintext, room);
                } finally {
                    records.put(room.flip());
                }
            }
        }
        return peerClosed ? Need.CLOSED : Need.NOTHING;
    }

    /** {@return whether there was room for all of it} */
    private boolean seal(ByteBuffer plaintext, ByteBuffer records) throws TlsException {
        if (plaintext.isDirect()) {
            return seal(plaintext, calls.address(plaintext) + plaintext.position(), plaintext.remaining(), records);
        }
        try (Scratch scratch = Scratch.borrow(calls)) {
            while (plaintext.hasRemaining()) {
                int count = Math.min(plaintext.remaining(), Records.MAXIMUM_PLAINTEXT);
                scratch.buffer().put(0, plaintext, plaintext.position(), count);
                if (!seal(plaintext, scratch.address(), count, records)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Encrypts bytes that lie at an address, and moves the plaintext's position past them. */
    private boolean seal(ByteBuffer plaintext, long source, int count, ByteBuffer records) throws TlsException {
        long ssl = connection.ssl();
        long target = calls.address(records);
        int at = records.position();
        int limit = records.limit();
        int taken = 0;
        clearErrors();
        try {
            while (taken < count) {
                if (limit - at < RECORD_ROOM) {
                    return false;
                }
                int result =
                        calls.write(ssl, source + taken, Math.min(count - taken, Records.MAXIMUM_PLAINTEXT));
                if (result <= 0) {
                    requireProgress(calls.error(ssl, result) == Ssl.ERROR_SSL);
                    throw libraryFailed();
                }
                taken += result;
                at += connection.take(target + at, limit - at);
            }
            return true;
        } finally {
            plaintext.position(plaintext.position() + taken);
            records.position(at);
            Reference.reachabilityFence(plaintext);
            Reference.reachabilityFence(records);
        }
    }

    private Need speakLastWords(ByteBuffer records) {
        int count = Math.min(lastWords.remaining(), records.remaining());
        records.put(records.position(), lastWords, lastWords.position(), count);
        records.position(records.position() + count);
        lastWords.position(lastWords.position() + count);
        return lastWords.hasRemaining() ? Need.OUTPUT : Need.NOTHING;
    }

    private void requireProgress(boolean progress) throws TlsException {
        if (!progress) {
            throw kill(
                    TlsError.INTERNAL,
                    "backend " + context.backend() + " reports success without having done anything");
        }
    }

    /** The library gave up: keeps what it still has to say, and reports. */
    private TlsException libraryFailed() {
        if (firstCause != null) {
            return fail(firstCause);
        }
        LibraryError error = LibraryError.take(context.library());
        keepLastWords();
        return fail(new Failure(error, dialogue.fatalReceived(), dialogue.fatalSent(), context.backend())
                .exception(activity()));
    }

    private TlsException refusedByLibrary() {
        clearErrors();
        forgetSession();
        keepLastWords();
        return fail(certificateRefused());
    }

    private TlsException certificateRefused() {
        return new TlsException(
                TlsError.CERTIFICATE_REFUSED,
                Objects.requireNonNull(dialogue.refusal()).reason());
    }

    /** Ends the connection with a fatal alert and a cause of our own. */
    private TlsException kill(TlsError error, String reason) {
        TlsException cause = new TlsException(error, activity() + " failed: " + reason);
        if (canSpeakInClear()) {
            speakInClear(error.alert());
        } else {
            provokeAlert();
        }
        return fail(cause);
    }

    /** Only a library that fails sends a fatal alert, and which one is for it to choose. */
    private void provokeAlert() {
        try (Scratch scratch = Scratch.borrow(calls)) {
            scratch.buffer().put(new byte[] {23, 3, 3, -1, -1});
            connection.feed(scratch.address(), Records.HEADER_BYTES);
            clearErrors();
            calls.read(connection.ssl(), scratch.address() + Records.HEADER_BYTES, 1);
            clearErrors();
            connection.unfeed();
        }
        keepLastWords();
    }

    /**
     * Refuses a peer that the library has accepted already: drops what it would say next, and says something else where that
     * is possible.
     */
    private TlsException refuse() {
        PeerDecision.Refuse refusal = Objects.requireNonNull(dialogue.refusal());
        forgetSession();
        if (canSpeakInClear()) {
            speakInClear(refusal.alert());
        } else if (request.role() == TlsRole.SERVER && libraryDone && waiting == 0) {
            // The library sends no alert of our choice: all it can say is goodbye.
            calls.shutdown(connection.ssl());
            clearErrors();
            keepLastWords();
        }
        // A TLS 1.3 client is left with nothing to say: goodbye would come after the Finished that accepts the server.
        return fail(certificateRefused());
    }

    private void forgetSession() {
        request.peerKey().ifPresent(context::forget);
        if (request.role() == TlsRole.SERVER) {
            shared.forget(LibSsl.SSL_get_session(connection.ssl()));
        }
        for (long session : dialogue.takeSessions()) {
            LibSsl.SSL_SESSION_free(session);
        }
    }

    /** {@return whether a fatal alert in clear, made by ourselves, is what the peer expects at this point} */
    private boolean canSpeakInClear() {
        return !established && !wire.isOursEncrypted();
    }

    /** Puts a fatal alert in the place of whatever the library would say. */
    private void speakInClear(AlertType alert) {
        lastWords = wire.alert(alert);
        dialogue.later(events -> events.alertSent(TlsAlert.fatal(alert)));
    }

    /** Takes all that the library still has to say. */
    private void keepLastWords() {
        waiting = connection.waiting();
        ByteBuffer rest = ByteBuffer.allocate(waiting);
        drain(rest);
        lastWords = rest.flip();
    }

    private TlsException closedByPeer() {
        return new TlsException(
                TlsError.CLOSED_IN_HANDSHAKE,
                activity() + " failed: the peer ended the connection (close_notify) in the middle of the handshake");
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
        waiting = 0;
        dialogue.wipe();
        for (long session : dialogue.takeSessions()) {
            LibSsl.SSL_SESSION_free(session);
        }
        return firstCause();
    }

    private TlsException firstCause() {
        causeThrown = true;
        return Objects.requireNonNull(firstCause);
    }

    @Override
    public boolean hasOutput() {
        if (lastWords.hasRemaining()) {
            return phase != Phase.CLOSED;
        }
        return switch (phase) {
            case NEW -> request.role() == TlsRole.CLIENT && !outputClosed;
            case HANDSHAKING -> waiting > 0 && !isWithheld();
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
        enter();
        try {
            if (outputClosed || phase == Phase.FAILED || phase == Phase.CLOSED) {
                return;
            }
            outputClosed = true;
            switch (phase) {
                case HANDSHAKING -> closeInHandshake();
                case ESTABLISHED -> {
                    clearErrors();
                    calls.shutdown(connection.ssl());
                    clearErrors();
                    waiting = connection.waiting();
                }
                case NEW, FAILED, CLOSED -> {}
            }
        } finally {
            leave();
        }
    }

    /** The library says goodbye only after the handshake; in clear we say it ourselves. */
    private void closeInHandshake() {
        boolean undecided = isWithheld();
        if (canSpeakInClear()) {
            ByteBuffer goodbye = wire.goodbye();
            if (!undecided) {
                keepLastWords();
            }
            lastWords = ByteBuffer.allocate(lastWords.remaining() + goodbye.remaining())
                    .put(lastWords)
                    .put(goodbye)
                    .flip();
            dialogue.later(events -> {
                events.alertSent(TlsAlert.warning(AlertType.USER_CANCELLED));
                events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
            });
        }
        fail(closedInHandshake());
        forgetSession();
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
                step();
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
        return RECORD_ROOM;
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
            byte[] material = new byte[length];
            byte[] name = label.getBytes(StandardCharsets.US_ASCII);
            byte[] given = value.orElseGet(() -> new byte[0]);
            int done = LibSsl.SSL_export_keying_material(
                    connection.ssl(),
                    material,
                    length,
                    name,
                    name.length,
                    given,
                    given.length,
                    value.isPresent() ? 1 : 0);
            if (done != 1) {
                throw new TlsException(
                        TlsError.UNSUPPORTED_SETTING,
                        "backend " + context.backend() + " cannot export keying material: "
                                + LibraryError.take(context.library()).text());
            }
            return material;
        } finally {
            leave();
        }
    }

    @Override
    public void close() {
        connection.close();
        phase = Phase.CLOSED;
        lastWords = NO_BYTES;
        dialogue.wipe();
    }
}
