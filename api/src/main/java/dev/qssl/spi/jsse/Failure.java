package dev.qssl.spi.jsse;

import dev.qssl.QSsl.AlertLevel;
import dev.qssl.spi.PeerDecision;
import dev.qssl.spi.TlsAlert;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.util.Optional;
import java.util.OptionalInt;
import javax.crypto.BadPaddingException;
import org.jspecify.annotations.Nullable;

/**
 * A library's exception and what is known beside it, to be turned into our own exception and the alerts to report.
 *
 * <p>Exceptions of the JSSE say little that a program could use, so the order of evidence is: what we know of ourselves, the
 * alerts that could be seen on the wire, those that can be told from the exception, its classes. Its text is for people.
 */
final class Failure {

    private final EngineSetup setup;
    private final Exception thrown;

    /** The peer's alert, as seen in clear. */
    private @Nullable TlsAlert received;

    /** Our alert, as seen in clear. */
    private @Nullable TlsAlert sent;

    private PeerDecision.@Nullable Refuse refusal;
    private @Nullable TlsException known;
    private boolean sentEncrypted;

    Failure(EngineSetup setup, Exception thrown) {
        this.setup = setup;
        this.thrown = thrown;
    }

    /** The failing record was this alert. */
    Failure receivedInClear(@Nullable TlsAlert alert) {
        received = alert;
        return this;
    }

    /**
     * The library had last words.
     *
     * @param alert what they were, if they were in clear
     * @param any whether there were some at all
     */
    Failure sent(@Nullable TlsAlert alert, boolean any) {
        sent = alert;
        sentEncrypted = alert == null && any;
        return this;
    }

    /** The owner had refused the peer. */
    Failure refused(PeerDecision.@Nullable Refuse by) {
        refusal = by;
        return this;
    }

    /** The library was made to fail, for this reason. */
    Failure because(TlsException cause) {
        known = cause;
        return this;
    }

    /** {@return the peer's alert that is the reason, if it is} */
    Optional<TlsAlert> received() {
        if (received != null) {
            return Optional.of(received);
        }
        return known == null && refusal == null ? setup.facts().received().of(thrown) : Optional.empty();
    }

    /** {@return our alert that tells the peer, if there is one} Its code is hidden if it cannot be known. */
    Optional<TlsAlert> sent() {
        if (sent != null) {
            return Optional.of(sent);
        }
        if (!sentEncrypted || received().isPresent()) {
            return Optional.empty();
        }
        OptionalInt code = setup.facts().sent().of(thrown);
        if (code.isEmpty() && refusal != null) {
            code = setup.facts().sent().ofRefusal(refusal.alert());
        }
        return Optional.of(
                code.isPresent() ? TlsAlert.of(AlertLevel.FATAL, code.getAsInt()) : TlsAlert.hidden(AlertLevel.FATAL));
    }

    /**
     * {@return our own exception}
     *
     * @param doing what failed, with the peer's name: the beginning of the sentence
     */
    TlsException exception(String doing) {
        if (known != null) {
            return known;
        }
        if (refusal != null) {
            // The owner's own words: they are what the user is shown (B-062).
            return new TlsException(TlsError.CERTIFICATE_REFUSED, refusal.reason(), thrown);
        }
        Optional<TlsAlert> alert = received();
        if (alert.isPresent()) {
            return alert.get().isCloseNotify()
                    ? new TlsException(
                            TlsError.CLOSED_IN_HANDSHAKE,
                            doing
                                    + " failed: the peer ended the connection (close_notify) in the middle of the handshake",
                            thrown)
                    : new TlsException(
                            TlsError.PEER_ALERT,
                            doing + " failed: the peer sent the alert "
                                    + alert.get().description() + " ("
                                    + alert.get().code() + ")",
                            thrown);
        }
        return new TlsException(
                error(),
                doing + " failed: backend " + setup.backend() + " says: "
                        + setup.library().failureReason(thrown),
                thrown);
    }

    private TlsError error() {
        Optional<TlsError> told = setup.library().error(thrown);
        if (told.isPresent()) {
            return told.get();
        }
        Optional<TlsAlert> ours = sent();
        if (ours.isPresent() && setup.facts().sent().isMissingCertificate(thrown)) {
            return TlsError.CERTIFICATE_MISSING;
        }
        if (ours.isPresent() && ours.get().code() != TlsAlert.HIDDEN_CODE) {
            return TlsError.behind(ours.get().type());
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BadPaddingException) {
                return TlsError.BAD_RECORD;
            }
        }
        return TlsError.PROTOCOL_VIOLATION;
    }
}
