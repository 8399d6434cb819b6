package dev.qssl.spi;

import dev.qssl.QSsl.SslProtocol;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * What the two sides agreed on.
 *
 * @param protocol one concrete version
 * @param cipherSuite the suite
 * @param group the IANA name of the key exchange group, if there was one and the library tells
 * @param signatureScheme the IANA name of the scheme that the server signed with, if the library tells
 * @param alpn how protocol negotiation went
 * @param resumed whether an earlier session was resumed
 * @param serverName the name that the client asked for
 * @param ephemeralKey client: the server's ephemeral public key, if the suite has one and the library tells
 * @param acceptableAuthorities client: the authorities that the server named when it asked for a certificate
 */
public record NegotiatedParameters(
        SslProtocol protocol,
        CipherSuite cipherSuite,
        Optional<String> group,
        Optional<String> signatureScheme,
        Alpn alpn,
        boolean resumed,
        Optional<String> serverName,
        Optional<EphemeralKey> ephemeralKey,
        List<X500Principal> acceptableAuthorities) {

    /** How application-layer protocol negotiation went. Names are ISO-8859-1 text: one character a byte. */
    public sealed interface Alpn {

        /** A side did not take part. */
        record NotNegotiated() implements Alpn {}

        /** What every connection without ALPN shares. */
        Alpn NOT_NEGOTIATED = new NotNegotiated();

        /** Server: the client offered only protocols that we do not allow; the connection goes on without one. */
        record NoOverlap() implements Alpn {}

        /**
         * Both agreed.
         *
         * @param protocol the name, such as {@code h2}
         */
        record Selected(String protocol) implements Alpn {}
    }
}
