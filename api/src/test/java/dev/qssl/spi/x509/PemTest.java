package dev.qssl.spi.x509;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    private static final String BLOCK = "-----BEGIN THING-----\nAQID\n-----END THING-----\n";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 47, 48, 49, 1000})
    void block_isReadAsWritten(int size) throws EncodingException {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);

        byte[] pem = Pem.encode("CERTIFICATE", content);

        assertThat(Pem.requireBlocks(pem)).singleElement().satisfies(block -> {
            assertThat(block.label()).isEqualTo("CERTIFICATE");
            assertThat(block.headers()).isEmpty();
            assertThat(block.content()).isEqualTo(content);
        });
        assertThat(text(pem).lines().filter(line -> !line.startsWith("-----")).map(String::length))
                .allMatch(length -> length <= 64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BLOCK,
                "-----BEGIN THING-----\r\nAQID\r\n-----END THING-----\r\n",
                "-----BEGIN THING-----\rAQID\r-----END THING-----",
                "\u00EF\u00BB\u00BF" + BLOCK,
                "subject: me\n\n" + BLOCK + "\n\njunk",
                "-----BEGIN THING-----   \n  AQ\n\nID \t\n-----END THING----- \n",
                "-----BEGIN OTHER-----\nAQID\n" + BLOCK,
                "-----BEGIN OTHER-----\nnot base64!\n-----END OTHER-----\n" + BLOCK,
                "-----BEGIN OTHER-----\nAQID\n-----END MISMATCH-----\n" + BLOCK,
                BLOCK + "-----BEGIN OTHER-----\nAQID\n",
            })
    void blockAmongOtherText_isFound(String text) {
        assertThat(Pem.blocks(text.getBytes(ISO_8859_1))).singleElement().satisfies(block -> {
            assertThat(block.label()).isEqualTo("THING");
            assertThat(block.content()).containsExactly(1, 2, 3);
        });
    }

    @Test
    void headers_areSplitAtTheirColon() {
        String text = """
                -----BEGIN RSA PRIVATE KEY-----
                Proc-Type: 4,ENCRYPTED
                DEK-Info: AES-256-CBC,00FF

                AQID
                -----END RSA PRIVATE KEY-----
                """;

        assertThat(Pem.blocks(text.getBytes(ISO_8859_1))).singleElement().satisfies(block -> {
            assertThat(block.headers())
                    .containsOnly(Map.entry("Proc-Type", "4,ENCRYPTED"), Map.entry("DEK-Info", "AES-256-CBC,00FF"));
            assertThat(block.content()).containsExactly(1, 2, 3);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nothing at all                                        | found no",
                "-----BEGIN A-----,AQID                                | line 1 has no END line",
                "x,-----BEGIN A-----,AQID,-----BEGIN B-----            | line 2 has no END line before",
                "-----BEGIN A-----,AQID,-----END B-----                | ends with another label",
                "-----BEGIN A-----,AQ?D,-----END A-----                | not base64"
            })
    void malformedText_isRefusedWithItsReason(String lines, String reason) {
        byte[] text = lines.replace(',', '\n').getBytes(ISO_8859_1);

        assertThatThrownBy(() -> Pem.requireBlocks(text))
                .isInstanceOf(EncodingException.class)
                .hasMessageContaining(reason);
        assertThat(Pem.blocks(text)).isEmpty();
    }

    @Test
    void manyBeginLines_takeLinearTime() {
        byte[] text = "-----BEGIN A-----\n".repeat(60_000).getBytes(ISO_8859_1);

        assertThat(Pem.blocks(text)).isEmpty();
    }

    @Test
    void binaryBytes_areNoPem() {
        byte[] bytes = new byte[1 << 16];
        new Random(1).nextBytes(bytes);

        assertThat(Pem.looksLikePem(bytes)).isFalse();
        assertThat(Pem.blocks(bytes)).isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }
}
