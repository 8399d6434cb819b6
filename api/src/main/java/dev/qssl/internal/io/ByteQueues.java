package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The application's bytes in both directions, for any thread. What only the connection's owner may call, says so.
 *
 * <p>The owner alone removes bytes from the front of those to be sent: it may look at them outside the lock.
 */
final class ByteQueues {

    private static final long NO_MARK = -1;

    private final ReentrantLock lock = new ReentrantLock();
    private final Runnable roomMade;
    private final ReadQueue received = new ReadQueue();
    private final WriteQueue queued = new WriteQueue();
    private @Nullable ByteBuffer lent;
    private boolean inputHeld;
    private boolean inputDropped;
    private boolean over;

    /** How many bytes of the front still pass in clear before TLS starts. */
    private long clearBytes = NO_MARK;

    // Written under the lock; what the owner asks in every turn is answered without it.
    private volatile long readLimit;
    private volatile long toRead;
    private volatile long toWrite;

    /**
     * Creates empty queues.
     *
     * @param roomMade called, without a lock, when the owner held input back for want of room and there is some again
     */
    ByteQueues(Runnable roomMade) {
        this.roomMade = roomMade;
    }

    /** {@return the bytes to read} */
    long available() {
        return toRead;
    }

    /** {@return how many bytes come before the first such byte, or -1} */
    long indexOf(byte wanted) {
        lock.lock();
        try {
            return received.indexOf(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** Moves bytes to the application. {@return their number} */
    int read(ByteBuffer target) {
        int count;
        boolean wanted;
        lock.lock();
        try {
            count = received.take(target);
            toRead = received.size();
            wanted = isRoomWanted();
        } finally {
            lock.unlock();
        }
        if (wanted) {
            roomMade.run();
        }
        return count;
    }

    /** Drops bytes to read. {@return their number} */
    long skip(long most) {
        long count;
        boolean wanted;
        lock.lock();
        try {
            count = received.skip(most);
            toRead = received.size();
            wanted = isRoomWanted();
        } finally {
            lock.unlock();
        }
        if (wanted) {
            roomMade.run();
        }
        return count;
    }

    /** Sets how many bytes to read may pile up; 0 for any number. */
    void setReadLimit(long bytes) {
        boolean wanted;
        lock.lock();
        try {
            readLimit = bytes;
            wanted = isRoomWanted();
        } finally {
            lock.unlock();
        }
        if (wanted) {
            roomMade.run();
        }
    }

    private boolean isRoomWanted() {
        boolean wanted = inputHeld && !isAtLimit();
        if (wanted) {
            inputHeld = false;
        }
        return wanted;
    }

    private boolean isAtLimit() {
        return readLimit > 0 && received.size() >= readLimit;
    }

    /** From now on nobody reads: what is there, and what still comes, is dropped. */
    void dropInput() {
        lock.lock();
        try {
            inputDropped = true;
            received.clear();
            toRead = 0;
        } finally {
            lock.unlock();
        }
        roomMade.run();
    }

    /** {@return whether there is no room; if so, {@code roomMade} will tell when there is} Owner only. */
    boolean isFull() {
        if (readLimit == 0) {
            return false;
        }
        lock.lock();
        try {
            inputHeld = isAtLimit();
            return inputHeld;
        } finally {
            lock.unlock();
        }
    }

    /** {@return how many bytes may be added now; {@link Integer#MAX_VALUE} without a limit} Owner only. */
    int room() {
        long limit = readLimit;
        return limit == 0 ? Integer.MAX_VALUE : (int) Math.min(Integer.MAX_VALUE, Math.max(0, limit - toRead));
    }

    /** Takes a buffer over, from 0 to its position. {@return whether there is more to read now} Owner only. */
    boolean accept(ByteBuffer filled) {
        if (filled.position() == 0) {
            BufferPool.giveBack(filled);
            return false;
        }
        lock.lock();
        try {
            if (inputDropped) {
                BufferPool.giveBack(filled);
                return false;
            }
            received.add(filled);
            toRead = received.size();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lends the memory of a reader who waits: what arrives while nothing is queued may go straight there. Owner only, for as
     * long as it stays the owner.
     *
     * @return what was lent before
     */
    @Nullable ByteBuffer lend(@Nullable ByteBuffer target) {
        ByteBuffer before = lent;
        lent = target;
        return before;
    }

    /** {@return the memory of a reader who waits, if what arrives now is what comes next; else null} Owner only. */
    @Nullable ByteBuffer lent() {
        return lent == null || available() > 0 ? null : lent;
    }

    /** {@return the bytes that wait to be sent} */
    long toWrite() {
        return toWrite;
    }

    /** Copies everything that {@code source} holds; drops it if the connection is over. */
    void append(ByteBuffer source) {
        lock.lock();
        try {
            if (over) {
                source.position(source.limit());
            } else {
                queued.append(source);
                toWrite = queued.size();
            }
        } finally {
            lock.unlock();
        }
    }

    /** {@return the longest run of bytes at the front that may be sent now; null if there is none} Owner only. */
    @Nullable ByteBuffer front() {
        if (toWrite == 0) {
            return null;
        }
        lock.lock();
        try {
            ByteBuffer front = clearBytes == 0 ? null : queued.front();
            if (front != null && clearBytes > 0) {
                front.limit((int) Math.min(front.limit(), front.position() + clearBytes));
            }
            return front;
        } finally {
            lock.unlock();
        }
    }

    /** Drops bytes of the front; the view of it must not be used any more. Owner only. */
    void sent(int count) {
        lock.lock();
        try {
            queued.sent(count);
            toWrite = queued.size();
            if (clearBytes > 0) {
                clearBytes -= count;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Fills what is queued up to a whole record, so that no short one goes out in the middle of a stream. */
    void topUp(ByteBuffer source, int record) {
        lock.lock();
        try {
            int over = (int) (queued.size() % record);
            if (over > 0) {
                int limit = source.limit();
                source.limit(source.position() + Math.min(record - over, source.remaining()));
                queued.append(source);
                source.limit(limit);
                toWrite = queued.size();
            }
        } finally {
            lock.unlock();
        }
    }

    /** From now on what is written is for TLS: only what is queued already passes in clear. */
    void markEndOfClear() {
        lock.lock();
        try {
            clearBytes = queued.size();
        } finally {
            lock.unlock();
        }
    }

    /** {@return whether everything before the mark is sent} */
    boolean isClearSent() {
        lock.lock();
        try {
            return clearBytes <= 0;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Removes the mark, and hands out what was not read: it is the beginning of the handshake. Owner only.
     *
     * @param kind the memory for what is written from now on
     */
    byte[] startTls(BufferKind kind) {
        lock.lock();
        try {
            clearBytes = NO_MARK;
            queued.setKind(kind);
            byte[] unread = new byte[(int) received.size()];
            received.take(ByteBuffer.wrap(unread));
            toRead = received.size();
            return unread;
        } finally {
            lock.unlock();
        }
    }

    /** Drops what was not sent, now and from now on. Owner only: it must hold no view. */
    void end() {
        lock.lock();
        try {
            over = true;
            queued.clear();
            toWrite = 0;
        } finally {
            lock.unlock();
        }
    }
}
