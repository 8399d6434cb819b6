package dev.qssl.benchmarks.bars;

import dev.qssl.QSsl.SslProtocol;
import java.util.Locale;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What one side of a connection ended up with. A figure counts only if both sides ended up with what {@link #expected} says.
 *
 * @param protocol the version
 * @param cipherSuite the suite, by its IANA name
 * @param group the key exchange group, in lower case; the expected one where the library does not tell, because
 *     {@link Arena} allows no other
 * @param handshakes how it began
 * @param peerVerified client: whether the server's chain and name were checked, and found good; server: true
 */
public record Agreement(
        String protocol, String cipherSuite, String group, Handshakes handshakes, boolean peerVerified) {

    /** The version that all bars are to agree on. */
    static final SslProtocol PROTOCOL = SslProtocol.TLS_V1_3;

    /** What all bars are to agree on after a full handshake. */
    public static final Agreement EXPECTED = expected(Handshakes.FULL);

    /** {@return what all bars are to agree on} */
    public static Agreement expected(Handshakes handshakes) {
        return new Agreement(PROTOCOL.displayName(), "TLS_AES_128_GCM_SHA256", "x25519", handshakes, true);
    }

    /** {@return an agreement with a group that the library tells in its own spelling, or not at all} */
    public static Agreement of(
            String protocol, String cipherSuite, @Nullable String group, Handshakes handshakes, boolean peerVerified) {
        String known = group == null ? EXPECTED.group : group.toLowerCase(Locale.ROOT);
        return new Agreement(protocol, cipherSuite, known, handshakes, peerVerified);
    }

    /** {@return the agreement of a JSSE session} */
    static Agreement of(SSLSession session, @Nullable String group, Handshakes handshakes, boolean peerVerified) {
        return of(session.getProtocol(), session.getCipherSuite(), group, handshakes, peerVerified);
    }

    /**
     * Voids a figure that was measured with something else than a full handshake and what is expected of it.
     *
     * @throws IllegalStateException if this is not what was expected
     */
    public void check(String bar, String side) {
        check(bar, side, Handshakes.FULL);
    }

    /**
     * Voids a figure that was measured with something else.
     *
     * @throws IllegalStateException if this is not what was expected
     */
    public void check(String bar, String side, Handshakes wanted) {
        if (!equals(expected(wanted))) {
            throw new IllegalStateException(
                    "void: the " + side + " of " + bar + " agreed on " + this + ", expected " + expected(wanted));
        }
    }
}
