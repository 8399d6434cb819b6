package dev.qssl.internal.io;

import dev.qssl.internal.io.WaitSelectors.WaitSelector;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
    private volatile boolean turnRequested;
    private volatile boolean nudged;
    private volatile boolean pumped;
    private volatile boolean attended;
    private volatile @Nullable CompletableFuture<Void> forgotten;

    CallerDriver(Connection connection) {
        this.connection = connection;
    }

    /** {@return whether anybody ever waited} */
    boolean wasPumped() {
        return pumped;
    }

    @Override
    public boolean start() {
        return true;
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
        if (!isOwner()) {
            makeDueTurns();
        }
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
    public void nudge() {
        nudged = true;
        requestTurn();
        makeDueTurns();
    }

    // Whoever could not take the permit for its nudge leaves it to the holder, who looks here after giving the permit
    // back. So the nudge is seen, whichever of the two comes last.
    private void makeDueTurns() {
        while (nudged && enter()) {
            try {
                if (connection.isInsideEngine()) {
                    return; // the turn that called the engine goes on, and looks at everything again
                }
                nudged = false;
                do {
                    turnRequested = false;
                    connection.turn(false);
                } while (connection.wasCutShort());
            } finally {
                permit.unlock();
            }
        }
        if (!isOwner()) {
            connection.waiters().wake(); // one of them may have the permit now
        }
    }

    @Override
    public boolean await(BooleanSupplier done, long deadline) {
        pumped = true;
        attended = true;
        if (connection.isInsideEngine()) {
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
                if (!connection.waiters().await(look, deadline) || done.getAsBoolean()) {
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
        boolean last = false;
        while (true) {
            turnRequested = false;
            int operations = connection.turn(readable);
            if (done.getAsBoolean()) {
                return true;
            }
            if (last
                    || connection.phase() == Phase.ENDED
                    || Thread.currentThread().isInterrupted()) {
                return false;
            }
            last = Driver.left(deadline) == 0; // what is there already is looked at even if there is no time
            readable = select(operations, Driver.earlier(deadline, connection.deadline()));
        }
    }

    // Returns whether the channel is readable.
    private boolean select(int operations, long deadline) throws IOException {
        WaitSelector borrowed = WaitSelectors.borrow(home);
        try {
            register(borrowed, operations);
            readyOperations = 0;
            selecting = borrowed.selector;
            long millis = turnRequested ? 0 : Driver.millisLeft(deadline);
            if (millis == 0) {
                borrowed.selector.selectNow(noteReady);
            } else {
                borrowed.selector.select(noteReady, millis == Driver.FOREVER ? 0 : millis);
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

    private void register(WaitSelector borrowed, int operations) throws IOException {
        SocketChannel channel = connection.channel();
        SelectionKey current = key;
        if (current != null && (borrowed != home || current.channel() != channel || !current.isValid())) {
            current.cancel();
            current = null;
        }
        home = borrowed;
        if (current == null && channel != null && channel.isOpen()) {
            current = newKey(channel, borrowed);
        }
        key = current;
        borrowed.watch(current, operations);
    }

    private static SelectionKey newKey(SocketChannel channel, WaitSelector borrowed) throws IOException {
        try {
            return channel.register(borrowed.selector, 0);
        } catch (CancelledKeyException e) {
            // It was here before, went to another selector, and nobody selected here since.
            borrowed.forgetCancelled();
            return channel.register(borrowed.selector, 0);
        }
    }

    // A caller may ask for the end and never come back. The timer is somebody else's thread, so it emits nothing.
    @Override
    public void endSoon(Duration patience) {
        attended = false;
        CompletableFuture<Void> timer = new CompletableFuture<>();
        forgotten = timer;
        CompletableFuture<Void> unused = timer.completeOnTimeout(null, millis(patience), TimeUnit.MILLISECONDS)
                .thenRunAsync(() -> endIfForgotten(patience));
        if (connection.phase() == Phase.ENDED) {
            timer.cancel(false);
        }
    }

    private static long millis(Duration time) {
        return time.toSeconds() > Integer.MAX_VALUE ? Integer.MAX_VALUE * 1000L : time.toMillis();
    }

    private void endIfForgotten(Duration patience) {
        if (attended || !enter()) {
            endSoon(patience);
            return;
        }
        try {
            connection.giveUp();
        } finally {
            leave();
        }
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
        last.forgetClosed();
    }

    @Override
    public void ended() {
        CompletableFuture<Void> timer = forgotten;
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
