package dev.qssl.internal.io;

import java.lang.System.Logger.Level;

/** What becomes of exceptions that must not go further: of slots, of tasks. */
public final class UncaughtExceptions {

    private UncaughtExceptions() {}

    /** Gives an exception to this thread's handler. What the handler throws is logged, as nobody is left to take it. */
    public static void tell(Throwable problem) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, problem);
        } catch (RuntimeException e) {
            System.getLogger("dev.qssl").log(Level.ERROR, "the handler of uncaught exceptions failed", e);
        }
    }
}
