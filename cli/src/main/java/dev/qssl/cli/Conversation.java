package dev.qssl.cli;

import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Carries bytes both ways between an encrypted, caller-driven socket and two streams, until the peer closes.
 *
 * <p>The calling thread drives the socket: it reads from it and writes to the output. A daemon thread reads the input, which
 * cannot be waited for together with a socket, and hands it over. Once the input has ended, a timer closes the connection if
 * the peer falls silent, for a peer may well keep it open for ever.
 */
final class Conversation {

    /** How a conversation ended without an error of the connection. */
    enum End {
        /** The peer closed the connection in the orderly way, or we did after the silence that was asked for. */
        CLOSED,
        /** The input has ended, and the peer was silent for the time limit. */
        SILENT,
        /** Nobody reads the output any more. */
        OUTPUT_CLOSED
    }

    /** How long a peer may be silent after an input that was empty: nothing was asked, so nothing is owed. */
    private static final Duration NOTHING_ASKED = Duration.ofSeconds(1);

    private static final int CHUNK_BYTES = 64 * 1024;

    private final QSslSocket socket;
    private final InputStream input;
    private final OutputStream output;
    private final Patience patience;

    private volatile long lastActivity = System.nanoTime();
    private volatile @Nullable End ownEnd;
    private volatile String inputFailure = "";

    /**
     * How long to wait for the peer once the input has ended.
     *
     * @param limit after this much silence the peer is given up
     * @param quitAfter after this much silence the connection is closed as planned; zero if it is not
     */
    record Patience(Duration limit, Duration quitAfter) {}

    /**
     * Prepares a conversation.
     *
     * @param socket encrypted
     * @param input what to send
     * @param output where received bytes go
     * @param patience how long to wait for the peer once the input has ended
     */
    Conversation(QSslSocket socket, InputStream input, OutputStream output, Patience patience) {
        this.socket = socket;
        this.input = input;
        this.output = output;
        this.patience = patience;
    }

    /**
     * Carries bytes until the conversation ends.
     *
     * @throws IOException if the connection is cut or fails; what had come before is in the output
     */
    End run() throws IOException {
        socket.encryptedBytesWritten.connect(count -> lastActivity = System.nanoTime());
        Thread sender = new Thread(this::send, "qssl-input");
        sender.setDaemon(true);
        sender.start();
        End end = receive();
        socket.close();
        if (!inputFailure.isEmpty()) {
            throw new IOException("the input cannot be read: " + inputFailure);
        }
        return end;
    }

    private End receive() throws IOException {
        InputStream fromPeer = socket.inputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        while (true) {
            int count = next(fromPeer, chunk);
            if (count < 0) {
                return Objects.requireNonNullElse(ownEnd, End.CLOSED);
            }
            lastActivity = System.nanoTime();
            try {
                output.write(chunk, 0, count);
                output.flush();
            } catch (IOException nobodyReads) {
                return End.OUTPUT_CLOSED;
            }
        }
    }

    // Once we have closed the connection ourselves, a read that fails because of it is the end, and no failure.
    private int next(InputStream fromPeer, byte[] chunk) throws IOException {
        try {
            return fromPeer.read(chunk);
        } catch (IOException e) {
            if (ownEnd == null) {
                throw e;
            }
            return -1;
        }
    }

    private void send() {
        OutputStream toPeer = socket.outputStream();
        byte[] chunk = new byte[CHUNK_BYTES];
        boolean empty = true;
        for (int count = nextInput(chunk); count >= 0; count = nextInput(chunk)) {
            empty &= count == 0;
            try {
                toPeer.write(chunk, 0, count);
            } catch (IOException connectionEnded) {
                // The thread that receives knows the reason.
                return;
            }
        }
        lastActivity = System.nanoTime();
        if (!patience.quitAfter().isZero()) {
            endAfterSilence(patience.quitAfter(), End.CLOSED);
        } else if (empty) {
            endAfterSilence(NOTHING_ASKED, End.CLOSED);
        } else {
            endAfterSilence(patience.limit(), End.SILENT);
        }
    }

    private int nextInput(byte[] chunk) {
        try {
            return input.read(chunk);
        } catch (IOException e) {
            inputFailure = String.valueOf(e.getMessage());
            ownEnd = End.CLOSED;
            socket.abort();
            return -1;
        }
    }

    private void endAfterSilence(Duration limit, End end) {
        Duration left = limit.minusNanos(System.nanoTime() - lastActivity);
        if (left.isNegative() || left.isZero()) {
            ownEnd = end;
            socket.disconnectFromHost();
        } else {
            EventLoop.shared().schedule(left, () -> endAfterSilence(limit, end));
        }
    }
}
