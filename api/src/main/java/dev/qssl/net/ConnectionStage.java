package dev.qssl.net;

import dev.qssl.internal.io.SocketCore;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/** One attempt of a loop-driven socket to connect, as a stage: a signal completes it, an error or the end fails it. */
final class ConnectionStage {

    private final SocketCore core;
    private final Signal<?> wanted;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    private ConnectionStage(SocketCore core, Signal<?> wanted) {
        this.core = core;
        this.wanted = wanted;
    }

    /**
     * {@return the stage of an attempt that begins on the loop's thread}
     *
     * @param driver the loop
     * @param core the socket
     * @param wanted the signal that completes it
     * @param start what leads to the signal
     */
    static CompletionStage<Void> begin(EventLoop driver, SocketCore core, Signal<?> wanted, Runnable start) {
        ConnectionStage stage = new ConnectionStage(core, wanted);
        try {
            driver.execute(() -> stage.begin(start));
        } catch (RejectedExecutionException e) {
            stage.fail(new IOException("the socket's event loop is closed", e));
        }
        return stage.result;
    }

    private void begin(Runnable start) {
        SocketState state = core.status().state();
        if (state != SocketState.UNCONNECTED_STATE && state != SocketState.BOUND_STATE) {
            fail(new IOException("the socket is in " + state + " already"));
            return;
        }
        Signal.Connection success = wanted.connect(() -> result.complete(null));
        Signal.Connection failure =
                core.signals.errorOccurred.connect(code -> fail(new IOException(code + ": " + errorString())));
        Signal.Connection end = core.signals.stateChanged.connect(this::ended);
        try {
            start.run();
        } catch (RuntimeException e) {
            fail(e);
        }
        CompletableFuture<Void> unused = result.whenComplete((done, problem) -> {
            success.disconnect();
            failure.disconnect();
            end.disconnect();
        });
    }

    private void ended(SocketState state) {
        if (state == SocketState.UNCONNECTED_STATE) {
            SocketError error = core.status().error();
            fail(new IOException(
                    error == SocketError.UNKNOWN_SOCKET_ERROR
                            ? "the connection was aborted"
                            : error + ": " + errorString()));
        }
    }

    private void fail(Exception cause) {
        result.completeExceptionally(cause);
    }

    private String errorString() {
        return core.status().errorString();
    }
}
