package dev.qssl.internal.io;

import dev.qssl.internal.io.WaitSelectors.WaitSelector;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** A listening channel that accepts without blocking: on a loop's thread, or in the thread that waits. */
public final class Listener implements SelectorLoop.Turn, SelectorLoop.Member {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    /** Accepts in one go, so that a flood of connections does not starve the loop. */
    private static final int ACCEPTS_PER_TURN = 64;

    /** How long nothing is accepted after it failed: for want of descriptors, it would fail at once again, for ever. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(200);

    private final ServerSocketChannel channel;
    private final @Nullable SelectorLoop loop;
    private final Acceptor acceptor;
    private volatile boolean paused;
    private volatile boolean resting;
    private volatile boolean stopped;
    private final Set<WaitSelector> waiting = ConcurrentHashMap.newKeySet(1);

    /** The selectors that know the channel, and must forget it before the system closes it. */
    private final Set<WaitSelector> registered = ConcurrentHashMap.newKeySet(1);

    private volatile @Nullable WaitSelector home;

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
     * Listens, from {@link #start} on.
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
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address, backlog);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Begins to accept. {@return false if the loop is closed: then the listener is, too} */
    public boolean start() {
        if (loop == null) {
            return true;
        }
        if (!loop.join(this) || !onLoop(loop, () -> register(loop))) {
            Channels.closeQuietly(channel);
            return false;
        }
        return true;
    }

    private void register(SelectorLoop mine) {
        try {
            if (channel.isOpen()) {
                channel.register(mine.selector(), interest(), this);
            }
        } catch (ClosedChannelException e) {
            LOG.log(Level.TRACE, "closed before it was registered", e);
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

    @Override
    public void turn(int ready) {
        acceptAll();
        look();
    }

    // On the loop's thread.
    private void look() {
        SelectionKey key = loop == null ? null : channel.keyFor(loop.selector());
        if (key != null && key.isValid()) {
            key.interestOps(interest());
        }
    }

    // Said before looking, so that who changes something after the look sees that it has to be looked at again.
    private int interest() {
        stopped = true;
        boolean may = mayAccept();
        stopped = !may;
        return may ? SelectionKey.OP_ACCEPT : 0;
    }

    private boolean mayAccept() {
        return !paused && !resting && acceptor.wantsMore();
    }

    private int acceptAll() {
        int count = 0;
        while (count < ACCEPTS_PER_TURN && channel.isOpen() && mayAccept()) {
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
                rest();
                acceptor.acceptFailed(e);
                break;
            }
        }
        return count;
    }

    private void rest() {
        if (loop != null) {
            resting = true;
            loop.schedule(PAUSE_AFTER_FAILURE, () -> {
                resting = false;
                look();
            });
        }
    }

    /** Stops or goes on accepting, from any thread. */
    public void setPaused(boolean pause) {
        paused = pause;
        changed();
    }

    /** Looks again whether more is wanted, from any thread. */
    public void changed() {
        if (!stopped && !paused) {
            return; // it accepts: nothing was missed
        }
        wakeWaiting();
        if (loop != null) {
            onLoop(loop, this::look);
        }
    }

    private void wakeWaiting() {
        waiting.forEach(each -> each.selector.wakeup());
    }

    private static boolean onLoop(SelectorLoop loop, Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            LOG.log(Level.TRACE, "the loop is closed, and the listener with it", e);
            return false;
        }
    }

    /**
     * Waits for connections and accepts them, in this thread.
     *
     * @return their number; 0 after the time limit, an interrupt, or {@link #close}
     * @throws IOException if accepting fails
     */
    public int await(long deadline) throws IOException {
        int now = acceptHere();
        if (now > 0) {
            return now;
        }
        WaitSelector own = WaitSelectors.borrow(home);
        home = own;
        waiting.add(own); // before looking, so that whoever closes or changes something after the look wakes it
        try {
            return acceptSoon(own, deadline);
        } catch (ClosedChannelException | CancelledKeyException e) {
            LOG.log(Level.TRACE, "closed while waiting", e);
            return 0;
        } finally {
            waiting.remove(own);
            own.release();
        }
    }

    private int acceptSoon(WaitSelector own, long deadline) throws IOException {
        registered.add(own); // before it is, so that whoever closes the channel knows of it
        SelectionKey known = channel.keyFor(own.selector);
        SelectionKey key = known != null ? known : channel.register(own.selector, 0);
        while (channel.isOpen()
                && Driver.left(deadline) > 0
                && !Thread.currentThread().isInterrupted()) {
            own.watch(key, interest());
            long left = Driver.millisLeft(deadline);
            own.selector.select(ready -> {}, left == Driver.FOREVER ? 0 : left);
            int count = acceptHere();
            if (count > 0) {
                return count;
            }
        }
        return 0;
    }

    private int acceptHere() throws IOException {
        if (!channel.isOpen() || !mayAccept()) {
            return 0;
        }
        SocketChannel connection = channel.accept();
        if (connection == null) {
            return 0;
        }
        acceptor.accepted(connection);
        return 1 + acceptAll();
    }

    @Override
    public void loopClosing() {
        Channels.closeQuietly(channel);
        acceptor.listenerClosed();
    }

    /** Stops listening, from any thread. */
    public void close() {
        Channels.closeQuietly(channel);
        wakeWaiting();
        registered.forEach(WaitSelector::forgetClosed);
        if (loop != null) {
            loop.forget(this);
            onLoop(loop, () -> {}); // has the loop select again, which really closes the channel
        }
    }
}
