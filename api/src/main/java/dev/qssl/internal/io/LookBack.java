package dev.qssl.internal.io;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes that a reader looked at, or put back: they come before whatever the device gives. Also remembers what was read in a
 * transaction. Takes no memory until it is used.
 */
public final class LookBack {

    private static final byte[] NONE = {};

    private byte[] bytes = NONE;
    private int start;
    private int end;

    private byte[] recorded = NONE;
    private int recordedSize;
    private boolean recording;

    /** Creates an empty one. */
    public LookBack() {}

    /** {@return the bytes in it} */
    public int size() {
        return end - start;
    }

    /** Drops everything. */
    public void clear() {
        bytes = NONE;
        start = 0;
        end = 0;
        forgetRecording();
    }

    /** Adds bytes at the end: they were taken from the device to be looked at. */
    public void append(ByteBuffer source) {
        makeRoom(source.remaining());
        int count = source.remaining();
        source.get(bytes, end, count);
        end += count;
    }

    private void makeRoom(int count) {
        if (bytes.length - end < count) {
            byte[] bigger = new byte[Math.max(size() + count, Math.max(64, 2 * size()))];
            System.arraycopy(bytes, start, bigger, 0, size());
            end = size();
            start = 0;
            bytes = bigger;
        }
    }

    /** Puts one byte in front. */
    public void unread(byte value) {
        if (start == 0) {
            byte[] bigger = new byte[size() + 64];
            System.arraycopy(bytes, start, bigger, 64, size());
            end = 64 + size();
            start = 64;
            bytes = bigger;
        }
        bytes[--start] = value;
    }

    /** Moves as many bytes as fit. */
    public void take(ByteBuffer target) {
        int count = Math.min(size(), target.remaining());
        if (count == 0) {
            return;
        }
        target.put(bytes, start, count);
        if (recording) {
            remember(bytes, start, count);
        }
        start += count;
        if (start == end) {
            bytes = NONE;
            start = 0;
            end = 0;
        }
    }

    /** Copies bytes and leaves them. {@return their number} */
    public int copy(byte[] target, int most) {
        int count = Math.min(size(), most);
        System.arraycopy(bytes, start, target, 0, count);
        return count;
    }

    /** {@return everything in it, which is removed} */
    public byte[] takeAll() {
        byte[] all = Arrays.copyOfRange(bytes, start, end);
        clear();
        return all;
    }

    /** {@return how many bytes come before the first such byte, or -1} */
    public int indexOf(byte wanted) {
        return indexOf(wanted, 0);
    }

    /** {@return how many bytes come before the first such byte that is not among the first {@code from}, or -1} */
    public int indexOf(byte wanted, int from) {
        for (int i = start + from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i - start;
            }
        }
        return -1;
    }

    /** {@return whether what is read is remembered} */
    public boolean isRecording() {
        return recording;
    }

    /** Begins to remember what is read. */
    public void startRecording() {
        recording = true;
    }

    /** Remembers what was read into a buffer, from {@code from} to its position. */
    public void record(ByteBuffer target, int from) {
        int count = target.position() - from;
        if (recording && count > 0) {
            byte[] read = new byte[count];
            target.get(from, read);
            remember(read, 0, count);
        }
    }

    private void remember(byte[] source, int from, int count) {
        if (recorded.length - recordedSize < count) {
            recorded = Arrays.copyOf(recorded, Math.max(recordedSize + count, recorded.length * 2));
        }
        System.arraycopy(source, from, recorded, recordedSize, count);
        recordedSize += count;
    }

    /** Stops to remember, and forgets. */
    public void forgetRecording() {
        recording = false;
        recorded = NONE;
        recordedSize = 0;
    }

    /** Stops to remember, and puts what was read in front. */
    public void putBackRecording() {
        byte[] joined = Arrays.copyOf(recorded, recordedSize + size());
        System.arraycopy(bytes, start, joined, recordedSize, size());
        bytes = joined;
        start = 0;
        end = joined.length;
        forgetRecording();
    }
}
