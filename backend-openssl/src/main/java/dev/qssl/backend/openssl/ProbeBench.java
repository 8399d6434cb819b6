package dev.qssl.backend.openssl;

import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsContext;
import dev.qssl.spi.TlsException;
import java.security.GeneralSecurityException;

/** What all probes work with. */
final class ProbeBench {

    private final OpenSslBackend backend;
    private final Identity rsa;

    ProbeBench(OpenSslBackend backend) throws GeneralSecurityException {
        this.backend = backend;
        this.rsa = ThrowAwayIdentity.rsa();
    }

    /** Something that works or does not. */
    interface Attempt {
        boolean succeeds() throws TlsException, GeneralSecurityException;
    }

    /** {@return whether it works} */
    static boolean works(Attempt attempt) {
        try {
            return attempt.succeeds();
        } catch (TlsException | GeneralSecurityException | RuntimeException itDoesNot) {
            return false;
        }
    }

    TlsContext context(ContextSettings.Builder settings) throws TlsException {
        return backend.newContext(settings.build());
    }

    /** {@return an identity with an RSA key} */
    Identity rsa() {
        return rsa;
    }

    /** {@return whether clients can wait for a decision} */
    boolean canPause() {
        try {
            return OpenSsl.load().isVersion3();
        } catch (UnavailableException notHere) {
            return false;
        }
    }
}
