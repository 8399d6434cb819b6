package dev.qssl.spi;

import dev.qssl.QSsl.SslProtocol;
import java.util.List;
import java.util.Optional;

/**
 * What a client said first (RFC 8446, section 4.1.2), as far as it helps to choose a configuration. {@link ClientHelloReader}
 * makes it. The lists of numbers hold what came, reserved and unknown values included (RFC 8701).
 *
 * @param versions the versions offered that have a name here, in the client's order
 * @param serverName the host name asked for, in lower case
 * @param alpn the application protocols offered, as ISO-8859-1 text, in the client's order
 * @param cipherSuites the numbers of the cipher suites offered, in the client's order
 * @param groups the numbers of the groups offered, in the client's order
 * @param signatureSchemes the numbers of the signature schemes offered, in the client's order
 * @param extensions the numbers of all extensions, in the client's order
 */
public record ClientHello(
        List<SslProtocol> versions,
        Optional<String> serverName,
        List<String> alpn,
        List<Integer> cipherSuites,
        List<Integer> groups,
        List<Integer> signatureSchemes,
        List<Integer> extensions) {

    /**
     * Copies the lists.
     *
     * @param versions those offered
     * @param serverName the host wanted, in lower case
     * @param alpn application protocols, best first
     * @param cipherSuites codes, best first
     * @param groups codes, best first
     * @param signatureSchemes codes, best first
     * @param extensions codes of all that were sent
     */
    public ClientHello {
        versions = List.copyOf(versions);
        alpn = List.copyOf(alpn);
        cipherSuites = List.copyOf(cipherSuites);
        groups = List.copyOf(groups);
        signatureSchemes = List.copyOf(signatureSchemes);
        extensions = List.copyOf(extensions);
    }
}
