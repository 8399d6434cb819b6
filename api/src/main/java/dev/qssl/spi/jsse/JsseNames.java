package dev.qssl.spi.jsse;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import java.util.Optional;

/** Translates the names of the JSSE (Java Security Standard Algorithm Names). */
final class JsseNames {

    private static final String OLD_PREFIX = "SSL_";

    private JsseNames() {}

    /** {@return the version of this name, such as {@code TLSv1.3}, or {@code UNKNOWN_PROTOCOL}} */
    static SslProtocol protocol(String name) {
        for (SslProtocol protocol : SslProtocol.values()) {
            if (protocol.isConcrete() && protocol.displayName().equals(name)) {
                return protocol;
            }
        }
        return SslProtocol.UNKNOWN_PROTOCOL;
    }

    /** {@return the suite of this name} The JSSE calls some of the oldest {@code SSL_} what the registry calls {@code TLS_}. */
    static Optional<CipherSuite> suite(String name) {
        return name.startsWith(OLD_PREFIX)
                ? CipherSuite.ofName("TLS_" + name.substring(OLD_PREFIX.length()))
                : CipherSuite.ofName(name);
    }
}
