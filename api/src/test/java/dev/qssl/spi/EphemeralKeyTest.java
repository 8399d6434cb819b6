package dev.qssl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.PublicKey;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the bytes of a server's ephemeral key. */
class EphemeralKeyTest {

    // RFC 7748, section 6.1: Alice's public key.
    private static final String ALICE = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";

    @Test
    void keyOfAGroup_isOneOfTheJdk() {
        assertThat(key("x25519", ALICE)).hasValueSatisfying(key -> {
            assertThat(key.getAlgorithm()).isEqualTo("XDH");
            assertThat(key.getEncoded()).endsWith(HexFormat.of().parseHex(ALICE));
        });
    }

    @ParameterizedTest
    @CsvSource({"x25519, ''", "x25519, 00ff", "x448, 00ff", "secp256r1, ''", "secp256r1, 0400", "secp256r1, 020304"})
    void bytesThatAreNoKeyOfTheGroup_giveNone(String group, String encoded) {
        assertThat(key(group, encoded)).isEmpty();
    }

    @Test
    void groupWithoutAnObjectInTheJdk_givesNone() {
        assertThat(key("X25519MLKEM768", ALICE)).isEmpty();
    }

    private static Optional<PublicKey> key(String group, String encoded) {
        return EphemeralKey.ofGroup(group, HexFormat.of().parseHex(encoded)).publicKey();
    }
}
