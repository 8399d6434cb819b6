package dev.qssl.spi;

import java.util.concurrent.Executor;

/** Everything that datagram associations with equal settings share. Used by many threads at once. */
public interface DtlsContext extends AutoCloseable {

    /**
     * Creates the client's end of an association. Nothing is sent before {@link DtlsEngine#nextDatagram} is called.
     *
     * @param request what is particular to the association
     * @param events whom to tell and ask
     * @param worker lends a thread to libraries whose handshake blocks; the engine hands over in lock step, so that
     *     events still arrive inside the owner's calls
     * @return a new engine, owned by the caller
     * @throws TlsException if it cannot be started with these settings
     */
    DtlsEngine newClient(EngineRequest request, TlsEvents events, Executor worker) throws TlsException;

    /**
     * Creates the server's end of an association with a client whose address was verified.
     *
     * @param verifiedHello the ClientHello whose cookie was right, as it came in
     * @param request what is particular to the association
     * @param events whom to tell and ask
     * @param worker as for a client
     * @return a new engine, owned by the caller, to which {@code verifiedHello} is still to be given
     * @throws TlsException if it cannot be started with these settings
     */
    DtlsEngine newServer(byte[] verifiedHello, EngineRequest request, TlsEvents events, Executor worker)
            throws TlsException;

    /** Frees what the context holds once its last engine is closed. Idempotent. */
    @Override
    void close();
}
