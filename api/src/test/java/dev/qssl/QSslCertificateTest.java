package dev.qssl;

import static dev.qssl.QSsl.AlternativeNameEntryType.DNS_ENTRY;
import static dev.qssl.QSsl.AlternativeNameEntryType.EMAIL_ENTRY;
import static dev.qssl.QSsl.AlternativeNameEntryType.IP_ADDRESS_ENTRY;
import static dev.qssl.spi.x509.CertificateRecipe.attribute;
import static dev.qssl.spi.x509.CertificateRecipe.generalizedTime;
import static dev.qssl.spi.x509.CertificateRecipe.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.KeyType;
import dev.qssl.QSslCertificate.SubjectInfo;
import dev.qssl.spi.x509.CertificateRecipe;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.OpenSslTool;
import dev.qssl.spi.x509.Pem;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QSslCertificateTest {

    private static final String CN = "2.5.4.3";
    private static final String SUBJECT_ALT_NAME = "2.5.29.17";

    @Test
    void formatThatDoesNotFit_givesANullCertificate() {
        byte[] der = new CertificateRecipe().der();
        byte[] pem = Pem.encode("CERTIFICATE", der);

        assertThat(new QSslCertificate(der, EncodingFormat.PEM).isNull()).isTrue();
        assertThat(new QSslCertificate(pem, EncodingFormat.DER).isNull()).isTrue();
        assertThat(new QSslCertificate(der, EncodingFormat.DER)).isEqualTo(new QSslCertificate(pem));
    }

    @Test
    void certificate_givesBackItsBytes() {
        byte[] der = new CertificateRecipe().der();
        QSslCertificate certificate = new QSslCertificate(der, EncodingFormat.DER);

        assertThat(certificate.toDer()).isEqualTo(der);
        assertThat(new QSslCertificate(certificate.toPem()).toDer()).isEqualTo(der);
        assertThat(new String(certificate.toPem(), US_ASCII))
                .startsWith("-----BEGIN CERTIFICATE-----\n")
                .endsWith("\n-----END CERTIFICATE-----\n");
    }

    @Test
    void bundle_givesItsCertificatesInOrder() {
        byte[] first = new CertificateRecipe().serial(BigInteger.ONE).der();
        byte[] second = new CertificateRecipe().serial(BigInteger.TWO).der();
        String text =
                "the first\n" + pem(first) + "junk\n-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n"
                        + "-----BEGIN PRIVATE KEY-----\nAQID\n-----END PRIVATE KEY-----\n"
                        + pem(second).strip() + "   ";

        assertThat(QSslCertificate.fromData(text.getBytes(ISO_8859_1)))
                .extracting(QSslCertificate::serialNumber)
                .containsExactly("01", "02");
        assertThat(QSslCertificate.fromData(concatenated(first, second), EncodingFormat.DER))
                .extracting(QSslCertificate::serialNumber)
                .containsExactly("01", "02");
        assertThat(QSslCertificate.fromData("-----BEGIN CERTIFICATE-----\nAQID\n".getBytes(US_ASCII)))
                .isEmpty();
    }

    @Test
    void device_isReadToItsEnd() {
        byte[] first = new CertificateRecipe().serial(BigInteger.ONE).der();
        byte[] second = new CertificateRecipe().serial(BigInteger.TWO).der();
        byte[] bundle = (pem(first) + pem(second)).getBytes(ISO_8859_1);

        assertThat(QSslCertificate.fromDevice(new BytesDevice(bundle)))
                .isEqualTo(QSslCertificate.fromData(bundle))
                .hasSize(2);
        assertThat(QSslCertificate.fromDevice(new BytesDevice(concatenated(first, second)), EncodingFormat.DER))
                .hasSize(2);
        assertThat(new QSslCertificate(new BytesDevice(bundle)).toDer()).isEqualTo(first);
        assertThat(new QSslCertificate(new BytesDevice(first), EncodingFormat.DER).toDer())
                .isEqualTo(first);
        assertThat(new QSslCertificate(new BytesDevice(new byte[0])).isNull()).isTrue();
        assertThat(QSslCertificate.importPkcs12(new BytesDevice(bundle), new byte[0]))
                .isEmpty();
    }

    @Test
    void stolenCertificate_isKnownBySerialNumberAndName() {
        CertificateRecipe forged =
                new CertificateRecipe().serial(BigInteger.valueOf(0x0827)).subject(utf8(CN, "*.EGO.GOV.TR"));
        CertificateRecipe other =
                new CertificateRecipe().serial(BigInteger.valueOf(0x0828)).subject(utf8(CN, "*.EGO.GOV.TR"));

        assertThat(new QSslCertificate(forged.der(), EncodingFormat.DER).isBlacklisted())
                .isTrue();
        assertThat(new QSslCertificate(other.der(), EncodingFormat.DER).isBlacklisted())
                .isFalse();
        assertThat(new QSslCertificate().isBlacklisted()).isFalse();
    }

    @Test
    void text_isThatOfTheCertificate() {
        assertThat(new QSslCertificate(new CertificateRecipe().der(), EncodingFormat.DER).toText())
                .startsWith("Certificate:\n    Data:\n")
                .contains("Subject: CN = subject\n");
        assertThat(new QSslCertificate().toText()).isEmpty();
    }

    @Test
    void read_tellsWhatIsWrong() throws IOException {
        byte[] der = new CertificateRecipe().der();
        byte[] key = Pem.encode("PRIVATE KEY", new byte[3]);
        byte[] damaged = (pem(der) + pem(new byte[] {1, 2})).getBytes(US_ASCII);

        assertThat(QSslCertificate.read(der)).hasSize(1);
        assertThat(QSslCertificate.read((pem(der) + pem(der)).getBytes(US_ASCII)))
                .hasSize(2);
        assertThatThrownBy(() -> QSslCertificate.read(key))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a certificate, found PEM blocks of [PRIVATE KEY]");
        assertThatThrownBy(() -> QSslCertificate.read(damaged))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("certificate 2: expected an X.509 certificate: ");
        assertThatThrownBy(() -> QSslCertificate.read(new byte[0])).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> QSslCertificate.read("hello".getBytes(US_ASCII)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void serialNumber_isPairsOfDigits() {
        BigInteger large = new BigInteger(1, HexFormat.of().parseHex("FF".repeat(19) + "01"));

        assertThat(read(new CertificateRecipe()).serialNumber()).isEqualTo("11");
        assertThat(read(new CertificateRecipe().serial(large)).serialNumber()).isEqualTo("ff:".repeat(19) + "01");
        assertThat(read(new CertificateRecipe().serial(BigInteger.valueOf(128))).serialNumber())
                .isEqualTo("80");
    }

    @Test
    void plainFields_areReported() throws GeneralSecurityException {
        QSslCertificate certificate = read(new CertificateRecipe());

        assertThat(certificate.version()).isEqualTo("3");
        assertThat(certificate.effectiveDate()).contains(Instant.parse("2020-01-01T00:00:00Z"));
        assertThat(certificate.expiryDate()).contains(Instant.parse("2049-01-01T00:00:00Z"));
        assertThat(certificate.publicKey().type()).isEqualTo(KeyType.PUBLIC_KEY);
        assertThat(certificate.publicKey().algorithm()).isEqualTo(KeyAlgorithm.EC);
        assertThat(certificate.digest()).hasSize(16);
        assertThat(certificate.digest("SHA-256")).hasSize(32);
        assertThatThrownBy(() -> certificate.digest("no such")).isInstanceOf(IllegalArgumentException.class);
        X509Certificate jdk = certificate.toX509Certificate();
        assertThat(QSslCertificate.of(jdk).toX509Certificate()).isSameAs(jdk);
    }

    @Test
    void dateAfter2050_isReported() {
        Instant end = Instant.parse("2094-06-30T12:00:00Z");

        assertThat(read(new CertificateRecipe().notAfter(generalizedTime(end))).expiryDate())
                .contains(end);
    }

    @Test
    void malformedDate_givesANullCertificateAndNoDate() {
        byte[] nonsense = Der.element(0x17, "not a time".getBytes(US_ASCII));

        assertThat(read(new CertificateRecipe().notAfter(nonsense)).expiryDate())
                .isEmpty();
    }

    @Test
    void nulBytes_arePreserved() {
        String hostile = "www.bank.com\0.badguy.com";
        QSslCertificate certificate = read(new CertificateRecipe()
                .subject(utf8(CN, hostile))
                .extension(SUBJECT_ALT_NAME, names(name(2, hostile))));

        assertThat(certificate.subjectInfo(SubjectInfo.COMMON_NAME)).containsExactly(hostile);
        assertThat(certificate.subjectAlternativeNames()).containsExactly(Map.entry(DNS_ENTRY, List.of(hostile)));
    }

    @Test
    void nameParts_areDecodedInOrder() {
        QSslCertificate certificate = read(new CertificateRecipe()
                .subject(
                        utf8("2.5.4.6", "DE"),
                        attribute("2.5.4.10", 0x1E, "\u00DCbergr\u00F6\u00DFe".getBytes(UTF_16BE)),
                        utf8(CN, "www.example.org"),
                        utf8(CN, "\u4F8B\u3048.example"),
                        attribute("2.5.4.11", 0x14, "Caf\u00E9".getBytes(ISO_8859_1)),
                        attribute("1.2.840.113549.1.9.1", 0x16, "a@b".getBytes(US_ASCII)),
                        utf8("1.2.3.4.5", "private")));

        assertThat(certificate.subjectInfo("CN")).containsExactly("www.example.org", "\u4F8B\u3048.example");
        assertThat(certificate.subjectInfo(CN)).hasSize(2);
        assertThat(certificate.subjectInfo(SubjectInfo.ORGANIZATION)).containsExactly("\u00DCbergr\u00F6\u00DFe");
        assertThat(certificate.subjectInfo(SubjectInfo.ORGANIZATIONAL_UNIT_NAME))
                .containsExactly("Caf\u00E9");
        assertThat(certificate.subjectInfo(SubjectInfo.EMAIL_ADDRESS)).containsExactly("a@b");
        assertThat(certificate.subjectInfo("1.2.3.4.5")).containsExactly("private");
        assertThat(certificate.subjectInfo("no such")).isEmpty();
        assertThat(certificate.subjectInfoAttributes())
                .containsExactly("C", "O", "CN", "OU", "emailAddress", "1.2.3.4.5");
        assertThat(certificate.subjectDisplayName()).isEqualTo("www.example.org");
        assertThat(certificate.issuerDisplayName()).isEqualTo("issuer");
        assertThat(certificate.issuerInfo(SubjectInfo.COMMON_NAME)).containsExactly("issuer");
    }

    @Test
    void displayName_fallsBackToOrganisationAndUnit() {
        assertThat(read(new CertificateRecipe().subject(utf8("2.5.4.11", "unit"), utf8("2.5.4.10", "org")))
                        .subjectDisplayName())
                .isEqualTo("org");
        assertThat(read(new CertificateRecipe().subject(utf8("2.5.4.11", "unit")))
                        .subjectDisplayName())
                .isEqualTo("unit");
        assertThat(read(new CertificateRecipe().subject(utf8("2.5.4.6", "DE"))).subjectDisplayName())
                .isEmpty();
    }

    @Test
    void alternativeNames_areSortedByKind() {
        QSslCertificate certificate = read(new CertificateRecipe()
                .extension(
                        SUBJECT_ALT_NAME,
                        names(
                                name(2, "example.org"),
                                name(1, "a@example.org"),
                                name(2, "*.example.org"),
                                name(6, "https://example.org"),
                                address("7F000001"),
                                address("20010DB8000000000000000000000001"),
                                address("00000000000000000000000000000000"),
                                address("00010002000000040005000000000008"),
                                address("0001000000030004000500060007000A"))));

        assertThat(certificate.subjectAlternativeNames())
                .containsOnly(
                        Map.entry(DNS_ENTRY, List.of("example.org", "*.example.org")),
                        Map.entry(EMAIL_ENTRY, List.of("a@example.org")),
                        Map.entry(
                                IP_ADDRESS_ENTRY,
                                List.of("127.0.0.1", "2001:db8::1", "::", "1:2:0:4:5::8", "1:0:3:4:5:6:7:a")));
    }

    @Test
    void selfSigned_meansSignedByItsOwnKey() {
        assertThat(read(new CertificateRecipe()).isSelfSigned()).isFalse();
        assertThat(read(new CertificateRecipe().selfSigned()).isSelfSigned()).isTrue();
        KeyPair other = keys("EC");
        assertThat(read(new CertificateRecipe()
                                .key(other.getPublic().getEncoded())
                                .selfSigned())
                        .isSelfSigned())
                .isFalse();
    }

    @Test
    void publicKeyOfAnUnknownAlgorithm_isOpaque() {
        byte[] key = Der.sequence(Der.sequence(Der.objectIdentifier("1.2.3.4")), Der.bitString(new byte[33]));

        QSslKey opaque = read(new CertificateRecipe().key(key)).publicKey();

        assertThat(opaque.algorithm()).isEqualTo(KeyAlgorithm.OPAQUE);
        assertThat(opaque.length()).isEqualTo(-1);
        assertThat(opaque.toDer()).isEqualTo(key);
    }

    @Test
    void nameWithALineEnd_cannotForgeALineOfALog() {
        QSslCertificate certificate = read(new CertificateRecipe().subject(utf8(CN, "a\r\nINFO all is well\0")));

        assertThat(certificate.toString()).doesNotContain("\n", "\r", "\0").contains("INFO all is well");
        assertThat(certificate.subjectDisplayName()).contains("\r\n");
    }

    @Test
    void clear_leavesCopiesAlone() {
        QSslCertificate certificate = read(new CertificateRecipe());
        QSslCertificate copy = new QSslCertificate(certificate);
        QSslError error = new QSslError(SslError.CERTIFICATE_EXPIRED, certificate);

        certificate.clear();

        assertThat(certificate).isEqualTo(new QSslCertificate());
        assertThat(copy.isNull()).isFalse();
        assertThat(error.certificate()).isEqualTo(copy);
        assertThatThrownBy(certificate::toX509Certificate).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void oneCertificate_isReadByManyThreads() {
        QSslCertificate certificate =
                read(new CertificateRecipe().extension(SUBJECT_ALT_NAME, names(name(2, "example.org"))));

        List<String> seen = IntStream.range(0, 500)
                .parallel()
                .mapToObj(i -> certificate.subjectDisplayName()
                        + certificate.subjectAlternativeNames()
                        + certificate.serialNumber()
                        + certificate.publicKey()
                        + certificate.hashCode())
                .distinct()
                .toList();

        assertThat(seen).hasSize(1);
    }

    @Test
    void fromPath_findsFilesByNameWildcardAndRegularExpression(@TempDir Path directory) throws IOException {
        String root = directory.toString().replace('\\', '/');
        byte[] pem = Pem.encode("CERTIFICATE", new CertificateRecipe().der());
        for (String name :
                List.of("certs/ca.pem", "certs/client.pem", "certs/x.pem", "other/c.pem", "certs/deep/c.pem")) {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, pem);
        }

        assertThat(QSslCertificate.fromPath(root + "/certs/ca.pem")).hasSize(1);
        assertThat(QSslCertificate.fromPath(root + "/certs")).isEmpty();
        assertThat(QSslCertificate.fromPath("")).isEmpty();
        assertThat(QSslCertificate.fromPath(root + "/certs/missing.pem")).isEmpty();
        assertThat(QSslCertificate.fromPath(root + "/certs/ca.pem", EncodingFormat.DER))
                .isEmpty();
        assertThat(wildcard(root + "/c*/c*.pem")).hasSize(2);
        assertThat(wildcard(root + "/certs/c?.pem")).hasSize(1);
        assertThat(wildcard(root + "/certs/[!c]*.pem")).hasSize(1);
        assertThat(wildcard("")).isEmpty();
        assertThat(regularExpression(root + "/c.*/c.*.pem")).hasSize(3);
        assertThat(regularExpression(root + "/certs/[a-z]+\\.pem")).hasSize(3);
        assertThat(regularExpression(root + "/certs/(")).isEmpty();
    }

    @Test
    void opensslCertificate_isReadAlike(@TempDir Path directory) throws IOException {
        OpenSslTool.assumePresent();
        byte[] pem = OpenSslTool.run(
                directory,
                "req -x509 -newkey rsa:2048 -nodes -keyout key.pem -days 7 -set_serial 0x0102030405 -subj /O=Example/CN=localhost -addext subjectAltName=DNS:localhost,IP:::1"
                        .split(" "));
        Files.write(directory.resolve("certificate.pem"), pem);
        byte[] der = OpenSslTool.run(directory, "x509 -in certificate.pem -outform DER".split(" "));
        String fingerprint = new String(
                OpenSslTool.run(directory, "x509 -in certificate.pem -noout -fingerprint -sha256".split(" ")),
                US_ASCII);

        QSslCertificate certificate = new QSslCertificate(pem);

        assertThat(certificate.toDer()).isEqualTo(der);
        assertThat(certificate.toPem()).isEqualTo(pem);
        assertThat(certificate.serialNumber()).isEqualTo("01:02:03:04:05");
        assertThat(certificate.isSelfSigned()).isTrue();
        assertThat(certificate.subjectAlternativeNames())
                .containsEntry(DNS_ENTRY, List.of("localhost"))
                .containsEntry(IP_ADDRESS_ENTRY, List.of("::1"));
        assertThat(fingerprint)
                .contains(HexFormat.ofDelimiter(":").withUpperCase().formatHex(certificate.digest("SHA-256")));
        assertThat(certificate.publicKey().length()).isEqualTo(2048);
        assertThat(certificate.toString()).contains("CN=localhost");
    }

    private static List<QSslCertificate> wildcard(String path) {
        return QSslCertificate.fromPath(path, EncodingFormat.PEM, QSsl.PatternSyntax.WILDCARD);
    }

    private static List<QSslCertificate> regularExpression(String path) {
        return QSslCertificate.fromPath(path, EncodingFormat.PEM, QSsl.PatternSyntax.REGULAR_EXPRESSION);
    }

    private static QSslCertificate read(CertificateRecipe recipe) {
        return new QSslCertificate(recipe.der(), EncodingFormat.DER);
    }

    private static byte[] names(byte[]... names) {
        return Der.sequence(names);
    }

    private static byte[] name(int kind, String text) {
        return Der.element(Der.contextPrimitive(kind), text.getBytes(ISO_8859_1));
    }

    private static byte[] address(String hex) {
        return Der.element(Der.contextPrimitive(7), HexFormat.of().parseHex(hex));
    }

    private static String pem(byte[] der) {
        return new String(Pem.encode("CERTIFICATE", der), US_ASCII);
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static KeyPair keys(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }
}
