package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.KeyType;
import dev.qssl.QSsl.SslProtocol;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NullObjectTest {

    private static final byte[] GARBAGE = "no certificate, no key".getBytes(StandardCharsets.US_ASCII);

    @Test
    void nullCertificates_areEqualAndAnswerEveryQuestion() {
        QSslCertificate none = new QSslCertificate();

        assertThat(none).isEqualTo(new QSslCertificate(GARBAGE)).hasSameHashCodeAs(new QSslCertificate(GARBAGE));
        assertThat(none.isNull()).isTrue();
        assertThat(none.isSelfSigned()).isFalse();
        assertThat(none.version()).isEmpty();
        assertThat(none.serialNumber()).isEmpty();
        assertThat(none.digest()).asHexString().isEqualTo("D41D8CD98F00B204E9800998ECF8427E");
        assertThat(none.subjectDisplayName()).isEmpty();
        assertThat(none.issuerInfoAttributes()).isEmpty();
        assertThat(none.subjectAlternativeNames()).isEmpty();
        assertThat(none.effectiveDate()).isEmpty();
        assertThat(none.publicKey()).isEqualTo(new QSslKey());
        assertThat(none.extensions()).isEmpty();
        assertThat(none.toPem()).isEmpty();
        assertThat(none.toDer()).isEmpty();
        assertThat(none.x509()).isEmpty();
    }

    @Test
    void nullKeys_areEqualAndAnswerEveryQuestion() {
        QSslKey none = new QSslKey();

        assertThat(none).isEqualTo(new QSslKey(GARBAGE, KeyAlgorithm.RSA));
        assertThat(none).hasSameHashCodeAs(new QSslKey(GARBAGE, KeyAlgorithm.RSA));
        assertThat(none.isNull()).isTrue();
        assertThat(none.length()).isNegative();
        assertThat(none.type()).isEqualTo(KeyType.PUBLIC_KEY);
        assertThat(none.algorithm()).isEqualTo(KeyAlgorithm.OPAQUE);
        assertThat(none.toPem()).isEmpty();
        assertThat(none.toDer()).isEmpty();
        assertThat(none.handle()).isEmpty();
    }

    @Test
    void nullCipher_answersEveryQuestion() {
        QSslCipher none = new QSslCipher();

        assertThat(none).isEqualTo(new QSslCipher("no such suite"));
        assertThat(none.isNull()).isTrue();
        assertThat(none.name()).isEmpty();
        assertThat(none.usedBits()).isZero();
        assertThat(none.protocol()).isEqualTo(SslProtocol.UNKNOWN_PROTOCOL);
    }

    @Test
    void errorWithoutCode_isNoError() {
        assertThat(new QSslError()).isEqualTo(new QSslError(SslError.NO_ERROR, new QSslCertificate()));
        assertThat(new QSslError().errorString()).isEqualTo("No error");
        assertThat(new QSslError().certificate().isNull()).isTrue();
    }
}
