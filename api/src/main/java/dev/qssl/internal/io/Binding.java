package dev.qssl.internal.io;

import dev.qssl.net.BindMode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A local address that is held for the next connection (B-016). */
final class Binding {

    private final InetSocketAddress address;
    private final BindMode mode;

    /** Holds the address until the first attempt takes it over, or nobody wants it any more. */
    private final AtomicReference<@Nullable SocketChannel> held;

    private Binding(InetSocketAddress address, BindMode mode, SocketChannel held) {
        this.address = address;
        this.mode = mode;
        this.held = new AtomicReference<>(held);
    }

    /** Takes an address; port 0 for any. */
    static Binding of(InetSocketAddress wanted, BindMode mode) throws IOException {
        SocketChannel channel = open(wanted, mode);
        try {
            return new Binding((InetSocketAddress) channel.getLocalAddress(), mode, channel);
        } catch (IOException e) {
            Channels.closeQuietly(channel);
            throw e;
        }
    }

    private static SocketChannel open(InetSocketAddress wanted, BindMode mode) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            switch (mode) {
                case DEFAULT_FOR_PLATFORM -> {}
                case DONT_SHARE_ADDRESS -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, false);
                case SHARE_ADDRESS, REUSE_ADDRESS_HINT -> channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            }
            return channel.bind(wanted);
        } catch (IOException | RuntimeException e) {
            Channels.closeQuietly(channel);
            throw e;
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** {@return a channel with this address, the caller's from now on} The first time, the one that held it. */
    SocketChannel take() throws IOException {
        SocketChannel first = held.getAndSet(null);
        return first != null ? first : open(address, mode);
    }

    /** Gives the address up. */
    void release() {
        Channels.closeQuietly(held.getAndSet(null));
    }
}
