package dev.qssl.backend.openssl;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;

/**
 * Moves records and plaintext between the owner's buffers and the library: straight from and to memory outside the heap, and
 * through {@link Scratch} where they are on it. Used inside of {@link NativeConnection#enter}.
 *
 * <p>What the library says is an {@link Outcome}; what that means, the engine knows. Its errors wait in a queue of the
 * thread, which a virtual thread may leave wherever it has to wait, if only for a lock: so they are cleared, asked for and
 * taken out in one go with the call that they are about.
 */
final class Traffic {

    /** A header, and what all suites add to a record: initialisation vector, padding and authentication code, generously. */
    static final int RECORD_ROOM = Records.MAXIMUM_PLAINTEXT + 512;

    /** How far moving went. */
    enum Outcome {
        /** All there was. */
        DONE,
        /** To where there was no room for another record. */
        NO_ROOM,
        /** To the peer's close_notify. */
        CLOSED,
        /** Past a record of type handshake, which was not allowed. */
        FORBIDDEN,
        /** Nowhere, without any reason. */
        STUCK,
        /** To a failure: {@link #failure}. */
        FAILED
    }

    private final OpenSsl library;
    private final RecordCalls calls;
    private final NativeConnection connection;

    /** Why the last call failed that did. */
    private LibraryError failure = LibraryError.NOTHING;

    /** Whether records of type handshake are in clear after the handshake: up to TLS 1.2 they begin another one. */
    private boolean renegotiable;

    Traffic(OpenSsl library, NativeConnection connection) {
        this.library = library;
        this.calls = library.calls();
        this.connection = connection;
    }

    /** The handshake is done, in a version in which another one could begin. */
    void forbidHandshakes() {
        renegotiable = true;
    }

    /** What others left in this thread's queue would be taken for the reason of a failure. */
    void clearErrors() {
        while (calls.popError()) {
            // one by one: there are hardly ever any
        }
    }

    /** {@return why the last call failed that did} */
    LibraryError failure() {
        return failure;
    }

    /**
     * Goes on with the handshake on the records up to here.
     *
     * @return why it stopped, one of the {@code ERROR} numbers in {@link Ssl}; 0 if the handshake is done
     */
    int handshake(ByteBuffer records, int end) {
        int count = end - records.position();
        if (records.isDirect()) {
            return handshake(records, count, calls.address(records) + records.position());
        }
        try (Scratch scratch = Scratch.borrow(calls, count)) {
            scratch.buffer().put(0, records, records.position(), count);
            return handshake(records, count, scratch.address());
        }
    }

    private int handshake(ByteBuffer records, int count, long source) {
        connection.feed(source, count);
        try {
            return handshake();
        } finally {
            records.position(records.position() + count - connection.unfeed());
            Reference.reachabilityFence(records);
        }
    }

    /** Goes on with the handshake without input. Returns what {@link #handshake(ByteBuffer, int)} does. */
    int handshake() {
        clearErrors();
        int result = calls.handshake(connection.ssl());
        return result == 1 ? 0 : error(result);
    }

    /** {@return why a call gave this result} Right behind the call. */
    private int error(int result) {
        int error = calls.error(connection.ssl(), result);
        if (error == Ssl.ERROR_SSL || error == Ssl.ERROR_SYSCALL) {
            failure = LibraryError.take(library);
        }
        return error;
    }

    /** Decrypts the records up to here, as far as there is room for whole ones. */
    Outcome open(ByteBuffer records, int end, ByteBuffer plaintext) {
        if (plaintext.isDirect()) {
            return openDirect(records, end, plaintext);
        }
        try (Scratch scratch = Scratch.borrow(calls)) {
            Outcome outcome = Outcome.DONE;
            boolean more = true;
            while (more) {
                ByteBuffer room = scratch.buffer().limit(Math.min(Scratch.BYTES, plaintext.remaining()));
                outcome = openDirect(records, end, room);
                plaintext.put(room.flip());
                // Less room than the owner has may have been the reason to stop.
                more = outcome == Outcome.NO_ROOM && room.limit() > 0;
            }
            return outcome;
        }
    }

    private Outcome openDirect(ByteBuffer records, int end, ByteBuffer plaintext) {
        int count = end - records.position();
        if (records.isDirect()) {
            return openDirect(records, end, calls.address(records) + records.position(), plaintext);
        }
        try (Scratch scratch = Scratch.borrow(calls, count)) {
            scratch.buffer().put(0, records, records.position(), count);
            return openDirect(records, end, scratch.address(), plaintext);
        }
    }

