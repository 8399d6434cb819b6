package dev.qssl.backend.openssl;

import com.sun.jna.NativeLibrary;
import dev.qssl.spi.x509.OcspVerifier;
import java.security.cert.X509Certificate;
import java.util.Optional;

/**
 * Which library this is: not every libcrypto is OpenSSL's, and not every OpenSSL is known.
 *
 * @param number as {@code OpenSSL_version_num} gives it, such as 0x30000160 for 3.0.22; 0 if it does not say, as before 1.1
 * @param text the library's own words
 */
record LibraryVersion(long number, String text) {

    /** The version whose headers this backend was written by, and the first of its kind. */
    static final long FIRST_3 = 0x3000_0000L;

    private static final long FIRST_1_1_1 = 0x1010_1000L;
    private static final long FIRST_BEYOND_1_1_1 = 0x1010_2000L;
    private static final long FIRST_THAT_CHOOSES_STAPLES = 0x3060_0000L;
    private static final long FIRST_UNKNOWN = 0x4000_0000L;
    private static final String NAME = "OpenSSL ";

    /** {@return what a libcrypto says of itself} Before anything else of it is called. */
    static LibraryVersion of(NativeLibrary crypto) {
        try {
            long number = crypto.getFunction("OpenSSL_version_num").invokeLong(new Object[0]);
            long text = crypto.getFunction("OpenSSL_version").invokeLong(new Object[] {0});
            return new LibraryVersion(number, NativeMemory.text(text));
        } catch (UnsatisfiedLinkError notThere) {
            return new LibraryVersion(0, "");
        }
    }

    /** {@return why it cannot be used, in words that follow the name of its file; empty if it can} */
    Optional<String> objection() {
        if (number == 0) {
            return Optional.of("is older than OpenSSL 1.1.1, or no OpenSSL at all");
        }
        if (!text.startsWith(NAME)) {
            return Optional.of("is " + text + ", which is not OpenSSL");
        }
        if (number < FIRST_1_1_1) {
            return Optional.of("is " + text + ", older than 1.1.1");
        }
        if (number >= FIRST_UNKNOWN || (number >= FIRST_BEYOND_1_1_1 && number < FIRST_3)) {
            return Optional.of(
                    "is version 0x" + Long.toHexString(number) + " (" + text + "), which this backend does not know");
        }
        return Optional.empty();
    }

    /** {@return whether it is version 3.0 or newer} */
    boolean is3() {
        return number >= FIRST_3;
    }

    /**
     * {@return whether a server would leave out, without a word, a response that it is to staple} Versions up to 3.5 staple
     * whatever they are given. 3.6 (seen on 3.6.5) wants it to name the certificate, which must not be its own issuer.
     */
    boolean leavesOut(byte[] staple, X509Certificate own) {
        boolean isSelfIssued = own.getSubjectX500Principal().equals(own.getIssuerX500Principal());
        return number >= FIRST_THAT_CHOOSES_STAPLES && (isSelfIssued || !OcspVerifier.mayBeAbout(staple, own));
    }
}
