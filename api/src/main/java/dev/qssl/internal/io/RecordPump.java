package dev.qssl.internal.io;

import dev.qssl.spi.Need;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Moves bytes between the application's queues and a channel of records: many records a step. Owner only. */
final class RecordPump {

    private final RecordLayer layer;
    private final SocketChannel channel;
    private final ByteQueues bytes;
    private final Announcements news;
    private boolean stalled;

    RecordPump(RecordLayer layer, SocketChannel channel, ByteQueues bytes, Announcements news) {
        this.layer = layer;
        this.channel = channel;
        this.bytes = bytes;
        this.news = news;
    }

    /** {@return the records} */
    RecordLayer layer() {
        return layer;
    }

    /** {@return whether the peer ended TLS} */
    boolean isPeerDone() {
        return layer.need() == Need.CLOSED;
    }

    /**
     * Takes one step: sends, runs a task, or decrypts.
     *
     * @param established whether application data may pass
     * @param limited whether the limit of the bytes to read counts
     * @return whether anything moved
     */
    boolean move(boolean established, boolean limited) throws IOException {
        if (send(established)) {
            return true;
        }
        if (layer.need() == Need.TASK) {
            layer.runTask();
            stalled = false;
            return true;
        }
        return open(limited);
    }

    /** Something changed that may let the engine go on with bytes that it left. */
    void tryAgain() {
        stalled = false;
    }

    /** Reads from the channel. {@return the number of bytes; -1 at its end} */
    int receive() throws IOException {
        stalled = false;
        return layer.fill(channel);
    }

    // Sends what is composed, then composes what the engine and the application have, up to one write.
    private boolean send(boolean established) throws IOException {
        if (!layer.flush(channel)) {
            return false;
        }
        boolean composed = false;
        while (layer.hasRoom() && layer.need() != Need.TASK && layer.need() != Need.DECISION) {
            boolean more = layer.hasOutput() ? layer.composeOutput() : established && composeQueued();
            if (!more) {
                break;
            }
            composed = true;
        }
        if (composed) {
            layer.flush(channel);
        }
        return composed;
    }

    private boolean composeQueued() throws IOException {
        ByteBuffer front = bytes.front();
        if (front == null) {
            return false;
        }
        int before = front.position();
        boolean composed = layer.compose(front);
        int taken = front.position() - before;
        bytes.sent(taken);
        news.write(taken);
        return composed;
    }

    private boolean open(boolean limited) throws IOException {
        if (stalled || !layer.hasInput() || (limited && bytes.isFull())) {
            return false;
        }
        ByteBuffer lent = bytes.lent();
        boolean moved = (lent != null && layer.canFill(lent)) ? openStraight(lent) : openQueued(limited);
        stalled = !moved;
        return moved;
    }

    private boolean openStraight(ByteBuffer lent) throws IOException {
        int before = lent.position();
        try {
            return layer.decrypt(lent);
        } finally {
            if (lent.position() > before) {
                news.arrive();
            }
        }
    }

    private boolean openQueued(boolean limited) throws IOException {
        ByteBuffer room = BufferPool.of(layer.kind()).borrow();
        try {
            if (limited) {
                room.limit(Math.min(room.capacity(), Math.max(bytes.room(), layer.minPlaintextRoom())));
            }
            return layer.decrypt(room);
        } finally {
            if (bytes.accept(room)) {
                news.arrive();
            }
        }
    }

    /**
     * Encrypts straight from the application's memory, as long as TCP takes it.
     *
     * @param source what is written; its position moves past what was encrypted, or queued in front of it
     * @param kept how many bytes may wait for more: of those, only whole records are sent
     */
    void sendThrough(ByteBuffer source, int kept) throws IOException {
        int record = layer.recordBytes();
        while (source.remaining() + bytes.toWrite() > kept && layer.flush(channel)) {
            bytes.topUp(source, record);
            while (layer.hasRoom() && composeQueued()) {
                // what was queued goes first
            }
            if (bytes.toWrite() == 0) {
                // The last record's worth stays if it may: it may be the beginning of a longer one.
                composeThrough(source, kept == 0 ? source.remaining() : ((source.remaining() - 1) / record) * record);
            }
            if (layer.unsentBytes() == 0) {
                return;
            }
            layer.flush(channel);
        }
    }

    private void composeThrough(ByteBuffer source, int most) throws IOException {
        if (most <= 0 || !layer.hasRoom()) {
            return;
        }
        int limit = source.limit();
        int before = source.position();
        source.limit(before + most);
        try {
            layer.compose(source);
        } finally {
            news.write(source.position() - before);
            source.limit(limit);
        }
    }

    /** {@return the most plaintext that fits into one record} */
    int recordBytes() {
        return layer.recordBytes();
    }
}
