package dev.qssl.benchmarks.bars;

import dev.qssl.QSslSocket;
import dev.qssl.spi.Identity;

/** QSSL on the jdk backend: loops drive the sockets, and the client's application writes and reads on another thread. */
final class QsslHandoverBar implements Bar {

    static final String NAME = "qssl-handover";

    private final QsslLoopBar loops = new QsslLoopBar();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Server serve(Identity identity) {
        return loops.serve(identity);
    }

    @Override
    public Client connect(int port) throws Exception {
        return new Outside(loops.connected(port));
    }

    @Override
    public void close() {
        loops.close();
    }

    private static final class Outside extends QsslClient {
        private final QSslSocket socket;

        Outside(QSslSocket socket) {
            super(socket);
            this.socket = socket;
        }

        @Override
        public void close() {
            socket.disconnectFromHost();
        }
    }
}
