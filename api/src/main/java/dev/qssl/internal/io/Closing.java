package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import dev.qssl.spi.TlsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The end of a connection: close_notify or the fatal alert, the end of our bytes, then a short wait for the end of the
 * peer's. A reset caused by unread bytes would destroy what was sent last. Owner only.
 */
final class Closing {

    /** What is read of a peer that goes on sending after we are done. */
    private static final int DRAIN_BYTES = 64 * 1024;

    private static final long DRAIN_MILLIS = 1000;

    private long limit = Driver.FOREVER;
    private long deadline = Driver.FOREVER;
    private boolean closeNotifyAsked;
    private boolean outputShut;
    private int drained;

    /** {@return when to give up, in {@link System#nanoTime}} */
    long deadline() {
        return deadline;
    }

    /** Sets a limit for everything that is still to be done, beginning now. */
    void limit(Duration time) {
        limit = Driver.earlier(limit, Driver.deadlineIn(time));
        deadline = Driver.earlier(deadline, limit);
    }

    /** Sets a limit for sending the last bytes, beginning now. */
    void begin(Duration time) {
        deadline = Driver.earlier(limit, Driver.deadlineIn(time));
    }

    /**
     * Sends what comes last.
     *
     * @param orderly whether to say close_notify; a failed engine has its alert to say instead
     * @return whether that is done
     */
    boolean sendLast(SocketChannel channel, @Nullable RecordLayer layer, boolean orderly) throws IOException {
        return outputShut || layer == null || sendLastRecords(channel, layer, orderly);
    }

    /** Ends our direction: from now on only the end of the peer's is waited for, not for long. */
    void shutOutput(SocketChannel channel) throws IOException {
        if (!outputShut) {
            outputShut = true;
            deadline = Driver.earlier(limit, Driver.deadlineIn(DRAIN_MILLIS));
            channel.shutdownOutput();
        }
    }

    private boolean sendLastRecords(SocketChannel channel, RecordLayer layer, boolean orderly) throws IOException {
        if (orderly && !closeNotifyAsked) {
            closeNotifyAsked = true;
            layer.closeOutput();
        }
        if (!layer.flush(channel)) {
            return false;
        }
        while (layer.hasOutput() && layer.hasRoom() && composeLast(layer, orderly)) {
            // a flight, then the alert
        }
        return layer.flush(channel);
    }

    // A failed engine throws its failure again once its alert is out.
    private static boolean composeLast(RecordLayer layer, boolean orderly) throws TlsException {
        try {
            return layer.composeOutput();
        } catch (TlsException e) {
            if (orderly) {
                throw e;
            }
            return false;
        }
    }

    /** {@return whether enough was read of a peer that does not stop} */
    boolean isDrained() {
        return drained >= DRAIN_BYTES;
    }

    /** Reads and drops; behind what comes last there mostly is the end. {@return the number of bytes; -1 at the end} */
    int drain(SocketChannel channel) throws IOException {
        ByteBuffer room = BufferPool.of(BufferKind.HEAP).borrow();
        try {
            int total = 0;
            int count = channel.read(room);
            while (count > 0 && total + count < DRAIN_BYTES) {
                total += count;
                count = channel.read(room.clear());
            }
            total += Math.max(0, count);
            drained += outputShut ? total : 0; // before that, what is dropped lets the peer go on to read ours
            return count < 0 ? count : total;
        } finally {
            BufferPool.giveBack(room);
        }
    }
}
