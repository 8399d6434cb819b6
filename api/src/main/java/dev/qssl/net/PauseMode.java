package dev.qssl.net;

/** Where a socket stops and waits for {@code resume()}. */
public enum PauseMode {
    /** Nowhere. */
    PAUSE_NEVER(0),
    /** After {@code sslErrors}, unless the errors are ignored already. */
    PAUSE_ON_SSL_ERRORS(1);

    private final int value;

    PauseMode(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
