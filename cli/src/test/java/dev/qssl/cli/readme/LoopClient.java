package dev.qssl.cli.readme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import java.io.PrintStream;

/** A client on an event loop. */
final class LoopClient {

    private LoopClient() {}

    static void fetch(String host, int port, PrintStream out, PrintStream err) {
        // README begin
        QSslSocket socket = QSslSocket.on(EventLoop.shared());
        socket.encrypted.connect(() -> socket.write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII)));
        socket.readyRead.connect(() -> out.writeBytes(socket.readAll()));
        socket.sslErrors.connect(errors -> errors.forEach(error -> err.println(error.errorString())));
        socket.errorOccurred.connect(error -> err.println(socket.errorString()));
        socket.connectToHostEncrypted(host, port);
        // README end
    }
}
