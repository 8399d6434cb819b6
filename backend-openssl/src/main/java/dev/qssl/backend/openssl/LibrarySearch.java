package dev.qssl.backend.openssl;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Where OpenSSL may be: the two files named by our own system properties, else those named by wildfly-openssl's, else its
 * directory, else the places where systems keep it. In one directory the newest comes first.
 *
 * <p>Both libraries are always taken from one directory with one suffix: a libssl crashes on the libcrypto of another version.
 */
final class LibrarySearch {

    /** System property: the path of libssl. */
    static final String SSL = "qssl.openssl.ssl";

    /** System property: the path of libcrypto. */
    static final String CRYPTO = "qssl.openssl.crypto";

    private static final String WILDFLY_DIRECTORY = "org.wildfly.openssl.path";
    private static final String WILDFLY_SSL = "org.wildfly.openssl.path.ssl";
    private static final String WILDFLY_CRYPTO = "org.wildfly.openssl.path.crypto";

    private static final Map<String, String> MULTIARCH = Map.of(
            "amd64", "x86_64-linux-gnu",
            "aarch64", "aarch64-linux-gnu",
            "ppc64le", "powerpc64le-linux-gnu",
            "s390x", "s390x-linux-gnu",
            "riscv64", "riscv64-linux-gnu");

    private final UnaryOperator<String> property;
    private final String os;

    /**
     * Creates a search.
     *
     * @param property gives a system property, or an empty string
     */
    LibrarySearch(UnaryOperator<String> property) {
        this.property = property;
        this.os = property.apply("os.name").toLowerCase(Locale.ROOT);
    }

    /** {@return the search of this process} */
    static LibrarySearch ofSystem() {
        return new LibrarySearch(name -> System.getProperty(name, ""));
    }

    /**
     * {@return what may be loaded, best first; only files that exist}
     *
     * @throws UnavailableException if the files that were named are not there: nothing else is taken in their place
     */
    List<LibraryFiles> candidates() throws UnavailableException {
        if (isSet(SSL) || isSet(CRYPTO)) {
            return List.of(named(SSL, CRYPTO));
        }
        if (isSet(WILDFLY_SSL) && isSet(WILDFLY_CRYPTO)) {
            return List.of(named(WILDFLY_SSL, WILDFLY_CRYPTO));
        }
        List<LibraryFiles> found = new ArrayList<>();
        directories().forEach(directory -> found.addAll(in(directory)));
        return found;
    }

    /** {@return the directories that are looked at, unless files are named} */
    List<Path> directories() {
        if (isSet(WILDFLY_DIRECTORY)) {
            return path(property.apply(WILDFLY_DIRECTORY)).stream().toList();
        }
        return places().flatMap(place -> path(place).stream()).toList();
    }

    /** What is in {@code PATH} need not be the name of anything, quotation marks for instance. */
    private static Optional<Path> path(String name) {
        try {
            return name.isEmpty() ? Optional.empty() : Optional.of(Path.of(name));
        } catch (InvalidPathException nothing) {
            return Optional.empty();
        }
    }

    private boolean isSet(String name) {
        return !property.apply(name).isEmpty();
    }

    private LibraryFiles named(String ssl, String crypto) throws UnavailableException {
        return new LibraryFiles(named(ssl), named(crypto));
    }

    private Path named(String name) throws UnavailableException {
        String value = property.apply(name);
        Optional<Path> file = path(value).filter(Files::isRegularFile);
        if (file.isEmpty()) {
            throw new UnavailableException(
                    value.isEmpty()
                            ? "of OpenSSL's two libraries only one is named: the system property " + name
                                    + " is not set"
                            : "the system property " + name + " names " + value + ", which is no file",
                    "set both " + SSL + " and " + CRYPTO + " to files of one OpenSSL, or neither");
        }
        return file.get().toAbsolutePath();
    }

    private List<LibraryFiles> in(Path directory) {
        List<LibraryFiles> found = new ArrayList<>();
        for (String pair : names()) {
            int between = pair.indexOf(' ');
            Path ssl = directory.resolve(pair.substring(0, between)).toAbsolutePath();
            Path crypto = directory.resolve(pair.substring(between + 1)).toAbsolutePath();
            if (Files.isRegularFile(ssl) && Files.isRegularFile(crypto)) {
                found.add(new LibraryFiles(ssl, crypto));
            }
        }
        return found;
    }

    // On Linux libssl3.so is of NSS, and no relative. Version 4 is there to be named when there is nothing else.
    private List<String> names() {
        if (isWindows()) {
            return List.of(
                    "libssl-3-x64.dll libcrypto-3-x64.dll",
                    "libssl-1_1-x64.dll libcrypto-1_1-x64.dll",
                    "libssl-4-x64.dll libcrypto-4-x64.dll");
        }
        if (isMac()) {
            return List.of(
                    "libssl.3.dylib libcrypto.3.dylib",
                    "libssl.1.1.dylib libcrypto.1.1.dylib",
                    "libssl.4.dylib libcrypto.4.dylib");
        }
        return List.of(
                "libssl.so.3 libcrypto.so.3",
                "libssl.so.1.1 libcrypto.so.1.1",
                "libssl.so libcrypto.so",
                "libssl.so.4 libcrypto.so.4");
    }

    private Stream<String> places() {
        if (isWindows()) {
            return Stream.concat(
                    Stream.of("C:\\Program Files\\OpenSSL-Win64\\bin"),
                    Stream.of(System.getenv().getOrDefault("PATH", "").split(java.io.File.pathSeparator)));
        }
        if (isMac()) {
            // What lies in /usr/lib ends the process that loads it.
            return Stream.of(
                    "/opt/homebrew/opt/openssl@3/lib",
                    "/usr/local/opt/openssl@3/lib",
                    "/opt/homebrew/lib",
                    "/usr/local/lib",
                    "/opt/local/lib");
        }
        String multiarch = MULTIARCH.getOrDefault(property.apply("os.arch"), "");
        return Stream.of(
                multiarch.isEmpty() ? "" : "/usr/lib/" + multiarch,
                multiarch.isEmpty() ? "" : "/lib/" + multiarch,
                "/usr/lib64",
                "/lib64",
                "/usr/lib",
                "/lib",
                "/usr/local/lib64",
                "/usr/local/lib",
                "/home/linuxbrew/.linuxbrew/opt/openssl@3/lib");
    }

    private boolean isWindows() {
        return os.startsWith("windows");
    }

    private boolean isMac() {
        return os.contains("mac");
    }
}
