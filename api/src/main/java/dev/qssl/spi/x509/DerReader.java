package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Walks over DER (X.690), element by element. Only definite, minimal lengths and one-byte tags are accepted: all that
 * certificates and keys use. Never reads outside its range, never recurses, copies only what it returns.
 *
 * <p>Every method that reads throws {@link EncodingException} if the next element is absent, malformed or of another kind,
 * and then leaves the position as it was. Not thread-safe.
 */
public final class DerReader {

    /** Longer than any registered object identifier; a bound for the arithmetic on its arcs. */
    private static final int MAXIMUM_OBJECT_IDENTIFIER_BYTES = 64;

    /** Of seven bits each. */
    private static final int ARC_BYTES_OF_A_LONG = 8;

    private final byte[] bytes;
    private final int end;
    private int position;

    /**
     * Reads a whole array.
     *
     * @param bytes not copied; must not change while this is in use
     */
    public DerReader(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    DerReader(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /** {@return whether there is another element} */
    public boolean hasMore() {
        return position < end;
    }

    /** {@return the next element's tag, or -1 at the end} */
    public int peekTag() {
        return position < end ? bytes[position] & 0xFF : -1;
    }

    /**
     * {@return whether the next element has this tag}
     *
     * @param tag the tag to look for
     */
    public boolean isNext(int tag) {
        return peekTag() == tag;
    }

    /**
     * {@return a reader of the next element's content} Steps over the element.
     *
     * @param tag the tag it must have
     * @throws EncodingException if it has not
     */
    public DerReader enter(int tag) throws EncodingException {
        require(tag);
        DerReader inside = new DerReader(bytes, contentStart(), contentEnd());
        position = inside.end;
        return inside;
    }

    /**
     * {@return a reader of the content of a SEQUENCE} Steps over the SEQUENCE.
     *
     * @throws EncodingException if it is none
     */
    public DerReader sequence() throws EncodingException {
        return enter(Der.SEQUENCE);
    }

    /**
     * {@return the next element's content}
     *
     * @param tag the tag it must have
     * @throws EncodingException if it has not
     */
    public byte[] content(int tag) throws EncodingException {
        DerReader inside = enter(tag);
        return Arrays.copyOfRange(bytes, inside.position, inside.end);
    }

    /**
     * {@return the next element, whatever it is, with its tag and length}
     *
     * @throws EncodingException if there is none, or it is malformed
     */
    public byte[] element() throws EncodingException {
        int start = position;
        skip();
        return Arrays.copyOfRange(bytes, start, position);
    }

    /**
     * Steps over the next element, whatever it is.
     *
     * @throws EncodingException if there is none, or it is malformed
     */
    public void skip() throws EncodingException {
        position = contentEnd();
    }

    /**
     * {@return an INTEGER}
     *
     * @throws EncodingException if it is none
     */
    public BigInteger integer() throws EncodingException {
        byte[] content = content(Der.INTEGER);
        if (content.length == 0) {
            throw new EncodingException("an ASN.1 INTEGER has no content");
        }
        return new BigInteger(content);
    }

    /**
     * {@return an INTEGER that is not negative and not above a limit}
     *
     * @param maximum the limit
     * @throws EncodingException if it is, too
     */
    public int integer(int maximum) throws EncodingException {
        BigInteger value = integer();
        if (value.signum() < 0 || value.bitLength() > 31 || value.intValue() > maximum) {
            throw new EncodingException("expected an ASN.1 INTEGER of 0.." + maximum + ", found one of "
                    + value.bitLength() + " bits that is not");
        }
        return value.intValue();
    }

    /**
     * {@return a BOOLEAN; any value but zero is true}
     *
     * @throws EncodingException if it is none
     */
    public boolean bool() throws EncodingException {
        byte[] content = content(Der.BOOLEAN);
        if (content.length != 1) {
            throw new EncodingException("an ASN.1 BOOLEAN has " + content.length + " bytes of content instead of 1");
        }
        return content[0] != 0;
    }

    /**
     * {@return the content of an OCTET STRING}
     *
     * @throws EncodingException if it is none
     */
    public byte[] octetString() throws EncodingException {
        return content(Der.OCTET_STRING);
    }

    /**
     * {@return the content of a BIT STRING that has no unused bits}
     *
     * @throws EncodingException if it is none, or not of whole bytes
     */
    public byte[] bitString() throws EncodingException {
        byte[] content = content(Der.BIT_STRING);
        if (content.length == 0 || content[0] != 0) {
            throw new EncodingException("expected an ASN.1 BIT STRING of whole bytes");
        }
        return Arrays.copyOfRange(content, 1, content.length);
    }

    /**
     * {@return an OBJECT IDENTIFIER, dotted}
     *
     * @throws EncodingException if it is none, or longer than 64 bytes
     */
    public String objectIdentifier() throws EncodingException {
        require(Der.OBJECT_IDENTIFIER);
        int start = contentStart();
        int after = contentEnd();
        int length = after - start;
        if (length == 0 || length > MAXIMUM_OBJECT_IDENTIFIER_BYTES || bytes[after - 1] < 0) {
            throw new EncodingException("malformed ASN.1 OBJECT IDENTIFIER of " + length + " bytes");
        }
        StringBuilder dotted = new StringBuilder(3 * length);
        for (int arc = start; arc < after; ) {
            if (bytes[arc] == (byte) 0x80) {
                throw new EncodingException("an arc of an ASN.1 OBJECT IDENTIFIER is not written in the shortest form");
            }
            int next = arc + 1;
            while (bytes[next - 1] < 0) {
                next++;
            }
            appendArc(dotted, arc, next);
            arc = next;
        }
        position = after;
        return dotted.toString();
    }

    /**
     * Checks that everything was read.
     *
     * @throws EncodingException if something follows
     */
    public void end() throws EncodingException {
        if (position < end) {
            throw new EncodingException(
                    "expected the end of an ASN.1 element, but " + (end - position) + " bytes follow");
        }
    }

    /** {@return where the next element's content starts} */
    int contentStart() throws EncodingException {
        if (end - position < 2) {
            throw new EncodingException(
                    "an ASN.1 element is cut off: " + (end - position) + " bytes left for its header");
        }
        if ((bytes[position] & 0x1F) == 0x1F) {
            throw new EncodingException("unexpected ASN.1 tag of more than one byte");
        }
        int first = bytes[position + 1] & 0xFF;
        return position + 2 + (first < 0x80 ? 0 : first & 0x7F);
    }

    /** {@return where the next element's content ends} */
    int contentEnd() throws EncodingException {
        int start = contentStart();
        int first = bytes[position + 1] & 0xFF;
        if (start > end) {
            throw new EncodingException("an ASN.1 element is cut off in its length");
        }
        long length = first;
        if (first >= 0x80) {
            length = longLength(first & 0x7F);
        }
        if (length > end - start) {
            throw new EncodingException(
                    "an ASN.1 element is cut off: it claims " + length + " bytes, " + (end - start) + " are left");
        }
        return start + (int) length;
    }

    private long longLength(int octets) throws EncodingException {
        if (octets == 0) {
            throw new EncodingException("an ASN.1 element has an indefinite length, which DER forbids");
        }
        if (octets > 4) {
            throw new EncodingException("an ASN.1 element has a length of " + octets + " bytes");
        }
        long length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | (bytes[position + 2 + i] & 0xFF);
        }
        if (length < 0x80 || length >>> (8 * (octets - 1)) == 0) {
            throw new EncodingException("an ASN.1 length is not written in the shortest form, which DER forbids");
        }
        return length;
    }

    private void require(int tag) throws EncodingException {
        int next = peekTag();
        if (next != tag) {
            throw new EncodingException("expected ASN.1 " + name(tag) + ", found " + name(next));
        }
    }

    private void appendArc(StringBuilder dotted, int from, int to) {
        if (to - from > ARC_BYTES_OF_A_LONG) {
            appendHugeArc(dotted, from, to);
            return;
        }
        long arc = 0;
        for (int i = from; i < to; i++) {
            arc = arc << 7 | (bytes[i] & 0x7F);
        }
        if (dotted.isEmpty()) {
            // X.690, 8.19.4: the first number holds two arcs, of which the first is 0, 1 or 2.
            long root = Math.min(arc / 40, 2);
            dotted.append(root).append('.').append(arc - 40 * root);
        } else {
            dotted.append('.').append(arc);
        }
    }

    /** Those made of UUIDs, below 2.25, and nonsense. */
    private void appendHugeArc(StringBuilder dotted, int from, int to) {
        BigInteger arc = BigInteger.ZERO;
        for (int i = from; i < to; i++) {
            arc = arc.shiftLeft(7).or(BigInteger.valueOf(bytes[i] & 0x7F));
        }
        if (dotted.isEmpty()) {
            dotted.append("2.").append(arc.subtract(BigInteger.valueOf(80)));
        } else {
            dotted.append('.').append(arc);
        }
    }

    private static String name(int tag) {
        return switch (tag) {
            case -1 -> "the end";
            case Der.BOOLEAN -> "BOOLEAN";
            case Der.INTEGER -> "INTEGER";
            case Der.BIT_STRING -> "BIT STRING";
            case Der.OCTET_STRING -> "OCTET STRING";
            case Der.NULL -> "NULL";
            case Der.OBJECT_IDENTIFIER -> "OBJECT IDENTIFIER";
            case Der.ENUMERATED -> "ENUMERATED";
            case Der.SEQUENCE -> "SEQUENCE";
            case Der.SET -> "SET";
            default -> String.format("tag 0x%02X", tag);
        };
    }
}
