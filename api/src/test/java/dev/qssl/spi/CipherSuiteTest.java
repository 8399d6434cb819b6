package dev.qssl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.QSsl.SslProtocol;
import org.junit.jupiter.api.Test;

/** The table of cipher suites. */
class CipherSuiteTest {

    @Test
    void suite_isFoundByNumberAndByBothNames() {
        CipherSuite suite = CipherSuite.ofCode(0xC02F).orElseThrow();

        assertThat(suite)
                .isEqualTo(new CipherSuite(
                        0xC02F,
                        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                        "ECDHE-RSA-AES128-GCM-SHA256",
                        SslProtocol.TLS_V1_2,
                        "ECDH",
                        "RSA",
                        "AESGCM(128)",
                        128));
        assertThat(CipherSuite.ofName(suite.ianaName())).contains(suite);
        assertThat(CipherSuite.ofName(suite.openSslName())).contains(suite);
        assertThat(CipherSuite.ofName("tls_nonsense")).isEmpty();
    }

    @Test
    void knownSuites_areDistinctStrongAndNeverAnonymous() {
        assertThat(CipherSuite.known())
                .hasSizeGreaterThan(100)
                .doesNotHaveDuplicates()
                .allMatch(suite -> suite.bits() >= 112)
                .noneMatch(suite -> suite.authentication().equals("None"));
        assertThat(CipherSuite.known().get(0).protocol()).isEqualTo(SslProtocol.TLS_V1_3);
    }
}
