package dev.qssl.spi;

import dev.qssl.QSsl.AlertType;

/** The answer to {@link TlsEvents#peerPresented}. */
public sealed interface PeerDecision {

    /** An answer that ends the matter: what {@link TlsEngine#resume} takes. */
    sealed interface Final extends PeerDecision permits Accept, Refuse {}

    /** The peer is who it should be, or the application does not mind. */
    record Accept() implements Final {}

    /**
     * The handshake must fail.
     *
     * @param alert what to tell the peer; an engine that cannot send this one sends its nearest
     * @param reason for our own side's error message
     */
    record Refuse(AlertType alert, String reason) implements Final {}

    /** The answer comes later through {@link TlsEngine#resume}; until then nothing more is sent or handed out. */
    record Defer() implements PeerDecision {}

    /** The one acceptance. */
    Accept ACCEPT = new Accept();

    /** The one deferral. */
    Defer DEFER = new Defer();
}
