package dev.qssl.net;

/** How far a socket has come. */
public enum SocketState {
    /** Not connected. */
    UNCONNECTED_STATE(0),
    /** The host's name is being looked up. */
    HOST_LOOKUP_STATE(1),
    /** A connection is being made. */
    CONNECTING_STATE(2),
    /** There is a connection. */
    CONNECTED_STATE(3),
    /** Bound to a local address. */
    BOUND_STATE(4),
    /** Qt's internal state of a listening socket; never seen here. */
    LISTENING_STATE(5),
    /** About to close; data may still be on its way out. */
    CLOSING_STATE(6);

    private final int value;

    SocketState(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
