package dev.qssl.spi.x509;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Turns BER (X.690) into DER as far as PKCS #12 files need it: indefinite lengths become definite, strings in pieces become
 * whole. Some writers, Windows and BouncyCastle among them, use both. One use, one thread.
 *
 * <p>Nesting is bounded by {@link Der#MAXIMUM_DEPTH}, and with it the recursion; the time is linear in the input.
 */
final class Ber {

    private static final int CONSTRUCTED = 0x20;
    private static final int INDEFINITE = 0x80;
    private static final int STRING_IN_PIECES = Der.OCTET_STRING | CONSTRUCTED;

    private final byte[] bytes;
    private int position;

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
            Ber reader = new Ber(ber);
            byte[] der = reader.element(ber.length, 0);
            if (reader.position != ber.length) {
                throw new EncodingException("expected one ASN.1 element, but more bytes follow its end", notDer);
            }
            Der.requireWellFormed(der);
            return der;
        }
    }

    private byte[] element(int end, int depth) throws EncodingException {
        if (depth > Der.MAXIMUM_DEPTH) {
            throw new EncodingException("ASN.1 elements nest more than " + Der.MAXIMUM_DEPTH + " deep");
        }
        int tag = octet(end);
        if ((tag & 0x1F) == 0x1F) {
            throw new EncodingException("unexpected ASN.1 tag of more than one byte");
        }
        int first = octet(end);
        if (first == INDEFINITE) {
            return constructed(tag, end, true, depth);
        }
        int contentEnd = contentEnd(first, end);
        if ((tag & CONSTRUCTED) != 0) {
            return constructed(tag, contentEnd, false, depth);
        }
        byte[] content = Arrays.copyOfRange(bytes, position, contentEnd);
        position = contentEnd;
        return Der.element(tag, content);
    }

    private byte[] constructed(int tag, int end, boolean indefinite, int depth) throws EncodingException {
        if ((tag & CONSTRUCTED) == 0) {
            throw new EncodingException("a primitive ASN.1 element has no length");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (indefinite ? !isEndOfContents(end) : position < end) {
            byte[] part = element(end, depth + 1);
            content.writeBytes(tag == STRING_IN_PIECES ? new DerReader(part).octetString() : part);
        }
        if (indefinite) {
            position += 2;
        }
        return Der.element(tag == STRING_IN_PIECES ? Der.OCTET_STRING : tag, content.toByteArray());
    }

    private boolean isEndOfContents(int end) throws EncodingException {
        if (end - position < 2) {
            throw new EncodingException("an ASN.1 element of indefinite length has no end");
        }
        return bytes[position] == 0 && bytes[position + 1] == 0;
    }

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
