package dev.qssl.backend.openssl;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Native memory that is never freed, because the library has its address for good. There are a few hundred bytes of it. */
final class Forever {

    private static final Queue<Memory> KEPT = new ConcurrentLinkedQueue<>();

    private Forever() {}

    /** {@return this memory, which stays} */
    static Memory keep(Memory memory) {
        KEPT.add(memory);
        return memory;
    }

    /** {@return the address of this ASCII text with a zero behind it} */
    static long text(String ascii) {
        byte[] bytes = NativeMemory.text(ascii);
        Memory memory = keep(new Memory(bytes.length));
        memory.write(0, bytes, 0, bytes.length);
        return Pointer.nativeValue(memory);
    }
}
