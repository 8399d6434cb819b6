package dev.qssl.spi.x509;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSslCertificate;
import dev.qssl.QSslCertificate.Pkcs12Contents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PKCS #12 files that {@code openssl pkcs12} made. */
class Pkcs12Test {

    private static final String PASS = "gr\u00FC\u00DFe";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeCertificates() {
        OpenSslTool.assumePresent();
        for (String name : List.of("own", "other1", "other2")) {
            openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name
                    + ".pem -days 2 -subj /CN=" + name);
        }
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.pem -days 2 -subj /CN=own");
        try {
            Files.write(
                    directory.resolve("others.pem"),
                    Der.concatenate(read("other1.pem"), read("rsa.pem"), read("other2.pem")));
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-keypbe AES-128-CBC -certpbe AES-192-CBC",
                "-legacy",
                "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-2DES",
                "-legacy -keypbe PBE-SHA1-RC2-128 -certpbe PBE-SHA1-RC2-40",
                "-keypbe NONE -certpbe NONE",
                "-macalg sha1",
                "-macalg sha384",
                "-macalg sha512 -iter 50000",
                "-nomac"
            })
    void everyScheme_givesKeyCertificateAndAllOthersInOrder(String options) throws IOException {
        export("own", "pass:" + PASS, options);

        Pkcs12Contents contents = QSslCertificate.readPkcs12(read("out.p12"), PASS.getBytes(UTF_8));

        assertThat(contents.key().toDer())
                .isEqualTo(KeyReader.read(read("own.key"), new byte[0]).getEncoded());
        assertThat(contents.certificate().subjectDisplayName()).isEqualTo("own");
        assertThat(contents.caCertificates()).isEqualTo(QSslCertificate.read(read("others.pem")));
    }

    @Test
    void rsaKey_findsItsCertificate() throws IOException {
        export("rsa", "pass:x", "");

        Pkcs12Contents contents = QSslCertificate.readPkcs12(read("out.p12"), "x".getBytes(UTF_8));

        assertThat(contents.certificate())
                .isEqualTo(QSslCertificate.read(read("rsa.pem")).get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-legacy"})
    void emptyPassPhrase_isTriedInBothForms(String options) throws IOException {
        export("own", "pass:", options);

        assertThat(QSslCertificate.importPkcs12(read("out.p12"), new byte[0])).isPresent();
        assertThat(QSslCertificate.importPkcs12(read("out.p12"), new byte[] {'x'}))
                .isEmpty();
    }

    @Test
    void wrongPassPhraseOrNoKey_givesNothingAndAReason() throws IOException {
        export("own", "pass:right", "");
        byte[] file = read("out.p12");

        assertThat(QSslCertificate.importPkcs12(file, "wrong".getBytes(UTF_8))).isEmpty();
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(file, "wrong".getBytes(UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pass phrase is wrong");
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(file, new byte[0]))
                .hasMessageContaining("no pass phrase was given");

        openssl("pkcs12 -export -nokeys -in others.pem -out out.p12 -passout pass:x");
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(read("out.p12"), new byte[] {'x'}))
                .hasMessageContaining("no private key");
    }

    @Test
    void certificateThatOnlyClaimsToBelongToTheKey_isNotTakenForItsOwn() throws Exception {
        byte[] claim = Der.element(
                Der.SET,
                Der.sequence(
                        Der.objectIdentifier("1.2.840.113549.1.9.21"),
                        Der.element(Der.SET, Der.octetString(new byte[] {1}))));
        byte[] key = KeyReader.read(read("own.key"), new byte[0]).getEncoded();
        byte[] other = CertificateReader.read(read("other1.pem")).get(0).getEncoded();
        byte[] bags = Der.sequence(
                Der.sequence(Der.objectIdentifier("1.2.840.113549.1.12.10.1.1"), Der.explicit(0, key), claim),
                Der.sequence(
                        Der.objectIdentifier("1.2.840.113549.1.12.10.1.3"),
                        Der.explicit(
                                0,
                                Der.sequence(
                                        Der.objectIdentifier("1.2.840.113549.1.9.22.1"),
                                        Der.explicit(0, Der.octetString(other)))),
                        claim));

        Pkcs12Contents contents =
                QSslCertificate.readPkcs12(Der.sequence(Der.integer(3), data(Der.sequence(data(bags)))), new byte[0]);

        assertThat(contents.certificate().isNull()).isTrue();
        assertThat(contents.caCertificates())
                .extracting(QSslCertificate::subjectDisplayName)
                .containsExactly("other1");
    }

    /** Whoever wants to know that nobody changed such a file has to know it from elsewhere. */
    @Test
    void fileWithoutMac_isReadButItsKeyStillNeedsThePassPhrase() throws IOException {
        export("own", "pass:right", "-nomac");
        byte[] file = read("out.p12");

        assertThat(QSslCertificate.importPkcs12(file, "right".getBytes(UTF_8))).isPresent();
        assertThat(QSslCertificate.importPkcs12(file, "wrong".getBytes(UTF_8))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"SHA256, SHA256", "SHA512, SHA512", "SHA1, SHA384"})
    void pbmac1_isConfirmedByThePassPhrase(String function, String mac) throws Exception {
        byte[] file = withPbmac1(function, mac, 32);
        byte[] changed = file.clone();
        changed[changed.length / 2] ^= 1;

        assertThat(QSslCertificate.readPkcs12(file, new byte[] {'x'})
                        .certificate()
                        .subjectDisplayName())
                .isEqualTo("own");
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(file, new byte[] {'y'}))
                .hasMessageContaining("pass phrase is wrong");
        assertThat(QSslCertificate.importPkcs12(changed, new byte[] {'x'})).isEmpty();
    }

    @Test
    void pbmac1ThatSaysTooLittle_isRefusedWithItsReason() throws Exception {
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(withPbmac1("SHA256", "SHA256", 16), new byte[] {'x'}))
                .hasMessageContaining("a key of 16 bytes");
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(withPbmac1("SHA256", "SHA256", 0), new byte[] {'x'}))
                .hasMessageContaining("names no length");
        assertThatThrownBy(() -> QSslCertificate.readPkcs12(
                        protectedBy(
                                contentsOfAFile(),
                                Der.sequence(
                                        Der.objectIdentifier("1.2.840.113549.1.5.14"),
                                        Der.sequence(
                                                Der.sequence(Der.objectIdentifier("1.2.3.4")),
                                                Der.sequence(Der.objectIdentifier("1.2.840.113549.2.9")))),
                                new byte[32]),
                        new byte[] {'x'}))
                .hasMessageContaining("unsupported MAC 1.2.3.4");
    }

    /** What RFC 9579 adds to the file that openssl writes without a MAC; the openssl of many machines cannot. */
    private static byte[] withPbmac1(String function, String mac, int keyBytes) throws Exception {
        Map<String, Integer> numbers = Map.of("SHA1", 7, "SHA256", 9, "SHA384", 10, "SHA512", 11);
        byte[] salt = "eight 8s".getBytes(UTF_8);
        int length = keyBytes == 0 ? 32 : keyBytes;
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmac" + function)
                .generateSecret(new PBEKeySpec(new char[] {'x'}, salt, 1000, 8 * length))
                .getEncoded();
        byte[] derivation = Der.sequence(
                Der.objectIdentifier("1.2.840.113549.1.5.12"),
                Der.sequence(
                        Der.octetString(salt),
                        Der.integer(1000),
                        keyBytes == 0 ? new byte[0] : Der.integer(keyBytes),
                        Der.sequence(
                                Der.objectIdentifier("1.2.840.113549.2." + numbers.get(function)), Der.nothing())));
        byte[] scheme = Der.sequence(Der.objectIdentifier("1.2.840.113549.2." + numbers.get(mac)), Der.nothing());
        byte[] algorithm =
                Der.sequence(Der.objectIdentifier("1.2.840.113549.1.5.14"), Der.sequence(derivation, scheme));
        Mac maker = Mac.getInstance("Hmac" + mac);
        maker.init(new SecretKeySpec(key, "Hmac" + mac));
        byte[] contents = contentsOfAFile();
        return protectedBy(contents, algorithm, maker.doFinal(contents));
    }

    private static byte[] protectedBy(byte[] contents, byte[] algorithm, byte[] mac) {
        byte[] data = Der.sequence(
                Der.sequence(algorithm, Der.octetString(mac)),
                Der.octetString("NOT USED".getBytes(UTF_8)),
                Der.integer(1));
        return Der.sequence(Der.integer(3), data(contents), data);
    }

    private static byte[] contentsOfAFile() throws IOException {
        export("own", "pass:x", "-nomac");
        DerReader file = new DerReader(read("out.p12")).sequence();
        file.skip();
        DerReader contents = file.sequence();
        contents.skip();
        return contents.enter(Der.context(0)).octetString();
    }

    private static byte[] data(byte[] content) {
        return Der.sequence(Der.objectIdentifier("1.2.840.113549.1.7.1"), Der.explicit(0, Der.octetString(content)));
    }

    @Test
    void indefiniteLengthsAndStringsInPieces_areRead() throws IOException {
        export("own", "pass:x", "");
        byte[] ber = indefinite(read("out.p12"));

        assertThat(ber).isNotEqualTo(read("out.p12"));
        assertThat(QSslCertificate.readPkcs12(ber, new byte[] {'x'}).caCertificates())
                .hasSize(3);
    }

    @Test
    void workAskedFor_isBounded() throws IOException {
        export("own", "pass:x", "-iter 2200000 -nomaciter");

        assertThatThrownBy(() -> QSslCertificate.readPkcs12(read("out.p12"), new byte[] {'x'}))
                .hasMessageContaining("2200000 rounds");
    }

    private static void export(String name, String pass, String options) {
        List<String> command = new ArrayList<>(List.of(
                "pkcs12",
                "-export",
                "-inkey",
                name + ".key",
                "-in",
                name + ".pem",
                "-certfile",
                "others.pem",
                "-out",
                "out.p12",
                "-passout",
                pass));
        if (!options.isEmpty()) {
            command.addAll(List.of(options.split(" ")));
        }
        OpenSslTool.run(directory, command.toArray(String[]::new));
    }

    /** Rewrites every constructed element with an indefinite length, and the outermost strings in two pieces. */
    private static byte[] indefinite(byte[] der) throws EncodingException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DerReader reader = new DerReader(der);
        while (reader.hasMore()) {
            int tag = reader.peekTag();
            byte[] content = reader.content(tag);
            if ((tag & 0x20) != 0) {
                out.write(tag);
                out.write(0x80);
                out.writeBytes(indefinite(content));
                out.writeBytes(new byte[2]);
            } else if (tag == Der.OCTET_STRING && content.length > 200) {
                out.write(Der.OCTET_STRING | 0x20);
                out.write(0x80);
                out.writeBytes(Der.octetString(Arrays.copyOf(content, 100)));
                out.writeBytes(Der.octetString(Arrays.copyOfRange(content, 100, content.length)));
                out.writeBytes(new byte[2]);
            } else {
                out.writeBytes(Der.element(tag, content));
            }
        }
        return out.toByteArray();
    }

    private static void openssl(String command) {
        OpenSslTool.run(directory, command.split(" "));
    }

    private static byte[] read(String file) throws IOException {
        return Files.readAllBytes(directory.resolve(file));
    }
}
