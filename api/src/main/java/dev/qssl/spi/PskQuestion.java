package dev.qssl.spi;

import dev.qssl.QSsl.SslProtocol;
import java.util.List;
import java.util.Set;

/**
 * A handshake that wants a pre-shared key. Identities and hints are bytes, written as ISO-8859-1 text.
 *
 * @param role our side
 * @param protocols the versions that the key might be used in
 * @param hint client: what the server hinted (RFC 4279, section 5.2), empty in TLS 1.3; server: our own hint
 * @param identities server: the identities that the client offered, at least one; client: empty
 * @param maximumIdentityBytes client: the longest identity; server: 0
 * @param maximumKeyBytes the longest key
 */
public record PskQuestion(
        TlsRole role,
        Set<SslProtocol> protocols,
        String hint,
        List<String> identities,
        int maximumIdentityBytes,
        int maximumKeyBytes) {}
