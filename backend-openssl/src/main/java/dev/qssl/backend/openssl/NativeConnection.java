package dev.qssl.backend.openssl;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An {@code SSL*} with the memory it reads from and writes to.
 *
 * <p>The library reads straight from the owner's records: its input is a read-only memory BIO whose bounds are set before each
 * call ({@code BUF_MEM} of {@code openssl/buffer.h}) and taken away after it. What it writes waits in another memory BIO until
 * it is taken.
 *
 * <p>An {@code SSL*} belongs to one thread at a time and must not be freed under a call, so every use is between
 * {@link #enter} and {@link #leave}. {@link #close} may be called by any thread at any time: if somebody is inside, he frees
 * it when he leaves. It is freed once, by {@code close} or when its owner was forgotten.
 */
final class NativeConnection {

    private static final int WINDOW_BYTES = 24;
    private static final int WINDOW_LENGTH = 0;
    private static final int WINDOW_DATA = 8;
    private static final int WINDOW_MAXIMUM = 16;
    private static final int RETRY = -1;
    private static final int BOTH_DIRECTIONS = 3;

    private final Resource resource;
    private final Cleaner.Cleanable cleanable;
    private final RecordCalls calls;
    private final ByteBuffer window;

    private NativeConnection(RecordCalls calls, Resource resource, long input) {
        this.calls = calls;
        this.resource = resource;
        long[] buffer = new long[1];
        LibCrypto.BIO_ctrl(input, Ssl.BIO_C_GET_BUF_MEM_PTR, 0, buffer);
        this.window = NativeMemory.view(buffer[0], WINDOW_BYTES);
        this.cleanable = Forgotten.CLEANER.register(this, resource::close);
    }

    /**
     * {@return a new connection}
     *
     * @param calls how records are moved
     * @param ssl taken over
     * @param dialogue whom the library's callbacks are for
     * @throws OutOfMemoryError if the library has no memory; the {@code SSL*} stays the caller's then
     */
    static NativeConnection of(RecordCalls calls, long ssl, Dialogue dialogue) {
        // Where it points does not matter: it is empty until bounds are set.
        long input = LibCrypto.BIO_new_mem_buf(ssl, 0);
        long output = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        if (input == 0 || output == 0) {
            LibCrypto.BIO_free(input);
            LibCrypto.BIO_free(output);
            throw new OutOfMemoryError("OpenSSL has no memory for a connection");
        }
        LibCrypto.BIO_ctrl(input, Ssl.BIO_C_SET_BUF_MEM_EOF_RETURN, RETRY, null);
        LibSsl.SSL_set_bio(ssl, input, output);
        Upcalls.register(ssl, dialogue);
        return new NativeConnection(calls, new Resource(ssl, output), input);
    }

    /** Takes the lock. Returns whether there is still something to use; {@link #leave} must follow in any case. */
    boolean enter() {
        resource.lock.lock();
        resource.depth++;
        return !resource.closing;
    }

    /** Takes the lock if nobody has it. Returns whether it was taken; only then {@link #leave} must follow. */
    boolean enterIfIdle() {
        boolean taken = resource.lock.tryLock();
        if (taken) {
            resource.depth++;
        }
        return taken;
    }

    /** {@return whether it was closed, maybe by another thread while somebody is inside} */
    boolean isClosed() {
        return resource.closing;
    }

    /** Gives the lock back, and frees what was closed meanwhile. */
    void leave() {
        resource.depth--;
        resource.lock.unlock();
        if (resource.closing) {
            resource.free();
        }
    }

    /** {@return the {@code SSL*}} Only inside. */
    long ssl() {
        return resource.ssl;
    }

    /** Has the library read from here. Only inside, and {@link #unfeed} must follow. */
    void feed(long address, int bytes) {
        window.putLong(WINDOW_DATA, address);
        window.putLong(WINDOW_MAXIMUM, bytes);
        window.putLong(WINDOW_LENGTH, bytes);
    }

    /** {@return the bytes that the library did not read yet} Only inside. */
    int unread() {
        return (int) window.getLong(WINDOW_LENGTH);
    }

    /** Takes the input away. Returns the bytes that the library did not read. */
    int unfeed() {
        int unread = unread();
        window.putLong(WINDOW_LENGTH, 0);
        window.putLong(WINDOW_MAXIMUM, 0);
        return unread;
    }

    /** {@return how many bytes the library has written that were not taken} Only inside. */
    int waiting() {
        return calls.waiting(resource.output);
    }

    /** Moves bytes that the library has written. Returns how many. Only inside. */
    int take(long target, int room) {
        return Math.max(0, calls.take(resource.output, target, room));
    }

    /**
     * Says whether the connection's session stays good when it is freed. Otherwise the library takes an end without
     * close_notify for a reason to spoil the session, which has not been one since TLS 1.1 (RFC 4346, section 7.2.1).
     */
    void setSound(boolean sound) {
        resource.sound = sound;
    }

    /** Frees everything, now or when whoever is inside leaves. Any thread; idempotent. */
    void close() {
        cleanable.clean();
    }

    /** What is native; must not lead to the connection. */
    private static final class Resource {

        private final ReentrantLock lock = new ReentrantLock();
        private final long ssl;
        private final long output;
        private int depth;
        private volatile boolean closing;
        private volatile boolean sound;
        private boolean freed;

        Resource(long ssl, long output) {
            this.ssl = ssl;
            this.output = output;
        }

        void close() {
            closing = true;
            free();
        }

        /** Does nothing if somebody is inside: he sees that it is closing when he leaves. */
        void free() {
            if (!lock.tryLock()) {
                return;
            }
            try {
                if (depth == 0 && !freed) {
                    freed = true;
                    Upcalls.forget(ssl);
                    if (sound) {
                        LibSsl.SSL_set_shutdown(ssl, BOTH_DIRECTIONS);
                    }
                    LibSsl.SSL_free(ssl); // and both its BIOs
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
