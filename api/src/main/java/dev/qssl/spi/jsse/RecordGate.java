package dev.qssl.spi.jsse;

import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** Where the peer's records go into the library: those that a library would handle badly are refused before. */
final class RecordGate {

    static final int HEADER_BYTES = 5;

    private static final int FIRST_RECORD_TYPE = 20;
    private static final int LAST_RECORD_TYPE = 24;
    private static final int MAJOR_VERSION = 3;

    /** What a record may not hold at this time. */
    enum Untimely {
        NOTHING(-1, TlsError.INTERNAL, ""),

        /** The JDK blames itself for it, with internal_error. */
        DATA(
                23,
                TlsError.PROTOCOL_VIOLATION,
                "the peer sent application data in clear, before there are keys (RFC 8446, section 5)"),

        HANDSHAKE(
                22,
                TlsError.RENEGOTIATION_REFUSED,
                "the peer began another handshake on an established connection; renegotiation is always refused");

        private final int recordType;
        private final TlsError error;
        private final String reason;

        Untimely(int recordType, TlsError error, String reason) {
            this.recordType = recordType;
            this.error = error;
            this.reason = reason;
        }
    }

    private final SSLEngine engine;
    private final Ending ending;
    private final int maxRecordBytes;

    RecordGate(SSLEngine engine, Ending ending) {
        this.engine = engine;
        this.ending = ending;
        this.maxRecordBytes = engine.getSession().getPacketBufferSize();
    }

    /** {@return the length of the record at the position, its header included} */
    static int recordBytes(ByteBuffer records) {
        int at = records.position();
        return HEADER_BYTES + (Byte.toUnsignedInt(records.get(at + 3)) << 8 | Byte.toUnsignedInt(records.get(at + 4)));
    }

    /**
     * Ends the connection if its next record is none, comes at the wrong time or is too long.
     *
     * @param records at least a header
     * @param length what {@link #recordBytes} says of it
     * @param untimely what it may not hold
     */
    void refuseForbidden(ByteBuffer records, int length, Untimely untimely) throws TlsException {
        int type = Byte.toUnsignedInt(records.get(records.position()));
        int version = records.get(records.position() + 1);
        if (type < FIRST_RECORD_TYPE || type > LAST_RECORD_TYPE || version != MAJOR_VERSION) {
            // The JDK checks this only in the beginning, and later waits for as many bytes as the garbage says.
            throw ending.kill(TlsError.PROTOCOL_VIOLATION, "the peer sent bytes that are no record of TLS");
        }
        if (type == untimely.recordType) {
            throw ending.kill(untimely.error, untimely.reason);
        }
        // The JSSE would double its buffers for it and from then on want twice the room for every record.
        if (length > maxRecordBytes) {
            throw ending.kill(
                    TlsError.RECORD_OVERFLOW,
                    "the peer sent a record of " + length + " bytes, more than " + maxRecordBytes
                            + " (RFC 8446, section 5.2; RFC 5246, section 6.2.3)");
        }
    }

    /** Unwraps a record. The JDK decrypts in place, which JDK 17 cannot do in memory that it may not write. */
    SSLEngineResult unwrap(ByteBuffer records, ByteBuffer plaintext) throws SSLException {
        if (!records.isReadOnly()) {
            return engine.unwrap(records, plaintext);
        }
        int count = Math.min(records.remaining(), maxRecordBytes);
        ByteBuffer copy = ByteBuffer.allocate(count).put(0, records, records.position(), count);
        try {
            return engine.unwrap(copy, plaintext);
        } finally {
            records.position(records.position() + copy.position());
        }
    }
}
