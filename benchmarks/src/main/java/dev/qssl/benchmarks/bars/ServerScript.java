package dev.qssl.benchmarks.bars;

import java.nio.ByteBuffer;

/**
 * What every server does with one connection's bytes. {@code 'H'} is answered by {@code 'h'}. {@code 'B'}, a count of 8
 * bytes and that many bytes are answered by {@code 'b'} once the last one is there. {@code 'P'} and a message are answered
 * by the message.
 */
public final class ServerScript {

    /** The length of a message. */
    public static final int MESSAGE_BYTES = 64;

    /** The buffers that servers and clients of all bars read into. */
    static final int READ_BYTES = 128 * 1024;

    private static final int COUNT_BYTES = Long.BYTES;

    private final ByteBuffer head = ByteBuffer.allocate(MESSAGE_BYTES);
    private char command;
    private long left;

    /**
     * Takes everything that {@code received} holds.
     *
     * @param received bytes of the client
     * @param replies receives what is to be sent back: never more than came
     */
    void accept(ByteBuffer received, ByteBuffer replies) {
        while (received.hasRemaining()) {
            if (left > 0) {
                swallow(received, replies);
            } else if (command == 0) {
                begin((char) received.get(), replies);
            } else {
                collect(received, replies);
            }
        }
    }

    private void begin(char next, ByteBuffer replies) {
        switch (next) {
            case 'H' -> replies.put((byte) 'h');
            case 'B' -> {
                command = next;
                head.clear().limit(COUNT_BYTES);
            }
            case 'P' -> {
                command = next;
                head.clear();
            }
            default -> throw new IllegalArgumentException("the client sent the unknown command " + (int) next);
        }
    }

    private void collect(ByteBuffer received, ByteBuffer replies) {
        int count = Math.min(head.remaining(), received.remaining());
        head.put(head.position(), received, received.position(), count);
        head.position(head.position() + count);
        received.position(received.position() + count);
        if (head.hasRemaining()) {
            return;
        }
        head.flip();
        if (command == 'B') {
            left = head.getLong();
        } else {
            replies.put(head);
        }
        command = 0;
    }

    private void swallow(ByteBuffer received, ByteBuffer replies) {
        int count = (int) Math.min(left, received.remaining());
        received.position(received.position() + count);
        left -= count;
        if (left == 0) {
            replies.put((byte) 'b');
        }
    }
}
