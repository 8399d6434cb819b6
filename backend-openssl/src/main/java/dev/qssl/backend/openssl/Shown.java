package dev.qssl.backend.openssl;

import dev.qssl.spi.x509.OcspVerifier;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a peer showed of itself in a full handshake. In a resumed one it shows nothing, and is judged by this again.
 *
 * @param chain its own certificate first
 * @param staples the stapled OCSP response, if it was asked for and came: one or none
 */
record Shown(List<X509Certificate> chain, List<byte[]> staples) {

    static final Shown NOTHING = new Shown(List.of(), List.of());

    boolean isNothing() {
        return chain.isEmpty();
    }

    /** {@return whether a response was stapled that still counts} */
    boolean isStapleCurrent(Instant now) {
        return !staples.isEmpty() && OcspVerifier.isCurrent(staples.get(0), now);
    }
}
