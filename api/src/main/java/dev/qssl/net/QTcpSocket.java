package dev.qssl.net;

import dev.qssl.internal.io.SelectorLoop;
import dev.qssl.internal.io.SocketCore;
import java.util.concurrent.CompletionStage;

/** A TCP socket. See {@link QAbstractSocket} for the two ways it is driven. */
public class QTcpSocket extends QAbstractSocket {

    /** Creates a socket: driven by the loop whose thread this is, or else by its callers. */
    public QTcpSocket() {
        this(new SocketCore(SelectorLoop.current()));
    }

    /**
     * For this library's own sockets.
     *
     * @param core the inside of the socket, of a package that is not exported
     */
    @SuppressWarnings("exports") // as in QAbstractSocket
    protected QTcpSocket(SocketCore core) {
        super(SocketType.TCP_SOCKET, core);
    }

    /**
     * {@return a new socket that this loop drives}
     *
     * @param loop the loop
     */
    public static QTcpSocket on(EventLoop loop) {
        return new QTcpSocket(new SocketCore(loop.selectorLoop()));
    }

    /**
     * Connects, on a loop-driven socket.
     *
     * @param hostName a name, or the text of an address
     * @param port 1..65535
     * @return completes, on the loop's thread, when the connection stands; fails with an {@code IOException}
     */
    public CompletionStage<Void> connectToHostAsync(String hostName, int port) {
        return stage(connected, () -> connectToHost(hostName, port));
    }
}
