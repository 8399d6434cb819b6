package dev.qssl;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Byte strings as ISO-8859-1 text, one character a byte: immutable, and equal if the bytes are. */
final class Octets {

    private Octets() {}

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static List<String> texts(List<byte[]> many) {
        return many.stream().map(Octets::text).toList();
    }

    static List<byte[]> bytes(List<String> many) {
        return many.stream().map(Octets::bytes).toList();
    }
}
