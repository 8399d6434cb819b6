package dev.qssl.internal.io;

import dev.qssl.net.Signal;
import dev.qssl.net.Signal.Nothing;
import dev.qssl.net.SocketError;
import dev.qssl.net.SocketState;

/** The signals of a socket, and the right to emit them. */
public final class SocketSignals {

    /** Those of the device. */
    public final DeviceCore device = new DeviceCore();

    /** Emits all of them. */
    public final Signal.Emitter emitter = device.emitter;

    /** The host's addresses are known. */
    public final Signal<Nothing> hostFound = emitter.signal();

    /** The TCP connection stands. */
    public final Signal<Nothing> connected = emitter.signal();

    /** The connection is over. */
    public final Signal<Nothing> disconnected = emitter.signal();

    /** The state changed to this. */
    public final Signal<SocketState> stateChanged = emitter.signal();

    /** Something went wrong. */
    public final Signal<SocketError> errorOccurred = emitter.signal();

    /** Creates them. */
    public SocketSignals() {}
}
