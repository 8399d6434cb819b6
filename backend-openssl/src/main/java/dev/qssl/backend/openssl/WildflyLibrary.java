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

    private final Path directory;
    private final Path file;

    private WildflyLibrary(Path directory, Path file) {
        this.directory = directory;
        this.file = file;
    }

    /**
     * Copies the library into a private directory. One file serves one class loader only, so each has its own.
     *
     * @throws UnsatisfiedLinkError if there is none for this platform
     */
    static WildflyLibrary extract() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String name = os.startsWith("windows") ? "wfssl.dll" : os.contains("mac") ? "libwfssl.dylib" : "libwfssl.so";
        String folder =
                (os.startsWith("windows") ? "win" : os.contains("mac") ? "macosx" : "linux") + "-" + architecture();
        try (InputStream content = SSLImpl.class.getResourceAsStream("/" + folder + "/" + name)) {
            if (content == null) {
                throw new UnsatisfiedLinkError("wildfly-openssl has no native library for " + folder);
            }
            Path directory = Files.createTempDirectory("qssl-openssl");
            Files.copy(content, directory.resolve(name));
            return new WildflyLibrary(directory, directory.resolve(name));
        } catch (IOException unwritable) {
            throw new UncheckedIOException("wildfly-openssl's native library cannot be unpacked", unwritable);
        }
    }

    private static String architecture() {
        String name = System.getProperty("os.arch", "");
        return name.equals("amd64") ? "x86_64" : name;
    }

    /** {@return the file} */
    Path file() {
        return file;
    }

    /** Deletes the file, at once where a loaded library can be deleted, else when the process ends. */
    void discard() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        } catch (IOException inUse) {
            directory.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
        }
    }
}
