package dev.qssl.spi;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The protocol state of one connection: bytes in, bytes out, no I/O.
 *
 * <p>Owns no thread, socket or timer. Used by one owner at a time; the owner provides the memory barriers between
 * threads. All buffers belong to the caller; their positions are the result. {@link ByteBuffer}s passed as input may be
 * read-only; those for output are not.
 *
 * <p>In a handshake the owner goes around: {@link #encrypt} with no data while {@link #hasOutput}, then {@link #decrypt} with
 * what came, then what its {@link Need} says. After a task and after {@link #resume} it asks in both directions, even if no
 * byte came.
 *
 * <p>A handshake starting after the first one is done is fatal (no renegotiation, on any backend). KeyUpdate and session
 * tickets of TLS 1.3 show only as {@link #hasOutput} and events.
 *
 * <p>After a {@link TlsException} output may remain: the alert. Call {@link #encrypt} until it yields nothing, then
 * {@link #close}. Every other call after it throws the same exception again.
 */
public interface TlsEngine extends AutoCloseable {

    /**
     * Decrypts whole records until input or room runs out, something else is due, or the peer closes.
     *
     * @param records bytes from the transport; its position moves past what was consumed. Libraries decrypt in place: what
     *     was consumed may hold anything afterwards, unless the buffer is read-only
     * @param plaintext receives application data; with less than {@link #minPlaintextRoom} bytes free a record of
     *     application data that might not fit is left where it is
     * @return what the engine needs next; {@code INPUT} with bytes left means that the last record is incomplete, or that
     *     there is no room for it
     * @throws TlsException if the peer broke the protocol, sent a fatal alert, or was refused
     * @throws IllegalStateException while a decision is outstanding. It was announced by {@code DECISION}: from the call in
     *     which it became due, or from the first one after the task in which it did
     */
    Need decrypt(ByteBuffer records, ByteBuffer plaintext) throws TlsException;

    /**
     * Encrypts application data into as many records as fit, after whatever the handshake has to send.
     *
     * <p>An empty {@code plaintext} drains flights, alerts, KeyUpdate and close_notify. Before the handshake is done
     * nothing of {@code plaintext} is taken.
     *
     * @param plaintext application data; its position moves past what was taken
     * @param records receives the records; with less than {@link #minRecordRoom} bytes free nothing more is put there
     * @return what the engine needs next; {@code OUTPUT} if there is more to send than there was room
     * @throws TlsException if the handshake fails here, or if the engine failed before and its output is drained
     * @throws IllegalStateException while a decision is outstanding, as {@link #decrypt}
     */
    Need encrypt(ByteBuffer plaintext, ByteBuffer records) throws TlsException;

    /** {@return whether {@link #encrypt} with an empty buffer would produce something} A client begins with true. */
    boolean hasOutput();

    /** {@return whether data was decrypted and not handed out: {@link #decrypt} with no input fetches it} */
    boolean hasPlaintext();

    /** {@return whether the handshake is done: application data can flow} Stays true after the close. */
    boolean isEstablished();

    /** {@return the work that {@link Need#TASK} announced} Run it before the next call, on any thread, one at a time. */
    Runnable takeTask();

    /**
     * Tells the engine that the transport ended.
     *
     * @throws TlsException {@link TlsError#TRUNCATED} if no close_notify came before, {@link TlsError#CLOSED_IN_HANDSHAKE}
     *     if the handshake was not done
     */
    void inputEnded() throws TlsException;

    /**
     * Puts close_notify into the output, once. Nothing can be encrypted after it.
     *
     * <p>While a decision is outstanding this is a refusal: what would accept the peer is never sent.
     */
    void closeOutput();

    /**
     * Answers a deferred {@link TlsEvents#peerPresented}. A refusal makes the next call throw; whatever can be told to the
     * peer is in the output then.
     *
     * @param decision the answer
     * @throws IllegalStateException if no decision is outstanding
     */
    void resume(PeerDecision.Final decision);

    /**
     * {@return what was agreed on}
     *
     * @throws IllegalStateException before {@link #isEstablished}
     */
    NegotiatedParameters parameters();

    /** {@return the room in {@code plaintext} without which a record may not be decrypted, in bytes; constant} */
    int minPlaintextRoom();

    /** {@return the room in {@code records} without which no record may be produced, in bytes; constant} */
    int minRecordRoom();

    /** {@return the most plaintext bytes that fit into one record} */
    int maxRecordPlaintext();

    /** {@return the kind of memory it is fastest with} */
    BufferKind buffers();

    /**
     * Derives keying material (RFC 5705; RFC 8446, section 7.5). Moves nothing, and may be called as often as wanted until
     * {@link #close}.
     *
     * @param label the disambiguating label, 1..249 characters of ASCII
     * @param context the context value, at most 65535 bytes, not to be changed or kept; up to TLS 1.2 an empty one is not the
     *     same as none (RFC 5705, section 4)
     * @param length in bytes, 1..65535
     * @return the material, owned by the caller
     * @throws TlsException {@link TlsError#UNSUPPORTED_SETTING} with the reason without {@link Capability#EXPORTER}, and for
     *     what the library does not derive, such as more than 255 hashes in TLS 1.3; {@link TlsError#INTERNAL} if it fails
     * @throws IllegalArgumentException for another length
     * @throws IllegalStateException before {@link #isEstablished}
     */
    byte[] exportKeyingMaterial(String label, Optional<byte[]> context, int length) throws TlsException;

    /** Frees everything, in any state, without sending. Idempotent. */
    @Override
    void close();
}
