package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.x509.OpenSslTool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QSslEllipticCurveTest {

    @ParameterizedTest
    @CsvSource({
        "prime256v1, prime256v1, P-256, secp256r1",
        "prime192v1, prime192v1, P-192, secp192r1",
        "secp384r1, secp384r1, P-384, secp384r1",
        "secp521r1, secp521r1, P-521, secp521r1",
        "sect571k1, sect571k1, K-571, sect571k1",
        "brainpoolP512r1, brainpoolP512r1, brainpoolP512r1, brainpoolP512r1",
        "X25519, X25519, x25519, x25519",
        "SM2, sm2, curveSM2, curveSM2",
        "X25519MLKEM768, X25519MLKEM768, X25519MLKEM768, X25519MLKEM768"
    })
    void curve_goesByAllItsNames(String shortName, String longName, String alias, String group) {
        QSslEllipticCurve curve = QSslEllipticCurve.fromShortName(shortName);

        assertThat(curve.isValid()).isTrue();
        assertThat(curve.isTlsNamedCurve()).isTrue();
        assertThat(curve.shortName()).isEqualTo(shortName);
        assertThat(curve.longName()).isEqualTo(longName);
        assertThat(curve.groupName()).isEqualTo(group);
        assertThat(QSslEllipticCurve.fromLongName(longName)).isEqualTo(curve).hasSameHashCodeAs(curve);
        assertThat(QSslEllipticCurve.fromShortName(alias)).isEqualTo(curve);
        assertThat(QSslEllipticCurve.ofGroup(group)).isEqualTo(curve);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no such curve", "PRIME256V1", "ffdhe2048"})
    void unknownName_givesAnInvalidCurve(String name) {
        QSslEllipticCurve curve = QSslEllipticCurve.fromShortName(name);

        assertThat(curve).isEqualTo(new QSslEllipticCurve()).isEqualTo(QSslEllipticCurve.fromLongName(name));
        assertThat(curve).isEqualTo(QSslEllipticCurve.ofGroup(name));
        assertThat(curve.isValid()).isFalse();
        assertThat(curve.isTlsNamedCurve()).isFalse();
        assertThat(curve.shortName()).isEmpty();
        assertThat(curve.longName()).isEmpty();
        assertThat(curve.groupName()).isEmpty();
    }

    @Test
    void curvesOfOpenssl_goByItsNames(@TempDir Path directory) {
        OpenSslTool.assumePresent();
        String listing = new String(OpenSslTool.run(directory, "ecparam", "-list_curves"), StandardCharsets.US_ASCII);

        long known = listing.lines()
                .filter(line -> line.contains(" : "))
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .filter(name -> QSslEllipticCurve.fromShortName(name).isValid())
                .peek(name -> assertThat(QSslEllipticCurve.fromShortName(name).shortName())
                        .isEqualTo(name))
                .count();

        assertThat(known).isPositive();
    }
}
