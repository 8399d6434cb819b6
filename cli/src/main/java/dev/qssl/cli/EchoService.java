package dev.qssl.cli;

import dev.qssl.QSslSocket;
import dev.qssl.net.SocketState;

/** Sends back what comes, and takes no more from a client than that client takes back. */
final class EchoService implements Service {

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MOST_QUEUED_BYTES = 4 * CHUNK_BYTES;

    @Override
    public void serve(QSslSocket socket, String client) {
        socket.setReadBufferSize(MOST_QUEUED_BYTES);
        socket.readyRead.connect(() -> copy(socket));
        socket.encryptedBytesWritten.connect(count -> copy(socket));
        socket.disconnected.connect(socket::close);
        copy(socket);
        if (socket.state() == SocketState.UNCONNECTED_STATE) {
            socket.close(); // nobody will tell of an end that was before the slots
        }
    }

    private static void copy(QSslSocket socket) {
        while (socket.state() == SocketState.CONNECTED_STATE
                && socket.bytesAvailable() > 0
                && socket.bytesToWrite() + socket.encryptedBytesToWrite() < MOST_QUEUED_BYTES) {
            socket.write(socket.read(CHUNK_BYTES));
        }
    }
}
