package dev.qssl.benchmarks.bars;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The client's side of the work, done by the thread that calls. */
abstract class BlockingClient implements Bar.Client {

    private final DataInputStream input;
    private final byte[] message = new byte[ServerScript.MESSAGE_BYTES + 1];

    BlockingClient(InputStream input) {
        this.input = new DataInputStream(input);
        message[0] = 'P';
    }

    /** Sends bytes, or keeps them until the next {@link #push} if that is how the stack gets its best. */
    abstract void send(byte[] bytes, int length) throws IOException;

    /** Sends what was kept. */
    abstract void push() throws IOException;

    @Override
    public final void ask() throws IOException {
        send(new byte[] {'H'}, 1);
        push();
        expect('h');
    }

    @Override
    public final void upload(long bytes, int chunk) throws IOException {
        byte[] payload = new byte[chunk];
        send(ByteBuffer.allocate(9).put((byte) 'B').putLong(bytes).array(), 9);
        for (long left = bytes; left > 0; left -= chunk) {
            send(payload, (int) Math.min(left, chunk));
        }
        push();
        expect('b');
    }

    @Override
    public final void pingPong(long[] nanos) throws IOException {
        byte[] echo = new byte[ServerScript.MESSAGE_BYTES];
        for (int i = 0; i < nanos.length; i++) {
            long start = System.nanoTime();
            send(message, message.length);
            push();
            input.readFully(echo);
            nanos[i] = System.nanoTime() - start;
        }
    }

    private void expect(char wanted) throws IOException {
        int got = input.read();
        if (got < 0) {
            throw new EOFException("the server ended the connection instead of answering");
        }
        if (got != wanted) {
            throw new IOException("the server answered " + got + " instead of " + (int) wanted);
        }
    }
}
