package dev.qssl.cli;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** Input that does not end before the test says so, as at a keyboard. */
final class HeldInput extends InputStream {

    private final byte[] bytes;
    private final CountDownLatch released = new CountDownLatch(1);
    private int position;

    HeldInput(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    HeldInput(String text) {
        this(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Ends the input. */
    void release() {
        released.countDown();
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws InterruptedIOException {
        int count = Math.min(length, bytes.length - position);
        if (count > 0) {
            System.arraycopy(bytes, position, target, offset, count);
            position += count;
            return count;
        }
        try {
            released.await();
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }
}
