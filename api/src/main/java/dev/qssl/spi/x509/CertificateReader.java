package dev.qssl.spi.x509;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads certificates from the contents of a file: PEM, or DER one after the other. Goes through the shared table. */
public final class CertificateReader {

    private static final Set<String> LABELS = Set.of("CERTIFICATE", "X509 CERTIFICATE");

    /** Shorter than any key with a signature on it. */
    private static final int MINIMUM_BYTES = 64;

    private CertificateReader() {}

    /**
     * {@return every certificate of a file, in order; at least one}
     *
     * @param file its contents: PEM or DER
     * @throws EncodingException if there is none, or one cannot be read; tells which and why
     */
    public static List<X509Certificate> read(byte[] file) throws EncodingException {
        List<X509Certificate> certificates = new ArrayList<>();
        if (!Pem.looksLikePem(file)) {
            DerReader reader = new DerReader(file);
            do {
                certificates.add(numbered(reader.element(), certificates.size() + 1));
            } while (reader.hasMore());
            return List.copyOf(certificates);
        }
        List<Pem.Block> blocks = Pem.requireBlocks(file);
        for (Pem.Block block : blocks) {
            if (LABELS.contains(block.label())) {
                certificates.add(numbered(block.content(), certificates.size() + 1));
            }
        }
        if (certificates.isEmpty()) {
            List<String> labels =
                    blocks.stream().map(Pem.Block::label).distinct().limit(4).toList();
            throw new EncodingException("expected a certificate, found PEM blocks of " + labels);
        }
        return List.copyOf(certificates);
    }

    /**
     * {@return the certificates of a PEM text, in order} Skips other text, and blocks that cannot be read.
     *
     * @param text the file's bytes
     */
    public static List<X509Certificate> pem(byte[] text) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Pem.Block block : Pem.blocks(text)) {
            if (LABELS.contains(block.label())) {
                addIfReadable(certificates, block.content());
            }
        }
        return List.copyOf(certificates);
    }

    /**
     * {@return the certificates in DER, one after the other, up to the first that cannot be read}
     *
     * @param der the file's bytes
     */
    public static List<X509Certificate> der(byte[] der) {
        List<X509Certificate> certificates = new ArrayList<>();
        DerReader reader = new DerReader(der);
        try {
            while (reader.hasMore() && addIfReadable(certificates, reader.element())) {}
        } catch (EncodingException end) {
            return List.copyOf(certificates);
        }
        return List.copyOf(certificates);
    }

    // Not worth an exception each: a file may hold many thousands of them.
    private static boolean addIfReadable(List<X509Certificate> certificates, byte[] der) {
        if (der.length < MINIMUM_BYTES) {
            return false;
        }
        try {
            return certificates.add(CertificateTable.shared().parse(der));
        } catch (EncodingException unreadable) {
            return false;
        }
    }

    private static X509Certificate numbered(byte[] der, int number) throws EncodingException {
        try {
            return CertificateTable.shared().parse(der);
        } catch (EncodingException unreadable) {
            throw new EncodingException("certificate " + number + ": " + unreadable.getMessage(), unreadable);
        }
    }
}
