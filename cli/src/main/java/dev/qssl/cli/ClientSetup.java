package dev.qssl.cli;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslError;
import dev.qssl.QSslSocket;
import dev.qssl.SslError;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** What the options of {@code qssl connect} make of a socket. Every option was checked against the backend. */
final class ClientSetup {

    private final QSslConfiguration configuration;
    private final ConnectCommand options;
    private final byte[] psk;

    private ClientSetup(QSslConfiguration configuration, ConnectCommand options, byte[] psk) {
        this.configuration = configuration;
        this.options = options;
        this.psk = psk;
    }

    /**
     * {@return the setup that the options ask for}
     *
     * @throws CommandFailure (usage) naming the option that cannot be honoured
     */
    static ClientSetup of(ConnectCommand options) throws CommandFailure {
        NegotiationOptions negotiation = options.negotiation;
        ChosenBackend backend = ChosenBackend.of(negotiation.backend, negotiation.protocol, TlsRole.CLIENT);
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setBackend(backend.name());
        configuration.setProtocol(negotiation.protocol);
        if (!negotiation.alpn.isEmpty()) {
            backend.require("--alpn", Capability.ALPN);
            configuration.setAllowedNextProtocols(negotiation.alpn.toArray(String[]::new));
        }
        trust(configuration, options.trust, backend);
        if (options.identity.certificate.isPresent()) {
            backend.require("--cert", Capability.CLIENT_CERTIFICATE);
        }
        Credentials.show(configuration, options.identity);
        sessions(configuration, options.sessions, backend);
        return new ClientSetup(configuration, options, psk(configuration, options.identity, backend));
    }

    private static void trust(QSslConfiguration configuration, ConnectCommand.TrustOptions trust, ChosenBackend backend)
            throws CommandFailure {
        if (!trust.authorities.isEmpty()) {
            configuration.setCaCertificates(Credentials.certificates("--ca", trust.authorities));
        }
        if (!trust.serverName.isEmpty()) {
            backend.require("--server-name", Capability.SERVER_NAME);
        }
        if (trust.ocsp) {
            backend.require("--ocsp", Capability.OCSP_STAPLING);
            configuration.setOcspStaplingEnabled(true);
        }
    }

    private static void sessions(
            QSslConfiguration configuration, ConnectCommand.SessionOptions sessions, ChosenBackend backend)
            throws CommandFailure {
        if (sessions.out.isPresent()) {
            backend.require("--session-out", Capability.SESSION_EXPORT);
            configuration.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false);
        }
        if (sessions.in.isPresent()) {
            backend.require("--session-in", Capability.SESSION_EXPORT);
            byte[] session = Credentials.read("--session-in", sessions.in.get());
            if (session.length == 0) {
                throw CommandFailure.usage("--session-in " + sessions.in.get()
                        + ": the file is empty; a session is written by --session-out, with the same backend");
            }
            configuration.setSessionTicket(session);
        }
    }

    private static byte[] psk(QSslConfiguration configuration, IdentityOptions identity, ChosenBackend backend)
            throws CommandFailure {
        if (!identity.hasPsk()) {
            if (identity.pskIdentity.isPresent()) {
                throw CommandFailure.usage("--psk-identity: an identity is of no use without its key; add --psk HEX");
            }
            return new byte[0];
        }
        backend.require("--psk", Capability.PSK);
        configuration.setPskProtocols(Set.copyOf(backend.versions()));
        // A server that has a certificate too would choose that; the suites of TLS 1.3 are the same for both.
        configuration.setCiphers(backend.preSharedKeySuites());
        return Credentials.psk(identity);
    }

    /** Sets up a socket that is to connect. */
    void prepare(QSslSocket socket) {
        socket.setSslConfiguration(configuration);
        if (!options.trust.serverName.isEmpty()) {
            socket.setPeerVerifyName(options.trust.serverName);
        }
        if (options.trust.ignoreErrors) {
            socket.ignoreSslErrors();
        } else if (psk.length > 0) {
            // Who knows the key is who we want to talk to; a certificate that comes all the same is still verified.
            socket.ignoreSslErrors(List.of(new QSslError(SslError.NO_PEER_CERTIFICATE)));
        }
        if (psk.length > 0) {
            byte[] identity = options.identity
                    .pskIdentity
                    .orElse(IdentityOptions.DEFAULT_PSK_IDENTITY)
                    .getBytes(StandardCharsets.UTF_8);
            socket.preSharedKeyAuthenticationRequired.connect(question -> {
                question.setIdentity(identity);
                question.setPreSharedKey(psk);
            });
        }
    }
}
