package dev.qssl.cli;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Reads certificates, keys and secrets that options name; each failure says which option and what was wrong. */
final class Credentials {

    /** Larger than any bundle of authorities. */
    private static final long MAXIMUM_FILE_BYTES = 64L << 20;

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
        List<QSslCertificate> chain = certificates("--cert", file);
        configuration.setLocalCertificateChain(chain);
        configuration.setPrivateKey(key(options, file, chain.get(0)));
    }

    private static QSslKey key(IdentityOptions options, Path certificateFile, QSslCertificate certificate)
            throws CommandFailure {
        Path file = options.key.orElse(certificateFile);
        byte[] passPhrase = utf8(options.keyPass);
        QSslKey key;
        try {
            key = QSslKey.read(read("--key", file), passPhrase);
        } catch (IOException e) {
            throw CommandFailure.usage(
                    options.key.isPresent()
                            ? "--key " + file + ": " + e.getMessage()
                            : "--cert " + file + ": it holds no usable private key (" + e.getMessage()
                                    + "); name the key's file with --key FILE");
        } finally {
            Arrays.fill(passPhrase, (byte) 0);
        }
        if (key.toPrivateKey().isEmpty()) {
            throw CommandFailure.usage("--key " + file + ": this is a public key; the private one is needed");
        }
        if (key.algorithm() != certificate.publicKey().algorithm()) {
            throw CommandFailure.usage("--key " + file + ": the key is for " + key.algorithm()
                    + ", but the certificate " + certificate.subjectDisplayName() + " has one for "
                    + certificate.publicKey().algorithm());
        }
        return key;
    }

    /** {@return every certificate in the files, at least one in each} */
    static List<QSslCertificate> certificates(String option, List<Path> files) throws CommandFailure {
        List<QSslCertificate> all = new ArrayList<>();
        for (Path file : files) {
            all.addAll(certificates(option, file));
        }
        return all;
    }

    private static List<QSslCertificate> certificates(String option, Path file) throws CommandFailure {
        byte[] bytes = read(option, file);
        try {
            return QSslCertificate.read(bytes);
        } catch (IOException e) {
            throw CommandFailure.usage(option + " " + file + ": " + e.getMessage());
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

    /** {@return the pre-shared key of the options, for the caller to wipe} */
    static byte[] psk(IdentityOptions options) throws CommandFailure {
        try {
            byte[] key = HexFormat.of().parseHex(CharBuffer.wrap(options.psk));
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
