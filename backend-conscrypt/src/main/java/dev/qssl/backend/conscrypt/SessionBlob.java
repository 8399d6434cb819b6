package dev.qssl.backend.conscrypt;

import dev.qssl.spi.x509.DerReader;
import dev.qssl.spi.x509.EncodingException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A session in the form that Conscrypt serialises: a type and a length of four bytes each, BoringSSL's own DER
 * ({@code SSL_SESSION}), and the peer's certificates (seen in 2.9.0).
 *
 * @param bytes all of it
 * @param isSingleUse whether it must be offered once only, as all of TLS 1.3 (RFC 8446, appendix C.4)
 * @param lifetimeSeconds how long the server said it will accept it, at most what BoringSSL will keep it; 0 if unknown
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SessionBlob(byte[] bytes, boolean isSingleUse, long lifetimeSeconds) {

    private static final int HEADER_BYTES = 8;
    private static final int TLS_1_3 = 0x0304;

    // Context-specific, constructed.
    private static final int TIMEOUT = 0xA2;
    private static final int TICKET_LIFETIME_HINT = 0xA9;

    /** {@return a session with what its bytes tell} Bytes of another form tell nothing. */
    static SessionBlob of(byte[] bytes) {
        try {
            ByteBuffer blob = ByteBuffer.wrap(bytes);
            blob.getInt();
            int length = blob.getInt();
            return read(bytes, Arrays.copyOfRange(bytes, HEADER_BYTES, Math.addExact(HEADER_BYTES, length)));
        } catch (EncodingException | RuntimeException anotherVersion) {
            return new SessionBlob(bytes, true, 0);
        }
    }

    private static SessionBlob read(byte[] bytes, byte[] session) throws EncodingException {
        DerReader fields = new DerReader(session).sequence();
        fields.skip(); // the version of the form
        boolean tls13 = fields.integer(0xFFFF) == TLS_1_3;
        long timeout = 0;
        long hint = 0;
        while (fields.hasMore()) {
            if (fields.isNext(TIMEOUT)) {
                timeout = fields.enter(TIMEOUT).integer(Integer.MAX_VALUE);
            } else if (fields.isNext(TICKET_LIFETIME_HINT)) {
                hint = fields.enter(TICKET_LIFETIME_HINT).integer(Integer.MAX_VALUE);
            } else {
                fields.skip();
            }
        }
        // In TLS 1.3 the lifetime becomes the timeout and no hint is kept.
        return new SessionBlob(bytes, tls13, hint == 0 && tls13 ? timeout : hint);
    }
}
