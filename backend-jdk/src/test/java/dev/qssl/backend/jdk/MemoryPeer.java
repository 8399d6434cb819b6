package dev.qssl.backend.jdk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One end of a connection in memory: what it received and did not read yet, and what it said and was not delivered yet. */
abstract class MemoryPeer {

    static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);
    private static final int MAXIMUM_TURNS = 200;

    final ByteBuffer inbox = ByteBuffer.allocate(1 << 20);
    final ByteBuffer outbox = ByteBuffer.allocate(1 << 20);
    final ByteBuffer plaintext = ByteBuffer.allocate(1 << 20);

    @Nullable Exception failure;

    /** Does what can be done with the inbox. {@return whether anything happened} */
    abstract boolean turn();

    /** {@return whether the handshake is done} */
    abstract boolean isEstablished();

    /** Encrypts data into the outbox. */
    abstract void say(byte[] data) throws Exception;

    /** Closes its side. */
    abstract void close();

    /** Runs both until nothing happens any more. */
    static void run(MemoryPeer one, MemoryPeer other) {
        boolean moved = true;
        for (int i = 0; moved && i < MAXIMUM_TURNS; i++) {
            moved = one.turn();
            moved |= one.deliverTo(other);
            moved |= other.turn();
            moved |= other.deliverTo(one);
        }
    }

    /** Moves what was said. {@return whether there was anything} */
    final boolean deliverTo(MemoryPeer other) {
        outbox.flip();
        boolean some = outbox.hasRemaining();
        other.inbox.put(outbox);
        outbox.clear();
        return some;
    }

    /** Puts bytes into the inbox as if the other end had said them. */
    final void hears(int... bytes) {
        for (int value : bytes) {
            inbox.put((byte) value);
        }
    }

    /** {@return the data received so far, once} */
    final byte[] takeReceived() {
        byte[] data = Arrays.copyOf(plaintext.array(), plaintext.position());
        plaintext.clear();
        return data;
    }

    /** {@return what was said and not delivered, without taking it} */
    final byte[] said() {
        return Arrays.copyOf(outbox.array(), outbox.position());
    }
}
