package dev.qssl.internal.io;

import dev.qssl.internal.io.WaitSelectors.WaitSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The thread that waits, flushes or reads does the I/O itself: no hand-over, lowest latency.
 *
 * <p>The permit is a lock that its holder may take again, from slots. Others wait for a change or for the permit.
 */
final class CallerDriver implements Driver {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private final Connection connection;
    private final ReentrantLock permit = new ReentrantLock();

    private final Consumer<SelectionKey> noteReady = this::noteReady;
    private @Nullable SelectionKey key;
    private @Nullable WaitSelector home;
    private int readyOperations;
    private volatile @Nullable Selector selecting;
    private volatile boolean turnRequested = true;
    private volatile boolean pumped;

    CallerDriver(Connection connection) {
        this.connection = connection;
    }

    /** {@return whether anybody ever waited, flushed or closed} */
    boolean wasPumped() {
        return pumped;
    }

    @Override
    public boolean isOwner() {
        return permit.isHeldByCurrentThread();
    }

    @Override
    public boolean enter() {
        return permit.tryLock();
    }

    @Override
    public void leave() {
        permit.unlock();
        if (!permit.isHeldByCurrentThread()) {
            connection.signalChange();
        }
    }

    @Override
    public void start() {
        requestTurn();
    }

    @Override
    public void requestTurn() {
        turnRequested = true;
        Selector current = selecting;
        if (current != null && !isOwner()) {
            current.wakeup();
        }
    }

    @Override
    public boolean await(BooleanSupplier done, long deadline) {
        pumped = true;
        if (isOwner() && connection.isInsideEngine()) {
            LOG.log(
                    Level.WARNING,
                    "waiting on a socket from a slot inside its handshake is not possible: returned false");
            return false;
        }
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (enter()) {
                    try {
                        return pump(done, deadline);
                    } finally {
                        leave();
                    }
                }
                BooleanSupplier look = () -> done.getAsBoolean() || !permit.isLocked();
                if (!connection.awaitChange(look, deadline) || done.getAsBoolean()) {
                    return done.getAsBoolean();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no selector to wait with", e);
        }
        return false;
    }

    private boolean pump(BooleanSupplier done, long deadline) throws IOException {
        boolean readable = false;
        while (true) {
            turnRequested = false;
            int operations = connection.turn(readable);
            if (done.getAsBoolean()) {
                return true;
            }
            if (connection.phase() == Phase.ENDED || Driver.left(deadline) == 0) {
                return false;
            }
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            readable = select(operations, Math.min(deadline, connection.deadline()));
        }
    }

    // Returns whether the channel is readable. The key goes back to asking for nothing, because other sockets wait with
    // the same selector afterwards; asking for the same again before anyone did costs no system call.
    private boolean select(int operations, long deadline) throws IOException {
        WaitSelector borrowed = WaitSelectors.borrow(home);
        try {
            SelectionKey mine = register(borrowed, operations);
            readyOperations = 0;
            selecting = borrowed.selector;
            if (!turnRequested) {
                long nanos = Driver.left(deadline);
                // Rounded up: waking a little late is better than spinning through the last millisecond.
                long millis = nanos == Driver.FOREVER ? 0 : Math.max(1, (nanos + 999_999) / 1_000_000);
                borrowed.selector.select(noteReady, millis);
            } else {
                borrowed.selector.selectNow(noteReady);
            }
            selecting = null;
            if (mine != null && mine.isValid()) {
                mine.interestOps(0);
            }
            return (readyOperations & SelectionKey.OP_READ) != 0;
        } finally {
            selecting = null;
            borrowed.release();
        }
    }

    private void noteReady(SelectionKey ready) {
        if (ready == key) {
            readyOperations = ready.readyOps();
        }
    }

    private @Nullable SelectionKey register(WaitSelector borrowed, int operations) throws ClosedChannelException {
        SocketChannel channel = connection.channel();
        SelectionKey current = key;
        if (current != null && (borrowed != home || current.channel() != channel || !current.isValid())) {
            current.cancel();
            current = null;
            key = null;
        }
        home = borrowed;
        if (channel == null || !channel.isOpen()) {
            return null;
        }
        if (current == null) {
            current = channel.register(borrowed.selector, operations);
            key = current;
        } else {
            current.interestOps(operations);
        }
        return current;
    }

    @Override
    public void opened(SocketChannel channel) {
        // Registered when somebody waits.
    }

    @Override
    public void closed(SocketChannel channel) {
        WaitSelector last = home;
        SelectionKey current = key;
        key = null;
        if (last == null || current == null) {
            return;
        }
        current.cancel();
        try {
            last.forgetClosed();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a selector failed", e);
        }
    }
}
