package dev.qssl.backend.openssl;

import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.EncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** What a resumed session says of the peer. */
final class StoredSession {

    private StoredSession() {}

    /**
     * {@return the chain of the session's first handshake, as far as the session holds it}
     *
     * @throws EncodingException if one of its certificates is malformed
     */
    static List<X509Certificate> chain(RecordCalls calls, long ssl, TlsRole role) throws EncodingException {
        long session = LibSsl.SSL_get_session(ssl);
        List<X509Certificate> chain = new ArrayList<>();
        Certificates.peerOf(calls, session).ifPresent(chain::add);
        if (role == TlsRole.SERVER && !chain.isEmpty()) {
            chain.addAll(issuers(calls, ssl, session));
        }
        return List.copyOf(chain);
    }

    /** A ticket brings them with it; a session that the library kept itself has them, without the client's own. */
    private static List<X509Certificate> issuers(RecordCalls calls, long ssl, long session) throws EncodingException {
        long[] data = new long[1];
        long[] bytes = new long[1];
        if (LibSsl.SSL_SESSION_get0_ticket_appdata(session, data, bytes) == 1 && bytes[0] > 0) {
            return SessionBlob.decodeChain(NativeMemory.read(data[0], (int) bytes[0]));
        }
        return Certificates.ofStack(calls, LibSsl.SSL_get_peer_cert_chain(ssl));
    }
}
