package dev.qssl.cli;

import dev.qssl.net.QAbstractSocket;
import dev.qssl.net.SocketState;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Lines in clear on a connected, caller-driven socket, before it is encrypted. Bounded in time and size. One thread.
 *
 * <p>Caller-driven, so that nothing is taken from the network behind the dialogue's back: what a peer sends after its
 * go-ahead stays with the system, and is then read as TLS or not at all.
 */
final class PlainDialogue {

    private static final int MAXIMUM_LINE_BYTES = 8192;

    private final QAbstractSocket socket;
    private final Deadline deadline;
    private boolean words;

    /**
     * Begins a dialogue.
     *
     * @param socket connected, and in clear
     * @param deadline when to give up
     */
    PlainDialogue(QAbstractSocket socket, Deadline deadline) {
        this.socket = socket;
        this.deadline = deadline;
    }

    /** {@return the next line, without its end} */
    String readLine() throws IOException {
        while (!socket.canReadLine()) {
            if (socket.bytesAvailable() > MAXIMUM_LINE_BYTES) {
                throw new IOException("the server sent a line of more than " + MAXIMUM_LINE_BYTES + " bytes");
            }
            awaitMore();
        }
        byte[] line = socket.readLine(MAXIMUM_LINE_BYTES);
        words |= line.length > 0 && line[0] >= ' ';
        return new String(line, StandardCharsets.ISO_8859_1).replaceFirst("\r?\n$", "");
    }

    /** {@return the next byte, 0..255} */
    int readByte() throws IOException {
        byte[] one = new byte[1];
        while (socket.read(one, 1) != 1) {
            awaitMore();
        }
        words |= one[0] >= ' ';
        return one[0] & 0xFF;
    }

    /** {@return whether the server said something that begins as words do} One that speaks TLS at once never does. */
    boolean heardWords() {
        return words;
    }

    /** Sends a line. */
    void send(String line) throws IOException {
        send((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    /** Sends bytes. */
    void send(byte[] bytes) throws IOException {
        if (socket.write(bytes) < 0) {
            throw new IOException("the connection ended before the server was asked to switch to TLS");
        }
        socket.flush();
    }

    /** {@return our address in the form in which a client without a name greets (RFC 5321, section 4.1.3)} */
    String addressLiteral() {
        String address = socket.localAddress().toString().replaceFirst("%.*", "");
        return address.indexOf(':') >= 0 ? "[IPv6:" + address + "]" : "[" + address + "]";
    }

    /**
     * Ends the dialogue.
     *
     * @throws IOException if the server has sent something more: it would be taken for an answer within TLS, which is how
     *     commands are injected (CVE-2011-0411)
     */
    void end() throws IOException {
        long left = socket.bytesAvailable();
        if (left > 0) {
            throw new IOException(
                    "after the go-ahead the server sent " + (left == 1 ? "1 more byte" : left + " more bytes")
                            + " in clear: somebody may be injecting commands, so the connection is given up");
        }
    }

    private void awaitMore() throws IOException {
        Duration left = deadline.left();
        if (!left.isZero() && socket.waitForReadyRead(left)) {
            return;
        }
        if (socket.state() == SocketState.CONNECTED_STATE) {
            throw new SocketTimeoutException("the server said nothing in time");
        }
        throw new IOException("the server ended the connection: " + socket.errorString());
    }
}
