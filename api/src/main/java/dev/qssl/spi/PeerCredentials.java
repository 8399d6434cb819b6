package dev.qssl.spi;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a peer showed of itself in a handshake.
 *
 * @param chain its certificates as sent, its own first; empty if it sent none
 * @param staples the stapled OCSP responses, DER, each in the place of its certificate in the chain; of no bytes where the peer
 *     left one out before others; empty if there is none
 * @param resumed whether the session was resumed and the chain comes from its first handshake
 * @param findings problems that the library itself found and that our verifier may not see; usually empty
 */
public record PeerCredentials(
        List<X509Certificate> chain, List<byte[]> staples, boolean resumed, List<VerificationProblem> findings) {}
