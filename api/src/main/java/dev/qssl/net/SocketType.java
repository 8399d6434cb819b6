package dev.qssl.net;

/** The kind of transport. */
public enum SocketType {
    /** A stream. */
    TCP_SOCKET(0),
    /** Datagrams. */
    UDP_SOCKET(1),
    /** SCTP; not available. */
    SCTP_SOCKET(2),
    /** None of these. */
    UNKNOWN_SOCKET_TYPE(-1);

    private final int value;

    SocketType(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
