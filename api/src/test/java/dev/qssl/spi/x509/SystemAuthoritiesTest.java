package dev.qssl.spi.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the authorities of a machine are looked for, and in which order. */
final class SystemAuthoritiesTest {

    private static X509Certificate first;
    private static X509Certificate second;

    @TempDir
    private Path root;

    @BeforeAll
    static void takeTwoOfTheRuntimesAuthorities() {
        // Below an empty root there is no bundle, so the runtime's own are what is left.
        Iterator<X509Certificate> authorities =
                new SystemAuthorities(Map.of(), Path.of("/nonexistent")).load().iterator();
        first = authorities.next();
        second = authorities.next();
    }

    @Test
    void bundleOfTheDistribution_isRead() throws Exception {
        write("etc/pki/tls/certs/ca-bundle.crt", pem(first) + "# a comment\n" + pem(second));

        assertThat(load(Map.of())).containsExactly(first, second);
    }

    @Test
    void debiansBundle_comesBeforeOthers() throws Exception {
        write("etc/ssl/cert.pem", pem(second));
        write("etc/ssl/certs/ca-certificates.crt", pem(first));

        assertThat(load(Map.of())).containsExactly(first);
    }

    @Test
    void directoryOfTheDistribution_isReadIfThereIsNoBundle() throws Exception {
        write("etc/ssl/certs/b.pem", pem(second));
        write("etc/ssl/certs/a.crt", pem(first));
        write("etc/ssl/certs/readme.txt", "no certificate");

        assertThat(load(Map.of())).containsExactly(first, second);
    }

    @Test
    void environment_replacesTheDistributionsBundle() throws Exception {
        write("etc/ssl/certs/ca-certificates.crt", pem(first));
        Path own = write("own.pem", pem(second));

        assertThat(load(Map.of("SSL_CERT_FILE", own.toString()))).containsExactly(second);
    }

    @Test
    void environmentThatNamesNothing_trustsNobody() throws Exception {
        write("etc/ssl/certs/ca-certificates.crt", pem(first));

        assertThat(load(Map.of("SSL_CERT_FILE", root.resolve("absent").toString())))
                .isEmpty();
    }

    @Test
    void environmentsFileAndDirectory_addUp() throws Exception {
        Path file = write("file.pem", pem(first));
        Path directory = write("directory/a.der", second.getEncoded()).getParent();

        assertThat(load(Map.of("SSL_CERT_FILE", file.toString(), "SSL_CERT_DIR", String.valueOf(directory))))
                .containsExactly(first, second);
    }

    @Test
    void emptyPartOfTheList_isNotTheWorkingDirectory() {
        assertThat(SystemAuthorities.paths(List.of("", "a", "", "b"))).containsExactly(Path.of("a"), Path.of("b"));
        assertThat(load(Map.of("SSL_CERT_FILE", "\0", "SSL_CERT_DIR", File.pathSeparator)))
                .isEmpty();
    }

    @Test
    void emptyVariables_countAsUnset() throws Exception {
        write("etc/ssl/certs/ca-certificates.crt", pem(first));

        assertThat(load(Map.of("SSL_CERT_FILE", "", "SSL_CERT_DIR", ""))).containsExactly(first);
    }

    private List<X509Certificate> load(Map<String, String> environment) {
        return List.copyOf(new SystemAuthorities(environment, root).load());
    }

    private Path write(String path, String content) throws IOException {
        return write(path, content.getBytes(StandardCharsets.US_ASCII));
    }

    private Path write(String path, byte[] content) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static String pem(X509Certificate certificate) throws CertificateEncodingException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
