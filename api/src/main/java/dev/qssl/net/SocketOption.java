package dev.qssl.net;

/** An option of the TCP socket. */
public enum SocketOption {
    /** TCP_NODELAY, a {@link Boolean}. On unless it is switched off. */
    LOW_DELAY_OPTION(0),
    /** SO_KEEPALIVE, a {@link Boolean}. */
    KEEP_ALIVE_OPTION(1),
    /** Of datagram sockets only. */
    MULTICAST_TTL_OPTION(2),
    /** Of datagram sockets only. */
    MULTICAST_LOOPBACK_OPTION(3),
    /** IP_TOS, an {@link Integer}. */
    TYPE_OF_SERVICE_OPTION(4),
    /** SO_SNDBUF, an {@link Integer} of bytes. */
    SEND_BUFFER_SIZE_SOCKET_OPTION(5),
    /** SO_RCVBUF, an {@link Integer} of bytes. */
    RECEIVE_BUFFER_SIZE_SOCKET_OPTION(6),
    /** Of datagram sockets only. */
    PATH_MTU_SOCKET_OPTION(7);

    private final int value;

    SocketOption(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
