package dev.qssl.spi;

/** A session that can be resumed later, maybe in another process. Holds secrets: keep it like a key. */
public final class SessionTicket {

    private final byte[] bytes;
    private final long lifetimeSeconds;

    /**
     * Creates one.
     *
     * @param bytes the library's own serialised form; taken over, not copied
     * @param lifetimeSeconds how long the server said it will accept it; 0 if it said nothing
     */
    public SessionTicket(byte[] bytes, long lifetimeSeconds) {
        this.bytes = bytes;
        this.lifetimeSeconds = lifetimeSeconds;
    }

    /** {@return a copy of the serialised form} */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** {@return how long the server said it will accept it, in seconds; 0 if it said nothing} */
    public long lifetimeSeconds() {
        return lifetimeSeconds;
    }
}
