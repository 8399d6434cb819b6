package dev.qssl;

import dev.qssl.QSsl.AlternativeNameEntryType;
import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.PatternSyntax;
import dev.qssl.net.QIODevice;
import dev.qssl.spi.x509.AlternativeNames;
import dev.qssl.spi.x509.BlockList;
import dev.qssl.spi.x509.CertificateReader;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.CertificateText;
import dev.qssl.spi.x509.DistinguishedName;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.Pem;
import dev.qssl.spi.x509.Pkcs12;
import dev.qssl.spi.x509.PublicKeyCodec;
import dev.qssl.spi.x509.VerificationPolicy;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * An X.509 certificate, or none (a <em>null certificate</em>).
 *
 * <p>Immutable but for {@link #clear}; safe for use by several threads that do not call it. Two certificates are equal if
 * their DER is, or if both are null.
 */
public final class QSslCertificate {

    /** The parts of a name that have a constant. */
    public enum SubjectInfo {
        /** The organisation, O. */
        ORGANIZATION(0, "O"),
        /** The common name, CN. */
        COMMON_NAME(1, "CN"),
        /** The locality, L. */
        LOCALITY_NAME(2, "L"),
        /** The organisational unit, OU. */
        ORGANIZATIONAL_UNIT_NAME(3, "OU"),
        /** The country, C. */
        COUNTRY_NAME(4, "C"),
        /** The state or province, ST. */
        STATE_OR_PROVINCE_NAME(5, "ST"),
        /** The qualifier that tells equal names apart. */
        DISTINGUISHED_NAME_QUALIFIER(6, "dnQualifier"),
        /** The subject's own serial number, not the certificate's. */
        SERIAL_NUMBER(7, "serialNumber"),
        /** The e-mail address. */
        EMAIL_ADDRESS(8, "emailAddress");

        private final int value;
        private final String attribute;

        SubjectInfo(int value, String attribute) {
            this.value = value;
            this.attribute = attribute;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /**
     * What a PKCS #12 file holds.
     *
     * @param key the private key
     * @param certificate the key's certificate; a null certificate if the file has none for it
     * @param caCertificates all other certificates, in order
     */
    public record Pkcs12Contents(QSslKey key, QSslCertificate certificate, List<QSslCertificate> caCertificates) {

        /**
         * Copies the list.
         *
         * @param key the private key
         * @param certificate the key's, or a null certificate
         * @param caCertificates all others
         */
        public Pkcs12Contents {
            caCertificates = List.copyOf(caCertificates);
        }
    }

    private @Nullable X509Certificate certificate;

    /** Creates a null certificate. */
    public QSslCertificate() {}

    /**
     * Creates another certificate like the given one, which its {@link #clear} does not change.
     *
     * @param other the certificate to copy; may be null as in {@link #isNull}
     */
    public QSslCertificate(QSslCertificate other) {
        this.certificate = other.certificate;
    }

    /**
     * Reads the first certificate of a PEM text; a null certificate results if there is none.
     *
     * @param data copied
     */
    public QSslCertificate(byte[] data) {
        this(data, EncodingFormat.PEM);
    }

    /**
     * Reads the first certificate; a null certificate results if there is none. To learn the reason, use {@link #read}.
     *
     * @param data copied
     * @param format how it is written
     */
    public QSslCertificate(byte[] data, EncodingFormat format) {
        List<X509Certificate> found = CertificateFiles.parse(data, format);
        this.certificate = found.isEmpty() ? null : found.get(0);
    }

    /**
     * Reads the first certificate of a PEM text; a null certificate results if there is none.
     *
     * @param device open; all that is there to be read is read
     */
    public QSslCertificate(QIODevice device) {
        this(device.readAll());
    }

    /**
     * Reads the first certificate; a null certificate results if there is none.
     *
     * @param device open; all that is there to be read is read
     * @param format how it is written
     */
    public QSslCertificate(QIODevice device, EncodingFormat format) {
        this(device.readAll(), format);
    }

    private QSslCertificate(X509Certificate certificate) {
        this.certificate = certificate;
    }

    /**
     * {@return a certificate around this one, or around the JDK's own object with the same bytes}
     *
     * @param certificate from any library
     */
    public static QSslCertificate of(X509Certificate certificate) {
        try {
            return new QSslCertificate(CertificateTable.shared().intern(certificate));
        } catch (EncodingException foreign) {
            // A kind of certificate that only the caller's library can read is still a certificate.
            return new QSslCertificate(certificate);
        }
    }

    /**
     * {@return every certificate of a file, in order; at least one}
     *
     * @param pemOrDer the file's contents
     * @throws IOException if there is none, or one is damaged; the message says what was expected and what came
     */
    public static List<QSslCertificate> read(byte[] pemOrDer) throws IOException {
        return wrap(CertificateReader.read(pemOrDer));
    }

    /**
     * {@return every certificate of a PEM text, in order} Skips what is none.
     *
     * @param data the text
     */
    public static List<QSslCertificate> fromData(byte[] data) {
        return fromData(data, EncodingFormat.PEM);
    }

    /**
     * {@return every certificate of the data, in order} Skips text between PEM blocks, and blocks that are none.
     *
     * @param data PEM text, or DER one after the other
     * @param format how the certificates are written
     */
    public static List<QSslCertificate> fromData(byte[] data, EncodingFormat format) {
        return wrap(CertificateFiles.parse(data, format));
    }

    /**
     * {@return every certificate of the PEM text that a device still holds, in order} Like {@link #fromData(byte[])}.
     *
     * @param device open; all that is there to be read is read
     */
    public static List<QSslCertificate> fromDevice(QIODevice device) {
        return fromData(device.readAll());
    }

    /**
     * {@return every certificate of what a device still holds, in order} Like {@link #fromData(byte[], EncodingFormat)}.
     *
     * @param device open; all that is there to be read is read
     * @param format how the certificates are written
     */
    public static List<QSslCertificate> fromDevice(QIODevice device, EncodingFormat format) {
        return fromData(device.readAll(), format);
    }

    /**
     * {@return every certificate of one PEM file} Like {@link #fromPath(String, EncodingFormat, PatternSyntax)}.
     *
     * @param path the file
     */
    public static List<QSslCertificate> fromPath(String path) {
        return fromPath(path, EncodingFormat.PEM);
    }

    /**
     * {@return every certificate of one file} Like {@link #fromPath(String, EncodingFormat, PatternSyntax)}.
     *
     * @param path the file
     * @param format how the certificates are written
     */
    public static List<QSslCertificate> fromPath(String path, EncodingFormat format) {
        return fromPath(path, format, PatternSyntax.FIXED_STRING);
    }

    /**
     * {@return every certificate of the files that a path means, in the order of their paths; none for those that cannot be
     * read}
     *
     * <p>A wildcard or regular expression is matched against whole paths, with {@code /} between the parts, below the
     * directory that comes before its first special character.
     *
     * @param path a file, or a pattern
     * @param format how the certificates are written
     * @param syntax how the path is to be read
     */
    public static List<QSslCertificate> fromPath(String path, EncodingFormat format, PatternSyntax syntax) {
        return wrap(CertificateFiles.read(path, format, syntax));
    }

    /**
     * {@return every certificate of a file; none if it cannot be read}
     *
     * @param path the file
     * @param format how the certificates are written
     */
    public static List<QSslCertificate> fromFile(String path, EncodingFormat format) {
        return fromPath(path, format, PatternSyntax.FIXED_STRING);
    }

    /**
     * {@return every certificate of a file; none if it cannot be read}
     *
     * @param file the file
     * @param format how the certificates are written
     */
    public static List<QSslCertificate> fromFile(Path file, EncodingFormat format) {
        return wrap(CertificateFiles.read(file, format));
    }

    /**
     * {@return what the PKCS #12 file of a device holds; empty for any problem, also if it holds no private key (B-266)} To
     * learn the reason, use {@link #readPkcs12}.
     *
     * @param device open; all that is there to be read is read
     * @param passPhrase UTF-8; empty for none. Neither kept nor wiped
     */
    public static Optional<Pkcs12Contents> importPkcs12(QIODevice device, byte[] passPhrase) {
        return importPkcs12(device.readAll(), passPhrase);
    }

    /**
     * {@return what a PKCS #12 file holds; empty for any problem, also if it holds no private key (B-266)} To learn the
     * reason, use {@link #readPkcs12}.
     *
     * @param file DER or BER
     * @param passPhrase UTF-8; empty for none. Neither kept nor wiped
     */
    public static Optional<Pkcs12Contents> importPkcs12(byte[] file, byte[] passPhrase) {
        try {
            return Optional.of(readPkcs12(file, passPhrase));
        } catch (IOException unusable) {
            return Optional.empty();
        }
    }

    /**
     * {@return what a PKCS #12 file holds} Reads AES, triple DES and RC2, MACs from SHA-1 to SHA-512 and PBMAC1, files
     * without a MAC, and what the JDK's key stores hide: certificates that belong to no key.
     *
     * @param file DER or BER
     * @param passPhrase UTF-8; empty for none. Neither kept nor wiped
     * @throws IOException if it is no such file, or damaged, or holds no private key, or the pass phrase is wrong; the
     *     message says which
     */
    public static Pkcs12Contents readPkcs12(byte[] file, byte[] passPhrase) throws IOException {
        Pkcs12.Contents contents = Pkcs12.read(file, passPhrase);
        return new Pkcs12Contents(
                QSslKey.fromPrivateKey(contents.key()),
                contents.certificate().map(QSslCertificate::new).orElseGet(QSslCertificate::new),
                wrap(contents.others()));
    }

    /** {@return whether this is no certificate} */
    public boolean isNull() {
        return certificate == null;
    }

    /**
     * {@return what is wrong with a chain of a server, for which name does not matter; empty if nothing is} Like
     * {@link #verify(List, String)}.
     *
     * @param chain the server's own certificate first; the others in any order
     */
    public static List<QSslError> verify(List<QSslCertificate> chain) {
        return verify(chain, "");
    }

    /**
     * {@return what is wrong with a chain of a server; empty if nothing is} Judges as a client with the default configuration
     * would; {@link QSslConfiguration#verify(List, String)} judges by other authorities, depth or policy.
     *
     * @param chain the server's own certificate first, the others in any order; if there is none, the one error is
     *     {@code UNSPECIFIED_ERROR} (B-264)
     * @param hostName the DNS name or address that the certificate must be for; empty if names do not matter
     */
    public static List<QSslError> verify(List<QSslCertificate> chain, String hostName) {
        return QSslConfiguration.defaultConfiguration().verify(chain, hostName);
    }

    /**
     * {@return the same by the rules of a policy}
     *
     * @param chain as above
     * @param hostName as above
     * @param policy what is demanded of the chain
     */
    public static List<QSslError> verify(List<QSslCertificate> chain, String hostName, VerificationPolicy policy) {
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setVerificationPolicy(policy);
        return configuration.verify(chain, hostName);
    }

    /** Makes this a null certificate. Other objects around the same certificate are not affected. */
    public void clear() {
        certificate = null;
    }

    /** {@return whether issuer and subject are the same and its own key verifies its signature; false if null} */
    public boolean isSelfSigned() {
        X509Certificate self = certificate;
        if (self == null || !self.getSubjectX500Principal().equals(self.getIssuerX500Principal())) {
            return false;
        }
        try {
            self.verify(self.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException notItsOwn) {
            // Some providers throw unchecked exceptions for keys that make no sense, and the key is the peer's.
            return false;
        }
    }

    /**
     * {@return whether it is on the built-in list of certificates that are known to be forged or stolen (B-099); false if
     * null}
     */
    public boolean isBlacklisted() {
        return certificate != null && BlockList.contains(certificate);
    }

    /** {@return the version as a decimal number, usually {@code 3}; empty if null} */
    public String version() {
        return certificate == null ? "" : Integer.toString(certificate.getVersion());
    }

    /** {@return the serial number as pairs of lower-case hexadecimal digits joined by colons; empty if null} */
    public String serialNumber() {
        if (certificate == null) {
            return "";
        }
        BigInteger serial = certificate.getSerialNumber().abs();
        byte[] bytes = serial.toByteArray();
        int skip = bytes.length > 1 && bytes[0] == 0 ? 1 : 0;
        return HexFormat.ofDelimiter(":").formatHex(bytes, skip, bytes.length);
    }

    /** {@return the MD5 digest of the DER, as Qt's default; of nothing if null} Say {@code digest("SHA-256")} to compare. */
    public byte[] digest() {
        return digest("MD5");
    }

    /**
     * {@return a digest of the DER; of nothing if null}
     *
     * @param algorithm the JDK's name of a message digest, such as {@code SHA-256}
     * @throws IllegalArgumentException if the JDK has none of that name
     */
    public byte[] digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm).digest(toDer());
        } catch (NoSuchAlgorithmException unknown) {
            throw new IllegalArgumentException("expected a message digest such as SHA-256, not " + algorithm, unknown);
        }
    }

    /**
     * {@return the values of this part of the issuer's name, in order}
     *
     * @param info the part
     */
    public List<String> issuerInfo(SubjectInfo info) {
        return issuerInfo(info.attribute);
    }

    /**
     * {@return the values of a part of the issuer's name, in order}
     *
     * @param attribute such as {@code CN}, or dotted
     */
    public List<String> issuerInfo(String attribute) {
        return issuer().values(attribute);
    }

    /**
     * {@return the values of this part of the subject's name, in order}
     *
     * @param info the part
     */
    public List<String> subjectInfo(SubjectInfo info) {
        return subjectInfo(info.attribute);
    }

    /**
     * {@return the values of a part of the subject's name, in order}
     *
     * @param attribute such as {@code CN}, or dotted
     */
    public List<String> subjectInfo(String attribute) {
        return subject().values(attribute);
    }

    /** {@return the kinds of parts in the issuer's name: short names such as {@code CN}, or object identifiers} */
    public List<String> issuerInfoAttributes() {
        return issuer().types();
    }

    /** {@return the kinds of parts in the subject's name: short names such as {@code CN}, or object identifiers} */
    public List<String> subjectInfoAttributes() {
        return subject().types();
    }

    /** {@return the issuer's first CN, else its first O, else its first OU, else an empty string} */
    public String issuerDisplayName() {
        return issuer().displayName().orElse("");
    }

    /** {@return the subject's first CN, else its first O, else its first OU, else an empty string} */
    public String subjectDisplayName() {
        return subject().displayName().orElse("");
    }

    /** {@return the names it is for, in order; a kind without entries has no key} NUL bytes in them are kept. */
    public Map<AlternativeNameEntryType, List<String>> subjectAlternativeNames() {
        return certificate == null ? Map.of() : AlternativeNames.of(certificate);
    }

    /** {@return when it becomes valid; empty if null} */
    public Optional<Instant> effectiveDate() {
        return x509().map(valid -> valid.getNotBefore().toInstant());
    }

    /** {@return when it stops being valid; empty if null} */
    public Optional<Instant> expiryDate() {
        return x509().map(valid -> valid.getNotAfter().toInstant());
    }

    /** {@return its public key; a null key if null} */
    public QSslKey publicKey() {
        return certificate == null ? new QSslKey() : QSslKey.fromPublicKey(PublicKeyCodec.of(certificate));
    }

    /** {@return its extensions, in order} */
    public List<QSslCertificateExtension> extensions() {
        return certificate == null ? List.of() : QSslCertificateExtension.of(certificate);
    }

    /** {@return PEM; empty if null} */
    public byte[] toPem() {
        byte[] der = toDer();
        return der.length == 0 ? der : Pem.encode("CERTIFICATE", der);
    }

    /** {@return DER; empty if null} */
    public byte[] toDer() {
        try {
            return certificate == null ? new byte[0] : certificate.getEncoded();
        } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("a certificate that was read does not give its bytes", impossible);
        }
    }

    /**
     * {@return the certificate in many lines for people, in the layout of {@code openssl x509 -text}; empty if null} Holds
     * no control characters but line feeds. Its exact wording may change between versions.
     */
    public String toText() {
        return certificate == null ? "" : CertificateText.of(certificate);
    }

    /**
     * {@return the JDK's certificate}
     *
     * @throws IllegalStateException if this is a null certificate
     */
    public X509Certificate toX509Certificate() {
        if (certificate == null) {
            throw new IllegalStateException("this is a null certificate; ask isNull() first");
        }
        return certificate;
    }

    /** {@return the JDK's certificate; empty if null} */
    public Optional<X509Certificate> x509() {
        return Optional.ofNullable(certificate);
    }

    /** {@return the same as {@link #x509}, under Qt's name} */
    public Optional<X509Certificate> handle() {
        return x509();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QSslCertificate that && Objects.equals(certificate, that.certificate);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(certificate);
    }

    /** {@return subject, issuer, serial number and validity in one line, without control characters} */
    @Override
    public String toString() {
        if (certificate == null) {
            return "QSslCertificate[null]";
        }
        String text = "QSslCertificate[" + certificate.getSubjectX500Principal() + ", issued by "
                + certificate.getIssuerX500Principal() + ", serial " + serialNumber() + ", valid "
                + certificate.getNotBefore().toInstant() + " to "
                + certificate.getNotAfter().toInstant() + "]";
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    private DistinguishedName issuer() {
        return name(certificate == null ? null : certificate.getIssuerX500Principal());
    }

    private DistinguishedName subject() {
        return name(certificate == null ? null : certificate.getSubjectX500Principal());
    }

    private static DistinguishedName name(@Nullable X500Principal name) {
        return name == null ? new DistinguishedName(List.of()) : DistinguishedName.of(name);
    }

    private static List<QSslCertificate> wrap(Collection<X509Certificate> certificates) {
        return certificates.stream().map(QSslCertificate::new).toList();
    }
}
