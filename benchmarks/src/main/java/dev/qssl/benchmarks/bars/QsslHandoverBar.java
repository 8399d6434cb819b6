package dev.qssl.benchmarks.bars;

import dev.qssl.QSslSocket;
import dev.qssl.spi.Identity;

/** QSSL where loops drive the sockets, and the client's application writes and reads on another thread. */
final class QsslHandoverBar implements Bar {

    static final String NAME = "qssl-handover";

    private final QsslSettings settings;
    private final QsslLoopBar loops;

    QsslHandoverBar(QsslSettings settings) {
        this.settings = settings;
        this.loops = new QsslLoopBar(settings, QsslLoopBar.Writes.ARRAYS);
    }

    @Override
    public String name() {
        return Bars.name(NAME, settings.backend());
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
