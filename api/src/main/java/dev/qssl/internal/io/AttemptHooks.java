package dev.qssl.internal.io;

/** What TLS adds to the life of a connection. On the owner's thread, in between the signals. */
public interface AttemptHooks {

    /** The TCP connection stands; called before {@code connected} is emitted. */
    default void transportConnected(Connection from) {}

    /** Engine calls recorded events. */
    default void engineSpoke(Connection from) {}

    /** The engine waits for {@link Connection#decide}. */
    default void decisionDue(Connection from) {}

    /** The handshake is done. */
    default void encrypted(Connection from) {}

    /** TCP took this many bytes of records. */
    default void encryptedBytesWritten(Connection from, long count) {}

    /** The connection is over; called before {@code disconnected} is emitted. */
    default void connectionEnded(Connection from) {}
}
