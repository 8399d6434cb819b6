package dev.qssl.internal.io;

import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.SocketError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Tries a host's addresses, one after the other, without blocking. Owner only. */
final class Dialer {

    private final String host;
    private final int port;
    private final NetworkLayerProtocol protocol;
    private @Nullable Binding binding;
    private final Queue<InetAddress> left = new ArrayDeque<>();
    private @Nullable SocketChannel channel;
    private @Nullable IOException lastFailure;

    Dialer(String host, int port, NetworkLayerProtocol protocol) {
        this.host = host;
        this.port = port;
        this.protocol = protocol;
    }

    /** Sets the local address, before anything is tried. */
    void from(@Nullable Binding local) {
        binding = local;
    }

    String host() {
        return host;
    }

    /** Sets the addresses to try. {@return whether there is one that may be used} */
    boolean use(List<InetAddress> addresses) {
        addresses.stream().filter(this::isAllowed).forEach(left::add);
        return !left.isEmpty();
    }

    private boolean isAllowed(InetAddress address) {
        return switch (protocol) {
            case IPV4_PROTOCOL -> address instanceof Inet4Address;
            case IPV6_PROTOCOL -> address instanceof Inet6Address;
            case ANY_IP_PROTOCOL -> true;
            case UNKNOWN_NETWORK_LAYER_PROTOCOL -> false;
        };
    }

    /** Opens the next address's channel. {@return the channel, or null if no address is left} */
    @Nullable SocketChannel next() {
        for (InetAddress address = left.poll(); address != null; address = left.poll()) {
            SocketChannel opened = null;
            try {
                opened = binding == null ? SocketChannel.open() : binding.take();
                opened.configureBlocking(false);
                opened.setOption(StandardSocketOptions.TCP_NODELAY, true);
                opened.connect(new InetSocketAddress(address, port));
                channel = opened;
                return opened;
            } catch (IOException e) {
                lastFailure = e;
            } catch (UnresolvedAddressException | UnsupportedAddressTypeException e) {
                lastFailure = new IOException("address " + address + " cannot be used", e);
            }
            Channels.closeQuietly(opened);
        }
        return null;
    }

    /**
     * Looks whether the channel's attempt is over.
     *
     * @return whether it is connected; false while it is under way, and then also if it failed
     * @see #hasFailed
     */
    boolean finish() {
        SocketChannel current = channel;
        if (current == null) {
            return false;
        }
        try {
            return current.isConnected() || current.finishConnect();
        } catch (IOException e) {
            lastFailure = e;
            Channels.closeQuietly(current);
            channel = null;
            return false;
        }
    }

    /** {@return whether the current attempt failed} */
    boolean hasFailed() {
        return channel == null;
    }

    /** {@return the code of the last failure} */
    SocketError error() {
        if (lastFailure == null || lastFailure instanceof ConnectException) {
            return SocketError.CONNECTION_REFUSED_ERROR;
        }
        return lastFailure instanceof java.net.BindException
                ? SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR
                : SocketError.NETWORK_ERROR;
    }

    /** {@return what to tell people about the last failure} */
    String message() {
        String why = lastFailure == null ? "no address" : lastFailure.getMessage();
        return "cannot connect to " + Endpoints.text(host, port) + ": " + why + "; check that a server listens there";
    }

    /** Gives up what was held for the attempt. */
    void release() {
        if (binding != null) {
            binding.release();
        }
    }
}
