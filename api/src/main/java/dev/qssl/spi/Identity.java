package dev.qssl.spi;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What one side proves itself with.
 *
 * @param chain its certificates, its own first; at least one
 * @param key the private key of the first; may be opaque (a token, a signer)
 */
public record Identity(List<X509Certificate> chain, PrivateKey key) {

    /** Copies the chain. */
    public Identity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("an identity has at least one certificate");
        }
    }

    /** {@return the certificate that the key belongs to} */
    public X509Certificate certificate() {
        return chain.get(0);
    }
}
