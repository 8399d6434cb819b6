package dev.qssl.cli;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslCertificate.Pkcs12Contents;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.DerReader;
import dev.qssl.spi.x509.EncodingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Reads certificates, keys and secrets that options name; each failure says which option and what was wrong. */
final class Credentials {

    /** Larger than any bundle of authorities. */
    private static final long MAXIMUM_FILE_BYTES = 64L << 20;

    private static final int DER_INTEGER = 0x02;
    private static final int DER_SEQUENCE = 0x30;
    private static final int PKCS12_VERSION = 3;

    private Credentials() {}

    /** Has the configuration show the certificate of the options, if there is one. */
    static void show(QSslConfiguration configuration, IdentityOptions options) throws CommandFailure {
        if (options.certificate.isEmpty()) {
            if (options.key.isPresent()) {
                throw CommandFailure.usage("--key: a key is of no use without its certificate; add --cert FILE");
            }
            return;
        }
        Path file = options.certificate.get();
        byte[] passPhrase = utf8(options.keyPass);
        try {
            byte[] content = read("--cert", file);
            if (options.key.isEmpty() && isPkcs12(content)) {
                showPkcs12(configuration, file, content, passPhrase);
                return;
            }
            List<QSslCertificate> chain = certificates("--cert", file, content);
            configuration.setLocalCertificateChain(chain);
            configuration.setPrivateKey(key(options, content, chain.get(0), passPhrase));
        } finally {
            Arrays.fill(passPhrase, (byte) 0);
        }
    }

    private static void showPkcs12(QSslConfiguration configuration, Path file, byte[] content, byte[] passPhrase)
            throws CommandFailure {
        try {
            Pkcs12Contents contents = QSslCertificate.readPkcs12(content, passPhrase);
            if (contents.certificate().isNull()) {
                throw CommandFailure.usage("--cert " + file + ": it holds no certificate for its private key");
            }
            List<QSslCertificate> chain = new ArrayList<>(List.of(contents.certificate()));
            chain.addAll(contents.caCertificates());
            configuration.setLocalCertificateChain(chain);
            configuration.setPrivateKey(contents.key());
        } catch (IOException e) {
            throw CommandFailure.usage(
                    "--cert " + file + ": " + e.getMessage() + "; its pass phrase is named by --key-pass");
        }
    }

    private static QSslKey key(
            IdentityOptions options, byte[] certificateContent, QSslCertificate certificate, byte[] passPhrase)
            throws CommandFailure {
        Path file = options.key.or(() -> options.certificate).orElseThrow();
        // What was read is not read again: a pipe gives it once.
        byte[] content = options.key.isPresent() ? read("--key", file) : certificateContent;
        QSslKey key;
        try {
            key = QSslKey.read(content, passPhrase);
        } catch (IOException e) {
            String advice = String.valueOf(e.getMessage()).contains("pass phrase") ? "; name it with --key-pass" : "";
            throw CommandFailure.usage(
                    options.key.isPresent() || !advice.isEmpty()
                            ? "--key " + file + ": " + explain(content, e) + advice
                            : "--cert " + file + ": it holds no usable private key (" + e.getMessage()
                                    + "); name the key's file with --key FILE");
        }
        requireFit(file, key, certificate);
        return key;
    }

    private static void requireFit(Path file, QSslKey key, QSslCertificate certificate) throws CommandFailure {
        String who = "--key " + file + ": ";
        if (key.toPrivateKey().isEmpty()) {
            throw CommandFailure.usage(who + "this is a public key; the private one is needed");
        }
        String subject = certificate.subjectDisplayName();
        if (key.algorithm() != certificate.publicKey().algorithm()) {
            throw CommandFailure.usage(who + "the key is for " + key.algorithm() + ", but the certificate " + subject
                    + " has one for " + certificate.publicKey().algorithm());
        }
        try {
            List<X509Certificate> chain = certificate.x509().stream().toList();
            if (!new Identity(chain, key.toPrivateKey().get()).keyFitsCertificate()) {
                throw CommandFailure.usage(who + "this key does not belong to the certificate " + subject);
            }
        } catch (GeneralSecurityException e) {
            throw CommandFailure.usage(who + "the key cannot sign: " + e.getMessage());
        }
    }

