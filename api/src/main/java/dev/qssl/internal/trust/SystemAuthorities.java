package dev.qssl.internal.trust;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities of the Java runtime's default trust store: {@code javax.net.ssl.trustStore} if it is set, else the
 * runtime's own {@code cacerts}, which most distributions fill from the operating system. Read once, on demand.
 */
public final class SystemAuthorities {

    private static final Logger LOG = System.getLogger("dev.qssl");

    private SystemAuthorities() {}

    /** {@return the certificates; none, with a warning in the log, if the store cannot be read} The same list each time. */
    public static List<X509Certificate> certificates() {
        return Loaded.CERTIFICATES;
    }

    private static List<X509Certificate> load() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(defaultStore());
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .flatMap(manager -> Stream.of(((X509TrustManager) manager).getAcceptedIssuers()))
                    .distinct()
                    .toList();
        } catch (GeneralSecurityException | RuntimeException unreadable) {
            LOG.log(
                    Level.WARNING,
                    "the runtime's trust store cannot be read, so no public authority is trusted; check"
                            + " javax.net.ssl.trustStore and the runtime's cacerts",
                    unreadable);
            return List.of();
        }
    }

    /** Null makes the factory read the runtime's default store. */
    private static @Nullable KeyStore defaultStore() {
        return null;
    }

    private static final class Loaded {
        static final List<X509Certificate> CERTIFICATES = load();
    }
}
