package dev.qssl.net;

import dev.qssl.internal.io.DeviceCore;
import dev.qssl.internal.io.LookBack;
import dev.qssl.net.Signal.Nothing;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Something that bytes can be read from and written to, in the manner of Qt's QIODevice.
 *
 * <p>Every device here is sequential: bytes come once, in order; there is no position to seek. To make one of your own,
 * implement {@link #readData} and {@link #writeData}, have {@link #bytesAvailable} add what the device holds, and call
 * {@link #open}.
 *
 * <p>A device belongs to one thread at a time. Functions return -1 or nothing, with a warning in the log, where Qt's do.
 */
public abstract class QIODevice implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    /** There are new bytes to read. Not emitted again from inside its own slots. */
    public final Signal<Nothing> readyRead;

    /** This many bytes were written; what that means is said by the device. */
    public final Signal<Long> bytesWritten;

    /** The device is about to close. */
    public final Signal<Nothing> aboutToClose;

    /** No more bytes will come. */
    public final Signal<Nothing> readChannelFinished;

    /** As {@link #readyRead}, with the number of the channel, which is 0. */
    public final Signal<Integer> channelReadyRead;

    /** Bytes taken out of the device at a time in search of a line's end. */
    private static final int LINE_STEP = 4096;

    private final DeviceCore core;
    private final LookBack lookBack;
    private boolean textMode;
    private OpenMode openMode = OpenMode.NOT_OPEN;
    private String errorString = "Unknown error";

    /** Creates a closed device. */
    protected QIODevice() {
        this(new DeviceCore());
    }

    QIODevice(DeviceCore core) {
        this.core = core;
        lookBack = core.lookBack;
        readyRead = core.readyRead;
        bytesWritten = core.bytesWritten;
        aboutToClose = core.aboutToClose;
        readChannelFinished = core.readChannelFinished;
        channelReadyRead = core.channelReadyRead;
    }

    /**
     * Gives bytes to the reader.
     *
     * @param target room for at least one byte; its position is the result
     * @return the number of bytes; 0 if there are none now; -1 if none will come any more
     */
    protected abstract long readData(ByteBuffer target);

    /**
     * Takes bytes from the writer.
     *
     * @param source at least one byte; its position is the result
     * @return the number of bytes taken; -1 after an error
     */
    protected abstract long writeData(ByteBuffer source);

    /**
     * Drops bytes that would be read next.
     *
     * @param maxSize at most so many, above 0
     * @return their number; -1 after an error
     */
    protected long skipData(long maxSize) {
        ByteBuffer scratch = ByteBuffer.allocate((int) Math.min(maxSize, 8192));
        long skipped = 0;
        while (skipped < maxSize) {
            scratch.clear().limit((int) Math.min(scratch.capacity(), maxSize - skipped));
            long count = readData(scratch);
            if (count <= 0) {
                return skipped == 0 ? count : skipped;
            }
            skipped += count;
        }
        return skipped;
    }

    /**
     * Sets the text of {@link #errorString}.
     *
     * @param text what went wrong, for people
     */
    protected void setErrorString(String text) {
        errorString = text;
    }

    /** Emits {@link #readyRead}: for devices that have new bytes. */
    protected void emitReadyRead() {
        core.emitter.emit(readyRead);
        core.emitter.emit(channelReadyRead, 0);
    }

    /**
     * Opens the device.
     *
     * @param mode for what
     * @return whether it is open now
     */
    public boolean open(OpenMode mode) {
        openMode = mode;
        lookBack.clear();
        return mode != OpenMode.NOT_OPEN;
    }

    /** Closes the device, after {@link #aboutToClose}. */
    @Override
    public void close() {
        if (openMode != OpenMode.NOT_OPEN) {
            core.emitter.emit(aboutToClose);
            openMode = OpenMode.NOT_OPEN;
            lookBack.clear();
        }
    }

    /** {@return what it is open for} */
    public OpenMode openMode() {
        return openMode;
    }

    /** {@return whether it is open} */
    public final boolean isOpen() {
        return openMode() != OpenMode.NOT_OPEN;
    }

    /** {@return whether it is open for reading} */
    public final boolean isReadable() {
        return openMode().canRead();
    }

    /** {@return whether it is open for writing} */
    public final boolean isWritable() {
        return openMode().canWrite();
    }

    /** {@return true: bytes come once, in order} */
    public boolean isSequential() {
        return true;
    }

    /** {@return 0: a sequential device has no position} */
    public long pos() {
        return 0;
    }

    /** {@return the same as {@link #bytesAvailable}} */
    public long size() {
        return bytesAvailable();
    }

    /**
     * Refuses: a sequential device has no position.
     *
     * @param pos ignored
     * @return false
     */
    public boolean seek(long pos) {
        LOG.log(Level.WARNING, "seek() is not possible on a sequential device");
        return false;
    }

    /** {@return false: a sequential device has no beginning to go back to} */
    public boolean reset() {
        return seek(0);
    }

    /** {@return what went wrong, for people; "Unknown error" if nothing did} */
    public String errorString() {
        return errorString;
    }

    /**
     * Has {@code readLine} turn CR LF into LF.
     *
     * @param enabled whether to
     */
    public void setTextModeEnabled(boolean enabled) {
        textMode = enabled;
    }

    /** {@return whether {@code readLine} turns CR LF into LF} */
    public boolean isTextModeEnabled() {
        return textMode;
    }

    /** {@return the number of channels to read: 1 when open, else 0} */
    public int readChannelCount() {
        return isReadable() ? 1 : 0;
    }

    /** {@return the number of channels to write: 1 when open, else 0} */
    public int writeChannelCount() {
        return isWritable() ? 1 : 0;
    }

    /** {@return 0, the only channel} */
    public int currentReadChannel() {
        return 0;
    }

    /** {@return 0, the only channel} */
    public int currentWriteChannel() {
        return 0;
    }

    /**
     * Chooses the channel to read.
     *
     * @param channel 0, the only one
     */
    public void setCurrentReadChannel(int channel) {
        requireOnlyChannel(channel);
    }

    /**
     * Chooses the channel to write.
     *
     * @param channel 0, the only one
     */
    public void setCurrentWriteChannel(int channel) {
        requireOnlyChannel(channel);
    }

    private static void requireOnlyChannel(int channel) {
        if (channel != 0) {
            throw new IllegalArgumentException("the only channel is 0, not " + channel);
        }
    }

    /**
     * {@return the number of bytes that can be read at once} This one knows only of bytes that were looked at or put back: a
     * device adds those that it holds itself.
     */
    public long bytesAvailable() {
        return isReadable() ? lookBack.size() : 0;
    }

    /** {@return whether nothing can be read now} */
    public boolean atEnd() {
        return !isOpen() || bytesAvailable() == 0;
    }

    /** {@return whether a whole line, with its LF, can be read} */
    public boolean canReadLine() {
        return isReadable() && lookBack.indexOf((byte) '\n') >= 0;
    }

    /**
     * Reads what is there.
     *
     * @param data receives the bytes
     * @param maxSize at most so many, 0..{@code data.length}
     * @return their number; 0 if there are none now; -1 if the device is not open or none will come any more
     */
    public long read(byte[] data, long maxSize) {
        return read(ByteBuffer.wrap(data, 0, checkSize(maxSize, data)));
    }

    /**
     * Reads what is there.
     *
     * @param target receives the bytes; its position is the result
     * @return their number; 0 if there are none now; -1 if the device is not open or none will come any more
     */
    public long read(ByteBuffer target) {
        if (!checkReadable("read")) {
            return -1;
        }
        int before = target.position();
        lookBack.take(target);
        long last = 0;
        if (target.hasRemaining()) {
            int start = target.position();
            last = readData(target);
            lookBack.record(target, start);
        }
        int count = target.position() - before;
        return count == 0 && last < 0 ? -1 : count;
    }

    /**
     * Reads what is there.
     *
     * @param maxSize at most so many bytes
     * @return the bytes; none if there are none
     */
    public byte[] read(long maxSize) {
        if (!checkReadable("read")) {
            return new byte[0];
        }
        byte[] data = new byte[arraySize(Math.min(maxSize, bytesAvailable()))];
        ByteBuffer target = ByteBuffer.wrap(data);
        while (target.hasRemaining() && read(target) > 0) {
            // a device may give less at a time than it has
        }
        return target.hasRemaining() ? Arrays.copyOf(data, target.position()) : data;
    }

    /** {@return everything that is there} */
    public byte[] readAll() {
        return read(Long.MAX_VALUE);
    }

    /**
     * Reads a line, with its LF, or what is there of one.
     *
     * @param data receives the bytes
     * @param maxSize at most so many less one, as in Qt; 2..{@code data.length}
     * @return their number; -1 if there is nothing or {@code maxSize} is below 2
     */
    public long readLine(byte[] data, long maxSize) {
        if (maxSize < 2) {
            LOG.log(Level.WARNING, "readLine() needs room for at least 2 bytes, not " + maxSize);
            return -1;
        }
        byte[] line = readLine(checkSize(maxSize, data) - 1L);
        System.arraycopy(line, 0, data, 0, line.length);
        return line.length == 0 ? -1 : line.length;
    }

    /** {@return a line, with its LF, or what is there of one} */
    public byte[] readLine() {
        return readLine(0);
    }

    /**
     * Reads a line, with its LF, or what is there of one.
     *
     * @param maxSize at most so many bytes; 0 for any number
     * @return the bytes; none if there are none
     */
    public byte[] readLine(long maxSize) {
        if (!checkReadable("readLine")) {
            return new byte[0];
        }
        byte[] line = read(lineLength(maxSize <= 0 ? Long.MAX_VALUE : maxSize));
        return textMode ? withoutCarriageReturn(line) : line;
    }

    // Looks ahead a little at a time: what is taken out of the device no longer counts towards its limits.
    private long lineLength(long most) {
        int end = lookBack.indexOf((byte) '\n');
        while (end < 0 && lookBack.size() < most) {
            int before = lookBack.size();
            lookAhead(Math.min(most, (long) before + LINE_STEP));
            end = lookBack.indexOf((byte) '\n', before);
            if (lookBack.size() == before) {
                break;
            }
        }
        return Math.min(most, end < 0 ? lookBack.size() : end + 1L);
    }

    private static byte[] withoutCarriageReturn(byte[] line) {
        int length = line.length;
        if (length < 2 || line[length - 1] != '\n' || line[length - 2] != '\r') {
            return line;
        }
        byte[] shorter = Arrays.copyOf(line, length - 1);
        shorter[length - 2] = '\n';
        return shorter;
    }

    /**
     * Looks at what would be read, and leaves it.
     *
     * @param data receives the bytes
     * @param maxSize at most so many, 0..{@code data.length}
     * @return their number; -1 if the device is not open
     */
    public long peek(byte[] data, long maxSize) {
        if (!checkReadable("peek")) {
            return -1;
        }
        int most = checkSize(maxSize, data);
        lookAhead(most);
        return lookBack.copy(data, most);
    }

    /**
     * Looks at what would be read, and leaves it.
     *
     * @param maxSize at most so many bytes
     * @return the bytes; none if there are none
     */
    public byte[] peek(long maxSize) {
        byte[] data = new byte[arraySize(Math.min(maxSize, bytesAvailable()))];
        long count = peek(data, data.length);
        return count == data.length ? data : Arrays.copyOf(data, (int) Math.max(0, count));
    }

    // Takes bytes out of the device so that they can be looked at; they come first in whatever is read next.
    private void lookAhead(long wanted) {
        long missing = Math.min(wanted, bytesAvailable()) - lookBack.size();
        if (missing > 0) {
            ByteBuffer ahead = ByteBuffer.allocate(arraySize(missing));
            while (ahead.hasRemaining() && readData(ahead) > 0) {
                // a device may give less at a time than it has
            }
            lookBack.append(ahead.flip());
        }
    }

    /**
     * Drops bytes that would be read next.
     *
     * @param maxSize at most so many
     * @return their number; -1 if the device is not open
     */
    public long skip(long maxSize) {
        if (!checkReadable("skip")) {
            return -1;
        }
        if (lookBack.size() > 0 || lookBack.isRecording()) {
            return read(maxSize).length;
        }
        return maxSize <= 0 ? 0 : skipData(maxSize);
    }

    /**
     * Reads one byte.
     *
     * @param c receives it in its first element
     * @return whether there was one
     */
    public boolean getChar(byte[] c) {
        return read(ByteBuffer.wrap(c, 0, 1)) == 1;
    }

    /**
     * Puts one byte back in front of what is read next. Not within a transaction.
     *
     * @param c the byte
     */
    public void ungetChar(byte c) {
        if (lookBack.isRecording()) {
            LOG.log(Level.WARNING, "ungetChar() within a transaction: ignored");
        } else if (checkReadable("ungetChar")) {
            lookBack.unread(c);
        }
    }

    /** Begins to remember what is read, so that {@link #rollbackTransaction} can put it back. */
    public void startTransaction() {
        if (lookBack.isRecording()) {
            LOG.log(Level.WARNING, "startTransaction() within a transaction: ignored");
            return;
        }
        lookBack.startRecording();
    }

    /** Ends a transaction: what was read is read. */
    public void commitTransaction() {
        if (!lookBack.isRecording()) {
            LOG.log(Level.WARNING, "commitTransaction() without startTransaction(): ignored");
            return;
        }
        lookBack.forgetRecording();
    }

    /** Ends a transaction: what was read in it will be read again. */
    public void rollbackTransaction() {
        if (!lookBack.isRecording()) {
            LOG.log(Level.WARNING, "rollbackTransaction() without startTransaction(): ignored");
            return;
        }
        lookBack.putBackRecording();
    }

    /** {@return whether a transaction is under way} */
    public boolean isTransactionStarted() {
        return lookBack.isRecording();
    }

    /** {@return the number of bytes that wait to be written} */
    public long bytesToWrite() {
        return 0;
    }

    /**
     * Writes bytes.
     *
     * @param data the bytes, which may be changed after the call
     * @param size how many of them, 0..{@code data.length}
     * @return the number taken; -1 if the device is not open for writing
     */
    public long write(byte[] data, long size) {
        return write(ByteBuffer.wrap(data, 0, checkSize(size, data)));
    }

    /**
     * Writes bytes.
     *
     * @param data the bytes, which may be changed after the call
     * @return the number taken; -1 if the device is not open for writing
     */
    public long write(byte[] data) {
        return write(ByteBuffer.wrap(data));
    }

    /**
     * Writes bytes.
     *
     * @param source the bytes, which may be changed after the call; its position is the result
     * @return the number taken; -1 if the device is not open for writing
     */
    public long write(ByteBuffer source) {
        if (!isWritable()) {
            LOG.log(
                    Level.WARNING,
                    isOpen() ? "write(): the device is open for reading only" : "write(): the device is not open");
            return -1;
        }
        return source.hasRemaining() ? writeData(source) : 0;
    }

    /**
     * Writes one byte.
     *
     * @param c the byte
     * @return whether it was taken
     */
    public boolean putChar(byte c) {
        return write(new byte[] {c}) == 1;
    }

    /**
     * Waits until there are new bytes to read.
     *
     * @param msecs how long at most, in milliseconds; -1 for ever
     * @return whether there are
     */
    public boolean waitForReadyRead(int msecs) {
        return false;
    }

    /**
     * Waits until some of what was written has left.
     *
     * @param msecs how long at most, in milliseconds; -1 for ever
     * @return whether it has
     */
    public boolean waitForBytesWritten(int msecs) {
        return false;
    }

    private static int checkSize(long size, byte[] data) {
        if (size < 0 || size > data.length) {
            throw new IndexOutOfBoundsException(size + " bytes do not fit into an array of " + data.length);
        }
        return (int) size;
    }

    private static int arraySize(long size) {
        return (int) Math.max(0, Math.min(size, Integer.MAX_VALUE - 8));
    }

    private boolean checkReadable(String function) {
        if (isReadable()) {
            return true;
        }
        LOG.log(Level.WARNING, function + "(): the device is not open" + (isOpen() ? " for reading" : ""));
        return false;
    }
}
