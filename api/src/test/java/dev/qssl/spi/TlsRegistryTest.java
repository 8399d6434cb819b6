package dev.qssl.spi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Numbers and names of IANA's registries. */
class TlsRegistryTest {

    @Test
    void knownNumbers_haveTheRegistrysNames() {
        assertThat(TlsRegistry.groupName(29)).hasValue("x25519");
        assertThat(TlsRegistry.groupName(0x11EC)).hasValue("X25519MLKEM768");
        assertThat(TlsRegistry.groupCode("secp256r1")).hasValue(23);
        assertThat(TlsRegistry.signatureSchemeName(0x0804)).hasValue("rsa_pss_rsae_sha256");
        assertThat(TlsRegistry.signatureSchemeCode("ed25519")).hasValue(0x0807);
    }

    @Test
    void everyGroup_isFoundByItsNumberAgain() {
        assertThat(TlsRegistry.groupNames())
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(TlsRegistry.groupName(
                                TlsRegistry.groupCode(name).orElseThrow()))
                        .hasValue(name));
    }

    @Test
    void unknownNumbersAndNames_areEmpty() {
        assertThat(TlsRegistry.groupName(0x0A0A)).isEmpty();
        assertThat(TlsRegistry.groupCode("X25519")).isEmpty();
        assertThat(TlsRegistry.signatureSchemeName(0)).isEmpty();
        assertThat(TlsRegistry.signatureSchemeCode("")).isEmpty();
    }
}
