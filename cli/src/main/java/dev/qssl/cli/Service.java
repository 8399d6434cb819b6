package dev.qssl.cli;

import dev.qssl.QSslSocket;

/** What a server does with its encrypted connections. */
interface Service {

    /**
     * Takes over a connection, and closes it at the end. Called on the socket's loop; must not block.
     *
     * @param socket encrypted; bytes may have come already
     */
    void serve(QSslSocket socket);
}
