package dev.qssl.spi.x509;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import org.junit.jupiter.api.Test;

class PasswordKeyDerivationTest {

    /** RFC 6070, section 2. */
    @Test
    void pbkdf2_givesThePublishedKeys() throws GeneralSecurityException {
        assertThat(pbkdf2("password", "salt", 1, 20))
                .asHexString()
                .isEqualTo("0C60C80F961F0E71F3A9B524AF6012062FE037A6");
        assertThat(pbkdf2("password", "salt", 4096, 20))
                .asHexString()
                .isEqualTo("4B007901B765489ABEAD49D926F721D065A429C1");
        assertThat(pbkdf2("passwordPASSWORDpassword", "saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, 25))
                .asHexString()
                .isEqualTo("3D2EEC4FE41C849B80C8D83662C0E44A8B291A964CF2F07038");
        assertThat(pbkdf2("pass\0word", "sa\0lt", 4096, 16))
                .asHexString()
                .isEqualTo("56FA6AA75548099DCC37D7F03425E0C3");
    }

    /** RFC 7914, section 12. */
    @Test
    void scrypt_givesThePublishedKeys() throws GeneralSecurityException {
        assertThat(Scrypt.derive(new byte[0], new byte[0], 16, 1, 1, 64))
                .asHexString()
                .isEqualTo("77D6576238657B203B19CA42C18A0497F16B4844E3074AE8DFDFFA3FEDE21442"
                        + "FCD0069DED0948F8326A753A0FC81F17E8D3E0FB2E0D3628CF35E20C38D18906");
        assertThat(Scrypt.derive(bytes("password"), bytes("NaCl"), 1024, 8, 16, 64))
                .asHexString()
                .isEqualTo("FDBABE1C9D3472007856E7190D01E9FE7C6AD7CBC8237830E77376634B373162"
                        + "2EAF30D92E22A3886FF109279D9830DAC727AFB94A83EE6D8360CBDFA2CC0640");
    }

    private static byte[] pbkdf2(String passPhrase, String salt, int iterations, int length)
            throws GeneralSecurityException {
        return PasswordKeyDerivation.pbkdf2("HmacSHA1", bytes(passPhrase), bytes(salt), iterations, length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
