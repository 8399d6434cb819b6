package dev.qssl;

import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.SessionTicket;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The part of a configuration that a connection fills in: what the peer showed, what was agreed on, and the session. The
 * ticket alone can also be set, to resume that session. Immutable; equal by value.
 */
final class SessionState {

    /** Before any handshake. */
    static final SessionState NONE = new SessionState(List.of(), Optional.empty(), new byte[0], -1);

    private final List<X509Certificate> peerChain;
    private final Optional<NegotiatedParameters> parameters;
    private final byte[] ticket;
    private final int lifetimeHint;

    private SessionState(
            List<X509Certificate> peerChain,
            Optional<NegotiatedParameters> parameters,
            byte[] ticket,
            int lifetimeHint) {
        this.peerChain = List.copyOf(peerChain);
        this.parameters = parameters;
        this.ticket = ticket;
        this.lifetimeHint = lifetimeHint;
    }

    /** {@return this state with what the peer showed, its own certificate first} */
    SessionState withPeerChain(List<X509Certificate> chain) {
        return new SessionState(chain, parameters, ticket, lifetimeHint);
    }

    /** {@return this state with what was agreed on} */
    SessionState withParameters(NegotiatedParameters agreed) {
        return new SessionState(peerChain, Optional.of(agreed), ticket, lifetimeHint);
    }

    /** {@return this state with a session that the server gave, and its lifetime} */
    SessionState withTicket(SessionTicket given) {
        int hint = (int) Math.min(given.lifetimeSeconds(), Integer.MAX_VALUE);
        return new SessionState(peerChain, parameters, given.bytes(), hint);
    }

    /** {@return this state with a session to resume; empty for none} */
    SessionState withTicket(byte[] toResume) {
        return new SessionState(peerChain, parameters, toResume.clone(), lifetimeHint);
    }

    /** {@return the ticket alone: what one connection may hand on to the next} */
    SessionState ticketOnly() {
        boolean hasMore = !peerChain.isEmpty() || parameters.isPresent();
        return hasMore ? new SessionState(List.of(), Optional.empty(), ticket, lifetimeHint) : this;
    }

    List<X509Certificate> peerChain() {
        return peerChain;
    }

    Optional<NegotiatedParameters> parameters() {
        return parameters;
    }

    boolean hasTicket() {
        return ticket.length > 0;
    }

    byte[] ticket() {
        return ticket.clone();
    }

    int lifetimeHint() {
        return lifetimeHint;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionState that
                && peerChain.equals(that.peerChain)
                && parameters.equals(that.parameters)
                && MessageDigest.isEqual(ticket, that.ticket)
                && lifetimeHint == that.lifetimeHint;
    }

    @Override
    public int hashCode() {
        return Objects.hash(peerChain, lifetimeHint);
    }
}
