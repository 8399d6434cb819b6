package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.spi.VerificationProblem;
import dev.qssl.spi.x509.CertificateRecipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class QSslErrorTest {

    private static final QSslCertificate CERTIFICATE =
            new QSslCertificate(new CertificateRecipe().der(), EncodingFormat.DER);

    @ParameterizedTest
    @EnumSource(SslError.class)
    void onlyTheAbsenceOfAnError_saysNoError(SslError code) {
        QSslError error = new QSslError(code);

        assertThat(error.errorString()).isNotBlank();
        assertThat(error.errorString().equals("No error")).isEqualTo(code == SslError.NO_ERROR);
        assertThat(error.certificate().isNull()).isTrue();
    }

    @Test
    void codeAndCertificate_makeErrorsEqual() {
        QSslError error = new QSslError(SslError.CERTIFICATE_EXPIRED, CERTIFICATE);

        assertThat(error).isEqualTo(new QSslError(SslError.CERTIFICATE_EXPIRED, CERTIFICATE));
        assertThat(error).isNotEqualTo(new QSslError(SslError.CERTIFICATE_EXPIRED));
        assertThat(error).isNotEqualTo(new QSslError(SslError.CERTIFICATE_NOT_YET_VALID, CERTIFICATE));
        assertThat(error.certificate()).isEqualTo(CERTIFICATE);
    }

    @Test
    void detailOfAVerifier_isInTheTextAndNotInTheEquality() {
        VerificationProblem problem = VerificationProblem.at(
                0, CERTIFICATE.toX509Certificate(), SslError.HOST_NAME_MISMATCH, "a.test is not b.test");

        QSslError error = QSslError.of(problem);

        assertThat(error.errorString())
                .startsWith(SslError.HOST_NAME_MISMATCH.text())
                .endsWith("a.test is not b.test");
        assertThat(error)
                .isEqualTo(new QSslError(SslError.HOST_NAME_MISMATCH, CERTIFICATE))
                .hasSameHashCodeAs(new QSslError(SslError.HOST_NAME_MISMATCH, CERTIFICATE));
        assertThat(QSslError.of(VerificationProblem.general(SslError.NO_PEER_CERTIFICATE, "")))
                .isEqualTo(new QSslError(SslError.NO_PEER_CERTIFICATE));
    }
}
