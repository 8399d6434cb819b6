package dev.qssl.spi.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CertificateTableTest {

    private final CertificateTable table = new CertificateTable(64);

    @Test
    void equalBytes_giveTheSameObject() throws EncodingException {
        byte[] der = new CertificateRecipe().der();

        X509Certificate first = table.parse(der);

        assertThat(table.parse(der.clone())).isSameAs(first);
    }

    @Test
    void certificateOfAnotherMaking_becomesTheRememberedObject() throws EncodingException, CertificateException {
        byte[] der = new CertificateRecipe().der();
        X509Certificate first = table.parse(der);
        X509Certificate other = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));

        assertThat(table.intern(other)).isSameAs(first);
    }

    @Test
    void moreCertificatesThanFit_areStillRead() throws EncodingException {
        List<X509Certificate> seen = new ArrayList<>();
        for (int serial = 1; serial <= 300; serial++) {
            seen.add(table.parse(
                    new CertificateRecipe().serial(BigInteger.valueOf(serial)).der()));
        }

        assertThat(seen).doesNotHaveDuplicates().hasSize(300);
    }

    @Test
    void manyThreads_getOneObject() throws EncodingException {
        byte[] der = new CertificateRecipe().serial(BigInteger.valueOf(4711)).der();

        List<X509Certificate> seen = IntStream.range(0, 1000)
                .parallel()
                .mapToObj(i -> parse(der.clone()))
                .distinct()
                .toList();

        assertThat(seen).hasSize(1);
        assertThat(seen.get(0)).isSameAs(table.parse(der));
    }

    @Test
    void certificateWithBytesBehind_isRefused() {
        byte[] der = new CertificateRecipe().der();

        assertThatThrownBy(() -> table.parse(Arrays.copyOf(der, der.length + 1)))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("1 bytes follow");
    }

    @Test
    void anyCutOff_isRefused() {
        byte[] der = new CertificateRecipe().der();

        for (int length = 0; length < der.length; length++) {
            byte[] cut = Arrays.copyOf(der, length);
            assertThatThrownBy(() -> table.parse(cut)).isInstanceOf(EncodingException.class);
        }
    }

    @Test
    void anyChangedByte_isReadOrRefused() {
        byte[] der = new CertificateRecipe()
                .extension("2.5.29.17", Der.sequence(Der.element(Der.contextPrimitive(2), new byte[] {'a'})))
                .der();

        for (int i = 0; i < der.length; i++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] changed = der.clone();
                changed[i] ^= (byte) (1 << bit);
                readOrRefuse(changed);
            }
        }
    }

    /** The JDK's own parser takes quadratic time on these, or overflows the stack. */
    @ParameterizedTest
    @ValueSource(strings = {"2.5.29.17", "2.5.29.19", "2.5.29.30", "2.5.29.35", "1.3.6.1.5.5.7.1.1"})
    void deepNestingInsideAnExtension_isRefusedAtOnce(String extension) {
        byte[] indefinite = new byte[1 << 17];
        for (int i = 0; i < indefinite.length / 2; i += 2) {
            indefinite[i] = 0x30;
            indefinite[i + 1] = (byte) 0x80;
        }
        byte[] der = new CertificateRecipe().extension(extension, indefinite).der();

        assertThatThrownBy(() -> table.parse(der))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("indefinite");
    }

    @Test
    void extensionThatNobodyParses_mayHoldAnything() throws EncodingException {
        byte[] der = new CertificateRecipe()
                .extension("1.3.6.1.4.1.99999.1", new byte[] {0x30, (byte) 0x80, 1, 2, 3})
                .der();

        assertThat(table.parse(der).getExtensionValue("1.3.6.1.4.1.99999.1")).isNotNull();
    }

    /** RFC 5280, section 4.1.2.1: extensions need version 3, unique identifiers at least version 2. */
    @ParameterizedTest
    @ValueSource(bytes = {0, 1, 3})
    void extensionsInAnotherVersion_areRefused(byte version) throws EncodingException {
        byte[] der = new CertificateRecipe()
                .extension("2.5.29.14", Der.octetString(new byte[20]))
                .der();
        assertThat(table.parse(der).getVersion()).isEqualTo(3);
        byte[] changed = der.clone();
        for (int i = 0; i < 16; i++) {
            if (changed[i] == (byte) 0xA0) {
                changed[i + 4] = version;
                break;
            }
        }

        assertThatThrownBy(() -> table.parse(changed)).isInstanceOf(EncodingException.class);
    }

    @Test
    void hugeCertificate_isRefused() {
        assertThatThrownBy(() -> table.parse(new byte[CertificateTable.MAXIMUM_CERTIFICATE_BYTES + 1]))
                .isInstanceOf(EncodingException.class);
    }

    @Test
    void capacityThatIsNoPowerOfTwo_isRefused() {
        assertThatThrownBy(() -> new CertificateTable(100)).isInstanceOf(IllegalArgumentException.class);
    }

    private void readOrRefuse(byte[] der) {
        try {
            assertThat(table.parse(der)).isNotNull();
        } catch (EncodingException refused) {
            assertThat(refused).hasMessageStartingWith("expected an X.509 certificate");
        }
    }

    private X509Certificate parse(byte[] der) {
        try {
            return table.parse(der);
        } catch (EncodingException broken) {
            throw new AssertionError(broken);
        }
    }
}
