package dev.qssl.benchmarks.bars;

/**
 * What one side of a connection ended up with. A figure counts only if both sides ended up with {@link #EXPECTED}.
 *
 * @param protocol the version
 * @param cipherSuite the suite, by its IANA name
 * @param full whether it was a full handshake, not a resumed one
 * @param peerVerified client: whether the server's chain and name were checked, and found good; server: true
 */
public record Agreement(String protocol, String cipherSuite, boolean full, boolean peerVerified) {

    /** What all bars are to agree on. The group has no accessor in the JDK 17: {@link Arena} allows only one. */
    public static final Agreement EXPECTED = new Agreement("TLSv1.3", "TLS_AES_128_GCM_SHA256", true, true);

    /**
     * Voids a figure that was measured with something else.
     *
     * @throws IllegalStateException if this is not what was expected
     */
    public void check(String bar, String side) {
        if (!equals(EXPECTED)) {
            throw new IllegalStateException(
                    "void: the " + side + " of " + bar + " agreed on " + this + ", expected " + EXPECTED);
        }
    }
}
