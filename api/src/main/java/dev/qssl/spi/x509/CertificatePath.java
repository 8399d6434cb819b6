package dev.qssl.spi.x509;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * A way from a peer's certificate towards a trusted one.
 *
 * @param certificates the peer's first, each issued by the next, as far as names tell
 * @param end how it ends
 * @param broken the depths of those certificates whose signature the next certificate's key does not confirm
 */
record CertificatePath(List<CertificateFacts> certificates, End end, Set<Integer> broken) {

    /** How a path ends. */
    enum End {
        /** With a certificate that is trusted. */
        TRUSTED,
        /** With one that is self-signed and not trusted. */
        SELF_SIGNED,
        /** With one whose issuer is nowhere to be found. */
        UNKNOWN_ISSUER
    }

    CertificateFacts leaf() {
        return certificates.get(0);
    }

    /** {@return the last certificate} */
    CertificateFacts top() {
        return certificates.get(topDepth());
    }

    /** {@return the depth of the last certificate; 0 if there is only the peer's} */
    int topDepth() {
        return certificates.size() - 1;
    }

    /** {@return whether the certificate at this depth is the one that is trusted as it stands} */
    boolean isAnchor(int depth) {
        return end == End.TRUSTED && depth == topDepth();
    }

    List<X509Certificate> x509() {
        return certificates.stream().map(CertificateFacts::certificate).toList();
    }
}
