package dev.qssl.cli.readme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.qssl.QSslSocket;
import java.io.IOException;
import java.io.PrintStream;

/** A client that waits. */
final class BlockingClient {

    private BlockingClient() {}

    static void fetch(String host, int port, PrintStream out) throws IOException {
        // README begin
        try (QSslSocket socket = new QSslSocket()) {
            socket.connectToHostEncrypted(host, port);
            if (!socket.waitForEncrypted()) {
                throw new IOException(socket.errorString());
            }
            socket.write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            socket.inputStream().transferTo(out);
        }
        // README end
    }
}
