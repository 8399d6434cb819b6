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
        // What takes no time first: a misspelt file is told before a library is asked what it can do.
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        NegotiationOptions negotiation = options.negotiation;
        configuration.setAllowedNextProtocols(negotiation.alpn().toArray(String[]::new));
        if (!options.trust.authorities.isEmpty()) {
            configuration.setCaCertificates(Credentials.certificates("--ca", options.trust.authorities));
        }
        Credentials.show(configuration, options.identity);
        byte[] psk = Credentials.psk(options.identity);
        if (options.sessions.out.isPresent()) {
            SecretFile.check("--session-out", options.sessions.out.get());
        }
        ChosenBackend backend = ChosenBackend.of(negotiation, TlsRole.CLIENT);
        sessions(configuration, options.sessions, backend);
        if (psk.length > 0) {
            backend = backend.preferring(Capability.PSK);
            agreeByKey(configuration, backend);
        }
        configuration.setBackend(backend.name());
        configuration.setProtocol(backend.protocol());
        configuration.setOcspStaplingEnabled(options.trust.ocsp);
        requireAll(options, backend);
        return new ClientSetup(configuration, options, psk);
    }

    private static void requireAll(ConnectCommand options, ChosenBackend backend) throws CommandFailure {
        if (!options.negotiation.alpnLists.isEmpty()) {
            backend.require("--alpn", Capability.ALPN);
        }
        if (!options.trust.serverName.isEmpty()) {
            backend.require("--server-name", Capability.SERVER_NAME);
        }
        if (options.trust.ocsp) {
            backend.require("--ocsp", Capability.OCSP_STAPLING);
        }
        if (options.identity.certificate.isPresent()) {
            backend.require("--cert", Capability.CLIENT_CERTIFICATE);
        }
    }

    private static void sessions(
            QSslConfiguration configuration, ConnectCommand.SessionOptions sessions, ChosenBackend backend)
            throws CommandFailure {
        if (sessions.in.isPresent()) {
            configuration.setSessionTicket(SessionFile.read("--session-in", sessions.in.get(), backend.name()));
            backend.require("--session-in", Capability.SESSION_EXPORT);
        }
        if (sessions.out.isPresent()) {
            backend.require("--session-out", Capability.SESSION_EXPORT);
            configuration.setSslOption(SslOption.DISABLE_SESSION_PERSISTENCE, false);
        }
    }

    private static void agreeByKey(QSslConfiguration configuration, ChosenBackend backend) throws CommandFailure {
        backend.require("--psk", Capability.PSK);
        configuration.setPskProtocols(Set.copyOf(backend.versions()));
        // A server that has a certificate too would choose that; the suites of TLS 1.3 are the same for both.
        configuration.setCiphers(backend.preSharedKeySuites());
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
