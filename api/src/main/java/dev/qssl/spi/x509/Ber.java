package dev.qssl.spi.x509;

import java.util.Arrays;

/**
 * Turns BER (X.690) into DER as far as PKCS #12 files need it: indefinite lengths become definite, strings in pieces become
 * whole. Some writers, Windows and BouncyCastle among them, use both. One use, one thread.
 *
 * <p>Two passes: the first measures every element, the second writes them into one array. Nesting is bounded by
 * {@link Der#MAXIMUM_DEPTH}, and with it the recursion; time and memory are linear in the input.
 */
final class Ber {

    private static final int CONSTRUCTED = 0x20;
    private static final int INDEFINITE = 0x80;
    private static final int STRING_IN_PIECES = Der.OCTET_STRING | CONSTRUCTED;

    private final byte[] bytes;
    private int position;

    /** The lengths of all contents in DER, each element before those inside it. */
    private int[] lengths = new int[64];

    private int elements;
    private byte[] der = {};
    private int written;

    private Ber(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * {@return the element in DER: the same array if it is that already}
     *
     * @throws EncodingException if the bytes are not exactly one well-formed element
     */
    static byte[] toDer(byte[] ber) throws EncodingException {
        try {
            Der.requireWellFormed(ber);
            return ber;
        } catch (EncodingException notDer) {
            byte[] der = new Ber(ber).converted();
            Der.requireWellFormed(der);
            return der;
        }
    }

    private byte[] converted() throws EncodingException {
        int length = measure(bytes.length, 0);
        if (position != bytes.length) {
            throw new EncodingException("expected one ASN.1 element, but more bytes follow its end");
        }
        der = new byte[Der.headerLength(length) + length];
        position = 0;
        elements = 0;
        write(bytes.length, Header.WANTED);
        return der;
    }

    /** Steps over the next element. {@return the length of its content in DER} */
    private int measure(int end, int depth) throws EncodingException {
        if (depth > Der.MAXIMUM_DEPTH) {
            throw new EncodingException("ASN.1 elements nest more than " + Der.MAXIMUM_DEPTH + " deep");
        }
        int slot = elements++;
        int tag = octet(end);
        if ((tag & 0x1F) == 0x1F) {
            throw new EncodingException("unexpected ASN.1 tag of more than one byte");
        }
        int first = octet(end);
        int length = (tag & CONSTRUCTED) == 0 ? skipContent(first, end) : measureParts(tag, first, end, depth);
        if (slot >= lengths.length) {
            lengths = Arrays.copyOf(lengths, Math.max(elements, 2 * lengths.length));
        }
        lengths[slot] = length;
        return length;
    }

    private int skipContent(int first, int end) throws EncodingException {
        if (first == INDEFINITE) {
            throw new EncodingException("a primitive ASN.1 element has no length");
        }
        int contentEnd = contentEnd(first, end);
        int length = contentEnd - position;
        position = contentEnd;
        return length;
    }

    private int measureParts(int tag, int first, int end, int depth) throws EncodingException {
        int contentEnd = first == INDEFINITE ? end : contentEnd(first, end);
        int total = 0;
        while (hasPart(first, contentEnd)) {
            boolean string = (bytes[position] & 0xFF & ~CONSTRUCTED) == Der.OCTET_STRING;
            int length = measure(contentEnd, depth + 1);
            if (tag != STRING_IN_PIECES) {
                total += Der.headerLength(length);
            } else if (!string) {
                throw new EncodingException("a piece of an ASN.1 OCTET STRING is something else");
            }
            total += length;
        }
        return total;
    }

    /** {@return whether there is another part} Steps over the mark that ends an indefinite length. */
    private boolean hasPart(int first, int end) throws EncodingException {
        if (first != INDEFINITE) {
            return position < end;
        }
        if (end - position < 2) {
            throw new EncodingException("an ASN.1 element of indefinite length has no end");
        }
        boolean ended = bytes[position] == 0 && bytes[position + 1] == 0;
        position += ended ? 2 : 0;
        return !ended;
    }

    /** Whether an element is written with tag and length, or its content alone: a piece of a string. */
    private enum Header {
        WANTED,
        UNWANTED
    }

    /** Writes the next element, which was measured. */
    private void write(int end, Header header) throws EncodingException {
        int length = lengths[elements++];
        int tag = octet(end);
        int first = octet(end);
        if (header == Header.WANTED) {
            written = Der.writeHeader(tag == STRING_IN_PIECES ? Der.OCTET_STRING : tag, length, der, written);
        }
        if ((tag & CONSTRUCTED) == 0) {
            position = contentEnd(first, end) - length;
            System.arraycopy(bytes, position, der, written, length);
            position += length;
            written += length;
            return;
        }
        int contentEnd = first == INDEFINITE ? end : contentEnd(first, end);
        while (hasPart(first, contentEnd)) {
            write(contentEnd, tag == STRING_IN_PIECES ? Header.UNWANTED : Header.WANTED);
        }
    }

    /** Steps over the rest of a definite length. {@return where the content ends} */
    private int contentEnd(int first, int end) throws EncodingException {
        long length = first;
        if (first > INDEFINITE) {
            int octets = first & 0x7F;
            if (octets > 4) {
                throw new EncodingException("an ASN.1 length has " + octets + " bytes");
            }
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << 8 | octet(end);
            }
        }
        if (length > end - position) {
            throw new EncodingException("an ASN.1 element is longer than what is there");
        }
        return position + (int) length;
    }

    private int octet(int end) throws EncodingException {
        if (position >= end) {
            throw new EncodingException("an ASN.1 element is cut off");
        }
        return bytes[position++] & 0xFF;
    }
}
