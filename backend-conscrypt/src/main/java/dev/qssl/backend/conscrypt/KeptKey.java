package dev.qssl.backend.conscrypt;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;

/**
 * Private keys without encoding, a token's or a key service's.
 *
 * <p>Conscrypt (2.9.0) hashes and pads itself, and has the key's provider do the rest: for RSA encrypt what is padded, for EC
 * sign the hash. That it cannot would turn out in the middle of a handshake.
 */
final class KeptKey {

    /** What providers of RSA keys must have: the first for RSASSA-PKCS1-v1_5, the other for PSS. */
    private static final List<String> CIPHERS = List.of("RSA/ECB/PKCS1Padding", "RSA/ECB/NoPadding");

    private static final String RAW_SIGNATURE = "NONEwithECDSA";

    private KeptKey() {}

    /** {@return what Conscrypt would sign by, if the key is one that is kept and its provider has no such thing} */
    static Optional<String> lacks(PrivateKey key) {
        if (key.getEncoded() != null) {
            return Optional.empty();
        }
        return switch (key.getAlgorithm()) {
            case "RSA" ->
                CIPHERS.stream().allMatch(cipher -> encrypts(cipher, key))
                        ? Optional.empty()
                        : Optional.of("cipher " + CIPHERS);
            case "EC" -> signs(key) ? Optional.empty() : Optional.of("signature " + RAW_SIGNATURE);
            default -> Optional.empty();
        };
    }

    private static boolean encrypts(String cipher, PrivateKey key) {
        try {
            Cipher.getInstance(cipher).init(Cipher.ENCRYPT_MODE, key);
            return true;
        } catch (GeneralSecurityException | RuntimeException noProviderDoes) {
            return false;
        }
    }

    private static boolean signs(PrivateKey key) {
        try {
            Signature.getInstance(RAW_SIGNATURE).initSign(key);
            return true;
        } catch (GeneralSecurityException | RuntimeException noProviderDoes) {
            return false;
        }
    }
}
