package dev.qssl.backend.openssl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.wildfly.openssl.SSLImpl;

/** The native library in wildfly-openssl's jar, as a file of this process. */
final class WildflyLibrary {

    private WildflyLibrary() {}

    /**
     * Copies the library into a private directory. One file serves one class loader only, so each has its own.
     *
     * @throws UnsatisfiedLinkError if there is none for this platform
     */
    static Path extract() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String name = os.startsWith("windows") ? "wfssl.dll" : os.contains("mac") ? "libwfssl.dylib" : "libwfssl.so";
        String folder =
                (os.startsWith("windows") ? "win" : os.contains("mac") ? "macosx" : "linux") + "-" + architecture();
        try (InputStream content = SSLImpl.class.getResourceAsStream("/" + folder + "/" + name)) {
            if (content == null) {
                throw new UnsatisfiedLinkError("wildfly-openssl has no native library for " + folder);
            }
            Path library = Files.createTempDirectory("qssl-openssl").resolve(name);
            Files.copy(content, library);
            return library;
        } catch (IOException unwritable) {
            throw new UncheckedIOException("wildfly-openssl's native library cannot be unpacked", unwritable);
        }
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    /** Deletes the file, at once where a loaded library can be deleted, else when the process ends. */
    static void discard(Path library) {
        try {
            Files.deleteIfExists(library);
            Files.deleteIfExists(library.getParent());
        } catch (IOException inUse) {
            library.getParent().toFile().deleteOnExit();
            library.toFile().deleteOnExit();
        }
    }
}