    /** {@return every certificate in the files, at least one in each} */
    static List<QSslCertificate> certificates(String option, List<Path> files) throws CommandFailure {
        List<QSslCertificate> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(certificates(option, file, read(option, file)));
        }
        return all;
    }

    private static List<QSslCertificate> certificates(String option, Path file, byte[] bytes) throws CommandFailure {
        try {
            return QSslCertificate.read(bytes);
        } catch (IOException e) {
            String advice = isPkcs12(bytes)
                    ? "; its certificates are written to a PEM file by: openssl pkcs12 -in " + file
                            + " -nokeys -out certificates.pem"
                    : "";
            throw CommandFailure.usage(option + " " + file + ": " + explain(bytes, e) + advice);
        }
    }

    /** {@return what is wrong with the contents of a file} */
    private static String explain(byte[] content, IOException problem) {
        if (content.length == 0) {
            return "the file is empty";
        }
        if (isPkcs12(content)) {
            return "this is a PKCS #12 file";
        }
        return isPemOrDer(content) ? String.valueOf(problem.getMessage()) : "this is neither PEM nor DER";
    }

    // DER begins with a sequence, PEM has a line that says so.
    private static boolean isPemOrDer(byte[] content) {
        return content[0] == DER_SEQUENCE || new String(content, StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
    }

    /** {@return whether it begins as one: a sequence of version 3, and more (RFC 7292, section 4)} */
    private static boolean isPkcs12(byte[] content) {
        try {
            DerReader fields = new DerReader(content).sequence();
            return fields.isNext(DER_INTEGER) && fields.integer(PKCS12_VERSION) == PKCS12_VERSION;
        } catch (EncodingException e) {
            return false;
        }
    }

    /** {@return the contents of a file} */
    static byte[] read(String option, Path file) throws CommandFailure {
        try {
            if (Files.isDirectory(file)) {
                throw CommandFailure.usage(option + " " + file + ": this is a directory, not a file");
            }
            if (Files.size(file) > MAXIMUM_FILE_BYTES) {
                throw CommandFailure.usage(option + " " + file + ": it is larger than 64 MiB");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw CommandFailure.usage(option + " " + file + ": there is no such file");
        } catch (AccessDeniedException e) {
            throw CommandFailure.usage(option + " " + file + ": permission denied");
        } catch (IOException e) {
            throw CommandFailure.usage(option + " " + file + ": " + e.getMessage());
        }
    }

    /** {@return the pre-shared key of the options; empty if there is none} */
    static byte[] psk(IdentityOptions options) throws CommandFailure {
        char[] text = options.psk;
        if (text == null) {
            if (options.pskIdentity.isPresent()) {
                throw CommandFailure.usage("--psk-identity: an identity is of no use without its key; add --psk HEX");
            }
            return new byte[0];
        }
        try {
            byte[] key = HexFormat.of().parseHex(CharBuffer.wrap(text));
            if (key.length == 0) {
                throw CommandFailure.usage("--psk: the key is empty");
            }
            return key;
        } catch (IllegalArgumentException e) {
            // The exception's text holds the key.
            throw CommandFailure.usage("--psk: the key must be pairs of hexadecimal digits, such as 00112233aabbccdd");
        }
    }

    private static byte[] utf8(char[] text) {
        ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(text));
        byte[] exact = new byte[encoded.remaining()];
        encoded.get(exact);
        encoded.rewind();
        while (encoded.hasRemaining()) {
            encoded.put((byte) 0);
        }
        return exact;
    }
}
