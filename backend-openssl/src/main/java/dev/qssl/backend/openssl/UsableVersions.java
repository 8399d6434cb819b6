package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds out which versions this OpenSSL would begin a handshake with: its configuration and its security level. */
final class UsableVersions {

    /** What one {@code SSL_CTX} of this backend can be about. */
    static final List<SslProtocol> ALL =
            List.of(SslProtocol.TLS_V1_0, SslProtocol.TLS_V1_1, SslProtocol.TLS_V1_2, SslProtocol.TLS_V1_3);

    private static final int CTRL_GET_MIN_PROTO_VERSION = 130;
    private static final int CTRL_GET_MAX_PROTO_VERSION = 131;
    private static final String CIPHER_STRING = "CipherString";

    private final OpenSsl library;
    private final long context;

    /**
     * Creates the question.
     *
     * @param library the library
     * @param context a context in which nothing was set yet
     */
    UsableVersions(OpenSsl library, long context) {
        this.library = library;
        this.context = context;
    }

    /** {@return the option that switches this version off} */
    static long optionAgainst(SslProtocol protocol) {
        return switch (protocol) {
            case TLS_V1_0 -> Ssl.OP_NO_TLS_1_0;
            case TLS_V1_1 -> Ssl.OP_NO_TLS_1_1;
            case TLS_V1_2 -> Ssl.OP_NO_TLS_1_2;
            case TLS_V1_3 -> Ssl.OP_NO_TLS_1_3;
            default -> 0;
        };
    }

    /** {@return those of these that can be negotiated; a cipher string among the options may change the security level} */
    Set<SslProtocol> among(Set<SslProtocol> wanted, Map<String, Object> options) {
        int oldest = limit(CTRL_GET_MIN_PROTO_VERSION);
        int newest = limit(CTRL_GET_MAX_PROTO_VERSION);
        EnumSet<SslProtocol> usable = EnumSet.noneOf(SslProtocol.class);
        for (SslProtocol protocol : wanted) {
            int version = protocol.wireVersion();
            boolean allowed = (oldest == 0 || version >= oldest) && (newest == 0 || version <= newest);
            if (allowed && (version >= SslProtocol.TLS_V1_2.wireVersion() || signsWithSha1(options))) {
                usable.add(protocol);
            }
        }
        return usable;
    }

    private int limit(int command) {
        return (int) LibSsl.SSL_CTX_ctrl(context, command, 0, 0);
    }

    /** Older versions know no other signatures (RFC 4346, section 7.4.3), and 3.0 rates them lower than 1.1.1 does. */
    private boolean signsWithSha1(Map<String, Object> options) {
        if (options.get(CIPHER_STRING) instanceof String level) {
            LibSsl.SSL_CTX_set_cipher_list(context, NativeMemory.text(level));
            LibCrypto.ERR_clear_error();
        }
        return LibSsl.SSL_CTX_get_security_level(context) <= (library.isVersion3() ? 0 : 1);
    }
}
