package dev.qssl.spi;

/** Which side of a handshake an endpoint plays. */
public enum TlsRole {
    /** Sends the ClientHello. */
    CLIENT,
    /** Answers it. */
    SERVER;

    /** {@return the role of the peer} */
    public TlsRole peer() {
        return this == CLIENT ? SERVER : CLIENT;
    }
}
