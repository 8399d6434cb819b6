package dev.qssl.tck.peer;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A peer that sends what a script says, byte by byte, and knows nothing of TLS. One connection, a thread of its own. */
public final class RawPeer implements AutoCloseable {

    private static final int LIMIT_MILLIS = (int) PeerSession.LIMIT.toMillis();

    private final @Nullable ServerSocket listener;
    private final Thread thread;
    private volatile @Nullable Socket socket;

    /** What it does with the connection. When it returns, the connection is closed. */
    public interface Script {

        /** Speaks. Reading ends in time. */
        void run(Socket connection) throws IOException;
    }

    private RawPeer(@Nullable ServerSocket listener, Opening opening, Script script) {
        this.listener = listener;
        this.thread = new Thread(() -> play(opening, script), "tck-raw-peer");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Opening {
        Socket open() throws IOException;
    }

    /** {@return a server that plays a script with the first client} */
    public static RawPeer serve(Script script) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.setSoTimeout(LIMIT_MILLIS);
            return new RawPeer(listener, listener::accept, script);
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no port", e);
        }
    }

    /** {@return a client that connects to a port and plays a script} */
    public static RawPeer connect(int port, Script script) {
        return new RawPeer(null, () -> new Socket(InetAddress.getLoopbackAddress(), port), script);
    }

    private void play(Opening opening, Script script) {
        try (Socket opened = opening.open()) {
            socket = opened;
            opened.setSoTimeout(LIMIT_MILLIS);
            script.run(opened);
            opened.shutdownOutput();
            opened.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // The end under test went first, or the test is over: what matters is what that end says.
            socket = null;
        }
    }

    /** {@return where it listens; 0 if it does not} */
    public int port() {
        return listener == null ? 0 : listener.getLocalPort();
    }

    /** Ends everything. */
    @Override
    public void close() {
        try {
            if (listener != null) {
                listener.close();
            }
            Socket current = socket;
            if (current != null) {
                current.close();
            }
            thread.join(LIMIT_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
