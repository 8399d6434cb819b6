package dev.qssl.internal.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.Availability;
import dev.qssl.spi.Availability.Unavailable;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How backends are found: one that fails hides no other, and each keeps its reason. */
class BackendDiscoveryTest {

    @TempDir
    private Path directory;

    @Test
    void brokenProviders_areKeptWithTheirReasonAndHideNoOther() throws IOException {
        List<FoundBackend> found = search(
                "no.such.Provider",
                ThrowingProvider.class.getName(),
                UninitialisableProvider.class.getName(),
                ShoutingProvider.class.getName(),
                GoodProvider.class.getName(),
                CopyingProvider.class.getName());

        assertThat(found.stream().filter(FoundBackend::isAvailable))
                .extracting(FoundBackend::name)
                .containsExactly("good");
        assertReason(found, "unknown", "no.such.Provider");
        assertReason(found, ThrowingProvider.class.getName(), "the constructor does too much");
        assertReason(found, UninitialisableProvider.class.getName(), "NoClassDefFoundError");
        assertReason(found, ShoutingProvider.class.getName(), "\"GOOD\"");
        assertReason(found, CopyingProvider.class.getName(), "another backend has the name good");
    }

    @Test
    void malformedServicesFile_isKeptAsReason() throws IOException {
        List<FoundBackend> found = search("this is not a class name", GoodProvider.class.getName());

        assertReason(found, "unknown", "ServiceConfigurationError");
    }

    @Test
    void sameProviderInTwoLoaders_isFoundOnce() throws IOException {
        try (URLClassLoader first = loader(GoodProvider.class.getName());
                URLClassLoader second =
                        new URLClassLoader(first.getURLs(), getClass().getClassLoader())) {
            assertThat(BackendDiscovery.search(List.of(first, second)))
                    .extracting(FoundBackend::name)
                    .containsExactly("good");
        }
    }

    @Test
    void classLoaderThatAlwaysFails_endsTheSearch() {
        ClassLoader broken = new ClassLoader(getClass().getClassLoader()) {
            @Override
            public Enumeration<URL> getResources(String name) throws IOException {
                throw new IOException("disk on fire");
            }
        };

        List<FoundBackend> found = BackendDiscovery.search(List.of(broken));

        assertThat(found).hasSize(1);
        assertReason(found, "unknown", "disk on fire");
    }

    @Test
    void providerOnTheClassPath_isFoundLazilyAndOnce() throws IOException {
        try (URLClassLoader loader = loader(GoodProvider.class.getName())) {
            int[] searches = new int[1];
            Backends backends = new Backends(new BackendEnvironment(
                    () -> {
                        searches[0]++;
                        return List.of(loader);
                    },
                    name -> Optional.empty(),
                    name -> Optional.empty()));
            assertThat(searches[0]).isZero();

            assertThat(backends.availableBackends()).containsExactly("good", "cert-only");
            assertThat(backends.activeBackend()).isEqualTo("good");
            assertThat(searches[0]).isEqualTo(1);
        }
    }

    private List<FoundBackend> search(String... providers) throws IOException {
        try (URLClassLoader loader = loader(providers)) {
            return BackendDiscovery.search(List.of(loader));
        }
    }

    private URLClassLoader loader(String... providers) throws IOException {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.write(services.resolve(TlsBackend.class.getName()), List.of(providers));
        return new URLClassLoader(
                Stream.of(directory.toUri()).map(BackendDiscoveryTest::url).toArray(URL[]::new),
                getClass().getClassLoader());
    }

    private static URL url(java.net.URI uri) {
        try {
            return uri.toURL();
        } catch (java.net.MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void assertReason(List<FoundBackend> found, String name, String text) {
        assertThat(found)
                .filteredOn(backend -> backend.name().equals(name))
                .singleElement()
                .extracting(FoundBackend::availability)
                .isInstanceOfSatisfying(
                        Unavailable.class, why -> assertThat(why.reason()).contains(text));
    }

    /** A provider with an answer to everything. */
    public abstract static class Provider implements TlsBackend {

        /** Does nothing. */
        protected Provider() {}

        @Override
        public String name() {
            return "good";
        }

        @Override
        public Availability availability() {
            return new Availability.Available(1, "good", "good", Optional.empty());
        }

        @Override
        public Capabilities capabilities() {
            return Capabilities.builder().build();
        }

        @Override
        public TlsContext newContext(ContextSettings settings) {
            throw new UnsupportedOperationException();
        }
    }

    /** Works. */
    public static final class GoodProvider extends Provider {

        /** Does nothing. */
        public GoodProvider() {}
    }

    /** Has the name of another one. */
    public static final class CopyingProvider extends Provider {

        /** Does nothing. */
        public CopyingProvider() {}
    }

    /** Cannot be made. */
    public static final class ThrowingProvider extends Provider {

        /** Throws. */
        public ThrowingProvider() {
            throw new IllegalStateException("the constructor does too much");
        }
    }

    /** Its library is missing. */
    public static final class UninitialisableProvider extends Provider {

        /** Throws what the virtual machine throws if a library's class is missing. */
        public UninitialisableProvider() {
            throw new NoClassDefFoundError("org/missing/Library");
        }
    }

    /** Has a name that is none. */
    public static final class ShoutingProvider extends Provider {

        /** Does nothing. */
        public ShoutingProvider() {}

        @Override
        public String name() {
            return "GOOD";
        }
    }
}
