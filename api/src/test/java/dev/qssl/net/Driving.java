package dev.qssl.net;

/** Who does a socket's work. */
public enum Driving {
    /** The thread that calls its functions. */
    CALLER,
    /** A loop. */
    LOOP
}
