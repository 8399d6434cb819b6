package dev.qssl;

import dev.qssl.net.OpenMode;
import dev.qssl.net.QIODevice;
import java.nio.ByteBuffer;

/** A device to read an array from. */
final class BytesDevice extends QIODevice {

    private final ByteBuffer bytes;

    BytesDevice(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes);
        open(OpenMode.READ_ONLY);
    }

    @Override
    protected long readData(ByteBuffer target) {
        if (!bytes.hasRemaining()) {
            return -1;
        }
        int count = Math.min(target.remaining(), bytes.remaining());
        target.put(bytes.slice(bytes.position(), count));
        bytes.position(bytes.position() + count);
        return count;
    }

    @Override
    public long bytesAvailable() {
        return super.bytesAvailable() + bytes.remaining();
    }

    @Override
    protected long writeData(ByteBuffer source) {
        return -1;
    }
}
