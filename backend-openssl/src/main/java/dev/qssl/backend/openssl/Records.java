package dev.qssl.backend.openssl;

import java.nio.ByteBuffer;

/** Looks at the headers of records (RFC 8446, section 5.1), which are in clear. */
final class Records {

    static final int HEADER_BYTES = 5;

    /** The most plaintext in one record. */
    static final int MAXIMUM_PLAINTEXT = 16 * 1024;

    /** The most that a record can be, its header included (RFC 5246, section 6.2.3). */
    static final int MAXIMUM_BYTES = HEADER_BYTES + MAXIMUM_PLAINTEXT + 2048;

    static final int ALERT = 21;
    static final int HANDSHAKE = 22;
    static final int APPLICATION_DATA = 23;

    private static final int FIRST_TYPE = 20;
    private static final int LAST_TYPE = 24;
    private static final int MAJOR_VERSION = 3;

    private Records() {}

    static int type(ByteBuffer records, int at) {
        return Byte.toUnsignedInt(records.get(at));
    }

    /** {@return the length of the record that begins here, its header included} */
    static int bytes(ByteBuffer records, int at) {
        return HEADER_BYTES + (Byte.toUnsignedInt(records.get(at + 3)) << 8 | Byte.toUnsignedInt(records.get(at + 4)));
    }

    /** {@return whether what begins here can be a record} */
    static boolean isPossible(ByteBuffer records, int at) {
        int type = type(records, at);
        return type >= FIRST_TYPE && type <= LAST_TYPE && records.get(at + 1) == MAJOR_VERSION;
    }

    /**
     * {@return where the whole records end that begin at the position} One that is too long, or none at all, ends them; the
     * caller finds it at the position then.
     *
     * @param most no more bytes than these, unless the first record alone is longer
     */
    static int wholeEnd(ByteBuffer records, int most) {
        int from = records.position();
        int end = from;
        while (records.limit() - end >= HEADER_BYTES && isPossible(records, end)) {
            int bytes = bytes(records, end);
            if (bytes > MAXIMUM_BYTES || bytes > records.limit() - end || (end > from && end + bytes - from > most)) {
                break;
            }
            end += bytes;
        }
        return end;
    }
}
