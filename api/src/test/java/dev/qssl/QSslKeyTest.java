package dev.qssl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.KeyType;
import dev.qssl.spi.x509.OpenSslTool;
import dev.qssl.spi.x509.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QSslKeyTest {

    private static final byte[] PASS = "p\u00E4ss".getBytes(UTF_8);
    private static final byte[] NONE = {};

    @ParameterizedTest
    @CsvSource({
        "RSA, 2048, RSA, 2048",
        "RSASSA-PSS, 2048, RSA, 2048",
        "DSA, 1024, DSA, 1024",
        "EC, 384, EC, 384",
        "DH, 2048, DH, 2048",
        "Ed25519, 0, EDDSA, 256",
        "X448, 0, XDH, 448"
    })
    void key_isReportedAndGivenBack(String name, int size, KeyAlgorithm algorithm, int length) {
        KeyPair pair = keys(name, size);
        QSslKey secret = QSslKey.fromPrivateKey(pair.getPrivate());
        QSslKey open = QSslKey.fromPublicKey(pair.getPublic());

        assertThat(secret.type()).isEqualTo(KeyType.PRIVATE_KEY);
        assertThat(open.type()).isEqualTo(KeyType.PUBLIC_KEY);
        for (QSslKey key : new QSslKey[] {secret, open}) {
            assertThat(key.algorithm()).isEqualTo(algorithm);
            assertThat(key.length()).isEqualTo(length);
            QSslKey fromPem = new QSslKey(key.toPem(), algorithm, EncodingFormat.PEM, key.type());
            QSslKey fromDer = new QSslKey(key.toDer(), algorithm, EncodingFormat.DER, key.type(), PASS);
            assertThat(fromPem).isEqualTo(key).hasSameHashCodeAs(key);
            assertThat(fromDer).isEqualTo(key);
        }
        assertThat(secret).isNotEqualTo(open);
        assertThat(secret.toPrivateKey()).contains(pair.getPrivate());
        assertThat(secret.toPublicKey()).isEmpty();
        assertThat(open.toPublicKey()).contains(pair.getPublic());
        assertThat(open.toPrivateKey()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ML-DSA-44, 10496", "ML-DSA-65, 15616", "ML-DSA-87, 20736"})
    void postQuantumKey_isReportedAndGivenBack(String name, int length) throws IOException {
        assumeTrue(Security.getAlgorithms("KeyPairGenerator").contains("ML-DSA"), "this JDK has no ML-DSA");
        KeyPair pair = keys(name, 0);

        for (QSslKey key :
                new QSslKey[] {QSslKey.fromPrivateKey(pair.getPrivate()), QSslKey.fromPublicKey(pair.getPublic())}) {
            assertThat(key.algorithm()).isEqualTo(KeyAlgorithm.ML_DSA);
            assertThat(key.length()).isEqualTo(length);
            assertThat(QSslKey.read(key.toPem(), NONE)).isEqualTo(key);
        }
    }

    @Test
    void anythingElseThanAskedFor_givesANullKey() {
        QSslKey key = QSslKey.fromPrivateKey(keys("EC", 256).getPrivate());

        assertThat(new QSslKey(key.toPem(), KeyAlgorithm.RSA).isNull()).isTrue();
        assertThat(new QSslKey(key.toPem(), KeyAlgorithm.OPAQUE).isNull()).isTrue();
        assertThat(new QSslKey(key.toPem(), KeyAlgorithm.EC, EncodingFormat.DER).isNull())
                .isTrue();
        assertThat(new QSslKey(key.toDer(), KeyAlgorithm.EC, EncodingFormat.PEM).isNull())
                .isTrue();
        assertThat(new QSslKey(key.toPem(), KeyAlgorithm.EC, EncodingFormat.PEM, KeyType.PUBLIC_KEY).isNull())
                .isTrue();
    }

    @Test
    void encryptedKey_needsItsPassPhrase() {
        QSslKey key = QSslKey.fromPrivateKey(keys("EC", 256).getPrivate());

        byte[] pem = key.toPem(PASS);

        assertThat(new String(pem, UTF_8)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
        assertThat(encrypted(pem, PASS)).isEqualTo(key);
        assertThat(encrypted(pem, "wrong".getBytes(UTF_8)).isNull()).isTrue();
        assertThat(encrypted(pem, NONE).isNull()).isTrue();
        assertThat(encrypted(key.toPem(), PASS)).isEqualTo(key);
        assertThatThrownBy(() -> QSslKey.read(pem, "wrong".getBytes(UTF_8)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pass phrase is wrong");
        assertThatThrownBy(() -> QSslKey.read(pem, NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no pass phrase was given");
    }

    @Test
    void passPhrase_mattersForPrivatePemOnly() {
        KeyPair pair = keys("EC", 256);
        QSslKey open = QSslKey.fromPublicKey(pair.getPublic());
        QSslKey secret = QSslKey.fromPrivateKey(pair.getPrivate());

        assertThat(open.toPem(PASS)).isEqualTo(open.toPem());
        assertThat(open.toDer(PASS)).isEqualTo(open.toDer());
        assertThat(secret.toDer(PASS)).isEmpty();
        assertThat(secret.toDer(NONE)).isEqualTo(secret.toDer());
        assertThat(secret.toPem(NONE)).isEqualTo(secret.toPem());
    }

    @Test
    void read_findsOutAlgorithmAndFormat() throws IOException {
        KeyPair pair = keys("EC", 256);
        QSslKey secret = QSslKey.fromPrivateKey(pair.getPrivate());
        QSslKey open = QSslKey.fromPublicKey(pair.getPublic());

        assertThat(QSslKey.read(secret.toPem(), NONE)).isEqualTo(secret);
        assertThat(QSslKey.read(secret.toDer(), NONE)).isEqualTo(secret);
        assertThat(QSslKey.read(open.toPem(), NONE)).isEqualTo(open);
        assertThat(QSslKey.read(open.toDer(), NONE)).isEqualTo(open);
    }

    @Test
    void read_tellsWhatIsWrong() {
        assertThatThrownBy(() -> QSslKey.read(Pem.encode("CERTIFICATE", new byte[3]), NONE))
                .isInstanceOf(IOException.class)
                .hasMessage("expected a key, found PEM blocks of [CERTIFICATE]");
        assertThatThrownBy(() -> QSslKey.read(Pem.encode("OPENSSH PRIVATE KEY", new byte[3]), NONE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ssh-keygen -p -m PKCS8");
        assertThatThrownBy(() -> QSslKey.read("hello".getBytes(UTF_8), NONE)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> QSslKey.read(NONE, NONE)).isInstanceOf(IOException.class);
    }

    @Test
    void keyInAToken_isOpaque() {
        PrivateKey token = new TokenKey();
        QSslKey key = QSslKey.fromPrivateKey(token);

        assertThat(key.isNull()).isFalse();
        assertThat(key.type()).isEqualTo(KeyType.PRIVATE_KEY);
        assertThat(key.algorithm()).isEqualTo(KeyAlgorithm.OPAQUE);
        assertThat(key.toPem()).isEmpty();
        assertThat(key.toPem(PASS)).isEmpty();
        assertThat(key.toDer()).isEmpty();
        assertThat(key.handle()).containsSame(token);
        assertThat(key).isEqualTo(new QSslKey(key)).isNotEqualTo(QSslKey.fromPrivateKey(new TokenKey()));
        assertThat(key).isNotEqualTo(new QSslKey());
    }

    @Test
    void clear_leavesCopiesAlone() {
        QSslKey key = QSslKey.fromPublicKey(keys("EC", 256).getPublic());
        QSslKey copy = new QSslKey(key);

        key.clear();

        assertThat(key).isEqualTo(new QSslKey());
        assertThat(copy.isNull()).isFalse();
    }

    @Test
    void text_holdsNothingSecret() {
        assertThat(QSslKey.fromPrivateKey(keys("EC", 256).getPrivate()))
                .hasToString("QSslKey[PRIVATE_KEY, EC, 256 bits]");
    }

    @Test
    void everyWrittenKey_isReadByOpenssl(@TempDir Path directory) throws IOException {
        OpenSslTool.assumePresent();
        for (String name : new String[] {"RSA", "EC", "Ed25519", "X25519", "DSA"}) {
            KeyPair pair =
                    keys(name, name.equals("RSA") ? 2048 : name.equals("DSA") ? 1024 : name.equals("EC") ? 256 : 0);
            QSslKey secret = QSslKey.fromPrivateKey(pair.getPrivate());
            Files.write(directory.resolve("key.pem"), secret.toPem());

            byte[] open = OpenSslTool.run(directory, "pkey", "-in", "key.pem", "-pubout");

            assertThat(QSslKey.read(open, NONE)).as(name).isEqualTo(QSslKey.fromPublicKey(pair.getPublic()));
        }
    }

    private static QSslKey encrypted(byte[] pem, byte[] passPhrase) {
        return new QSslKey(pem, KeyAlgorithm.EC, EncodingFormat.PEM, KeyType.PRIVATE_KEY, passPhrase);
    }

    private static KeyPair keys(String algorithm, int size) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (size > 0) {
                generator.initialize(size);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    private static final class TokenKey implements PrivateKey {

        private static final long serialVersionUID = 1L;

        @Override
        public String getAlgorithm() {
            return "RSA";
        }

        @Override
        public @Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @Nullable [] getEncoded() {
            return null;
        }
    }
}
