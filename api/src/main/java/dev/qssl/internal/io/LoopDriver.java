package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A loop's thread does all the I/O and emits all signals; others leave notes and wait. */
final class LoopDriver implements Driver, SelectorLoop.Turn, SelectorLoop.Member {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private final SelectorLoop loop;
    private final Connection connection;

    /** Whether a turn is coming. Before the start it counts as coming, so that nothing moves before the socket is ready. */
    private final AtomicBoolean requested = new AtomicBoolean(true);

    private volatile @Nullable Selector waiting;
    private @Nullable SelectionKey key;
    private TimerQueue.@Nullable Entry timer;
    private long timerDeadline = FOREVER;

    LoopDriver(SelectorLoop loop, Connection connection) {
        this.loop = loop;
        this.connection = connection;
    }

    @Override
    public boolean start() {
        requested.set(false);
        return loop.join(this);
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
        Selector nested = waiting;
        if (nested != null) {
            nested.wakeup();
        }
    }

    @Override
    public void nudge() {
        if (isOwner() && !connection.isInsideEngine()) {
            turn(0);
        } else {
            requestTurn();
        }
    }

    @Override
    public void turn(int ready) {
        requested.set(false);
        if (connection.isInsideEngine()) {
            return; // the turn that called the engine goes on, and looks at everything again
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
        stopTimer();
        timerDeadline = deadline;
        if (deadline != FOREVER) {
            timer = loop.schedule(Duration.ofNanos(Driver.left(deadline)), () -> {
                timerDeadline = FOREVER;
                turn(0);
            });
        }
    }

    private void stopTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        timerDeadline = FOREVER;
    }

    @Override
    public boolean await(BooleanSupplier done, long deadline) {
        if (isOwner()) {
            return awaitOnLoop(done, deadline);
        }
        try {
            BooleanSupplier look =
                    () -> done.getAsBoolean() || connection.news().isEndTold();
            connection.waiters().await(look, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return done.getAsBoolean();
    }

    // Rule R7: a selector of its own, so that no other socket's slots run inside this wait.
    private boolean awaitOnLoop(BooleanSupplier done, long deadline) {
        if (connection.isInsideEngine()) {
            LOG.log(
                    Level.WARNING,
                    "waiting on a socket from a slot inside its handshake is not possible: returned false");
            return false;
        }
        Selector outer = waiting;
        try (Selector own = Selector.open()) {
            waiting = own;
            return pump(own, done, deadline);
        } catch (IOException e) {
            throw new UncheckedIOException("the system gave no selector to wait with", e);
        } finally {
            waiting = outer;
            requestTurn();
        }
    }

    private boolean pump(Selector own, BooleanSupplier done, long deadline) throws IOException {
        boolean readable = false;
        boolean last = false;
        while (true) {
            requested.set(false);
            int operations = connection.turn(readable);
            if (done.getAsBoolean()) {
                return true;
            }
            if (last
                    || connection.phase() == Phase.ENDED
                    || Thread.currentThread().isInterrupted()
                    || loop.isClosing()) {
                return false;
            }
            last = Driver.left(deadline) == 0;
            readable = select(own, operations, Driver.earlier(deadline, connection.deadline()));
        }
    }

    /** How long the closing of the loop may go unnoticed in a wait on its own thread: its wake-up is for its selector. */
    private static final long CLOSE_CHECK_MILLIS = 50;

    private boolean select(Selector own, int operations, long deadline) throws IOException {
        SocketChannel channel = connection.channel();
        SelectionKey mine = channel == null || !channel.isOpen() ? null : channel.keyFor(own);
        if (mine != null) {
            mine.interestOps(operations);
        } else if (channel != null && channel.isOpen()) {
            channel.register(own, operations);
        }
        boolean[] readable = {false};
        long millis = Math.min(CLOSE_CHECK_MILLIS, Driver.millisLeft(deadline));
        if (requested.get() || millis == 0) {
            own.selectNow(ready -> readable[0] = ready.isReadable());
        } else {
            own.select(ready -> readable[0] = ready.isReadable(), millis);
        }
        return readable[0];
    }

    @Override
    public void loopClosing() {
        connection.abort(SocketError.OPERATION_ERROR, "the event loop was closed");
    }

    @Override
    public void endSoon(Duration patience) {
        // The loop never leaves a connection alone, and keeps its deadlines.
    }

    @Override
    public void closed(SocketChannel channel) {
        stopTimer();
        key = null;
    }

    @Override
    public void ended() {
        loop.forget(this);
    }
}
