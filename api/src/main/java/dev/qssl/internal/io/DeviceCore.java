package dev.qssl.internal.io;

import dev.qssl.net.Signal;
import dev.qssl.net.Signal.Nothing;

/** The inside of a device: its signals, the right to emit them, and what its reader looked at. */
public final class DeviceCore {

    /** Emits these signals, and whatever else belongs to the same object. */
    public final Signal.Emitter emitter = new Signal.Emitter();

    /** There are new bytes to read. */
    public final Signal<Nothing> readyRead = emitter.signal();

    /** Bytes were written. */
    public final Signal<Long> bytesWritten = emitter.signal();

    /** The device is about to close. */
    public final Signal<Nothing> aboutToClose = emitter.signal();

    /** The peer will send no more. */
    public final Signal<Nothing> readChannelFinished = emitter.signal();

    /** As {@link #readyRead}, with the channel's number. */
    public final Signal<Integer> channelReadyRead = emitter.signal();

    /** What was looked at or put back. The reading thread's. */
    public final LookBack lookBack = new LookBack();

    /** Creates it. */
    public DeviceCore() {}
}
