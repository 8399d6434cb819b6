package dev.qssl.spi.x509;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qssl.QSsl.KeyAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that the openssl command wrote. */
@Timeout(60)
class KeyReaderTest {

    private static final byte[] NONE = {};
    private static final String PASS = "p\u00E4ss \uD83D\uDD11";

    @TempDir
    private static Path directory;

    @BeforeAll
    static void makeKeys() {
        OpenSslTool.assumePresent();
        openssl("genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.pem");
        openssl("genpkey -quiet -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out pss.pem");
        openssl("genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out p256.pem");
        openssl("genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521.pem");
        openssl("genpkey -quiet -algorithm ED25519 -out ed25519.pem");
        openssl("genpkey -quiet -algorithm ED448 -out ed448.pem");
        openssl("genpkey -quiet -algorithm X25519 -out x25519.pem");
        openssl("genpkey -quiet -algorithm X448 -out x448.pem");
        openssl("genpkey -quiet -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem");
        openssl("genpkey -quiet -algorithm DHX -pkeyopt dh_rfc5114:3 -out dhx.pem");
        openssl("genpkey -quiet -genparam -algorithm DSA -pkeyopt pbits:1024 -pkeyopt qbits:160 -out dsaparam.pem");
        openssl("genpkey -quiet -paramfile dsaparam.pem -out dsa.pem");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa, RSA, 2048",
        "pss, RSA, 2048",
        "p256, EC, 256",
        "p521, EC, 521",
        "ed25519, EDDSA, 256",
        "ed448, EDDSA, 456",
        "x25519, XDH, 253",
        "x448, XDH, 448",
        "dh, DH, 2048",
        "dhx, DH, 2048",
        "dsa, DSA, 1024"
    })
    void keyOfAnyAlgorithm_isReadInEveryForm(String name, KeyAlgorithm algorithm, int bits) throws IOException {
        byte[] pem = file(name + ".pem");
        byte[] der = openssl("pkey -in " + name + ".pem -outform DER");
        byte[] publicPem = openssl("pkey -in " + name + ".pem -pubout");
        byte[] publicDer = openssl("pkey -in " + name + ".pem -pubout -outform DER");

        Key key = KeyReader.read(pem, NONE);

        assertThat(key).isInstanceOf(PrivateKey.class);
        assertThat(KeyDescription.of(key)).isEqualTo(new KeyDescription(algorithm, bits));
        assertThat(KeyReader.read(der, NONE)).isEqualTo(key);
        Key open = KeyReader.read(publicPem, NONE);
        assertThat(open).isInstanceOf(PublicKey.class).isEqualTo(KeyReader.read(publicDer, NONE));
        assertThat(KeyDescription.of(open)).isEqualTo(new KeyDescription(algorithm, bits));
    }

    @ParameterizedTest
    @CsvSource({"rsa, rsa -traditional", "p256, ec", "p521, ec", "dsa, dsa"})
    void traditionalForm_isTheSameKey(String name, String command) throws IOException {
        Key key = KeyReader.read(file(name + ".pem"), NONE);
        byte[] der = openssl("pkey -in " + name + ".pem -traditional -outform DER");

        assertThat(KeyReader.read(openssl("pkey -in " + name + ".pem -traditional"), NONE))
                .isEqualTo(key);
        assertThat(KeyReader.read(der, NONE)).isEqualTo(key);
        for (String cipher : new String[] {"aes128", "aes192", "aes256", "des3"}) {
            byte[] encrypted = openssl(command + " -in " + name + ".pem -passout pass:" + PASS + " -" + cipher);
            assertThat(new String(encrypted, UTF_8)).contains("DEK-Info");
            assertThat(KeyReader.read(encrypted, bytes(PASS))).as(cipher).isEqualTo(key);
            assertRefused(encrypted);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-v2 aes-128-cbc",
                "-v2 aes-192-cbc",
                "-v2 aes-256-cbc",
                "-v2 des3",
                "-v2 aes256 -v2prf hmacWithSHA1",
                "-v2 aes256 -v2prf hmacWithSHA224",
                "-v2 aes256 -v2prf hmacWithSHA384",
                "-v2 aes256 -v2prf hmacWithSHA512",
                "-v2 aes256 -v2prf hmacWithSHA512-224",
                "-v2 aes256 -v2prf hmacWithSHA512-256",
                "-v2 aes256 -iter 100000",
                "-scrypt",
                "-scrypt -scrypt_N 1024 -scrypt_r 4 -scrypt_p 3",
                "-v1 PBE-SHA1-3DES",
                "-v1 PBE-SHA1-2DES"
            })
    void encryptedPkcs8_isReadWithItsPassPhrase(String options) throws IOException {
        byte[] pem = openssl("pkcs8 -topk8 -in p256.pem -passout pass:" + PASS + " " + options);
        byte[] der = openssl("pkcs8 -topk8 -in p256.pem -outform DER -passout pass:" + PASS + " " + options);
        Key key = KeyReader.read(file("p256.pem"), NONE);

        assertThat(KeyReader.read(pem, bytes(PASS))).isEqualTo(key);
        assertThat(KeyReader.read(der, bytes(PASS))).isEqualTo(key);
        assertRefused(pem);
        assertRefused(der);
    }

    @Test
    void unneededPassPhrase_isIgnored() throws IOException {
        assertThat(KeyReader.read(file("rsa.pem"), bytes("any"))).isEqualTo(KeyReader.read(file("rsa.pem"), NONE));
    }

    @Test
    void oldCipher_isRefusedWithARemedy() {
        byte[] pem = openssl(
                "pkcs8 -topk8 -in p256.pem -provider legacy -provider default -passout pass:x -v1" + " PBE-MD5-DES");

        assertThatThrownBy(() -> KeyReader.read(pem, bytes("x")))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("unsupported scheme 1.2.840.113549.1.5.3")
                .hasMessageContaining("openssl pkcs8");
    }

    @Test
    void unknownPartOfPbes2_isRefusedByItsIdentifier() {
        byte[] camellia = openssl("pkcs8 -topk8 -in p256.pem -passout pass:x -v2 camellia-256-cbc");

        assertThatThrownBy(() -> KeyReader.read(camellia, bytes("x")))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("unsupported cipher 1.2.392.200011.61.1.1.1.4");
        assertThatThrownBy(() -> KeyReader.read(pbes2("1.2.840.113549.1.5.12", "1.2.3.4"), bytes("x")))
                .hasMessageContaining("unsupported pseudo-random function 1.2.3.4");
        assertThatThrownBy(() -> KeyReader.read(pbes2("1.2.3.5", "1.2.840.113549.2.9"), bytes("x")))
                .hasMessageContaining("unsupported key derivation 1.2.3.5");
    }

    /** {@return a key encrypted by this derivation with this pseudo-random function} */
    private static byte[] pbes2(String derivation, String function) {
        byte[] parameters = Der.sequence(
                Der.octetString(new byte[8]),
                Der.integer(1000),
                Der.sequence(Der.objectIdentifier(function), Der.nothing()));
        byte[] cipher = Der.sequence(Der.objectIdentifier("2.16.840.1.101.3.4.1.42"), Der.octetString(new byte[16]));
        byte[] scheme = Der.sequence(
                Der.objectIdentifier("1.2.840.113549.1.5.13"),
                Der.sequence(Der.sequence(Der.objectIdentifier(derivation), parameters), cipher));
        return Der.sequence(scheme, Der.octetString(new byte[32]));
    }

    @Test
    void pkcs1PublicKey_isRead() throws IOException {
        Key key = KeyReader.read(openssl("pkey -in rsa.pem -pubout"), NONE);

        assertThat(KeyReader.read(openssl("rsa -in rsa.pem -RSAPublicKey_out"), NONE))
                .isEqualTo(key);
        assertThat(KeyReader.read(openssl("rsa -in rsa.pem -RSAPublicKey_out -outform DER"), NONE))
                .isEqualTo(key);
    }

    @Test
    void parametersBeforeTheKey_areSkipped() throws IOException {
        byte[] pem = openssl("ecparam -name secp384r1 -genkey");

        assertThat(new String(pem, UTF_8)).contains("EC PARAMETERS");
        assertThat(KeyDescription.of(KeyReader.read(pem, NONE)).bits()).isEqualTo(384);
    }

    @Test
    void curveThatIsDescribedInsteadOfNamed_isRefused() {
        byte[] pem = openssl("ecparam -name secp384r1 -genkey -noout -param_enc explicit");

        assertThatThrownBy(() -> KeyReader.read(pem, NONE))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("instead of naming it");
    }

    @Test
    void writtenEncryptedKey_isReadByOpenssl() throws IOException, GeneralSecurityException {
        PrivateKey key = KeyPairGenerator.getInstance("EC").generateKeyPair().getPrivate();
        byte[] encrypted = EncryptedPrivateKey.encrypt(key.getEncoded(), bytes(PASS));
        Files.write(directory.resolve("ours.pem"), Pem.encode("ENCRYPTED PRIVATE KEY", encrypted));

        byte[] plain = openssl("pkey -in ours.pem -passin pass:" + PASS);

        assertThat(KeyReader.read(plain, NONE)).isEqualTo(key);
        assertThat(KeyReader.read(encrypted, bytes(PASS))).isEqualTo(key);
    }

    @Test
    void anyChangedByte_isReadOrRefused() throws IOException {
        for (String name : new String[] {"rsa", "p256", "ed25519", "dsa", "dhx"}) {
            byte[] der = openssl("pkey -in " + name + ".pem -outform DER");
            byte[] open = openssl("pkey -in " + name + ".pem -pubout -outform DER");
            for (byte[] original : new byte[][] {der, open}) {
                for (int i = 0; i < Math.min(original.length, 120); i++) {
                    byte[] changed = original.clone();
                    changed[i] ^= (byte) (1 << i % 8);
                    readOrRefuse(changed);
                    readOrRefuse(Arrays.copyOf(original, i));
                }
            }
        }
    }

    @Test
    void changedEncryptedKey_isReadOrRefused() {
        byte[] der = openssl("pkcs8 -topk8 -in p256.pem -outform DER -passout pass:x -iter 1");
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] changed = der.clone();
            int at = random.nextInt(changed.length);
            // Not the iteration count: any value below the limit is allowed, and takes its time.
            changed[at] = (byte) (changed[at] == 1 ? 1 : random.nextInt());
            try {
                assertThat(KeyReader.read(changed, bytes("x"))).isNotNull();
            } catch (EncodingException refused) {
                assertThat(refused.getMessage()).isNotBlank();
            }
        }
    }

    private static void readOrRefuse(byte[] der) {
        try {
            assertThat(KeyReader.read(der, NONE)).isNotNull();
        } catch (EncodingException refused) {
            assertThat(refused.getMessage()).isNotBlank();
        }
    }

    private static void assertRefused(byte[] encrypted) {
        assertThatThrownBy(() -> KeyReader.read(encrypted, bytes("wrong")))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("pass phrase is wrong");
        assertThatThrownBy(() -> KeyReader.read(encrypted, NONE))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("no pass phrase was given");
    }

    private static byte[] openssl(String arguments) {
        // The pass phrase holds a space.
        String[] words = Arrays.stream(arguments.replace(PASS, "\0").split(" +"))
                .map(word -> word.replace("\0", PASS))
                .toArray(String[]::new);
        return OpenSslTool.run(directory, words);
    }

    private static byte[] file(String name) throws IOException {
        return Files.readAllBytes(directory.resolve(name));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
