package dev.qssl.benchmarks.programs;

import dev.qssl.spi.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/** A server's chain and key and a client's authority as files that only this user can read, as long as it is open. */
final class PemFiles implements AutoCloseable {

    private final Path directory;

    private PemFiles(Path directory) {
        this.directory = directory;
    }

    static PemFiles of(Identity server, X509Certificate authority) throws IOException {
        PemFiles files = new PemFiles(Files.createTempDirectory("qssl-benchmarks-"));
        try {
            StringBuilder chain = new StringBuilder();
            for (X509Certificate certificate : server.chain()) {
                chain.append(pem("CERTIFICATE", certificate.getEncoded()));
            }
            Files.writeString(files.chain(), chain);
            Files.writeString(files.key(), pem("PRIVATE KEY", server.key().getEncoded()));
            Files.writeString(files.authority(), pem("CERTIFICATE", authority.getEncoded()));
            return files;
        } catch (CertificateEncodingException | IOException e) {
            files.close();
            throw new IOException("the certificates cannot be written: " + e.getMessage(), e);
        }
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    Path chain() {
        return directory.resolve("chain.pem");
    }

    Path key() {
        return directory.resolve("key.pem");
    }

    Path authority() {
        return directory.resolve("authority.pem");
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(chain());
        Files.deleteIfExists(key());
        Files.deleteIfExists(authority());
        Files.delete(directory);
    }
}
