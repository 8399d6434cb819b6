package dev.qssl.internal.io;

import dev.qssl.net.SocketError;
import dev.qssl.spi.TlsException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Says what an exception means to an application. */
public final class Failures {

    private Failures() {}

    static SocketError code(Exception e, Phase phase) {
        if (e instanceof TlsException tls) {
            return switch (tls.error()) {
                case INVALID_SETTING, UNSUPPORTED_SETTING -> SocketError.SSL_INVALID_USER_DATA_ERROR;
                case TRUNCATED, CLOSED_IN_HANDSHAKE -> SocketError.REMOTE_HOST_CLOSED_ERROR;
                case INTERNAL, NO_BACKEND -> SocketError.SSL_INTERNAL_ERROR;
                case CERTIFICATE_REFUSED, CERTIFICATE_MISSING, PSK_REFUSED, NO_COMMON_PARAMETERS ->
                    SocketError.SSL_HANDSHAKE_FAILED_ERROR;
                case PROTOCOL_VIOLATION, BAD_RECORD, RECORD_OVERFLOW, PEER_ALERT, RENEGOTIATION_REFUSED ->
                    phase == Phase.ENCRYPTED ? SocketError.SSL_INTERNAL_ERROR : SocketError.SSL_HANDSHAKE_FAILED_ERROR;
            };
        }
        if (e instanceof RuntimeException) {
            return SocketError.SSL_INTERNAL_ERROR;
        }
        return isReset(e) ? SocketError.REMOTE_HOST_CLOSED_ERROR : SocketError.NETWORK_ERROR;
    }

    static String message(Exception e) {
        if (e instanceof RuntimeException) {
            return "the TLS library failed unexpectedly: " + e;
        }
        if (e instanceof TlsException || e.getMessage() == null) {
            return String.valueOf(e.getMessage());
        }
        return isReset(e)
                ? "the peer closed the connection without an orderly end: " + e.getMessage()
                : "the network failed: " + e.getMessage();
    }

    // The JDK has no type for a reset; these are the texts of Linux, macOS and Windows. A text that is not among them
    // makes it a NETWORK_ERROR, which ends the connection all the same.
    private static boolean isReset(Exception e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("reset") || text.contains("Broken pipe");
    }

    /** {@return why an address cannot be bound to: the JDK has one exception for all reasons} */
    public static SocketError bindError(InetAddress address) {
        try {
            boolean ours = address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null;
            return ours ? SocketError.ADDRESS_IN_USE_ERROR : SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR;
        } catch (SocketException e) {
            return SocketError.SOCKET_ADDRESS_NOT_AVAILABLE_ERROR;
        }
    }
}
