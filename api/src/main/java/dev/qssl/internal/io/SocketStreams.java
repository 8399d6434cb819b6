package dev.qssl.internal.io;

import dev.qssl.net.QIODevice;
import dev.qssl.net.SocketError;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;

/** A socket's bytes as blocking streams. */
public final class SocketStreams {

    /** Bytes that may wait before a write blocks. */
    private static final int HIGH_WATER = 256 * 1024;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private SocketStreams() {}

    /** {@return the bytes to read} */
    public static InputStream input(QIODevice device, SocketCore core, Duration timeout) {
        return new Input(device, core, timeout);
    }

    /** {@return where to write} */
    public static OutputStream output(QIODevice device, SocketCore core) {
        return new Output(device, core);
    }

    private static final class Input extends InputStream {
        private final QIODevice device;
        private final SocketCore core;
        private final Duration timeout;

        Input(QIODevice device, SocketCore core, Duration timeout) {
            this.device = device;
            this.core = core;
            this.timeout = timeout;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            ByteBuffer room = ByteBuffer.wrap(target, offset, length);
            long deadline = timeout.isZero() ? Driver.FOREVER : Driver.deadlineIn(timeout);
            while (device.isReadable()) {
                long count = device.read(room);
                if (count > 0) {
                    return (int) count;
                }
                if (count < 0) {
                    break;
                }
                if (!core.waits().forInput(mayBeFilled() ? room : NOTHING, deadline)) {
                    throw notReady(deadline);
                }
                if (room.position() > offset) {
                    return room.position() - offset;
                }
            }
            return end();
        }

        // Slots expect to find the bytes in the device, and a transaction remembers what is read from there.
        private boolean mayBeFilled() {
            return !core.tellsReadyRead() && !device.isTransactionStarted();
        }

        private IOException notReady(long deadline) {
            if (Thread.currentThread().isInterrupted()) {
                return new InterruptedIOException("interrupted while waiting for data");
            }
            return Driver.left(deadline) == 0
                    ? new SocketTimeoutException("no data came within " + timeout)
                    : new IOException("a slot inside the handshake cannot wait for data");
        }

        // The peer's orderly end is the end of the stream; everything else is an error, and so is a cut (B-159).
        private int end() throws IOException {
            if (core.endedCleanly()) {
                return -1;
            }
            boolean hasReason = core.status().error() != SocketError.UNKNOWN_SOCKET_ERROR;
            throw new IOException(hasReason ? core.status().errorString() : "the connection was closed on this side");
        }

        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, device.bytesAvailable());
        }
    }

    private static final class Output extends OutputStream {
        private final QIODevice device;
        private final SocketCore core;

        Output(QIODevice device, SocketCore core) {
            this.device = device;
            this.core = core;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, source.length);
            requireOpen();
            if (!device.isWritable()) {
                throw new IOException("the socket is not open for writing");
            }
            core.push(ByteBuffer.wrap(source, offset, length));
            if (!core.waits().forRoom(HIGH_WATER) && Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted while waiting for room; the bytes are queued");
            }
        }

        @Override
        public void flush() throws IOException {
            requireOpen();
            core.flush();
        }

        @Override
        public void close() {
            core.flush();
        }

        private void requireOpen() throws IOException {
            Connection current = core.connection();
            if (current == null || current.phase() == Phase.ENDED) {
                throw new IOException("the connection is over: " + core.status().errorString());
            }
        }
    }
}
