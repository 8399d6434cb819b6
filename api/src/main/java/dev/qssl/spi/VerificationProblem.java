package dev.qssl.spi;

import dev.qssl.SslError;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a peer's identity.
 *
 * @param code what is wrong
 * @param certificate the certificate it is wrong with, or null if there is none
 * @param depth that certificate's place in the chain, 0 = the peer's own; -1 if it is not in the chain
 * @param detail what exactly, for people: the names compared, the dates, the rule's source; may be empty
 */
@SuppressWarnings("exports") // JSpecify is not needed to compile against this
public record VerificationProblem(SslError code, @Nullable X509Certificate certificate, int depth, String detail) {

    /**
     * {@return a problem with a certificate of the chain}
     *
     * @param depth 0 for the peer, 1 for its issuer, and so on
     * @param certificate the one that is wrong
     * @param code what is wrong
     * @param detail for people: what was expected, what was found
     */
    public static VerificationProblem at(int depth, X509Certificate certificate, SslError code, String detail) {
        return new VerificationProblem(code, certificate, depth, detail);
    }

    /**
     * {@return a problem that belongs to no certificate}
     *
     * @param code what is wrong
     * @param detail for people: what was expected, what was found
     */
    public static VerificationProblem general(SslError code, String detail) {
        return new VerificationProblem(code, null, -1, detail);
    }
}
