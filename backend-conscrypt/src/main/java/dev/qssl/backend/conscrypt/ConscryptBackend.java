package dev.qssl.backend.conscrypt;

import dev.qssl.spi.Availability;
import dev.qssl.spi.jsse.JsseBackend;
import java.net.URL;
import java.security.CodeSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.conscrypt.Conscrypt;

/** Conscrypt: Google's BoringSSL, native and fast, shipped in a jar for Linux, macOS and Windows. */
public final class ConscryptBackend extends JsseBackend {

    private static final String BUILD_VERSION = "Conscrypt 2.9.0";
    private static final long BUILD_NUMBER = number(2, 9, 0);

    /** Does nothing yet. */
    public ConscryptBackend() {
        this(HiddenParts::found);
    }

    /**
     * Does nothing yet.
     *
     * @param parts gives what Conscrypt's public methods leave out, once it is needed
     */
    ConscryptBackend(Supplier<HiddenParts> parts) {
        super(new ConscryptLibrary(parts));
    }

    @Override
    public String name() {
        return "conscrypt";
    }

    /** {@inheritDoc} Loads the native library, which Conscrypt unpacks from its jar into the directory for temporary files. */
    @Override
    public Availability availability() {
        try {
            Conscrypt.checkAvailability();
            Conscrypt.Version version = Conscrypt.version();
            return new Availability.Available(
                    number(version.major(), version.minor(), version.patch()),
                    "Conscrypt " + version.major() + "." + version.minor() + "." + version.patch(),
                    BUILD_NUMBER,
                    BUILD_VERSION,
                    path());
        } catch (LinkageError | RuntimeException failure) {
            return LoadFailure.explain(failure);
        }
    }

    /** One number that grows with the version: 2.9.0 is 2_009_000. */
    private static long number(int major, int minor, int patch) {
        return major * 1_000_000L + minor * 1_000L + patch;
    }

    /** {@return the jar that holds the native library} */
    private static Optional<String> path() {
        CodeSource source = Conscrypt.class.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        return Optional.ofNullable(location).map(URL::getPath);
    }
}
