package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order OpenSSL is looked for. */
class LibrarySearchTest {

    @TempDir
    private Path directory;

    private static LibrarySearch search(Map<String, String> properties) {
        return new LibrarySearch(name -> properties.getOrDefault(name, name.equals("os.name") ? "Linux" : ""));
    }

    private LibraryFiles pair(String ssl, String crypto) throws IOException {
        return new LibraryFiles(file(ssl), file(crypto));
    }

    private Path file(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.exists(file) ? file : Files.createFile(file);
    }

    @Test
    void inOneDirectory_theNewestKnownComesFirstAndTheUnknownLast() throws Exception {
        LibraryFiles unversioned = pair("libssl.so", "libcrypto.so");
        LibraryFiles old = pair("libssl.so.1.1", "libcrypto.so.1.1");
        LibraryFiles current = pair("libssl.so.3", "libcrypto.so.3");
        LibraryFiles unknown = pair("libssl.so.4", "libcrypto.so.4");

        assertThat(search(Map.of("org.wildfly.openssl.path", directory.toString()))
                        .candidates())
                .containsExactly(current, old, unversioned, unknown);
    }

    @Test
    void librariesOfDifferentVersions_areNoPair() throws Exception {
        file("libssl.so.3");
        file("libcrypto.so.1.1");

        assertThat(search(Map.of("org.wildfly.openssl.path", directory.toString()))
                        .candidates())
                .isEmpty();
    }

    @Test
    void libraryOfNss_isNone() throws Exception {
        file("libssl3.so");
        file("libcrypto.so.3");

        assertThat(search(Map.of("org.wildfly.openssl.path", directory.toString()))
                        .candidates())
                .isEmpty();
    }

    @Test
    void ownProperties_comeBeforeThoseOfWildfly() throws Exception {
        LibraryFiles own = pair("libssl.so.3", "libcrypto.so.3");
        LibraryFiles wildflys = pair("libssl.so.1.1", "libcrypto.so.1.1");

        assertThat(search(Map.of(
                                LibrarySearch.SSL,
                                own.ssl().toString(),
                                LibrarySearch.CRYPTO,
                                own.crypto().toString(),
                                "org.wildfly.openssl.path.ssl",
                                wildflys.ssl().toString(),
                                "org.wildfly.openssl.path.crypto",
                                wildflys.crypto().toString()))
                        .candidates())
                .containsExactly(own);
        assertThat(search(Map.of(
                                "org.wildfly.openssl.path.ssl", wildflys.ssl().toString(),
                                "org.wildfly.openssl.path.crypto",
                                        wildflys.crypto().toString()))
                        .candidates())
                .containsExactly(wildflys);
    }

    @Test
    void namedFileThatIsMissing_isNotReplaced() throws Exception {
        Path crypto = file("libcrypto.so.3");

        assertThatThrownBy(() -> search(Map.of(
                                LibrarySearch.SSL,
                                directory.resolve("libssl.so.3").toString(),
                                LibrarySearch.CRYPTO,
                                crypto.toString()))
                        .candidates())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(LibrarySearch.SSL);
    }

    @Test
    void whatIsNoNameOfAFile_isSaidOrPassedOver() throws Exception {
        String impossible = "\0";

        assertThatThrownBy(() -> search(Map.of(LibrarySearch.SSL, impossible, LibrarySearch.CRYPTO, impossible))
                        .candidates())
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(LibrarySearch.SSL);
        assertThat(search(Map.of("org.wildfly.openssl.path", impossible)).candidates())
                .isEmpty();
    }

    @Test
    void withoutProperties_theDirectoriesOfTheSystemAreLookedAt() {
        assertThat(search(Map.of("os.arch", "aarch64")).directories())
                .startsWith(Path.of("/usr/lib/aarch64-linux-gnu"))
                .contains(Path.of("/usr/lib64"), Path.of("/usr/lib"));
        assertThat(search(Map.of("os.name", "Mac OS X")).directories())
                .startsWith(Path.of("/opt/homebrew/opt/openssl@3/lib"))
                .doesNotContain(Path.of("/usr/lib")); // what lies there ends the process that loads it
    }
}
