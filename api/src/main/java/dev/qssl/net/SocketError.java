package dev.qssl.net;

/** What went wrong with a socket, for code to switch on; {@code errorString()} says it for people. */
public enum SocketError {
    /** Nobody listens there, or no address could be reached. */
    CONNECTION_REFUSED_ERROR(0),
    /** The peer closed the connection. With TLS, {@code errorString()} tells an orderly close from a cut. */
    REMOTE_HOST_CLOSED_ERROR(1),
    /** The host's name has no address. */
    HOST_NOT_FOUND_ERROR(2),
    /** The application lacks a privilege. */
    SOCKET_ACCESS_ERROR(3),
    /** The system ran out of something, such as descriptors. */
    SOCKET_RESOURCE_ERROR(4),
    /** Nothing happened in the time given. */
    SOCKET_TIMEOUT_ERROR(5),
    /** A datagram was larger than the system allows. */
    DATAGRAM_TOO_LARGE_ERROR(6),
    /** The network failed. */
    NETWORK_ERROR(7),
    /** The address is taken. */
    ADDRESS_IN_USE_ERROR(8),
    /** The address is not this host's. */
    SOCKET_ADDRESS_NOT_AVAILABLE_ERROR(9),
    /** The system cannot do this. */
    UNSUPPORTED_SOCKET_OPERATION_ERROR(10),
    /** The last attempt has not finished yet. */
    UNFINISHED_SOCKET_OPERATION_ERROR(11),
    /** The proxy wants to know who is asking. */
    PROXY_AUTHENTICATION_REQUIRED_ERROR(12),
    /** The TLS handshake failed. */
    SSL_HANDSHAKE_FAILED_ERROR(13),
    /** The proxy refused the connection. */
    PROXY_CONNECTION_REFUSED_ERROR(14),
    /** The proxy closed the connection. */
    PROXY_CONNECTION_CLOSED_ERROR(15),
    /** The proxy did not answer in time. */
    PROXY_CONNECTION_TIMEOUT_ERROR(16),
    /** The proxy's name has no address. */
    PROXY_NOT_FOUND_ERROR(17),
    /** The proxy's answer makes no sense. */
    PROXY_PROTOCOL_ERROR(18),
    /** The operation does not fit the socket's state. */
    OPERATION_ERROR(19),
    /** The TLS library failed, or there is none. */
    SSL_INTERNAL_ERROR(20),
    /** The configuration holds something unusable. */
    SSL_INVALID_USER_DATA_ERROR(21),
    /** A passing problem: try again. */
    TEMPORARY_ERROR(22),
    /** No error yet, or one without a name. */
    UNKNOWN_SOCKET_ERROR(-1);

    private final int value;

    SocketError(int value) {
        this.value = value;
    }

    /** {@return Qt's number for this constant} */
    public int value() {
        return value;
    }
}
