package dev.qssl.tck.peer;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Records of TLS as bytes (RFC 8446, section 5.1). */
public final class Wire {

    /** The content type of alerts. */
    public static final int ALERT = 21;

    /** The content type of handshake messages. */
    public static final int HANDSHAKE = 22;

    /** The content type of application data. */
    public static final int APPLICATION_DATA = 23;

    private Wire() {}

    /**
     * {@return a record}
     *
     * @param type the content type
     * @param fragment what it holds; its length may be more than the protocol allows
     */
    public static byte[] record(int type, byte[] fragment) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        header(record, type, fragment.length);
        record.writeBytes(fragment);
        return record.toByteArray();
    }

    /** {@return the head of a record that promises so many bytes} */
    public static byte[] header(int type, int length) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        header(record, type, length);
        return record.toByteArray();
    }

    private static void header(ByteArrayOutputStream record, int type, int length) {
        record.write(type);
        record.write(3);
        record.write(3);
        record.write(length >> 8);
        record.write(length);
    }

    /** {@return the record of a fatal alert in clear} */
    public static byte[] fatalAlert(int code) {
        return record(ALERT, new byte[] {2, (byte) code});
    }

    /**
     * {@return the next record, with its header}
     *
     * @throws IOException if the stream ends before the record does
     */
    public static byte[] read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        byte[] head = new byte[5];
        in.readFully(head);
        int length = (head[3] & 0xFF) << 8 | (head[4] & 0xFF);
        byte[] fragment = new byte[length];
        in.readFully(fragment);
        return record(head[0], fragment);
    }
}
