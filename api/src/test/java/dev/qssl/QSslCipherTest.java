package dev.qssl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import org.junit.jupiter.api.Test;

class QSslCipherTest {

    @Test
    void suite_goesByBothItsNames() {
        QSslCipher cipher = new QSslCipher("ECDHE-RSA-AES128-GCM-SHA256");

        assertThat(cipher).isEqualTo(new QSslCipher("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"));
        assertThat(cipher.name()).isEqualTo("ECDHE-RSA-AES128-GCM-SHA256");
        assertThat(cipher.ianaName()).isEqualTo("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
        assertThat(cipher.keyExchangeMethod()).isEqualTo("ECDH");
        assertThat(cipher.authenticationMethod()).isEqualTo("RSA");
        assertThat(cipher.encryptionMethod()).isEqualTo("AESGCM(128)");
        assertThat(cipher.usedBits()).isEqualTo(128);
        assertThat(cipher.supportedBits()).isEqualTo(128);
        assertThat(cipher.protocol()).isEqualTo(SslProtocol.TLS_V1_2);
        assertThat(cipher.protocolString()).isEqualTo("TLSv1.2");
    }

    @Test
    void everyKnownSuite_isFoundByNameAndProtocol() {
        for (CipherSuite suite : CipherSuite.known()) {
            QSslCipher cipher = QSslCipher.of(suite);

            assertThat(new QSslCipher(cipher.name())).isEqualTo(cipher).hasSameHashCodeAs(cipher);
            assertThat(new QSslCipher(cipher.name(), cipher.protocol())).isEqualTo(cipher);
            assertThat(new QSslCipher(cipher.name(), SslProtocol.DTLS_V1_2).isNull())
                    .isTrue();
            assertThat(cipher.suite()).contains(suite);
        }
    }
}
