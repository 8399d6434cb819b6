package dev.qssl.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a command run until the process is asked to end, or its thread is interrupted, and then lets it clean up. */
final class UntilStopped implements AutoCloseable {

    private static final long SECONDS_TO_CLEAN_UP = 5;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch cleanedUp = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "qssl-stop");

    /** Begins to listen for SIGINT and SIGTERM. */
    UntilStopped() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    // The JVM ends when its hooks have, so this one holds it until the command has cleaned up.
    private void stop() {
        asked.countDown();
        try {
            if (!cleanedUp.await(SECONDS_TO_CLEAN_UP, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(CommandFailure.FAILED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until the command is to end. */
    void await() {
        try {
            asked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that all is cleaned up: to be closed last. */
    @Override
    public void close() {
        cleanedUp.countDown();
        if (asked.getCount() > 0) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
