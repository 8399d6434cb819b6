package dev.qssl.benchmarks.bars;

import dev.qssl.QSslSocket;
import java.io.IOException;

/** A client of QSSL whose thread writes, reads and waits, whoever drives its socket. */
abstract class QsslClient extends BlockingClient {

    private final QSslSocket socket;

    QsslClient(QSslSocket socket) {
        super(socket.inputStream());
        this.socket = socket;
    }

    @Override
    public final Agreement agreement() {
        return QsslServer.agreement(socket, true);
    }

    @Override
    final void send(byte[] bytes, int length) throws IOException {
        socket.write(bytes, length);
        while (socket.bytesToWrite() + socket.encryptedBytesToWrite() >= Arena.HIGH_WATER) {
            if (!socket.waitForBytesWritten(-1)) {
                throw new IOException(socket.errorString());
            }
        }
    }

    @Override
    final void push() {
        // Whoever drives the socket sends what is queued: its loop, or the thread that waits for the answer.
    }
}
