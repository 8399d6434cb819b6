package dev.qssl.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A socket of ours, connected over loopback to a blocking one of the JDK's that the test plays. */
public final class PlainPair implements AutoCloseable {

    /** How long a test waits for what must come, in milliseconds: generous, because machines are busy. */
    public static final int PATIENCE = 60_000;

    /** How long a test waits for what must not come, in milliseconds. */
    public static final int IMPATIENCE = 50;

    private static final long POLL_NANOS = 200_000;

    /** Ours. */
    public final QTcpSocket socket;

    /** The other end. */
    public final Socket peer;

    private PlainPair(QTcpSocket socket, Socket peer) {
        this.socket = socket;
        this.peer = peer;
    }

    /** {@return a pair whose socket the calling thread drives} */
    public static PlainPair callerDriven() {
        return of(new QTcpSocket());
    }

    /** {@return a pair whose socket a loop drives} */
    public static PlainPair on(EventLoop loop) {
        return of(QTcpSocket.on(loop));
    }

    /** {@return a pair with this socket, which is unconnected still} */
    public static PlainPair of(QTcpSocket socket) {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            socket.connectToHost(QHostAddress.LOCAL_HOST, server.getLocalPort(), OpenMode.READ_WRITE);
            if (!socket.waitForConnected(PATIENCE)) {
                throw new AssertionError("not connected: " + socket.errorString());
            }
            Socket peer = server.accept();
            peer.setSoTimeout(PATIENCE);
            return new PlainPair(socket, peer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return a text as bytes} */
    public static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    /** {@return bytes as a text} */
    public static String text(byte[] bytes) {
        return new String(bytes, UTF_8);
    }

    /** Has the peer send a text. */
    public void send(String text) {
        send(bytes(text));
    }

    /** Has the peer send bytes. */
    public void send(byte[] bytes) {
        try {
            peer.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the next bytes that the peer receives: exactly so many} */
    public byte[] receive(int count) {
        try {
            return peer.getInputStream().readNBytes(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the next bytes that the peer receives, as text} */
    public String receiveText(int count) {
        return text(receive(count));
    }

    /** Waits, on a thread that drives nothing, until something is so. */
    public static void eventually(String what, BooleanSupplier so) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE);
        while (!so.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("never: " + what);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    @Override
    public void close() {
        socket.abort();
        try {
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
