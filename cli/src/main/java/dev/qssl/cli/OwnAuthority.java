package dev.qssl.cli;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.CertificateRecipe;
import dev.qssl.tck.fixture.PemDirectory;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An authority for one run of a server that was given no certificate. Its key never leaves this process; its certificate is
 * in a file as long as the server runs.
 */
final class OwnAuthority implements AutoCloseable {

    /** Longer than a server for trying things out runs, and short enough for every client's rules. */
    private static final Duration LIFE = Duration.ofDays(30);

    private static final Duration CLOCKS_DIFFER_BY = Duration.ofHours(1);

    private final Instant now = Instant.now();
    private final PemDirectory directory = PemDirectory.create();
    private final Identity root;
    private final Path rootFile;

    /** Makes an authority. */
    OwnAuthority() {
        root = valid(TestAuthority.shared()
                        .certificate("qssl serve, authority of one run")
                        .selfSigned()
                        .authority())
                .identity();
        rootFile = directory.certificates("ca.pem", List.of(root.certificate()));
    }

    private CertificateRecipe valid(CertificateRecipe recipe) {
        return recipe.valid(now.minus(CLOCKS_DIFFER_BY), now.plus(LIFE));
    }

    /** {@return the file with the authority's certificate, for clients to trust} */
    Path rootFile() {
        return rootFile;
    }

    /** {@return the authority's certificate} */
    QSslCertificate rootCertificate() {
        return QSslCertificate.of(root.certificate());
    }

    /** Gives the configuration a server's certificate for these names and addresses. */
    void certify(QSslConfiguration configuration, String... names) {
        Identity server =
                valid(TestAuthority.shared().serverRecipe(names).issuedBy(root)).identity();
        configuration.setLocalCertificateChain(
                server.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(server.key()));
    }

    /** {@return a file with a certificate for clients of this run, and its key} */
    Path clientFile() {
        Identity client = valid(
                        TestAuthority.shared().clientRecipe("qssl client").issuedBy(root))
                .identity();
        byte[] certificate = QSslCertificate.of(client.certificate()).toPem();
        byte[] key = QSslKey.fromPrivateKey(client.key()).toPem();
        String both = new String(certificate, StandardCharsets.US_ASCII) + new String(key, StandardCharsets.US_ASCII);
        return directory.bytes("client.pem", both.getBytes(StandardCharsets.US_ASCII));
    }

    /** Deletes the files. */
    @Override
    public void close() {
        directory.close();
    }
}
