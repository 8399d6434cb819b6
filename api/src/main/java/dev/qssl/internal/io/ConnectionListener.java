package dev.qssl.internal.io;

import dev.qssl.net.SocketError;

/**
 * What a connection tells its socket: on the owner's thread, outside engine calls, with no lock held. Slots may run in
 * each; the connection looks at everything anew afterwards.
 */
interface ConnectionListener {

    /** The host's addresses are known, and the first is being tried. */
    void hostFound(Connection connection);

    /** The TCP connection stands. */
    void transportConnected(Connection connection);

    /** Engine calls recorded events that are still to be emitted. */
    void engineSpoke(Connection connection);

    /** The engine waits for {@link Connection#decide}. */
    void decisionDue(Connection connection);

    /** The handshake is done. */
    void encrypted(Connection connection);

    /** There are new bytes to read. */
    void readyRead(Connection connection);

    /** This many bytes of the application were encrypted, or taken by TCP if there is no encryption. */
    void bytesWritten(Connection connection, long count);

    /** This many bytes of TLS records were taken by TCP. */
    void encryptedBytesWritten(Connection connection, long count);

    /** Something ended the connection that the application did not ask for. At most once. */
    void failed(Connection connection, SocketError error, String message);

    /** The channel is closed. The last call. */
    void ended(Connection connection);
}
