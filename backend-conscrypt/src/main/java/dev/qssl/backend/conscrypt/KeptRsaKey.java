package dev.qssl.backend.conscrypt;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.List;
import javax.crypto.Cipher;

/** RSA keys without encoding, a token's or a key service's: Conscrypt (2.9.0) pads itself, and has them encrypt the result. */
final class KeptRsaKey {

    /** What their providers must have: the first for RSASSA-PKCS1-v1_5, the other for PSS. */
    static final List<String> CIPHERS = List.of("RSA/ECB/PKCS1Padding", "RSA/ECB/NoPadding");

    private KeptRsaKey() {}

    /** {@return whether it is one that Conscrypt would find unable to sign, in the middle of a handshake} */
    static boolean cannotSign(PrivateKey key) {
        return key.getEncoded() == null
                && key.getAlgorithm().equals("RSA")
                && !CIPHERS.stream().allMatch(cipher -> takes(cipher, key));
    }

    private static boolean takes(String cipher, PrivateKey key) {
        try {
            Cipher.getInstance(cipher).init(Cipher.ENCRYPT_MODE, key);
            return true;
        } catch (GeneralSecurityException | RuntimeException noProviderDoes) {
            return false;
        }
    }
}
