package dev.qssl.spi.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerTest {

    @Test
    void everyKindOfElement_isReadAsWritten() throws EncodingException {
        byte[] der = Der.sequence(
                Der.integer(-129),
                Der.integer(BigInteger.TWO.pow(64)),
                Der.objectIdentifier("1.2.840.113549.1.1.1"),
                Der.octetString(new byte[200]),
                Der.bitString(new byte[70_000]),
                Der.explicit(0, Der.nothing()),
                Der.element(Der.BOOLEAN, new byte[] {-1}));

        DerReader reader = new DerReader(der).sequence();

        assertThat(reader.integer()).isEqualTo(-129);
        assertThat(reader.integer()).isEqualTo(BigInteger.TWO.pow(64));
        assertThat(reader.objectIdentifier()).isEqualTo("1.2.840.113549.1.1.1");
        assertThat(reader.octetString()).hasSize(200);
        assertThat(reader.bitString()).hasSize(70_000);
        assertThat(reader.enter(Der.context(0)).element()).containsExactly(5, 0);
        assertThat(reader.bool()).isTrue();
        assertThat(reader.hasMore()).isFalse();
        reader.end();
        Der.requireWellFormed(der);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.9.2342.19200300.100.1.25",
                "1.3.6.1.4.1.311.60.2.1.3",
                "2.5.29.17",
                "2.25.329800735698586629295641978511506172918",
                "2.999.1"
            })
    void objectIdentifier_isReadAsWritten(String dotted) throws EncodingException {
        assertThat(new DerReader(Der.objectIdentifier(dotted)).objectIdentifier())
                .isEqualTo(dotted);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 0 bytes left",
        "30, 1 bytes left",
        "3003020101aa, 1 bytes follow",
        "300302, cut off",
        "30820100, cut off",
        "3080020101 0000, indefinite",
        "308103020101, shortest form",
        "30820003020101, shortest form",
        "3085 0000000003 020101, 5 bytes",
        "3084ffffffff020101, cut off",
        "1f8101 00, more than one byte",
        "3005 0202 0101 05, 1 bytes left",
    })
    void malformedElement_isRefusedWithItsReason(String hex, String reason) {
        byte[] der = HexFormat.of().parseHex(hex.replace(" ", ""));

        assertThatThrownBy(() -> Der.requireWellFormed(der))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void nestingUpToTheLimit_isAccepted() {
        assertThatCode(() -> Der.requireWellFormed(nested(Der.MAXIMUM_DEPTH))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Der.requireWellFormed(nested(Der.MAXIMUM_DEPTH + 1)))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining("deep");
    }

    @Test
    void elementOfAnotherKind_isNamedInTheError() {
        assertThatThrownBy(() -> new DerReader(Der.nothing()).sequence())
                .hasMessage("expected ASN.1 SEQUENCE, found NULL");
        assertThatThrownBy(() -> new DerReader(new byte[0]).integer())
                .hasMessage("expected ASN.1 INTEGER, found the end");
    }

    @Test
    void failedRead_leavesThePosition() throws EncodingException {
        DerReader reader = new DerReader(Der.integer(7));

        assertThatThrownBy(reader::octetString).isInstanceOf(EncodingException.class);

        assertThat(reader.integer(7)).isEqualTo(7);
    }

    @Test
    void integerAboveItsLimit_isRefused() {
        for (long value : new long[] {-1, 11, Integer.MAX_VALUE, 1L << 31, 1L << 40}) {
            assertThatThrownBy(() -> new DerReader(Der.integer(value)).integer(10))
                    .isInstanceOf(EncodingException.class);
        }
    }

    private static byte[] nested(int levels) {
        byte[] der = Der.nothing();
        for (int i = 0; i < levels; i++) {
            der = Der.sequence(der);
        }
        return der;
    }
}
