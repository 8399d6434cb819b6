package dev.qssl.net;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** A device of one's own, in memory: gives what it was fed, a little at a time, and keeps what is written. */
final class ByteDevice extends QIODevice {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private ByteBuffer fed = ByteBuffer.allocate(0);
    private int step = Integer.MAX_VALUE;
    private boolean over;
    private boolean broken;

    /** {@return a device open for both, that gives this text} */
    static ByteDevice of(String text) {
        return of(PlainPair.bytes(text));
    }

    static ByteDevice of(byte[] bytes) {
        ByteDevice device = new ByteDevice();
        device.fed = ByteBuffer.wrap(bytes);
        device.open(OpenMode.READ_WRITE);
        return device;
    }

    /** Gives at most so many bytes a call. */
    ByteDevice inStepsOf(int bytes) {
        step = bytes;
        return this;
    }

    /** Gives these bytes after the others, and says so. */
    void feed(String text) {
        byte[] more = PlainPair.bytes(text);
        fed = ByteBuffer.allocate(fed.remaining() + more.length)
                .put(fed)
                .put(more)
                .flip();
        emitReadyRead();
    }

    /** Gives no more once it is empty. */
    ByteDevice end() {
        over = true;
        return this;
    }

    /** Fails to write from now on. */
    void fail(String why) {
        broken = true;
        setErrorString(why);
    }

    byte[] written() {
        return written.toByteArray();
    }

    @Override
    public long bytesAvailable() {
        return super.bytesAvailable() + (isReadable() ? fed.remaining() : 0);
    }

    @Override
    protected long readData(ByteBuffer target) {
        int count = Math.min(step, Math.min(target.remaining(), fed.remaining()));
        if (count == 0) {
            return over ? -1 : 0;
        }
        ByteBuffer part = fed.slice(fed.position(), count);
        fed.position(fed.position() + count);
        target.put(part);
        return count;
    }

    @Override
    protected long writeData(ByteBuffer source) {
        if (broken) {
            return -1;
        }
        int count = Math.min(step, source.remaining());
        for (int i = 0; i < count; i++) {
            written.write(source.get());
        }
        return count;
    }
}
