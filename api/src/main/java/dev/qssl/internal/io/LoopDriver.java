package dev.qssl.internal.io;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A loop's thread does all the I/O and emits all signals; others leave notes and wait. */
final class LoopDriver implements Driver, SelectorLoop.Turn {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private final SelectorLoop loop;
    private final Connection connection;
    // Until the start it counts as requested, so that nothing moves before the socket has told that there is a
    // connection.
    private final AtomicBoolean requested = new AtomicBoolean(true);
    private @Nullable SelectionKey key;
    private SelectorLoop.@Nullable Timer timer;
    private long timerDeadline = FOREVER;

    LoopDriver(SelectorLoop loop, Connection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    @Override
    public boolean isOwner() {
        return loop.isLoopThread();
    }

    @Override
    public boolean enter() {
        return isOwner();
    }

    @Override
    public void leave() {
        // The loop's thread is the owner for good.
    }

    @Override
    public void start() {
        requested.set(false);
        requestTurn();
    }

    @Override
    public void requestTurn() {
        if (!requested.compareAndSet(false, true)) {
            return;
        }
        if (isOwner()) {
            loop.makeDue(this);
            return;
        }
        try {
            loop.execute(() -> turn(0));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.DEBUG, "a socket outlived its event loop", e);
        }
    }

    @Override
    public void turn(int ready) {
        requested.set(false);
        if (connection.isInsideEngine()) {
            return; // only from a wait nested in a slot of the engine's, which is refused; the outer turn goes on
        }
        interest(connection.turn((ready & SelectionKey.OP_READ) != 0));
        keepTime();
    }

    private void interest(int operations) {
        SelectionKey current = key;
        SocketChannel channel = connection.channel();
        if (channel == null || !channel.isOpen()) {
            return;
        }
        try {
            if (current == null || current.channel() != channel) {
                key = channel.register(loop.selector(), operations, this);
            } else if (current.interestOps() != operations) {
                current.interestOps(operations);
            }
        } catch (ClosedChannelException e) {
            LOG.log(Level.TRACE, "closed meanwhile", e);
        }
    }

    private void keepTime() {
        long deadline = connection.deadline();
        if (deadline == timerDeadline) {
            return;
        }
        timerDeadline = deadline;
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (deadline != FOREVER) {
            timer = loop.schedule(java.time.Duration.ofNanos(Driver.left(deadline)), () -> {
                timerDeadline = FOREVER;
                turn(0);
            });
        }
    }

    @Override
    public boolean await(BooleanSupplier done, long deadline) {
        if (isOwner()) {
            return awaitOnLoop(done, deadline);
        }
        try {
            while (!Thread.currentThread().isInterrupted()) {
                BooleanSupplier look = () -> done.getAsBoolean() || connection.phase() == Phase.ENDED;
                boolean inTime = connection.awaitChange(look, deadline);
                if (done.getAsBoolean()) {
                    return true;
                }
                if (!inTime || connection.phase() == Phase.ENDED) {
                    return false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    // Rule R7: a selector of its own, so that no other socket's slots run inside this wait.
    private boolean awaitOnLoop(BooleanSupplier done, long deadline) {
        if (connection.isInsideEngine()) {
            LOG.log(
                    Level.WARNING,
                    "waiting on a socket from a slot inside its handshake is not possible: returned false");
            return false;
        }
        boolean readable = false;
        try (Selector own = Selector.open()) {
            while (true) {
                requested.set(false);
                int operations = connection.turn(readable);
                if (done.getAsBoolean()) {
                    return true;
                }
                if (connection.phase() == Phase.ENDED
                        || Driver.left(deadline) == 0
                        || Thread.currentThread().isInterrupted()
                        || loop.isClosing()) {
                    return false;
                }
                readable = select(own, operations, Math.min(deadline, connection.deadline()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no selector to wait with", e);
        } finally {
            requestTurn();
        }
    }

    // Short waits, because a note from another thread wakes the loop's selector, not this one.
    private boolean select(Selector own, int operations, long deadline) throws IOException {
        SocketChannel channel = connection.channel();
        if (channel == null || !channel.isOpen()) {
            own.select(1);
            return false;
        }
        SelectionKey mine = channel.keyFor(own);
        if (mine == null) {
            mine = channel.register(own, operations);
        } else {
            mine.interestOps(operations);
        }
        long millis = Math.min(10, Math.max(1, Driver.left(deadline) / 1_000_000));
        boolean[] readable = {false};
        own.select(ready -> readable[0] = ready.isReadable(), requested.get() ? 1 : millis);
        return readable[0];
    }

    @Override
    public void opened(SocketChannel channel) {
        requestTurn();
    }

    @Override
    public void closed(SocketChannel channel) {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        timerDeadline = FOREVER;
        key = null;
    }
}
