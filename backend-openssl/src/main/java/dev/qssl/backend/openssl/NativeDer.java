package dev.qssl.backend.openssl;

import org.jspecify.annotations.Nullable;

/** Turns the library's objects into DER and back. */
final class NativeDer {

    private NativeDer() {}

    /** One of the library's {@code i2d} functions. */
    interface Encoder {
        int encode(long object, long @Nullable [] position);
    }

    /** One of the library's {@code d2i} functions. */
    interface Decoder {
        long decode(long reused, long[] position, long bytes);
    }

    /** {@return the object's encoding; empty if it has none} */
    static byte[] encode(RecordCalls calls, Encoder encoder, long object) {
        int bytes = encoder.encode(object, null);
        if (bytes <= 0) {
            return new byte[0];
        }
        try (Scratch scratch = Scratch.borrow(calls, bytes)) {
            encoder.encode(object, new long[] {scratch.address()});
            byte[] der = new byte[bytes];
            scratch.buffer().get(der);
            scratch.wipe(bytes);
            return der;
        }
    }

    /** {@return a new object, owned by the caller; 0 if these bytes are none} */
    static long decode(RecordCalls calls, Decoder decoder, byte[] der) {
        try (Scratch scratch = Scratch.borrow(calls, der.length)) {
            scratch.buffer().put(der);
            try {
                return decoder.decode(0, new long[] {scratch.address()}, der.length);
            } finally {
                scratch.wipe(der.length);
            }
        }
    }
}
