package dev.qssl.spi.x509;

import java.io.File;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Finds the authorities that a machine trusts. {@link CaStore#system} says where it looks. */
final class SystemAuthorities {

    private static final Logger LOGGER = System.getLogger("dev.qssl");

    private static final List<String> BUNDLES = List.of(
            "etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine, Arch, Gentoo
            "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // Fedora, RHEL
            "etc/pki/tls/certs/ca-bundle.crt", // older Fedora, RHEL
            "etc/ssl/ca-bundle.pem", // openSUSE
            "usr/local/share/certs/ca-root-nss.crt", // FreeBSD
            "usr/local/etc/ssl/cert.pem", // FreeBSD
            "etc/ssl/cert.pem"); // Alpine, OpenBSD, macOS

    private static final List<String> DIRECTORIES = List.of(
            "etc/ssl/certs", // SUSE, Debian
            "etc/pki/tls/certs", // Fedora, RHEL
            "usr/share/certs/trusted"); // FreeBSD

    private static final @Nullable KeyStore RUNTIMES_DEFAULT = null;

    /** Far beyond any bundle (they hold a quarter of a megabyte), so that a wrong path cannot exhaust the memory. */
    private static final long MAXIMUM_FILE_BYTES = 16 << 20;

    private final Map<String, String> environment;
    private final Path root;

    /**
     * @param environment the process's environment variables
     * @param root what the paths of distributions start from
     */
    SystemAuthorities(Map<String, String> environment, Path root) {
        this.environment = environment;
        this.root = root;
    }

    static SystemAuthorities ofThisMachine() {
        return new SystemAuthorities(System.getenv(), Path.of("/"));
    }

    /** {@return the authorities, without duplicates} */
    Collection<X509Certificate> load() {
        if (System.getProperty("javax.net.ssl.trustStore") != null) {
            return ofTrustStoreProperty();
        }
        String file = environment.getOrDefault("SSL_CERT_FILE", "");
        String directories = environment.getOrDefault("SSL_CERT_DIR", "");
        if (!file.isEmpty() || !directories.isEmpty()) {
            return ofEnvironment(file, directories);
        }
        for (String store : platformStores()) {
            Set<X509Certificate> found = ofKeyStore(store);
            if (!found.isEmpty()) {
                return found;
            }
        }
        for (String bundle : BUNDLES) {
            Set<X509Certificate> found = ofFile(root.resolve(bundle));
            if (!found.isEmpty()) {
                return found;
            }
        }
        for (String directory : DIRECTORIES) {
            Set<X509Certificate> found = ofDirectory(root.resolve(directory));
            if (!found.isEmpty()) {
                return found;
            }
        }
        return ofJavaRuntime();
    }

    /** The runtime itself knows how to read what its property names. */
    private static Set<X509Certificate> ofTrustStoreProperty() {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(RUNTIMES_DEFAULT);
            Set<X509Certificate> found = new LinkedHashSet<>();
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509TrustManager x509) {
                    Collections.addAll(found, x509.getAcceptedIssuers());
                }
            }
            return found;
        } catch (GeneralSecurityException | RuntimeException unreadable) {
            LOGGER.log(
                    Level.WARNING,
                    "the store named by javax.net.ssl.trustStore cannot be read: no authority is trusted",
                    unreadable);
            return Set.of();
        }
    }

    private static Set<X509Certificate> ofEnvironment(String file, String directories) {
        Set<X509Certificate> found = new LinkedHashSet<>();
        paths(List.of(file)).forEach(path -> found.addAll(ofFile(path)));
        paths(List.of(directories.split(File.pathSeparator))).forEach(path -> found.addAll(ofDirectory(path)));
        if (found.isEmpty()) {
            LOGGER.log(
                    Level.WARNING,
                    "SSL_CERT_FILE and SSL_CERT_DIR name no certificate that can be read: no authority is trusted");
        }
        return found;
    }

    /** {@return the paths} Nothing between two separators is no path: to Java it would be the working directory. */
    static List<Path> paths(List<String> texts) {
        List<Path> paths = new ArrayList<>();
        for (String text : texts) {
            try {
                if (!text.isEmpty()) {
                    paths.add(Path.of(text));
                }
            } catch (InvalidPathException none) {
                LOGGER.log(Level.WARNING, "SSL_CERT_FILE or SSL_CERT_DIR is no path: " + none.getReason());
            }
        }
        return paths;
    }

    private static List<String> platformStores() {
        String operatingSystem = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (operatingSystem.startsWith("windows")) {
            return List.of("Windows-ROOT");
        }
        // KeychainStore-ROOT came with JDK 23; before, only what users and administrators added can be had.
        return operatingSystem.startsWith("mac") ? List.of("KeychainStore-ROOT") : List.of();
    }

    private static Set<X509Certificate> ofFile(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                return Set.of();
            }
            if (Files.size(file) > MAXIMUM_FILE_BYTES) {
                throw new IOException("it has more than " + MAXIMUM_FILE_BYTES + " bytes");
            }
            byte[] content = Files.readAllBytes(file);
            List<X509Certificate> certificates = CertificateReader.pem(content);
            return new LinkedHashSet<>(certificates.isEmpty() ? CertificateReader.der(content) : certificates);
        } catch (IOException unreadable) {
            LOGGER.log(Level.WARNING, "cannot read authorities from " + file, unreadable);
            return Set.of();
        }
    }

    private static Set<X509Certificate> ofDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Set.of();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(directory)) {
            all.sorted().forEach(files::add);
        } catch (IOException unreadable) {
            LOGGER.log(Level.WARNING, "cannot list authorities in " + directory, unreadable);
        }
        Set<X509Certificate> found = new LinkedHashSet<>();
        files.forEach(file -> found.addAll(ofFile(file)));
        return found;
    }

    private static Set<X509Certificate> ofKeyStore(String type) {
        try {
            KeyStore store = KeyStore.getInstance(type);
            store.load(null, null);
            return certificatesOf(store);
        } catch (GeneralSecurityException | IOException unavailable) {
            LOGGER.log(Level.WARNING, "cannot read authorities from the key store " + type, unavailable);
            return Set.of();
        }
    }

    private static Set<X509Certificate> ofJavaRuntime() {
        Path file = Path.of(System.getProperty("java.home", ""), "lib", "security", "cacerts");
        // A PKCS #12 store encrypted with the well-known password of this file gives no certificate without it.
        for (String password : List.of("", "changeit")) {
            try {
                KeyStore store =
                        KeyStore.getInstance(file.toFile(), password.isEmpty() ? new char[0] : password.toCharArray());
                Set<X509Certificate> found = certificatesOf(store);
                if (!found.isEmpty()) {
                    return found;
                }
            } catch (GeneralSecurityException | IOException | IllegalArgumentException unreadable) {
                LOGGER.log(Level.DEBUG, "cannot read " + file, unreadable);
            }
        }
        LOGGER.log(Level.WARNING, "neither the system nor the Java runtime has a readable list of authorities");
        return Set.of();
    }

    private static Set<X509Certificate> certificatesOf(KeyStore store) throws GeneralSecurityException {
        Set<X509Certificate> found = new LinkedHashSet<>();
        for (String alias : Collections.list(store.aliases())) {
            Certificate certificate = store.isCertificateEntry(alias) ? store.getCertificate(alias) : null;
            if (certificate instanceof X509Certificate x509) {
                found.add(x509);
            }
        }
        return found;
    }
}
