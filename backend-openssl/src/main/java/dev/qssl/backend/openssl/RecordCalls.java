package dev.qssl.backend.openssl;

import java.nio.ByteBuffer;

/**
 * The calls that move records, and the few around them: those whose own cost counts.
 *
 * <p>There are two ways to make them. {@link WildflyCalls} takes 15 ns a call and needs a native library that exists for few
 * platforms; {@link JnaCalls} takes 90 ns and runs everywhere. Pointers are {@code long}.
 */
interface RecordCalls {

    /** {@return how the calls are made, for people} */
    String name();

    /** {@return the address of a direct buffer's first byte, whatever its position} */
    long address(ByteBuffer direct);

    /** {@return 1 when the handshake is done; otherwise ask {@link #error}} */
    int handshake(long ssl);

    /** {@return how many bytes of plaintext came; 0 or less: ask {@link #error}} */
    int read(long ssl, long plaintext, int room);

    /** {@return how many bytes of plaintext were taken; 0 or less: ask {@link #error}} */
    int write(long ssl, long plaintext, int bytes);

    /** {@return 0 or 1 when close_notify is in the output; less: ask {@link #error}} */
    int shutdown(long ssl);

    /** {@return why a call gave this result, one of the {@code ERROR} numbers in {@link Ssl}} */
    int error(long ssl, int result);

    /** {@return how many bytes were moved out of a BIO; 0 or less if there were none} */
    int take(long bio, long target, int room);

    /** {@return how many bytes wait in a BIO} */
    int waiting(long bio);

    /** {@return whether there was an error in this thread's queue; takes it out} */
    boolean popError();
}
