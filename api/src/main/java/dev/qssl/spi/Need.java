package dev.qssl.spi;

/** What a {@link TlsEngine} needs before it can go on. */
public enum Need {
    /** More bytes from the transport. Bytes left in the buffer are the beginning of a record. */
    INPUT,
    /** {@link TlsEngine#encrypt} has something to send: a flight, an alert, a KeyUpdate. */
    OUTPUT,
    /** {@link TlsEngine#takeTask} holds work to run before anything else. */
    TASK,
    /** {@link TlsEvents#peerPresented} answered {@code Defer}; {@link TlsEngine#resume} must carry the answer. */
    DECISION,
    /** Nothing: the handshake is done and there is neither input nor output to work on. */
    NOTHING,
    /** The peer's close_notify came, and everything before it was handed out. */
    CLOSED
}
