package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertType;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsEvents;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * How one connection fails: the first cause, which every later call throws again, and the alert that tells the peer.
 *
 * <p>A JSSE library sends alerts of its own choice alone, and a fatal one only when it fails itself. In clear we say what we
 * mean in its place; once it encrypts, it is made to fail, or says goodbye.
 */
final class Ending {

    private final EngineSetup context;
    private final ConnectionSetup setup;
    private final SSLEngine engine;
    private final TlsEvents events;
    private final ControlRecords control;
    private final int plaintextRoom;

    /** Reads along until the handshake is done, and is forgotten then. */
    private @Nullable WireObserver wire;

    /** Forgotten with the handshake, too. */
    private @Nullable PeerQuestion peer;

    private @Nullable TlsException firstCause;
    private boolean told;

    Ending(ConnectionSetup setup, PeerQuestion peer, WireObserver wire, ControlRecords control) {
        this.context = setup.context();
        this.setup = setup;
        this.engine = setup.engine();
        this.events = setup.events();
        this.peer = peer;
        this.wire = wire;
        this.control = control;
        this.plaintextRoom = engine.getSession().getApplicationBufferSize();
    }

    /** From here on it is a connection that fails, not its handshake. */
    void handshakeIsDone() {
        wire = null;
        forgetPeerQuestion();
    }

    /** Wipes what only the handshake needs. */
    void forgetPeerQuestion() {
        if (peer != null) {
            peer.wipe();
            peer = null;
        }
    }

    boolean isOver() {
        return firstCause != null;
    }

    /** {@return whether the first cause was thrown, so that the last words may be sent} */
    boolean isTold() {
        return told;
    }

    /** The call that ended the connection throws nothing: the next one will. */
    void tellLater() {
        told = false;
    }

    /** Throws the first cause, if there is one. */
    void requireNone() throws TlsException {
        if (firstCause != null) {
            throw firstCause();
        }
    }

    private TlsException firstCause() {
        told = true;
        return Objects.requireNonNull(firstCause);
    }

    private TlsException over(TlsException cause) {
        if (firstCause == null) {
            firstCause = cause;
        }
        forgetPeerQuestion();
        return firstCause();
    }

    void requireProgress(boolean progress) throws TlsException {
        if (!progress) {
            throw kill(
                    TlsError.INTERNAL,
                    "backend " + context.backend() + " reports success without having done anything");
        }
    }

    /** The library could not even begin. Nothing came from the peer yet: what is wrong is what we asked for. */
    TlsException cannotBegin(Exception thrown) {
        return failed(new Failure(context, thrown)
                .because(new TlsException(
                        TlsError.INVALID_SETTING,
                        activity() + " failed: backend " + context.backend() + " cannot begin it with these settings: "
                                + thrown.getMessage(),
                        thrown)));
    }

    /** The library gave up sending. */
    TlsException libraryFailed(Exception thrown) {
        return libraryFailed(new Failure(context, thrown));
    }

    /**
     * The library gave up receiving.
     *
     * @param thrown what it threw
     * @param records what it was reading
     * @param from where the record began
     */
    TlsException libraryFailed(Exception thrown, ByteBuffer records, int from) {
        TlsAlert alert = WireObserver.alert(records, from, records.limit());
        return libraryFailed(new Failure(context, thrown).receivedInClear(alert));
    }

    private TlsException libraryFailed(Failure failure) {
        return firstCause == null ? failed(failure) : firstCause();
    }

    private TlsException failed(Failure failure) {
        PeerDecision.Refuse refusal = peer == null ? null : peer.refusal();
        if (refusal != null) {
            forgetPeer();
        }
        if (refusal != null && canSpeakInClear()) {
            // The library can say little about a certificate; we can say exactly what was asked for.
            speakInClear(refusal.alert());
            return over(failure.refused(refusal).exception(activity()));
        }
        control.hearLastWords();
        List<TlsAlert> alerts = control.lastAlerts();
        TlsAlert last = alerts.isEmpty() ? null : alerts.get(alerts.size() - 1);
        failure.refused(refusal).sent(last, control.hasLastWords());
        failure.received().ifPresent(events::alertReceived);
        failure.sent().ifPresent(events::alertSent);
        return over(failure.exception(activity()));
    }

    /** Ends the connection with a fatal alert and a cause of our own. */
    TlsException kill(TlsError error, String reason) {
        TlsException cause = new TlsException(error, activity() + " failed: " + reason);
        if (canSpeakInClear()) {
            speakInClear(error.alert());
            return over(cause);
        }
        try {
            // Only a library that fails sends a fatal alert, and which one is for it to choose.
            engine.unwrap(SentAlerts.impossibleRecord(), ByteBuffer.allocate(plaintextRoom));
        } catch (SSLException | RuntimeException thrown) {
            return failed(new Failure(context, thrown).because(cause));
        }
        engine.closeOutbound();
        control.hearLastWords();
        return over(cause);
    }

    /**
     * Refuses a peer that the library has accepted already: drops what it would say next, and says something else where that
     * is possible.
     */
    TlsException refuse(PeerDecision.Refuse refusal) {
        forgetSession();
        if (canSpeakInClear()) {
            speakInClear(refusal.alert());
        } else if (setup.request().role() == TlsRole.SERVER) {
            // Our half of the handshake is out and the library sends no alert of our choice: all it can say is goodbye.
            engine.closeOutbound();
            control.hearLastWords();
            events.alertSent(TlsAlert.warning(AlertType.CLOSE_NOTIFY));
        }
        // A TLS 1.3 client is left with nothing to say: goodbye would come after the Finished that accepts the server.
        return over(new TlsException(TlsError.CERTIFICATE_REFUSED, refusal.reason()));
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
        setup.sessions().ifPresent(store -> setup.request().peerKey().ifPresent(store::forget));
    }

    /** The connection ended, and nobody said that it would. */
    TlsException cutOff() {
        return over(
                wire == null
                        ? new TlsException(
                                TlsError.TRUNCATED,
                                activity()
                                        + " ended without close_notify: data may have been cut off (RFC 8446, section"
                                        + " 6.1)")
                        : new TlsException(
                                TlsError.CLOSED_IN_HANDSHAKE,
                                activity() + " failed: the connection ended in the middle of it"));
    }

    /** {@return whether a fatal alert in clear, made by ourselves, is what the peer expects at this point} */
    private boolean canSpeakInClear() {
        return wire != null && !wire.isOursEncrypted();
    }

    private void speakInClear(AlertType alert) {
        control.speakInClear(alert, Objects.requireNonNull(wire).protocol());
    }

    /** {@return what we are doing and with whom, for the beginning of a sentence} */
    private String activity() {
        String with = setup.request()
                .peerKey()
                .map(PeerKey::endpoint)
                .orElse(setup.request().role() == TlsRole.CLIENT ? "the server" : "the client");
        return (wire == null ? "the TLS connection with " : "the TLS handshake with ") + with;
    }
}
