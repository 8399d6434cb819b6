package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSslDiffieHellmanParameters.Error;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.OpenSslTool;
import dev.qssl.spi.x509.Pem;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import javax.crypto.spec.DHParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QSslDiffieHellmanParametersTest {

    private static final DHParameterSpec DEFAULT =
            QSslDiffieHellmanParameters.defaultParameters().toParameterSpec().orElseThrow();

    private static final BigInteger MERSENNE_PRIME =
            BigInteger.ONE.shiftLeft(2203).subtract(BigInteger.ONE);

    @Test
    void emptyParameters_areValid() {
        QSslDiffieHellmanParameters empty = new QSslDiffieHellmanParameters();

        assertThat(empty.isEmpty()).isTrue();
        assertThat(empty.isValid()).isTrue();
        assertThat(empty.error()).isEqualTo(Error.NO_ERROR);
        assertThat(empty.errorString()).isEmpty();
        assertThat(empty.toParameterSpec()).isEmpty();
        assertThat(empty)
                .isEqualTo(new QSslDiffieHellmanParameters())
                .isNotEqualTo(QSslDiffieHellmanParameters.defaultParameters());
    }

    @Test
    void defaultParameters_areASafeGroup() {
        QSslDiffieHellmanParameters parameters = QSslDiffieHellmanParameters.defaultParameters();

        assertThat(parameters.isValid()).isTrue();
        assertThat(parameters.isEmpty()).isFalse();
        assertThat(DEFAULT.getP().bitLength()).isEqualTo(2048);
        assertThat(DEFAULT.getP().isProbablePrime(20)).isTrue();
        assertThat(DEFAULT.getP().shiftRight(1).isProbablePrime(20)).isTrue();
    }

    @Test
    void encodedGroup_isReadFromPemAndDer() {
        byte[] der = encoded(DEFAULT.getP(), DEFAULT.getG());

        assertThat(QSslDiffieHellmanParameters.fromEncoded(der, EncodingFormat.DER))
                .isEqualTo(QSslDiffieHellmanParameters.fromEncoded(Pem.encode("DH PARAMETERS", der)))
                .isEqualTo(QSslDiffieHellmanParameters.defaultParameters())
                .hasSameHashCodeAs(QSslDiffieHellmanParameters.defaultParameters());
    }

    @Test
    void groupOfOpenssl_isRead(@TempDir Path directory) {
        OpenSslTool.assumePresent();
        byte[] pem =
                OpenSslTool.run(directory, "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:modp_2048");

        QSslDiffieHellmanParameters parameters = QSslDiffieHellmanParameters.fromEncoded(pem);

        assertThat(parameters.errorString()).isEmpty();
        assertThat(parameters.toParameterSpec().orElseThrow().getP().bitLength())
                .isEqualTo(2048);
        assertThat(parameters).isNotEqualTo(QSslDiffieHellmanParameters.defaultParameters());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ffdhe2048",
                "ffdhe3072",
                "ffdhe4096",
                "ffdhe6144",
                "ffdhe8192",
                "modp_2048",
                "modp_3072",
                "modp_4096",
                "modp_6144",
                "modp_8192"
            })
    void standardGroup_isKnown(String group, @TempDir Path directory) {
        OpenSslTool.assumePresent();
        byte[] pem =
                OpenSslTool.run(directory, "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:" + group);
        BigInteger p = QSslDiffieHellmanParameters.fromEncoded(pem)
                .toParameterSpec()
                .orElseThrow()
                .getP();

        assertThat(SafePrime.isStandard(p)).isTrue();
        if (p.bitLength() <= 3072) {
            assertThat(SafePrime.defect(p)).isEmpty();
        }
    }

    @Test
    void everySmallNumber_isJudgedAsItsDivisorsSay() {
        for (int i = 9; i < 5000; i += 2) {
            BigInteger p = BigInteger.valueOf(i);
            boolean safe = p.isProbablePrime(30) && p.shiftRight(1).isProbablePrime(30);
            assertThat(SafePrime.defect(p).isEmpty()).as("%s", i).isEqualTo(safe);
        }
    }

    @Test
    void weakGroups_areUnsafe() {
        BigInteger p = DEFAULT.getP();
        BigInteger two = BigInteger.TWO;

        assertUnsafe(BigInteger.probablePrime(512, new Random(1)), two, "512");
        assertUnsafe(p.add(two), two, "p is not prime");
        assertUnsafe(MERSENNE_PRIME, two, "safe prime");
        assertUnsafe(BigInteger.ONE.shiftLeft(20_000).setBit(0), two, "20001");
        assertUnsafe(BigInteger.ONE.shiftLeft(5000).setBit(0), two, "5001 bits");
        assertUnsafe(p.negate(), two, "found one of");
        assertUnsafe(p, BigInteger.ONE, "generator");
        assertUnsafe(p, p.subtract(BigInteger.ONE), "generator");
        assertUnsafe(p, BigInteger.ZERO, "generator");
    }

    @Test
    void garbage_isInvalidInput() {
        byte[] garbage = "garbage".getBytes(StandardCharsets.US_ASCII);
        for (QSslDiffieHellmanParameters parameters : new QSslDiffieHellmanParameters[] {
            QSslDiffieHellmanParameters.fromEncoded(garbage),
            QSslDiffieHellmanParameters.fromEncoded(garbage, EncodingFormat.DER),
            QSslDiffieHellmanParameters.fromEncoded(new byte[0]),
            QSslDiffieHellmanParameters.fromEncoded(Pem.encode("CERTIFICATE", encoded(DEFAULT.getP(), DEFAULT.getG())))
        }) {
            assertThat(parameters.error()).isEqualTo(Error.INVALID_INPUT_DATA_ERROR);
            assertThat(parameters.isValid()).isFalse();
            assertThat(parameters.isEmpty()).isFalse();
            assertThat(parameters.errorString()).startsWith("expected Diffie-Hellman parameters");
        }
    }

    private static void assertUnsafe(BigInteger p, BigInteger g, String reason) {
        QSslDiffieHellmanParameters parameters =
                QSslDiffieHellmanParameters.fromEncoded(encoded(p, g), EncodingFormat.DER);

        assertThat(parameters.error()).isEqualTo(Error.UNSAFE_PARAMETERS_ERROR);
        assertThat(parameters.errorString()).contains(reason);
        assertThat(parameters.toParameterSpec()).isEmpty();
    }

    private static byte[] encoded(BigInteger p, BigInteger g) {
        return Der.sequence(Der.integer(p), Der.integer(g));
    }
}
