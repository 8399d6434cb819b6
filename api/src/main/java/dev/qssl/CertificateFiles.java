package dev.qssl;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.PatternSyntax;
import dev.qssl.internal.FilePattern;
import dev.qssl.spi.x509.CertificateReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates in files and in what files hold, read the way Qt does: what cannot be read is left out. */
final class CertificateFiles {

    /** Larger than any bundle of authorities; larger files are no certificate files. */
    private static final long MAXIMUM_FILE_BYTES = 64L << 20;

    private CertificateFiles() {}

    /** {@return the certificates of all files that a path means, in the order of their paths} */
    static List<X509Certificate> read(String path, EncodingFormat format, PatternSyntax syntax) {
        List<X509Certificate> found = new ArrayList<>();
        for (Path file : FilePattern.find(path, syntax)) {
            found.addAll(read(file, format));
        }
        return found;
    }

    /** {@return the certificates of a file; none if it cannot be read} */
    static List<X509Certificate> read(Path file, EncodingFormat format) {
        try {
            return Files.size(file) > MAXIMUM_FILE_BYTES ? List.of() : parse(Files.readAllBytes(file), format);
        } catch (IOException unreadable) {
            return List.of();
        }
    }

    /** {@return the certificates of the data, in order} */
    static List<X509Certificate> parse(byte[] data, EncodingFormat format) {
        return switch (format) {
            case PEM -> CertificateReader.pem(data);
            case DER -> CertificateReader.der(data);
        };
    }
}
