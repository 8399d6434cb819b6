package dev.qssl.tck;

/** Who drives the sockets of a test. */
public enum Driving {
    /** The test's thread, while it waits. */
    CALLER,
    /** The thread of an event loop. */
    LOOP
}
