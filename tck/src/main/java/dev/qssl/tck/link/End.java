package dev.qssl.tck.link;

import dev.qssl.QSslSocket;
import dev.qssl.net.EventLoop;
import dev.qssl.net.SocketState;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One end of a connection: a socket of the backend under test, and all that it emitted. */
public final class End {

    private final String name;
    private final Optional<EventLoop> loop;
    private final QSslSocket socket;
    private final Transcript transcript;

    End(Setup setup, Optional<EventLoop> loop, Semaphore news) {
        this.name = setup.name();
        this.loop = loop;
        this.socket = loop.map(QSslSocket::on).orElseGet(QSslSocket::new);
        this.socket.setSslConfiguration(setup.configuration());
        this.transcript = Transcript.of(socket, setup, news);
        setup.preparations().forEach(change -> change.accept(this));
    }

    /** {@return the socket} */
    public QSslSocket socket() {
        return socket;
    }

    /** {@return what it emitted} */
    public Transcript transcript() {
        return transcript;
    }

    /** {@return whether this was emitted, as for {@link Transcript#count}} */
    public boolean saw(String signal) {
        return transcript.saw(signal);
    }

    /** {@return how often this was emitted, as for {@link Transcript#count}} */
    public int count(String signal) {
        return transcript.count(signal);
    }

    /** {@return whether the handshake is done and was told} */
    public boolean isEncrypted() {
        return socket.isEncrypted() && saw("encrypted");
    }

    /** {@return whether there is no connection, or no longer, and the end was told} */
    public boolean isOver() {
        return socket.state() == SocketState.UNCONNECTED_STATE
                && (!saw("stateChanged(CONNECTED_STATE)") || saw("disconnected") || saw("aboutToClose"));
    }

    /** Does something on the thread that drives the socket, and waits until it is done. */
    public void run(Runnable action) {
        call(() -> {
            action.run();
            return true;
        });
    }

    /** {@return what is computed on the thread that drives the socket} */
    public <T> T call(Supplier<T> action) {
        if (loop.isEmpty() || loop.get().isLoopThread()) {
            return action.get();
        }
        CompletableFuture<T> result = CompletableFuture.supplyAsync(action, loop.get());
        try {
            return result.get(Stage.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + name + "'s loop was busy", e);
        } catch (TimeoutException e) {
            throw new AssertionError(name + "'s loop is stuck", e);
        } catch (ExecutionException e) {
            throw new CompletionException("on " + name + "'s loop", e.getCause());
        }
    }

    /** {@return whether somebody else drives it} */
    boolean isLoopDriven() {
        return loop.isPresent();
    }

    // Any wait drives the socket; this one is over only when there is nothing left to drive.
    boolean pump(int millis) {
        SocketState state = socket.state();
        if (isLoopDriven() || state == SocketState.UNCONNECTED_STATE || state == SocketState.BOUND_STATE) {
            return false;
        }
        socket.waitForDisconnected(millis);
        return true;
    }

    /** {@return the name, the state, and everything emitted} */
    @Override
    public String toString() {
        return name + " (" + socket.state() + ", " + socket.mode() + ", " + socket.error() + " \""
                + socket.errorString() + "\") " + transcript;
    }
}
