package dev.qssl.cli;

import com.google.gson.JsonObject;
import dev.qssl.QOcspResponse;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslSocket;
import dev.qssl.spi.NegotiatedParameters;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an encrypted connection agreed on, as both commands tell it.
 *
 * @param protocol such as {@code TLSv1.3}
 * @param cipher the cipher suite's name
 * @param group the key exchange group, if there is one and the backend tells
 * @param alpn the application protocol, if one was agreed on
 * @param ocsp the stapled status of the peer's certificate, if there is one
 * @param resumed whether an earlier session was resumed
 * @param peer the subject of the peer's certificate, if it showed one
 */
record ConnectionFacts(
        String protocol,
        String cipher,
        Optional<String> group,
        Optional<String> alpn,
        Optional<String> ocsp,
        boolean resumed,
        Optional<String> peer) {

    /** {@return the facts of a socket that is encrypted, or was; then there is no group to tell, nor a resumption} */
    static ConnectionFacts of(QSslSocket socket) {
        Optional<NegotiatedParameters> agreed = socket.sessionParameters();
        QSslConfiguration configuration = socket.sslConfiguration();
        byte[] alpn = configuration.nextNegotiatedProtocol();
        return new ConnectionFacts(
                configuration.sessionProtocol().displayName(),
                configuration.sessionCipher().name(),
                agreed.flatMap(NegotiatedParameters::group),
                Optional.of(new String(alpn, StandardCharsets.UTF_8)).filter(name -> !name.isEmpty()),
                ocsp(socket.ocspResponses()),
                agreed.map(NegotiatedParameters::resumed).orElse(false),
                subject(socket.peerCertificate()));
    }

    private static Optional<String> ocsp(List<QOcspResponse> responses) {
        return responses.isEmpty()
                ? Optional.empty()
                : Optional.of(responses.stream()
                        .map(response -> response.certificateStatus().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(",")));
    }

    /** {@return a certificate's subject; its other names if that is empty; nothing for a null certificate} */
    static Optional<String> subject(QSslCertificate certificate) {
        return certificate.x509().map(x509 -> {
            String name = x509.getSubjectX500Principal().getName();
            if (!name.isEmpty()) {
                return name;
            }
            return certificate.subjectAlternativeNames().values().stream()
                    .flatMap(List::stream)
                    .collect(Collectors.joining(","));
        });
    }

    /** {@return one line; a dash where there is nothing to tell, the peer last because names hold spaces} */
    String text() {
        return "PROTO=" + protocol + " CIPHER=" + cipher + " GROUP=" + group.orElse("-") + " ALPN=" + alpn.orElse("-")
                + " OCSP=" + ocsp.orElse("-") + " RESUMED=" + (resumed ? "yes" : "no") + " PEER="
                + peer.orElse("-").replace("\n", "\\n");
    }

    /** {@return the same as JSON; null where there is nothing to tell} */
    JsonObject json() {
        JsonObject json = new JsonObject();
        json.addProperty("protocol", protocol);
        json.addProperty("cipher", cipher);
        json.addProperty("group", group.orElse(null));
        json.addProperty("alpn", alpn.orElse(null));
        json.addProperty("ocsp", ocsp.orElse(null));
        json.addProperty("resumed", resumed);
        json.addProperty("peer", peer.orElse(null));
        return json;
    }
}
