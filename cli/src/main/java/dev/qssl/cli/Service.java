package dev.qssl.cli;

import dev.qssl.QSslSocket;

/** What a server does with its encrypted connections. */
interface Service {

    /**
     * Takes over a connection, and closes it at the end. Called on the socket's loop; must not block.
     *
     * @param socket encrypted; bytes may have come already, and the client may have left already
     * @param client its address and port, which the socket forgets when the client leaves
     */
    void serve(QSslSocket socket, String client);
}
