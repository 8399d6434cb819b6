package dev.qssl.backend.jdk;

import dev.qssl.spi.Availability;
import dev.qssl.spi.jsse.JsseBackend;
import java.security.Security;
import java.util.Optional;

/** The JDK's own TLS, SunJSSE: always there, nothing to install, on every platform. */
public final class JdkBackend extends JsseBackend {

    /** Does nothing yet. */
    public JdkBackend() {
        super(new SunJsse());
    }

    @Override
    public String name() {
        return "jdk";
    }

    @Override
    public Availability availability() {
        if (Security.getProvider(SunJsse.NAME) == null) {
            return new Availability.Unavailable(
                    "the security provider " + SunJsse.NAME + " is not installed",
                    "list it as a security.provider in the java.security file of this JVM",
                    Optional.empty());
        }
        Runtime.Version runtime = Runtime.version();
        String version = SunJsse.NAME + " " + runtime;
        // One number that grows with the version: 17.0.15 is 17_000_015.
        long number = runtime.feature() * 1_000_000L + runtime.interim() * 1_000L + runtime.update();
        return new Availability.Available(number, version, version, Optional.empty());
    }
}
