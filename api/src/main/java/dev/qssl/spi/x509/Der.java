package dev.qssl.spi.x509;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;

/** Writes DER (X.690) and checks its structure. {@link DerReader} reads it. */
public final class Der {

    /** BOOLEAN. */
    public static final int BOOLEAN = 0x01;
    /** INTEGER. */
    public static final int INTEGER = 0x02;
    /** BIT STRING. */
    public static final int BIT_STRING = 0x03;
    /** OCTET STRING. */
    public static final int OCTET_STRING = 0x04;
    /** NULL. */
    public static final int NULL = 0x05;
    /** OBJECT IDENTIFIER. */
    public static final int OBJECT_IDENTIFIER = 0x06;
    /** ENUMERATED. */
    public static final int ENUMERATED = 0x0A;
    /** UTF8String. */
    public static final int UTF8_STRING = 0x0C;
    /** SEQUENCE and SEQUENCE OF. */
    public static final int SEQUENCE = 0x30;
    /** SET and SET OF. */
    public static final int SET = 0x31;

    /** Deeper than any certificate or key, and shallow enough for every parser that recurses. */
    public static final int MAXIMUM_DEPTH = 32;

    private static final int CONSTRUCTED = 0x20;

    private Der() {}

    /**
     * {@return the tag [number] of a constructed context-specific element, such as an EXPLICIT one}
     *
     * @param number 0..30
     */
    public static int context(int number) {
        return 0xA0 | number;
    }

    /**
     * {@return the tag [number] of a primitive context-specific element, such as an IMPLICIT string}
     *
     * @param number 0..30
     */
    public static int contextPrimitive(int number) {
        return 0x80 | number;
    }

    /**
     * {@return one element}
     *
     * @param tag one byte
     * @param content what it holds
     */
    public static byte[] element(int tag, byte[] content) {
        byte[] element = new byte[headerLength(content.length) + content.length];
        int start = writeHeader(tag, content.length, element, 0);
        System.arraycopy(content, 0, element, start, content.length);
        return element;
    }

    /**
     * {@return a SEQUENCE of these elements}
     *
     * @param elements whole elements
     */
    public static byte[] sequence(byte[]... elements) {
        return element(SEQUENCE, concatenate(elements));
    }

    /**
     * {@return a constructed context-specific element [number] around these elements}
     *
     * @param number 0..30
     * @param elements whole elements
     */
    public static byte[] explicit(int number, byte[]... elements) {
        return element(context(number), concatenate(elements));
    }

    /**
     * {@return an INTEGER}
     *
     * @param value any
     */
    public static byte[] integer(BigInteger value) {
        return element(INTEGER, value.toByteArray());
    }

    /**
     * {@return an INTEGER}
     *
     * @param value any
     */
    public static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    /**
     * {@return an OCTET STRING}
     *
     * @param content what it holds
     */
    public static byte[] octetString(byte[] content) {
        return element(OCTET_STRING, content);
    }

    /**
     * {@return a BIT STRING without unused bits}
     *
     * @param content what it holds, whole bytes
     */
    public static byte[] bitString(byte[] content) {
        byte[] padded = new byte[content.length + 1];
        System.arraycopy(content, 0, padded, 1, content.length);
        return element(BIT_STRING, padded);
    }

    /** {@return a NULL} */
    public static byte[] nothing() {
        return new byte[] {NULL, 0};
    }

    /**
     * {@return an OBJECT IDENTIFIER}
     *
     * @param dotted such as {@code 1.2.840.113549.1.1.1}
     * @throws IllegalArgumentException if it is no object identifier
     */
    public static byte[] objectIdentifier(String dotted) {
        String[] arcs = dotted.split("\\.", -1);
        if (arcs.length < 2) {
            throw new IllegalArgumentException("an object identifier has at least two arcs, not " + dotted);
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        BigInteger first =
                new BigInteger(arcs[0]).multiply(BigInteger.valueOf(40)).add(new BigInteger(arcs[1]));
        writeArc(content, first);
        for (int i = 2; i < arcs.length; i++) {
            writeArc(content, new BigInteger(arcs[i]));
        }
        return element(OBJECT_IDENTIFIER, content.toByteArray());
    }

    /**
     * Checks that the bytes are exactly one well-formed element whose constructed parts are well-formed too and nest at most
     * {@link #MAXIMUM_DEPTH} deep. Looks into no OCTET STRING or BIT STRING. Takes linear time and constant memory.
     *
     * <p>Hand nothing to a recursive parser (the JDK's among them) that has not passed this.
     *
     * @param der the bytes
     * @throws EncodingException if they are not
     */
    public static void requireWellFormed(byte[] der) throws EncodingException {
        int[] ends = new int[MAXIMUM_DEPTH + 1];
        int depth = 0;
        int position = 0;
        ends[0] = der.length;
        while (true) {
            DerReader header = new DerReader(der, position, ends[depth]);
            int tag = header.peekTag();
            int start = header.contentStart();
            int end = header.contentEnd();
            if (depth == 0 && end != der.length) {
                throw new EncodingException(
                        "expected one ASN.1 element, but " + (der.length - end) + " bytes follow its end");
            }
            position = end;
            if ((tag & CONSTRUCTED) != 0 && end > start) {
                if (depth == MAXIMUM_DEPTH) {
                    throw new EncodingException("ASN.1 elements nest more than " + MAXIMUM_DEPTH + " deep");
                }
                ends[++depth] = end;
                position = start;
            }
            while (position == ends[depth]) {
                if (depth == 0) {
                    return;
                }
                depth--;
            }
        }
    }

    /** {@return the arrays one after the other} */
    static byte[] concatenate(byte[]... parts) {
        int total = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        byte[] all = new byte[total];
        int position = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, position, part.length);
            position += part.length;
        }
        return all;
    }

    /** {@return how many octets tag and length take for content of this length} */
    static int headerLength(int length) {
        return length < 0x80 ? 2 : 2 + lengthOctets(length);
    }

    /** Writes tag and length at this place. {@return where the content begins} */
    static int writeHeader(int tag, int length, byte[] into, int at) {
        into[at] = (byte) tag;
        if (length < 0x80) {
            into[at + 1] = (byte) length;
            return at + 2;
        }
        int octets = lengthOctets(length);
        into[at + 1] = (byte) (0x80 | octets);
        for (int i = 0; i < octets; i++) {
            into[at + 1 + octets - i] = (byte) (length >>> (8 * i));
        }
        return at + 2 + octets;
    }

    private static int lengthOctets(int length) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    }

    private static void writeArc(ByteArrayOutputStream content, BigInteger arc) {
        if (arc.signum() < 0) {
            throw new IllegalArgumentException("an arc of an object identifier is not negative: " + arc);
        }
        int groups = Math.max(1, (arc.bitLength() + 6) / 7);
        for (int i = groups - 1; i >= 0; i--) {
            int bits = arc.shiftRight(7 * i).intValue() & 0x7F;
            content.write(i == 0 ? bits : bits | 0x80);
        }
    }
}
