package dev.qssl.tck.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.CipherSuite;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GnuTlsSessionTest {

    /** Names and numbers as {@code gnutls-cli --list} of GnuTLS 3.7.9 tells them; the log puts GNU before the names. */
    @ParameterizedTest
    @CsvSource({
        "GNUTLS_AES_128_GCM_SHA256, 1301",
        "GNUTLS_CHACHA20_POLY1305_SHA256, 1303",
        "GNUTLS_AES_128_CCM_8_SHA256, 1305",
        "GNUTLS_RSA_AES_128_CBC_SHA1, 002F",
        "GNUTLS_RSA_AES_256_CBC_SHA256, 003D",
        "GNUTLS_RSA_AES_256_GCM_SHA384, 009D",
        "GNUTLS_RSA_AES_128_CCM, C09C",
        "GNUTLS_RSA_AES_256_CCM_8, C0A1",
        "GNUTLS_DHE_DSS_AES_128_CBC_SHA1, 0032",
        "GNUTLS_DHE_RSA_AES_256_CBC_SHA1, 0039",
        "GNUTLS_DHE_RSA_CHACHA20_POLY1305, CCAA",
        "GNUTLS_DHE_RSA_AES_128_CCM, C09E",
        "GNUTLS_ECDHE_RSA_AES_256_CBC_SHA384, C028",
        "GNUTLS_ECDHE_RSA_CHACHA20_POLY1305, CCA8",
        "GNUTLS_ECDHE_ECDSA_AES_128_CBC_SHA1, C009",
        "GNUTLS_ECDHE_ECDSA_AES_256_CBC_SHA384, C024",
        "GNUTLS_ECDHE_ECDSA_AES_256_GCM_SHA384, C02C",
        "GNUTLS_ECDHE_ECDSA_AES_256_CCM_8, C0AF"
    })
    void nameInTheLog_isTheRegisteredOneOfTheSameSuite(String logged, String code) {
        assertThat(CipherSuite.ofCode(Integer.parseInt(code, 16)).map(CipherSuite::ianaName))
                .contains(GnuTlsSession.registered(logged));
    }
}
