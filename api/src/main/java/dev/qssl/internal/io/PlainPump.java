package dev.qssl.internal.io;

import dev.qssl.spi.BufferKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Moves bytes between the application's queues and a channel as they are. Owner only. */
final class PlainPump {

    private final SocketChannel channel;
    private final ByteQueues bytes;
    private final Announcements news;

    PlainPump(SocketChannel channel, ByteQueues bytes, Announcements news) {
        this.channel = channel;
        this.bytes = bytes;
        this.news = news;
    }

    /** Sends what may pass in clear, up to about this much. {@return the number of bytes} */
    long send(long most) throws IOException {
        long total = 0;
        for (ByteBuffer front = bytes.front(); front != null && total < most; front = bytes.front()) {
            int count = channel.write(front);
            if (count > 0) {
                total += count;
                news.depart();
                news.write(count);
                bytes.sent(count);
            }
            if (front.hasRemaining()) {
                break;
            }
        }
        return total;
    }

    /** Reads from the channel. {@return the number of bytes; -1 at its end} */
    int receive() throws IOException {
        ByteBuffer room = BufferPool.of(BufferKind.HEAP).borrow();
        try {
            return channel.read(room);
        } finally {
            if (bytes.accept(room)) {
                news.arrive();
            }
        }
    }
}
