package dev.qssl.tck.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and a server on the loopback address, and does something to the bytes at a place that the test
 * chose. One connection; threads of its own, which end with it.
 */
public final class Relay implements AutoCloseable {

    /** Which bytes are meant. */
    public enum Direction {
        /** Those that the client sends. */
        TO_SERVER,
        /** Those that the server sends. */
        TO_CLIENT
    }

    /** What is done. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** Both connections end, in the orderly way of TCP. */
        FINISH,
        /** Both connections are reset. */
        RESET,
        /** Nothing more is passed on in this direction; the connections stay. */
        STALL,
        /** The byte at this place is changed, or the next one that counts: the version in a record's header does not. */
        CORRUPT
    }

    private static final int LIMIT_MILLIS = (int) PeerSession.LIMIT.toMillis();

    private final ServerSocket listener;
    private final int serverPort;
    private final Direction direction;
    private final long place;
    private final Fault fault;
    private final AtomicLong toServer = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();
    private final AtomicBoolean done = new AtomicBoolean();
    private final Thread accepting;
    private volatile @Nullable Socket client;
    private volatile @Nullable Socket server;
    private volatile @Nullable Thread upwards;

    /** Creates one that changes nothing. */
    public Relay(int serverPort) {
        this(serverPort, Fault.NONE, Direction.TO_CLIENT, Long.MAX_VALUE);
    }

    /**
     * Creates one.
     *
     * @param serverPort where the server listens
     * @param fault what happens
     * @param direction in which direction
     * @param place after how many bytes of that direction
     */
    public Relay(int serverPort, Fault fault, Direction direction, long place) {
        this.serverPort = serverPort;
        this.fault = fault;
        this.direction = direction;
        this.place = place;
        try {
            listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            listener.setSoTimeout(LIMIT_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no port", e);
        }
        accepting = thread(this::serve);
    }

    private static Thread thread(Runnable task) {
        Thread made = new Thread(task, "tck-relay");
        made.setDaemon(true);
        made.start();
        return made;
    }

    /** {@return where it listens instead of the server} */
    public int port() {
        return listener.getLocalPort();
    }

    /** {@return how many bytes were passed on so far} */
    public long passed(Direction which) {
        return which == Direction.TO_SERVER ? toServer.get() : toClient.get();
    }

    /** {@return whether the fault has happened} */
    public boolean isDone() {
        return done.get();
    }

    /** Makes the fault happen now: what is still on its way is lost. */
    public void strike(Fault now) {
        done.set(true);
        end(now == Fault.RESET);
    }

    private void serve() {
        try {
            Socket accepted = listener.accept();
            client = accepted;
            Socket connected = new Socket(InetAddress.getLoopbackAddress(), serverPort);
            server = connected;
            upwards = thread(() -> pass(accepted, connected, Direction.TO_SERVER, toServer));
            pass(connected, accepted, Direction.TO_CLIENT, toClient);
        } catch (IOException e) {
            end(false); // closed by the test, or nobody came
        }
    }

    private void pass(Socket from, Socket to, Direction mine, AtomicLong count) {
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] chunk = new byte[16 * 1024];
            RecordReader records = new RecordReader();
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                if (mine == direction && fault == Fault.CORRUPT) {
                    corrupt(chunk, read, count.get(), records);
                }
                if (!pass(chunk, read, out, mine, count)) {
                    return;
                }
            }
            to.shutdownOutput();
        } catch (IOException e) {
            end(false); // one side is gone: so is the other
        }
    }

    // Returns whether to go on.
    private boolean pass(byte[] chunk, int read, OutputStream out, Direction mine, AtomicLong count)
            throws IOException {
        long before = count.get();
        boolean due = mine == direction && fault != Fault.NONE && place < before + read;
        int whole = due && fault != Fault.CORRUPT ? (int) Math.max(0, place - before) : read;
        out.write(chunk, 0, whole);
        out.flush();
        count.addAndGet(whole);
        if (!due || fault == Fault.CORRUPT) {
            return true;
        }
        done.set(true);
        if (fault != Fault.STALL) {
            end(fault == Fault.RESET);
        }
        return false;
    }

    private void corrupt(byte[] chunk, int read, long before, RecordReader records) {
        for (int at = 0; at < read; at++) {
            boolean counts = records.next(chunk[at]);
            if (counts && before + at >= place && done.compareAndSet(false, true)) {
                chunk[at] ^= 0x55;
            }
        }
    }

    /** Follows the records of one direction, byte by byte (RFC 8446, section 5.1). */
    private static final class RecordReader {

        private static final int HEADER_BYTES = 5;

        private int at;
        private int length;

        /** {@return whether a receiver has to look at this byte} It must ignore the version in the header. */
        boolean next(byte next) {
            int place = at++;
            if (place == HEADER_BYTES - 2 || place == HEADER_BYTES - 1) {
                length = (length << 8 | Byte.toUnsignedInt(next)) & 0xFFFF;
            }
            if (at >= HEADER_BYTES && at == HEADER_BYTES + length) {
                at = 0;
            }
            return place != 1 && place != 2;
        }
    }

    private void end(boolean reset) {
        for (Socket socket : new Socket[] {client, server}) {
            if (socket == null) {
                continue;
            }
            try {
                if (reset) {
                    socket.setSoLinger(true, 0);
                } else {
                    socket.shutdownOutput();
                }
                socket.close();
            } catch (SocketException e) {
                close(socket); // shut or closed already
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends everything. */
    @Override
    public void close() {
        try {
            listener.close();
            end(false);
            accepting.join(LIMIT_MILLIS);
            Thread other = upwards;
            if (other != null) {
                other.join(LIMIT_MILLIS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
