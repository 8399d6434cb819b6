package dev.qssl.benchmarks.bars;

import dev.qssl.QSsl.SslProtocol;
import java.util.Locale;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection ended up with. A figure counts only if both sides ended up with {@link #EXPECTED}.
 *
 * @param protocol the version
 * @param cipherSuite the suite, by its IANA name
 * @param group the key exchange group, in lower case; that of {@link #EXPECTED} where the library does not tell, because
 *     {@link Arena} allows no other
 * @param full whether it was a full handshake, not a resumed one
 * @param peerVerified client: whether the server's chain and name were checked, and found good; server: true
 */
public record Agreement(String protocol, String cipherSuite, String group, boolean full, boolean peerVerified) {

    /** The version that all bars are to agree on. */
    static final SslProtocol PROTOCOL = SslProtocol.TLS_V1_3;

    /** What all bars are to agree on. */
    public static final Agreement EXPECTED =
            new Agreement(PROTOCOL.displayName(), "TLS_AES_128_GCM_SHA256", "x25519", true, true);

    /** {@return an agreement with a group that the library tells in its own spelling, or not at all} */
    public static Agreement of(
            String protocol, String cipherSuite, @Nullable String group, boolean full, boolean peerVerified) {
        String known = group == null ? EXPECTED.group : group.toLowerCase(Locale.ROOT);
        return new Agreement(protocol, cipherSuite, known, full, peerVerified);
    }

    /** {@return the agreement of a JSSE session that cannot have been resumed} */
    static Agreement of(SSLSession session, @Nullable String group, boolean peerVerified) {
        return of(session.getProtocol(), session.getCipherSuite(), group, true, peerVerified);
    }

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
