package dev.qssl.spi.x509;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The text of certificates, beside that of {@code openssl x509 -text}. */
class CertificateTextTest {

    private static final String CONFIGURATION = """
            [req]
            distinguished_name = none
            prompt = no
            x509_extensions = all
            [none]
            [dn]
            C = UK
            O = My Org
            [all]
            subjectKeyIdentifier = hash
            authorityKeyIdentifier = keyid:always, issuer:always
            basicConstraints = critical, CA:TRUE, pathlen:3
            keyUsage = critical, digitalSignature, keyCertSign, cRLSign, decipherOnly
            extendedKeyUsage = serverAuth, clientAuth, OCSPSigning, 1.2.3.4.5
            subjectAltName = DNS:a.test, IP:1.2.3.4, IP:2001:db8::1, email:a@b.test, URI:http://x/, \
            otherName:1.2.3;UTF8:hi, dirName:dn, RID:1.2.3.4
            nameConstraints = critical, permitted;DNS:.x.test, permitted;IP:10.0.0.0/255.0.0.0, excluded;email:foo.test
            authorityInfoAccess = OCSP;URI:http://ocsp.test/, caIssuers;URI:http://ca.test/
            crlDistributionPoints = URI:http://crl.test/a.crl
            certificatePolicies = 1.2.3.4, 2.5.29.32.0
            policyConstraints = requireExplicitPolicy:3, inhibitPolicyMapping:1
            inhibitAnyPolicy = 2
            tlsfeature = status_request
            1.2.3.4.5.6 = DER:04020102
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-algorithm RSA -pkeyopt rsa_keygen_bits:2048",
                "-algorithm EC -pkeyopt ec_paramgen_curve:P-256",
                "-algorithm EC -pkeyopt ec_paramgen_curve:P-521",
                "-algorithm ED25519",
                "-algorithm ED448"
            })
    void text_saysWhatOpensslSays(String key, @TempDir Path directory) throws IOException {
        OpenSslTool.assumePresent();
        Files.writeString(directory.resolve("all.cnf"), CONFIGURATION);
        OpenSslTool.run(directory, ("genpkey -out key.pem " + key).split(" "));
        List<String> request = new ArrayList<>(
                List.of("req -x509 -new -key key.pem -out c.pem -days 7 -config all.cnf -utf8 -subj".split(" ")));
        request.add("/C=DE/O=Ex, ample \"1\"/OU=a+OU=b/CN=h\u00E9llo");
        OpenSslTool.run(directory, request.toArray(String[]::new));

        String expected = new String(OpenSslTool.run(directory, "x509", "-in", "c.pem", "-noout", "-text"), UTF_8);

        assertThat(normalised(CertificateText.of(certificate(directory)))).isEqualTo(normalised(expected));
    }

    @Test
    void rootsOfThisMachine_areWrittenAsOpensslWritesThem(@TempDir Path directory) throws IOException {
        OpenSslTool.assumePresent();
        List<X509Certificate> roots =
                CaStore.system().certificates().stream().limit(25).toList();
        for (X509Certificate root : roots) {
            Files.write(directory.resolve("c.pem"), Pem.encode("CERTIFICATE", encoded(root)));
            String expected = new String(OpenSslTool.run(directory, "x509", "-in", "c.pem", "-noout", "-text"), UTF_8);

            assertThat(normalised(CertificateText.of(root))).isEqualTo(normalised(expected));
        }
    }

    @Test
    void malformedExtension_isShownAsOctets() throws EncodingException {
        byte[] der = new CertificateRecipe()
                .extension("2.5.29.31", Der.octetString(new byte[] {0x41, 0x42, 0x0A}))
                .der();

        assertThat(CertificateText.of(CertificateTable.shared().parse(der)))
                .contains("X509v3 CRL Distribution Points: \n                ..AB.\n");
    }

    // OpenSSL's own random serial numbers are like this once in 512 times.
    @Test
    void serialNumberThatLooksNegative_isWrittenWithoutTheOctetThatSaysItIsNot() throws EncodingException {
        byte[] serial = Der.element(Der.contextPrimitive(2), new byte[] {0, (byte) 0x9A, 1});
        byte[] der = new CertificateRecipe()
                .extension("2.5.29.35", Der.sequence(serial))
                .der();

        assertThat(CertificateText.of(CertificateTable.shared().parse(der))).contains("serial:9A:01\n");
    }

    @Test
    void nameWithALineEnd_cannotForgeALine() throws EncodingException {
        byte[] der = new CertificateRecipe()
                .subject(CertificateRecipe.utf8("2.5.4.3", "a\n    Issuer: CN = trusted"))
                .der();

        assertThat(CertificateText.of(CertificateTable.shared().parse(der)).lines())
                .noneMatch(line -> line.strip().equals("Issuer: CN = trusted"));
    }

    private static X509Certificate certificate(Path directory) throws IOException {
        return CertificateReader.read(Files.readAllBytes(directory.resolve("c.pem")))
                .get(0);
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (java.security.cert.CertificateEncodingException impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** What differs between OpenSSL 3.0 and 3.6: blanks around the equals signs of names, and at the ends of lines. */
    private static List<String> normalised(String text) {
        return text.lines()
                .map(line -> line.stripTrailing().replace(" = ", "="))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
