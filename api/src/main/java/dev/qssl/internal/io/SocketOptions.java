package dev.qssl.internal.io;

import dev.qssl.net.SocketOption;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Qt's socket options as the JDK's. */
final class SocketOptions {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private SocketOptions() {}

    /** Sets an option; ignored without a channel (B-015). */
    static void set(@Nullable SocketChannel channel, SocketOption option, Object value) {
        if (channel == null || !channel.isOpen()) {
            return;
        }
        try {
            java.net.SocketOption<Boolean> flag = flag(option);
            java.net.SocketOption<Integer> number = number(option);
            if (flag != null) {
                channel.setOption(flag, value instanceof Number n ? n.intValue() != 0 : Boolean.TRUE.equals(value));
            } else if (number != null && value instanceof Number n) {
                channel.setOption(number, n.intValue());
            } else {
                LOG.log(Level.WARNING, "option " + option + " is none of TCP, or " + value + " is no value for it");
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "option " + option + " cannot be set: " + e.getMessage());
        }
    }

    /** {@return the option's value, or null without a channel (B-015)} */
    static @Nullable Object get(@Nullable SocketChannel channel, SocketOption option) {
        if (channel == null || !channel.isOpen()) {
            return null;
        }
        try {
            java.net.SocketOption<Boolean> flag = flag(option);
            java.net.SocketOption<Integer> number = number(option);
            if (flag != null) {
                return channel.getOption(flag);
            }
            return number == null ? null : channel.getOption(number);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "option " + option + " cannot be read: " + e.getMessage());
            return null;
        }
    }

    private static java.net.@Nullable SocketOption<Boolean> flag(SocketOption option) {
        return switch (option) {
            case LOW_DELAY_OPTION -> StandardSocketOptions.TCP_NODELAY;
            case KEEP_ALIVE_OPTION -> StandardSocketOptions.SO_KEEPALIVE;
            default -> null;
        };
    }

    private static java.net.@Nullable SocketOption<Integer> number(SocketOption option) {
        return switch (option) {
            case TYPE_OF_SERVICE_OPTION -> StandardSocketOptions.IP_TOS;
            case SEND_BUFFER_SIZE_SOCKET_OPTION -> StandardSocketOptions.SO_SNDBUF;
            case RECEIVE_BUFFER_SIZE_SOCKET_OPTION -> StandardSocketOptions.SO_RCVBUF;
            default -> null;
        };
    }
}
