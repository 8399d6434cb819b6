package dev.qssl.tck.peer;

import java.lang.reflect.Method;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLSession;

/** The exporter of the JDK's own TLS, which came with Java 25. */
final class JdkExporter {

    private static final Optional<Method> EXPORT = find();

    private JdkExporter() {}

    private static Optional<Method> find() {
        try {
            return Optional.of(ExtendedSSLSession.class.getMethod(
                    "exportKeyingMaterialData", String.class, byte[].class, int.class));
        } catch (NoSuchMethodException older) {
            return Optional.empty();
        }
    }

    static boolean isThere() {
        return EXPORT.isPresent();
    }

    static byte[] export(SSLSession session, PeerSetup.Export wanted) {
        try {
            return (byte[]) EXPORT.orElseThrow().invoke(session, wanted.label(), null, wanted.length());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the JDK cannot export", e);
        }
    }
}
