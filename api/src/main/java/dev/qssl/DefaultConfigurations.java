package dev.qssl;

import dev.qssl.QSsl.SslProtocol;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** The two configurations that new sockets and new associations begin with. Each is one atomic snapshot. */
final class DefaultConfigurations {

    private static final AtomicReference<ConfigurationSnapshot> TLS =
            new AtomicReference<>(initial(SslProtocol.SECURE_PROTOCOLS));
    private static final AtomicReference<ConfigurationSnapshot> DTLS =
            new AtomicReference<>(initial(SslProtocol.DTLS_V1_2_OR_LATER));

    private DefaultConfigurations() {}

    private static ConfigurationSnapshot initial(SslProtocol protocol) {
        return ConfigurationSnapshot.NULL.with(draft -> {
            draft.protocol = protocol;
            draft.ciphers = new CipherChoice.BackendDefault();
        });
    }

    /** {@return what a new socket begins with} */
    static ConfigurationSnapshot tls() {
        return Objects.requireNonNull(TLS.get());
    }

    static void setTls(ConfigurationSnapshot snapshot) {
        TLS.set(snapshot);
    }

    /** Changes it in one step. */
    static void updateTls(UnaryOperator<ConfigurationSnapshot> change) {
        TLS.updateAndGet(change);
    }

    /** {@return what a new association begins with} */
    static ConfigurationSnapshot dtls() {
        return Objects.requireNonNull(DTLS.get());
    }

    static void setDtls(ConfigurationSnapshot snapshot) {
        DTLS.set(snapshot);
    }
}
