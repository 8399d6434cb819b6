package dev.qssl.backend.openssl;

import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads and writes memory that the library owns, or lends for the time of a callback. */
final class NativeMemory {

    private NativeMemory() {}

    /** {@return a copy of these bytes} */
    static byte[] read(long address, int count) {
        return count == 0 ? new byte[0] : new Pointer(address).getByteArray(0, count);
    }

    /** {@return the bytes in front of the next zero, as ISO-8859-1 text; empty for a null pointer} */
    static String text(long address) {
        return address == 0 ? "" : new Pointer(address).getString(0, StandardCharsets.ISO_8859_1.name());
    }

    /** {@return this ISO-8859-1 text as C takes it, with a zero behind it} */
    static byte[] text(String latin1) {
        byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    static void write(long address, byte[] bytes) {
        new Pointer(address).write(0, bytes, 0, bytes.length);
    }

    static void writeByte(long address, int value) {
        new Pointer(address).setByte(0, (byte) value);
    }

    static void writeInt(long address, int value) {
        new Pointer(address).setInt(0, value);
    }

    /** Writes a pointer, or a C {@code size_t}. */
    static void writeLong(long address, long value) {
        new Pointer(address).setLong(0, value);
    }

    /** {@return a buffer over this memory, in native byte order} Valid as long as the memory is. */
    static ByteBuffer view(long address, int count) {
        return new Pointer(address).getByteBuffer(0, count);
    }
}
