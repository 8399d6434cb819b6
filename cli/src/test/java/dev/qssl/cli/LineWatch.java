package dev.qssl.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Collects what a program writes, and lets a test wait until it has written something. */
public final class LineWatch extends OutputStream {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean ended;

    /** Creates one that has collected nothing. */
    public LineWatch() {}

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        lock.lock();
        try {
            bytes.write(source, offset, length);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that nothing more will come. */
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return the first place that matches, once there is one}
     *
     * @param pattern a regular expression
     */
    public Matcher await(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        Matcher[] found = new Matcher[1];
        await("/" + pattern + "/", () -> {
            found[0] = wanted.matcher(text());
            return found[0].find();
        });
        return found[0];
    }

    /**
     * Waits for bytes.
     *
     * @param count how many, in all
     */
    public void awaitBytes(int count) {
        await(count + " bytes", () -> bytes.size() >= count);
    }

    private void await(String what, BooleanSupplier done) {
        long left = PATIENCE.toNanos();
        lock.lock();
        try {
            while (!done.getAsBoolean()) {
                if (ended || left <= 0) {
                    throw new AssertionError((ended ? "ended" : "timed out") + " without " + what + ": " + text());
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            lock.unlock();
        }
    }

    /** {@return everything so far} */
    public byte[] bytes() {
        lock.lock();
        try {
            return bytes.toByteArray();
        } finally {
            lock.unlock();
        }
    }

    /** {@return everything so far, as text} */
    public String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }
}
