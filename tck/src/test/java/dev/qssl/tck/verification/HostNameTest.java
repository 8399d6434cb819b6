package dev.qssl.tck.verification;

import static dev.qssl.spi.x509.VerificationPolicy.RFC_5280;
import static dev.qssl.spi.x509.VerificationPolicy.WEB_PKI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qssl.spi.x509.HostName;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which certificate is for which host (RFC 9525; B-101 to B-107 as C17 changes them). */
final class HostNameTest {

    private final TestAuthority authority = TestAuthority.shared();

    @ParameterizedTest
    @CsvSource({
        "www.example.com, www.example.com",
        "WWW.Example.COM, www.example.com",
        "www.example.com, WWW.EXAMPLE.COM",
        "www.example.com, www.example.com.",
        "localhost, localhost",
        "*.example.com, www.example.com",
        "*.example.com, WWW.EXAMPLE.com.",
        "*.a.b.example.com, x.a.b.example.com",
        "*.example.com, xn--xample-9ua.example.com",
        "a_b.example.com, a_b.example.com",
        "xn--schufele-2za.de, SCHÄUFELE.DE",
        "*.xn--xample-9ua.com, foo.éxample.com",
        "*.xn--xample-9ua.com, foo.xn--xample-9ua.com",
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "::1, 0:0:0:0:0:0:0:1",
        "2001:db8::1, [2001:DB8:0::0.0.0.1]",
        "fe80::1, fe80::1%eth0"
    })
    void name_coversHost(String name, String host) {
        assertThat(HostName.of(host).matches(certificate(name), WEB_PKI)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.com, example.com",
        "example.com, www.example.com",
        "www.example.com., www.example.com",
        "*.example.com, example.com",
        "*.example.com, baa.foo.example.com",
        "*.example.com, .example.com",
        "*.example.com., www.example.com",
        "*, localhost",
        "*., localhost",
        "*.com, example.com",
        "*.*.com, www.example.com",
        "*fail.com, wwwfail.com",
        "xxx*.example.com, xxxwww.example.com",
        "f*.example.com, foo.example.com",
        "*o.example.com, foo.example.com",
        "www.*.com, www.example.com",
        "xn--kcry6tjko*.example.org, xn--kcry6tjkoanc.example.org",
        "*.0.0.1, 127.0.0.1",
        "127.0.0.1, 127.0.0.2",
        "::1, ::2",
        "0.0.0.1, ::1",
        "127.0.0.1, ::ffff:127.0.0.1",
        "xn--schufele-2za.de, schaufele.de",
        "xn--schufele-2za.de, schufele.de",
        "www..com, www..com",
        "-a.example.com, -a.example.com",
        "example.com, 'example.com/'",
        "example.com, 'exa mple.com'",
        "example.com, ''",
        "example.com, '.'"
    })
    void name_doesNotCoverHost(String name, String host) {
        assertThat(HostName.of(host).matches(certificate(name), RFC_5280)).isFalse();
    }

    @Test
    void addressInADnsEntry_coversNothing() {
        // SEQUENCE { [2] "127.0.0.1" }
        X509Certificate certificate = withAlternativeNames("300b" + "8209" + hex("127.0.0.1"));

        assertThat(HostName.of("127.0.0.1").matches(certificate, RFC_5280)).isFalse();
    }

    @Test
    void nameWithNul_coversNeitherHalf() {
        String name = "www.bank.com\0.badguy.com";
        X509Certificate certificate = withAlternativeNames("301a" + "8218" + hex(name));

        assertThat(HostName.of("www.bank.com").matches(certificate, RFC_5280)).isFalse();
        assertThat(HostName.of(name).matches(certificate, RFC_5280)).isFalse();
        assertThat(HostName.of(name).isInvalid()).isTrue();
    }

    @Test
    void rawUnicodeInADnsEntry_coversNothing() {
        X509Certificate certificate = withAlternativeNames("300d" + "820b" + hex("sch\u00e4uf.test"));

        assertThat(HostName.of("schäuf.test").matches(certificate, RFC_5280)).isFalse();
    }

    @Test
    void commonName_countsOnlyWithoutAlternativeNamesAndUnderRfc5280() {
        X509Certificate bare = authority.certificate("host.test").identity().certificate();
        X509Certificate other = authority
                .certificate("host.test")
                .names("other.test")
                .identity()
                .certificate();
        X509Certificate mailOnly = authority
                .certificate("host.test")
                .extension("2.5.29.17", HexFormat.of().parseHex("3005" + "8103" + hex("a@b")))
                .identity()
                .certificate();

        assertThat(HostName.of("host.test").matches(bare, RFC_5280)).isTrue();
        assertThat(HostName.of("host.test").matches(bare, WEB_PKI)).isFalse();
        assertThat(HostName.of("host.test").matches(other, RFC_5280)).isFalse();
        assertThat(HostName.of("host.test").matches(mailOnly, RFC_5280)).isFalse();
    }

    @Test
    void commonName_isNoAddressAndMayBeAWildcardInAnyScript() {
        X509Certificate address = authority.certificate("127.0.0.1").identity().certificate();
        X509Certificate wildcard =
                authority.certificate("*.éxample.com").identity().certificate();

        assertThat(HostName.of("127.0.0.1").matches(address, RFC_5280)).isFalse();
        assertThat(HostName.of("foo.xn--xample-9ua.com").matches(wildcard, RFC_5280))
                .isTrue();
    }

    @Test
    void ascii_isWhatServerNameIndicationWants() {
        assertThat(HostName.of("WWW.SCHÄUFELE.DE.").ascii()).isEqualTo("www.xn--schufele-2za.de");
        assertThat(HostName.of("127.0.0.1").ascii()).isEmpty();
        assertThat(HostName.of("127.0.0.1").isAddress()).isTrue();
        assertThat(HostName.of("[::1]").isAddress()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3",
        "256.1.1.1",
        "0x7f.1",
        "01.2.3.4",
        "1.2.3.4.5",
        "１２７.0.0.1",
        ":::",
        "1::2::3",
        "[1.2.3.4]",
        "::12345"
    })
    void whatIsNeitherNameNorAddress_matchesNothing(String text) {
        assertThat(HostName.of(text).isInvalid()).isTrue();
        assertThat(HostName.of(text).matchesPattern(text)).isFalse();
    }

    private X509Certificate certificate(String name) {
        return authority.serverRecipe(name).identity().certificate();
    }

    private X509Certificate withAlternativeNames(String der) {
        return authority
                .certificate("no matter")
                .extension("2.5.29.17", HexFormat.of().parseHex(der))
                .identity()
                .certificate();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
