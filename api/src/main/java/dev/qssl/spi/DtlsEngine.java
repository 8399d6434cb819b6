package dev.qssl.spi;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * The protocol state of one datagram association (RFC 6347): datagrams in, datagrams out, no I/O, no timer of its own.
 *
 * <p>Used by one owner at a time. Lost, repeated, reordered and forged datagrams are no errors: they are dropped.
 */
public interface DtlsEngine extends AutoCloseable {

    /**
     * Takes one datagram as it came in.
     *
     * @param datagram one whole datagram; consumed
     * @param plaintext receives the application data in it, if any
     * @return what the engine needs next; {@code INPUT} means the next datagram
     * @throws TlsException if the association is over
     * @throws IllegalStateException while a decision is outstanding
     */
    Need receive(ByteBuffer datagram, ByteBuffer plaintext) throws TlsException;

    /**
     * Encrypts one datagram of application data.
     *
     * @param plaintext at most {@link #maxPayload} bytes; consumed
     * @param datagram receives the datagram
     * @throws TlsException {@link TlsError#INVALID_SETTING} if it is too large; the association lives on
     */
    void send(ByteBuffer plaintext, ByteBuffer datagram) throws TlsException;

    /**
     * Puts the next datagram of the handshake, or an alert, into {@code out}.
     *
     * @param out receives one datagram
     * @return whether there was one
     */
    boolean nextDatagram(ByteBuffer out);

    /** {@return how long to wait before {@link #timeout} is due; empty if nothing is waited for} */
    Optional<Duration> nextTimeout();

    /**
     * Prepares the last flight to be sent again: nothing came in time.
     *
     * @throws TlsException if it was sent too often
     */
    void timeout() throws TlsException;

    /**
     * Sets the largest datagram.
     *
     * @param bytes of UDP payload, at least 256
     */
    void setMtu(int bytes);

    /** {@return the most application bytes that fit into one datagram} */
    int maxPayload();

    /** {@return whether the handshake is done} */
    boolean isEstablished();

    /** {@return the work that {@link Need#TASK} announced} */
    Runnable takeTask();

    /** Puts close_notify into the next datagram. */
    void closeOutput();

    /**
     * Answers a deferred {@link TlsEvents#peerPresented}.
     *
     * @param decision the answer
     */
    void resume(PeerDecision.Final decision);

    /** {@return what was agreed on} */
    NegotiatedParameters parameters();

    /** Frees everything, in any state, without sending. Idempotent. */
    @Override
    void close();
}
