package dev.qssl;

import dev.qssl.net.QHostAddress;
import java.net.IDN;
import java.util.Optional;

/** What a client may put into the server name extension (RFC 6066, section 3; B-045). */
final class ServerNames {

    private ServerNames() {}

    /** {@return the name in ASCII form without a trailing dot; empty for addresses and for what is no host name} */
    static Optional<String> forExtension(String name) {
        String host = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        if (host.isEmpty() || !QHostAddress.of(host).isNull()) {
            return Optional.empty();
        }
        try {
            return Optional.of(IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
