package dev.qssl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which peer a client means, and how messages name it. */
class PeerKeyTest {

    @ParameterizedTest
    @CsvSource({
        "example.org, example.org:443",
        "127.0.0.1, 127.0.0.1:443",
        "::1, [::1]:443",
        "fe80::1%eth0, [fe80::1%eth0]:443",
        "[::1], [::1]:443"
    })
    void endpoint_isWrittenAsPeopleDo(String host, String endpoint) {
        assertThat(new PeerKey(host, 443, host).endpoint()).isEqualTo(endpoint);
    }
}