    private Outcome openDirect(ByteBuffer records, int end, long source, ByteBuffer plaintext) {
        long ssl = connection.ssl();
        long target = calls.address(plaintext);
        int limit = plaintext.limit();
        int at = plaintext.position();
        int from = records.position();
        int next = from;
        Outcome outcome = Outcome.DONE;
        clearErrors();
        try {
            while (next < end && outcome == Outcome.DONE) {
                int bytes = Records.bytes(records, next);
                if (limit - at < Math.min(bytes, Records.MAXIMUM_PLAINTEXT)) {
                    return Outcome.NO_ROOM;
                }
                boolean forbidden = renegotiable && Records.type(records, next) == Records.HANDSHAKE;
                // One at a time: behind a record without data the library would go on with the next, for which there
                // may
                // be no room, and keep the rest of it.
                connection.feed(source + next - from, bytes);
                int result = calls.read(ssl, target + at, limit - at);
                int unread = connection.unfeed();
                next += bytes - unread;
                if (result > 0) {
                    at += result;
                } else {
                    outcome = openedNothing(result, unread == 0);
                }
                outcome = forbidden && outcome == Outcome.DONE ? Outcome.FORBIDDEN : outcome;
            }
            return outcome;
        } finally {
            plaintext.position(at);
            records.position(next);
            Reference.reachabilityFence(records);
            Reference.reachabilityFence(plaintext);
        }
    }

    private Outcome openedNothing(int result, boolean moved) {
        return switch (error(result)) {
            case Ssl.ERROR_WANT_READ, Ssl.ERROR_WANT_WRITE -> moved ? Outcome.DONE : Outcome.STUCK;
            case Ssl.ERROR_ZERO_RETURN -> Outcome.CLOSED;
            default -> Outcome.FAILED;
        };
    }

    /** Encrypts, as far as there is room for whole records. Nothing else may be waiting. */
    Outcome seal(ByteBuffer plaintext, ByteBuffer records) {
        if (records.isDirect()) {
            return sealDirect(plaintext, records);
        }
        try (Scratch scratch = Scratch.borrow(calls)) {
            while (plaintext.hasRemaining()) {
                if (records.remaining() < RECORD_ROOM) {
                    return Outcome.NO_ROOM;
                }
                ByteBuffer room = scratch.buffer().limit(RECORD_ROOM);
                Outcome outcome = sealDirect(plaintext, room);
                records.put(room.flip());
                if (outcome != Outcome.DONE && outcome != Outcome.NO_ROOM) {
                    return outcome;
                }
            }
        }
        return Outcome.DONE;
    }

    private Outcome sealDirect(ByteBuffer plaintext, ByteBuffer records) {
        if (plaintext.isDirect()) {
            return seal(plaintext, calls.address(plaintext) + plaintext.position(), plaintext.remaining(), records);
        }
        Outcome outcome = Outcome.DONE;
        try (Scratch scratch = Scratch.borrow(calls)) {
            while (plaintext.hasRemaining() && outcome == Outcome.DONE) {
                int count = Math.min(plaintext.remaining(), Records.MAXIMUM_PLAINTEXT);
                scratch.buffer().put(0, plaintext, plaintext.position(), count);
                outcome = seal(plaintext, scratch.address(), count, records);
            }
        }
        return outcome;
    }

    /** Encrypts bytes that lie at an address, and moves the plaintext's position past them. */
    private Outcome seal(ByteBuffer plaintext, long source, int count, ByteBuffer records) {
        long ssl = connection.ssl();
        long target = calls.address(records);
        int limit = records.limit();
        int at = records.position();
        int taken = 0;
        clearErrors();
        try {
            while (taken < count) {
                if (limit - at < RECORD_ROOM) {
                    return Outcome.NO_ROOM;
                }
                int result = calls.write(ssl, source + taken, Math.min(count - taken, Records.MAXIMUM_PLAINTEXT));
                if (result <= 0) {
                    return error(result) == Ssl.ERROR_SSL ? Outcome.FAILED : Outcome.STUCK;
                }
                taken += result;
                at += connection.take(target + at, limit - at);
            }
            return Outcome.DONE;
        } finally {
            plaintext.position(plaintext.position() + taken);
            records.position(at);
            Reference.reachabilityFence(plaintext);
            Reference.reachabilityFence(records);
        }
    }

    /** Moves what the library has written into the owner's records, as far as there is room. */
    void drain(ByteBuffer records) {
        if (records.isDirect()) {
            int at = records.position();
            try {
                records.position(at + connection.take(calls.address(records) + at, records.remaining()));
            } finally {
                Reference.reachabilityFence(records);
            }
            return;
        }
        try (Scratch scratch = Scratch.borrow(calls)) {
            int count = 1;
            while (count > 0 && records.hasRemaining()) {
                count = connection.take(scratch.address(), Math.min(Scratch.BYTES, records.remaining()));
                records.put(scratch.buffer().limit(count));
            }
        }
    }

    /** Puts close_notify into what the library has written. */
    void sayGoodbye() {
        clearErrors();
        calls.shutdown(connection.ssl());
        clearErrors();
    }

    /** Has the library fail, on a header that promises too much: only then it sends a fatal alert, one of its choice. */
    void provokeAlert() {
        try (Scratch scratch = Scratch.borrow(calls)) {
            scratch.buffer().put(new byte[] {Records.APPLICATION_DATA, 3, 3, -1, -1});
            clearErrors();
            connection.feed(scratch.address(), Records.HEADER_BYTES);
            calls.read(connection.ssl(), scratch.address() + Records.HEADER_BYTES, 1);
            connection.unfeed();
            clearErrors();
        }
    }
}
