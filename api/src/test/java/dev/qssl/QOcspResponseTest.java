package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.spi.x509.CertificateRecipe;
import org.junit.jupiter.api.Test;

class QOcspResponseTest {

    private static final QSslCertificate CERTIFICATE =
            new QSslCertificate(new CertificateRecipe().der(), EncodingFormat.DER);

    @Test
    void newResponse_saysNothing() {
        QOcspResponse response = new QOcspResponse();

        assertThat(response.certificateStatus()).isEqualTo(QOcspCertificateStatus.UNKNOWN);
        assertThat(response.revocationReason()).isEqualTo(QOcspRevocationReason.NONE);
        assertThat(response.responder().isNull()).isTrue();
        assertThat(response.subject().isNull()).isTrue();
        assertThat(response).isEqualTo(new QOcspResponse()).hasSameHashCodeAs(new QOcspResponse());
    }

    @Test
    void allFourParts_makeResponsesEqual() {
        QOcspResponse response = revoked(QOcspRevocationReason.SUPERSEDED);

        assertThat(response)
                .isEqualTo(revoked(QOcspRevocationReason.SUPERSEDED))
                .isNotEqualTo(revoked(QOcspRevocationReason.KEY_COMPROMISE));
        response.subject().clear();
        assertThat(response.subject()).isEqualTo(CERTIFICATE);
    }

    @Test
    void reasonCodes_areThoseOfTheRfc() {
        assertThat(QOcspRevocationReason.ofCode(4)).isEqualTo(QOcspRevocationReason.SUPERSEDED);
        assertThat(QOcspRevocationReason.ofCode(10)).isEqualTo(QOcspRevocationReason.UNSPECIFIED);
        assertThat(QOcspRevocationReason.ofCode(8)).isEqualTo(QOcspRevocationReason.REMOVE_FROM_CRL);
        assertThat(QOcspRevocationReason.ofCode(7)).isEqualTo(QOcspRevocationReason.UNSPECIFIED);
    }

    private static QOcspResponse revoked(QOcspRevocationReason reason) {
        return QOcspResponse.of(QOcspCertificateStatus.REVOKED, reason, new QSslCertificate(), CERTIFICATE);
    }
}
