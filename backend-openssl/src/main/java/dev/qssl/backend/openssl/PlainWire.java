package dev.qssl.backend.openssl;

import dev.qssl.QSsl.AlertType;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.TlsRole;
import java.nio.ByteBuffer;

/**
 * How much of a handshake is in clear: as long as what we send is, we can speak ourselves where the library has no words.
 *
 * <p>In TLS 1.3 a client's records are encrypted from the ServerHello on, except for its dummy change_cipher_spec, and a
 * server's behind its ServerHello; up to TLS 1.2 what follows our own change_cipher_spec is.
 */
final class PlainWire {

    private static final int CHANGE_CIPHER_SPEC = 20;
    private static final int SERVER_HELLO = 2;
    private static final int WARNING = 1;
    private static final int FATAL = 2;

    /** The random value that makes a ServerHello a HelloRetryRequest begins with these (RFC 8446, section 4.1.3). */
    private static final int RETRY = 0xCF21_AD74;

    private static final int RANDOM_AT = Records.HEADER_BYTES + 6;
    private static final int SESSION_ID_AT = RANDOM_AT + 32;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int TLS_1_3 = SslProtocol.TLS_V1_3.wireVersion();
    private static final int TLS_1_2 = SslProtocol.TLS_V1_2.wireVersion();

    private final TlsRole role;
    private boolean oursEncrypted;
    private boolean negotiated;
    private int version = TLS_1_2;

    PlainWire(TlsRole role) {
        this.role = role;
    }

    /** Records came, from the position to here. */
    void incoming(ByteBuffer records, int end) {
        if (role == TlsRole.CLIENT && !negotiated) {
            look(records, records.position(), end);
        }
    }

    /** Records are going out. */
    void outgoing(ByteBuffer records, int from, int end) {
        if (role == TlsRole.SERVER && !negotiated) {
            look(records, from, end);
        }
        for (int at = from; end - at >= Records.HEADER_BYTES && !oursEncrypted; at += Records.bytes(records, at)) {
            int type = Records.type(records, at);
            oursEncrypted = type == Records.APPLICATION_DATA || (type == CHANGE_CIPHER_SPEC && version != TLS_1_3);
        }
    }

    /** Looks for the ServerHello, which says whether this is TLS 1.3. */
    private void look(ByteBuffer records, int from, int end) {
        for (int at = from; end - at >= Records.HEADER_BYTES; at += Records.bytes(records, at)) {
            int stop = Math.min(end, at + Records.bytes(records, at));
            if (Records.type(records, at) == Records.HANDSHAKE
                    && stop - at > SESSION_ID_AT
                    && records.get(at + Records.HEADER_BYTES) == SERVER_HELLO
                    && records.getInt(at + RANDOM_AT) != RETRY) {
                negotiated = true;
                version = isTls13(records, at, stop) ? TLS_1_3 : records.getShort(at + RANDOM_AT - 2) & 0xFFFF;
                oursEncrypted |= version == TLS_1_3;
            }
        }
    }

    private static boolean isTls13(ByteBuffer records, int at, int stop) {
        int next = at + SESSION_ID_AT + 1 + Byte.toUnsignedInt(records.get(at + SESSION_ID_AT)) + 2 + 1 + 2;
        while (stop - next >= 4) {
            if (records.getShort(next) == SUPPORTED_VERSIONS) {
                return true;
            }
            next += 4 + Short.toUnsignedInt(records.getShort(next + 2));
        }
        return false;
    }

    /** {@return whether what we send next is encrypted} */
    boolean isOursEncrypted() {
        return oursEncrypted;
    }

    /** {@return a fatal alert, in clear} */
    ByteBuffer alert(AlertType type) {
        return ByteBuffer.wrap(record(FATAL, type));
    }

    /** {@return user_canceled and close_notify, in clear (RFC 8446, section 6.1)} */
    ByteBuffer goodbye() {
        byte[] first = record(WARNING, AlertType.USER_CANCELLED);
        byte[] second = record(WARNING, AlertType.CLOSE_NOTIFY);
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .flip();
    }

    private byte[] record(int level, AlertType type) {
        int spoken = version == TLS_1_3 ? TLS_1_2 : version;
        return new byte[] {Records.ALERT, (byte) (spoken >> 8), (byte) spoken, 0, 2, (byte) level, (byte) type.value()};
    }
}
