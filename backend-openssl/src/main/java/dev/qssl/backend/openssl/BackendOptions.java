package dev.qssl.backend.openssl;

import dev.qssl.spi.TlsException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The options of this backend: OpenSSL's configuration commands, as in a file ({@code SSL_CONF_cmd}). They are applied last.
 *
 * <p>What is not theirs to change is refused, not passed over: who relies on an option that does nothing is worse off than who
 * was told.
 */
final class BackendOptions {

    /** Bits of {@code SSL_CTX_set_options} that stay as they are. */
    static final long FIXED = Ssl.OP_NO_COMPRESSION | Ssl.OP_NO_RENEGOTIATION;

    private static final int NO_SUCH_COMMAND = -2;

    /** Whom to trust and whether to ask are settings of their own, and OpenSSL's trust store is not consulted. */
    private static final Set<String> ABOUT_VERIFICATION =
            Set.of("verifymode", "verifycafile", "verifycapath", "verifycastore");

    private final OpenSsl library;
    private final Refusals refusals;
    private final long context;

    BackendOptions(OpenSsl library, Refusals refusals, long context) {
        this.library = library;
        this.refusals = refusals;
        this.context = context;
    }

    /**
     * Applies them all.
     *
     * @throws TlsException if one is unknown, cannot have this value, or is not theirs to change, with its name
     */
    void apply(Map<String, Object> options) throws TlsException {
        if (options.isEmpty()) {
            return;
        }
        long configuration = LibSsl.SSL_CONF_CTX_new();
        try {
            LibSsl.SSL_CONF_CTX_set_flags(
                    configuration,
                    Ssl.CONF_FLAG_FILE | Ssl.CONF_FLAG_CLIENT | Ssl.CONF_FLAG_SERVER | Ssl.CONF_FLAG_CERTIFICATE);
            LibSsl.SSL_CONF_CTX_set_ssl_ctx(configuration, context);
            for (Map.Entry<String, Object> option : options.entrySet()) {
                apply(configuration, option.getKey(), option.getValue());
            }
            if (LibSsl.SSL_CONF_CTX_finish(configuration) != 1) {
                throw refusals.invalid("backend " + refusals.backend() + " cannot use the backend options "
                        + options.keySet() + ": " + LibraryError.take(library).text());
            }
        } finally {
            LibSsl.SSL_CONF_CTX_free(configuration);
        }
    }

    private void apply(long configuration, String command, Object value) throws TlsException {
        if (ABOUT_VERIFICATION.contains(command.toLowerCase(Locale.ROOT))) {
            throw refusals.unsupported("the backend option " + command
                    + ": whom to trust is a matter of the CA certificates and the verify mode of the configuration");
        }
        int result = LibSsl.SSL_CONF_cmd(configuration, terminated(command, command), terminated(command, value));
        if (result <= 0) {
            String reason = LibraryError.take(library).text();
            throw result == NO_SUCH_COMMAND
                    ? refusals.unsupported("the backend option " + command
                            + ": OpenSSL has no such command (see the manual page of SSL_CONF_cmd)")
                    : refusals.invalid("the backend option " + command + " of backend " + refusals.backend()
                            + " cannot be " + value + ": " + reason);
        }
        // Adding nothing gives what there is.
        if ((LibSsl.SSL_CTX_set_options(context, 0) & FIXED) != FIXED) {
            throw refusals.unsupported("the backend option " + command + " with the value " + value
                    + ": renegotiation and compression stay off");
        }
    }

    /** {@return text as C takes it} Names of files are in UTF-8 nearly everywhere. */
    private byte[] terminated(String command, Object value) throws TlsException {
        if (!(value instanceof String text)) {
            throw refusals.invalid("the backend option " + command + " of backend " + refusals.backend()
                    + " takes text, not a " + value.getClass().getSimpleName());
        }
        if (text.indexOf(0) >= 0) {
            throw refusals.invalid("the backend option " + command.replace("\0", "\\0") + " of backend "
                    + refusals.backend() + " contains a zero, where it would end for OpenSSL");
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
