package dev.qssl.internal.io;

import dev.qssl.net.Signal;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells a socket's slots what its connection announces, and moves the socket's state along. After every signal a slot may
 * have ended this attempt, or begun another: then nothing more is told of this one (R1).
 */
final class Attempt implements Announcements.Listener {

    private final SocketStatus status;
    private final SocketSignals signals;
    private final Signal.Emitter emitter;
    private final AttemptHooks hooks;
    private @Nullable Connection made;
    private boolean stood;

    Attempt(SocketStatus status, SocketSignals signals, AttemptHooks hooks) {
        this.status = status;
        this.signals = signals;
        this.emitter = signals.emitter;
        this.hooks = hooks;
    }

    /** Says which connection it listens to, before that is started. */
    Connection of(Connection connection) {
        made = connection;
        return connection;
    }

    private Connection connection() {
        return Objects.requireNonNull(made);
    }

    private boolean isLive() {
        return status.isLive(connection());
    }

    private boolean isOurs() {
        return status.isOf(connection());
    }

    // Returns whether there is more to tell.
    private boolean moveTo(SocketState next) {
        if (status.become(connection(), next)) {
            emitter.emit(signals.stateChanged, next);
        }
        return isLive();
    }

    @Override
    public void lookingUp() {
        moveTo(SocketState.HOST_LOOKUP_STATE);
    }

    @Override
    public void adopted() {
        stood = true;
        moveTo(SocketState.CONNECTED_STATE);
    }

    @Override
    public void hostFound() {
        if (moveTo(SocketState.CONNECTING_STATE)) {
            emitter.emit(signals.hostFound);
        }
    }

    @Override
    public void transportConnected() {
        stood = true;
        status.noteAddresses(connection(), Objects.requireNonNull(connection().channel()));
        if (!moveTo(SocketState.CONNECTED_STATE)) {
            return;
        }
        hooks.transportConnected(connection());
        if (isLive()) {
            emitter.emit(signals.connected);
        }
    }

    @Override
    public void engineSpoke() {
        if (isLive()) {
            hooks.engineSpoke(connection());
        }
    }

    @Override
    public void decisionDue() {
        if (isLive()) {
            hooks.decisionDue(connection());
        }
    }

    @Override
    public void encrypted() {
        if (isLive()) {
            hooks.encrypted(connection());
        }
    }

    @Override
    public void readyRead() {
        if (isLive()) {
            emitter.emit(signals.device.readyRead);
        }
        if (isLive()) {
            emitter.emit(signals.device.channelReadyRead, 0);
        }
    }

    @Override
    public void bytesWritten(long count) {
        if (isLive()) {
            emitter.emit(signals.device.bytesWritten, count);
        }
    }

    @Override
    public void encryptedBytesWritten(long count) {
        if (isLive()) {
            hooks.encryptedBytesWritten(connection(), count);
        }
    }

    // Before there is a connection the state comes first (B-032, B-033), later the error (B-061).
    @Override
    public void failed(SocketError error, String message) {
        if (!status.fail(connection(), error, message)) {
            return;
        }
        if (!stood) {
            moveTo(SocketState.UNCONNECTED_STATE);
        }
        if (isOurs()) {
            emitter.emit(signals.errorOccurred, error);
        }
    }

    @Override
    public void closing() {
        moveTo(SocketState.CLOSING_STATE);
    }

    @Override
    public void ended() {
        if (!isOurs()) {
            return;
        }
        if (stood && isLive()) {
            moveTo(SocketState.CLOSING_STATE);
        }
        hooks.connectionEnded(connection());
        moveTo(SocketState.UNCONNECTED_STATE);
        if (stood && isOurs()) {
            emitter.emit(signals.device.readChannelFinished);
        }
        if (stood && isOurs()) {
            emitter.emit(signals.disconnected);
        }
        status.forgetPeer(connection());
    }
}
