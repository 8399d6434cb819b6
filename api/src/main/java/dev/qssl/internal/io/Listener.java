package dev.qssl.internal.io;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A listening channel that accepts without blocking: on a loop's thread, or in the thread that waits. */
public final class Listener implements SelectorLoop.Turn, SelectorLoop.Closeable {

    /** Accepts in one go, so that a flood of connections does not starve the loop. */
    private static final int ACCEPTS_PER_TURN = 64;

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private final ServerSocketChannel channel;
    private final @Nullable SelectorLoop loop;
    private final Acceptor acceptor;
    private final AtomicBoolean paused = new AtomicBoolean();

    /** Whom the connections are for. On the loop's thread, or the waiting one. */
    public interface Acceptor {

        /** {@return whether another connection may be accepted now} */
        boolean wantsMore();

        /** Takes a connection over. */
        void accepted(SocketChannel connection);

        /** Accepting failed; the listener goes on. */
        void acceptFailed(IOException failure);

        /** The loop is closing, and the listener with it. */
        void listenerClosed();
    }

    /**
     * Listens.
     *
     * @param address where
     * @param backlog connections that the system holds before they are accepted
     * @param loop the loop to accept on, or null if callers wait
     * @param acceptor whom the connections are for
     */
    public Listener(SocketAddress address, int backlog, @Nullable SelectorLoop loop, Acceptor acceptor)
            throws IOException {
        this.loop = loop;
        this.acceptor = acceptor;
        channel = ServerSocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(java.net.StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, backlog);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
        if (loop != null) {
            loop.join(this);
            loop.execute(this::register);
        }
    }

    /** {@return where it listens} */
    public InetSocketAddress address() throws IOException {
        return (InetSocketAddress) channel.getLocalAddress();
    }

    /** {@return whether it listens still} */
    public boolean isOpen() {
        return channel.isOpen();
    }

    private void register() {
        SelectorLoop mine = java.util.Objects.requireNonNull(loop);
        try {
            if (channel.isOpen()) {
                channel.register(mine.selector(), SelectionKey.OP_ACCEPT, this);
            }
        } catch (ClosedChannelException e) {
            LOG.log(Level.TRACE, "closed before it was registered", e);
        }
    }

    @Override
    public void turn(int ready) {
        acceptAll();
        SelectorLoop mine = java.util.Objects.requireNonNull(loop);
        SelectionKey key = channel.keyFor(mine.selector());
        if (key != null && key.isValid() && !mayAccept()) {
            key.interestOps(0);
        }
    }

    private boolean mayAccept() {
        return !paused.get() && acceptor.wantsMore();
    }

    private int acceptAll() {
        int count = 0;
        while (count < ACCEPTS_PER_TURN && mayAccept() && channel.isOpen()) {
            try {
                SocketChannel connection = channel.accept();
                if (connection == null) {
                    break;
                }
                count++;
                acceptor.accepted(connection);
            } catch (ClosedChannelException e) {
                LOG.log(Level.TRACE, "closed while accepting", e);
                break;
            } catch (IOException e) {
                acceptor.acceptFailed(e);
                break;
            }
        }
        return count;
    }

    /** Stops or goes on accepting, from any thread. */
    public void setPaused(boolean pause) {
        paused.set(pause);
        changed();
    }

    /** Looks again whether more is wanted, from any thread. */
    public void changed() {
        if (loop == null) {
            return;
        }
        SelectorLoop mine = loop;
        mine.execute(() -> {
            SelectionKey key = channel.keyFor(mine.selector());
            if (key != null && key.isValid()) {
                key.interestOps(mayAccept() ? SelectionKey.OP_ACCEPT : 0);
            }
        });
    }

    /** Waits for connections and accepts them, in this thread. {@return their number; 0 after the time limit} */
    public int await(long deadline) throws IOException {
        int now = acceptAll();
        if (now > 0) {
            return now;
        }
        try (Selector own = Selector.open()) {
            channel.register(own, SelectionKey.OP_ACCEPT);
            while (channel.isOpen()
                    && Driver.left(deadline) > 0
                    && !Thread.currentThread().isInterrupted()) {
                long left = Driver.left(deadline);
                own.select(left == Driver.FOREVER ? 0 : Math.max(1, left / 1_000_000));
                int count = acceptAll();
                if (count > 0) {
                    return count;
                }
            }
        }
        return 0;
    }

    @Override
    public void loopClosing() {
        closeChannel();
        acceptor.listenerClosed();
    }

    /** Stops listening, from any thread. */
    public void close() {
        closeChannel();
        if (loop != null) {
            loop.forget(this);
            if (!loop.isClosing()) {
                loop.execute(() -> {}); // has the loop select again, which really closes the channel
            }
        }
    }

    private void closeChannel() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a listener failed", e);
        }
    }
}
