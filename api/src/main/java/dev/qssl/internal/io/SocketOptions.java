package dev.qssl.internal.io;

import dev.qssl.net.SocketOption;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** Qt's socket options as the JDK's. */
final class SocketOptions {

    private SocketOptions() {}

    static void set(SocketChannel channel, SocketOption option, Object value) throws IOException {
        java.net.SocketOption<Boolean> flag = flag(option);
        java.net.SocketOption<Integer> number = number(option);
        if (flag != null) {
            channel.setOption(flag, value instanceof Number n ? n.intValue() != 0 : Boolean.TRUE.equals(value));
        } else if (number != null && value instanceof Number n) {
            channel.setOption(number, n.intValue());
        } else {
            throw new IOException("not an option of TCP, or not a value for it: " + value);
        }
    }

    static @Nullable Object get(SocketChannel channel, SocketOption option) throws IOException {
        java.net.SocketOption<Boolean> flag = flag(option);
        java.net.SocketOption<Integer> number = number(option);
        if (flag != null) {
            return channel.getOption(flag);
        }
        return number == null ? null : channel.getOption(number);
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
