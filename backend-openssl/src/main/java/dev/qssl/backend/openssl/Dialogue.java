package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.PeerCredentials;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.EncodingException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the library says and asks in the course of one connection, from inside its calls.
 *
 * <p>Questions are put to the owner at once, because the library waits. News are kept, and passed on when the library's call
 * has returned: {@link #tell}.
 */
final class Dialogue {

    /** How far the question about the peer has come. */
    enum Verdict {
        /** Not asked. */
        OPEN,
        /** There is a chain, but what belongs to it is still to come: to be asked before anything else is sent. */
        SHOWN,
        /** Asked; the answer comes later. */
        DEFERRED,
        /** The peer is welcome, or is not asked for anything. */
        ACCEPTED,
        /** The peer is not welcome. */
        REFUSED
    }

    private final ContextSettings settings;
    private final NativeContext context;
    private final EngineRequest request;
    private final TlsEvents events;
    private final long ssl;
    private final PreSharedKeys keys;

    private Verdict verdict = Verdict.OPEN;
    private List<X509Certificate> chain = List.of();
    private List<byte[]> staples = List.of();
    private PeerDecision.@Nullable Refuse refusal;
    private boolean noOverlap;
    private boolean paused;
    private @Nullable Queue<Consumer<TlsEvents>> news;
    private @Nullable TlsAlert fatalSent;
    private @Nullable TlsAlert fatalReceived;
    private List<Long> sessions = List.of();
    private @Nullable Throwable thrown;

    Dialogue(ContextSettings settings, NativeContext context, EngineRequest request, TlsEvents events, long ssl) {
        this.settings = settings;
        this.context = context;
        this.request = request;
        this.events = events;
        this.ssl = ssl;
        this.keys = new PreSharedKeys(settings, context, request.role(), events, ssl);
    }

    PreSharedKeys keys() {
        return keys;
    }

    TicketKeys ticketKeys() {
        return context.ticketKeys();
    }

    /** Something went wrong in an answer to the library; kept until its call has returned. */
    void failedInside(Throwable cause) {
        if (thrown == null) {
            thrown = cause;
        }
    }

    /** {@return what went wrong in an answer to the library, or null} */
    @Nullable Throwable thrown() {
        SigningFailure unsigned = context.takeSigningFailure();
        if (unsigned != null) {
            failedInside(unsigned);
        }
        return thrown;
    }

    void alert(boolean received, int level, int code) {
        TlsAlert alert = TlsAlert.of(level == 2 ? AlertLevel.FATAL : AlertLevel.WARNING, code);
        if (received) {
            fatalReceived = level == 2 ? alert : fatalReceived;
            later(to -> to.alertReceived(alert));
        } else {
            fatalSent = level == 2 ? alert : fatalSent;
            later(to -> to.alertSent(alert));
        }
    }

    void keyLog(long line) {
        String text = NativeMemory.text(line);
        later(to -> to.keyLog(text));
    }

    /** Queues something to be told when the library's call has returned. */
    void later(Consumer<TlsEvents> message) {
        Queue<Consumer<TlsEvents>> waiting = news;
        if (waiting == null) {
            waiting = new ArrayDeque<>(4);
            news = waiting;
        }
        waiting.add(message);
    }

    /** Passes on what came up. Outside of the library's calls. */
    void tell() {
        Queue<Consumer<TlsEvents>> waiting = news;
        if (waiting == null) {
            return;
        }
        // One by one: what its owner does not live to hear, because it throws, is told the next time.
        for (Consumer<TlsEvents> next = waiting.poll(); next != null; next = waiting.poll()) {
            next.accept(events);
        }
        news = null;
    }

    /** {@return our fatal alert, or null} */
    @Nullable TlsAlert fatalSent() {
        return fatalSent;
    }

    /** {@return the peer's fatal alert, or null} */
    @Nullable TlsAlert fatalReceived() {
        return fatalReceived;
    }

    /** Chooses the first of the client's protocols that we allow; if there is none we go on without. */
    int chooseProtocol(long chosen, long chosenBytes, long offered, int offeredBytes) {
        byte[] names = NativeMemory.read(offered, offeredBytes);
        for (int at = 0; at < names.length; at += 1 + Byte.toUnsignedInt(names[at])) {
            int bytes = Byte.toUnsignedInt(names[at]);
            String name =
                    new String(names, at + 1, Math.min(bytes, names.length - at - 1), StandardCharsets.ISO_8859_1);
            if (settings.alpn().contains(name)) {
                NativeMemory.writeLong(chosen, offered + at + 1);
                NativeMemory.writeByte(chosenBytes, bytes);
                return Ssl.TLSEXT_OK;
            }
        }
        noOverlap = true;
        return Ssl.TLSEXT_NOACK;
    }

    /** {@return server: whether the client offered only protocols that we do not allow} */
    boolean isWithoutOverlap() {
        return noOverlap;
    }

    /** Gives the library a response to staple: it frees the copy. */
    int staple() {
        if (request.role() == TlsRole.CLIENT) {
            return 1;
        }
        if (request.staples().isEmpty()) {
            return Ssl.TLSEXT_NOACK;
        }
        byte[] response = request.staples().get(0);
        long copy = LibCrypto.CRYPTO_malloc(response.length, 0, 0);
        if (copy == 0) {
            return Ssl.TLSEXT_NOACK;
        }
        NativeMemory.write(copy, response);
        LibSsl.SSL_ctrl(ssl, Ssl.CTRL_SET_STATUS_RESPONSE, response.length, copy);
        return Ssl.TLSEXT_OK;
    }

    /** {@return 1: the session is ours from now on} */
    int newSession(long session) {
        if (LibSsl.SSL_SESSION_is_resumable(session) == 0 || keys.isUsed()) {
            return 0;
        }
        sessions = sessions.isEmpty() ? new ArrayList<>(2) : sessions;
        sessions.add(session);
        return 1;
    }

    /** {@return the sessions that came, owned by the caller} */
    List<Long> takeSessions() {
        List<Long> taken = sessions;
        sessions = List.of();
        return taken;
    }

    /** Puts what a ticket would lose into it: OpenSSL keeps of a client's chain its own certificate only. */
    int describeTicket() {
        if (chain.size() > 1) {
            byte[] issuers = SessionBlob.encode(chain.subList(1, chain.size()));
            LibSsl.SSL_SESSION_set1_ticket_appdata(LibSsl.SSL_get_session(ssl), issuers, issuers.length);
        }
        return 1;
    }

    /** {@return 1 to go on, 0 to refuse} The chain of a full handshake came. */
    int certificatesCame(long store) {
        if (verdict == Verdict.OPEN) {
            try {
                chain = List.copyOf(Certificates.ofStack(
                        context.library().calls(), LibCrypto.X509_STORE_CTX_get0_untrusted(store)));
            } catch (EncodingException malformed) {
                answer(new PeerDecision.Refuse(
                        AlertType.BAD_CERTIFICATE, "the peer's certificate cannot be read: " + malformed.getMessage()));
                return refuse(store);
            }
            if (isStapleLate()) {
                verdict = Verdict.SHOWN;
                return 1;
            }
            askNow();
        }
        return switch (verdict) {
            case REFUSED -> refuse(store);
            case DEFERRED -> pause();
            case OPEN, SHOWN, ACCEPTED -> 1;
        };
    }

    /** Up to TLS 1.2 a stapled response comes in a message of its own, behind the certificates (RFC 6066, section 8). */
    private boolean isStapleLate() {
        return request.role() == TlsRole.CLIENT
                && settings.isOcspStaplingEnabled()
                && LibSsl.SSL_version(ssl) < SslProtocol.TLS_V1_3.wireVersion();
    }

    private int refuse(long store) {
        AlertType alert = refusal == null ? AlertType.CERTIFICATE_UNKNOWN : refusal.alert();
        if (!VerifyErrors.isExact(alert) && LibSsl.SSL_version(ssl) < SslProtocol.TLS_V1_3.wireVersion()) {
            // The engine says it better, in clear, and throws away what the library would say.
            return 1;
        }
        LibCrypto.X509_STORE_CTX_set_error(store, VerifyErrors.of(alert));
        return 0;
    }

    /**
     * Has the library wait. On servers it cannot: it would take the answer for an acceptance (seen in 3.0.22), so they go on
     * and the engine keeps back what they say.
     */
    private int pause() {
        paused = request.role() == TlsRole.CLIENT
                && context.library().isVersion3()
                && LibSsl.SSL_ctrl(ssl, Ssl.CTRL_SET_RETRY_VERIFY, 0, 0) > 0;
        return 1;
    }

    private List<byte[]> receivedStaples() {
        if (request.role() == TlsRole.SERVER || !settings.isOcspStaplingEnabled()) {
            return List.of();
        }
        long[] response = new long[1];
        int bytes = (int) LibSsl.SSL_ctrl(ssl, Ssl.CTRL_GET_STATUS_RESPONSE, 0, response);
        return bytes <= 0 || response[0] == 0 ? List.of() : List.of(NativeMemory.read(response[0], bytes));
    }

    private void ask(boolean resumed) {
        PeerDecision decision = events.peerPresented(new PeerCredentials(chain, staples, resumed, List.of()));
        if (decision instanceof PeerDecision.Final known) {
            answer(known);
        } else {
            verdict = Verdict.DEFERRED;
        }
    }

    /** Asks about what came in a full handshake: all of it is there. */
    void askNow() {
        staples = receivedStaples();
        ask(false);
    }

    /**
     * Asks at the end of a handshake in which no certificates came: a session was resumed, or there are none.
     *
     * @param remembered what the server showed that we offered to resume a session of
     */
    void askAtTheEnd(Shown remembered) {
        boolean reused = LibSsl.SSL_session_reused(ssl) == 1;
        keys.settle(reused);
        if (isPeerUnwanted()) {
            answer(PeerDecision.ACCEPT);
            return;
        }
        if (!reused || keys.isUsed()) {
            askNow();
            return;
        }
        try {
            chain = remembered.isNothing()
                    ? StoredSession.chain(context.library().calls(), ssl, request.role())
                    : remembered.chain();
            staples = settings.isOcspStaplingEnabled() ? remembered.staples() : List.of();
            ask(true);
        } catch (EncodingException malformed) {
            failedInside(malformed);
        }
    }

    /** {@return whether our side does not want to know who the peer is} */
    private boolean isPeerUnwanted() {
        return request.role() == TlsRole.SERVER && settings.verifyMode(TlsRole.SERVER) == PeerVerifyMode.VERIFY_NONE;
    }

    /** Ends the question. */
    void answer(PeerDecision.Final decision) {
        if (decision instanceof PeerDecision.Refuse no) {
            refusal = no;
            verdict = Verdict.REFUSED;
        } else {
            verdict = Verdict.ACCEPTED;
        }
    }

    Verdict verdict() {
        return verdict;
    }

    /** {@return whether the library waits for the answer itself} */
    boolean isPaused() {
        return paused;
    }

    /** {@return whether a question about the peer is open: nothing that the library writes may be sent} */
    boolean isUndecided() {
        return verdict == Verdict.DEFERRED || verdict == Verdict.SHOWN;
    }

    /** {@return why the peer was refused} Only if it was. */
    PeerDecision.Refuse refusal() {
        return Objects.requireNonNull(refusal);
    }

    /** {@return the refusal as a cause: the owner's own words are what the user is shown (B-062)} */
    TlsException refused() {
        return new TlsException(TlsError.CERTIFICATE_REFUSED, refusal().reason());
    }

    /** {@return the peer's chain, its own certificate first} */
    List<X509Certificate> chain() {
        return chain;
    }

    /** {@return what the peer showed of itself, now or when the session began} */
    Shown shown() {
        return new Shown(chain, staples);
    }

    /** The handshake is over: wipes what only it needs. */
    void wipe() {
        keys.wipe();
    }
}
