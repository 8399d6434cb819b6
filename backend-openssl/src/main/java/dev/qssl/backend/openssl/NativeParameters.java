package dev.qssl.backend.openssl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * OpenSSL's arrays of named values: {@code OSSL_PARAM} of {@code openssl/core.h}, in which each has a name, a type, and a place.
 * The one without a name ends the array.
 */
final class NativeParameters {

    /** A signed number, in the machine's order of bytes. */
    static final int INTEGER = 1;

    /** A number without sign. */
    static final int UNSIGNED_INTEGER = 2;

    /** Text with its length. */
    static final int UTF8_STRING = 4;

    private static final int TYPE = 8;
    private static final int DATA = 16;
    private static final int SIZE = 24;
    private static final int RETURNED = 32;
    private static final int BYTES = 40;
    private static final long UNMODIFIED = -1;

    private NativeParameters() {}

    /** {@return the address of the one with this name; 0 if there is none} */
    static long find(long array, String name) {
        if (array == 0) {
            return 0;
        }
        for (long at = array; ; at += BYTES) {
            long known = new Pointer(at).getLong(0);
            if (known == 0) {
                return 0;
            }
            if (new Pointer(known)
                    .getString(0, StandardCharsets.US_ASCII.name())
                    .equals(name)) {
                return at;
            }
        }
    }

    /** {@return whether it is text} */
    static boolean isText(long parameter) {
        return new Pointer(parameter).getInt(TYPE) == UTF8_STRING;
    }

    /** {@return its text} */
    static String text(long parameter) {
        Pointer at = new Pointer(parameter);
        byte[] bytes = NativeMemory.read(at.getLong(DATA), Math.toIntExact(at.getLong(SIZE)));
        String text = new String(bytes, StandardCharsets.US_ASCII);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }

    /** {@return its number of 32 or 64 bits; empty if it is something else} */
    static OptionalLong number(long parameter) {
        Pointer at = new Pointer(parameter);
        int type = at.getInt(TYPE);
        if (type != INTEGER && type != UNSIGNED_INTEGER) {
            return OptionalLong.empty();
        }
        Pointer data = new Pointer(at.getLong(DATA));
        return switch ((int) at.getLong(SIZE)) {
            case Integer.BYTES -> OptionalLong.of(data.getInt(0));
            case Long.BYTES -> OptionalLong.of(data.getLong(0));
            default -> OptionalLong.empty();
        };
    }

    /** {@return an array that says which names there are, and of which type} It lives as long as the process. */
    static Memory names(int type, String... names) {
        Memory array = new Memory((names.length + 1L) * BYTES);
        array.clear();
        for (int i = 0; i < names.length; i++) {
            array.setLong((long) i * BYTES, Forever.text(names[i]));
            array.setInt((long) i * BYTES + TYPE, type);
            array.setLong((long) i * BYTES + RETURNED, UNMODIFIED);
        }
        return Forever.keep(array);
    }

    /** {@return an array with one number in it} The memory is the caller's. */
    static Memory of(String name, long number) {
        byte[] text = NativeMemory.text(name);
        Memory array = new Memory(2L * BYTES + Long.BYTES + text.length);
        array.clear();
        long data = 2L * BYTES;
        array.setLong(data, number);
        array.write(data + Long.BYTES, text, 0, text.length);
        array.setLong(0, Pointer.nativeValue(array) + data + Long.BYTES);
        array.setInt(TYPE, UNSIGNED_INTEGER);
        array.setLong(DATA, Pointer.nativeValue(array) + data);
        array.setLong(SIZE, Long.BYTES);
        array.setLong(RETURNED, UNMODIFIED);
        return array;
    }
}
