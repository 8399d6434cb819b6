package dev.qssl.cli;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslServer;
import dev.qssl.spi.Capability;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.DerReader;
import dev.qssl.spi.x509.EncodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the options of {@code qssl serve} make of a server. Every option was checked against the backend. */
final class ServerSetup implements AutoCloseable {

    private static final int ENUMERATED = 0x0A;

    private final ServeCommand options;
    private ChosenBackend backend;
    private final QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
    private @Nullable OwnAuthority authority;
    private Optional<Path> clientFile = Optional.empty();
    private byte[] psk = new byte[0];

    private ServerSetup(ServeCommand options, ChosenBackend backend) {
        this.options = options;
        this.backend = backend;
    }

    /**
     * {@return the setup that the options ask for}
     *
     * @throws CommandFailure (usage) naming the option that cannot be honoured
     */
    static ServerSetup of(ServeCommand options) throws CommandFailure {
        ServerSetup setup = new ServerSetup(options, ChosenBackend.of(options.negotiation, TlsRole.SERVER));
        try {
            setup.configure();
            return setup;
        } catch (CommandFailure | RuntimeException e) {
            setup.close();
            throw e;
        }
    }

    private void configure() throws CommandFailure {
        configuration.setAllowedNextProtocols(options.negotiation.alpn().toArray(String[]::new));
        Credentials.show(configuration, options.identity);
        configurePsk();
        configuration.setBackend(backend.name());
        configuration.setProtocol(backend.protocol());
        if (!options.negotiation.alpnLists.isEmpty()) {
            backend.require("--alpn", Capability.ALPN);
        }
        staple();
        if (options.identity.certificate.isEmpty() && psk.length == 0) {
            OwnAuthority made = new OwnAuthority();
            authority = made;
            made.certify(configuration, "localhost", "127.0.0.1", "::1");
        }
        askClients();
        Rehearsal.of(configuration, psk.length > 0, options.identity);
    }

    private void configurePsk() throws CommandFailure {
        psk = Credentials.psk(options.identity);
        if (psk.length > 0) {
            backend = backend.preferring(Capability.PSK);
            backend.require("--psk", Capability.PSK);
            configuration.setPskProtocols(Set.copyOf(backend.versions()));
        }
    }

    private void staple() throws CommandFailure {
        if (options.clients.ocspResponse.isEmpty()) {
            return;
        }
        backend.require("--ocsp-response", Capability.OCSP_STAPLING);
        if (options.identity.certificate.isEmpty()) {
            throw CommandFailure.usage("--ocsp-response: it has to be about a certificate; add --cert FILE");
        }
        Path file = options.clients.ocspResponse.get();
        byte[] response = Credentials.read("--ocsp-response", file);
        if (!isOcspResponse(response)) {
            throw CommandFailure.usage("--ocsp-response " + file
                    + ": this is no OCSP response in DER; 'openssl ocsp -respout FILE' writes one");
        }
        configuration.setStapledOcspResponses(List.of(response));
    }

    /** {@return whether it begins as one: a sequence of a status, and more (RFC 6960, section 4.2.1)} */
    private static boolean isOcspResponse(byte[] der) {
        try {
            return new DerReader(der).sequence().isNext(ENUMERATED);
        } catch (EncodingException e) {
            return false;
        }
    }

    private void askClients() throws CommandFailure {
        ServeCommand.ClientOptions clients = options.clients;
        switch (clients.clientAuth) {
            case NONE -> {
                if (!clients.authorities.isEmpty()) {
                    throw CommandFailure.usage(
                            "--ca: clients are not asked for certificates; add --client-auth request or require");
                }
                configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE);
            }
            case REQUEST -> ask("--client-auth request", PeerVerifyMode.QUERY_PEER);
            case REQUIRE -> {
                ask("--client-auth require", PeerVerifyMode.VERIFY_PEER);
                configuration.setMissingCertificateIsFatal(true);
            }
        }
    }

    private void ask(String option, PeerVerifyMode mode) throws CommandFailure {
        configuration.setCaCertificates(clientAuthorities(option));
        backend.require(option, Capability.CLIENT_CERTIFICATE);
        configuration.setPeerVerifyMode(mode);
    }

    private List<QSslCertificate> clientAuthorities(String option) throws CommandFailure {
        OwnAuthority made = authority;
        if (!options.clients.authorities.isEmpty()) {
            return Credentials.certificates("--ca", options.clients.authorities);
        }
        if (made == null) {
            throw CommandFailure.usage(option + ": whose clients? Name their authorities with --ca FILE");
        }
        clientFile = Optional.of(made.clientFile());
        return List.of(made.rootCertificate());
    }

    /** Sets up a server that is to listen. */
    void prepare(QSslServer server) {
        server.setSslConfiguration(configuration);
        if (psk.length == 0) {
            return;
        }
        byte[] identity = options.identity
                .pskIdentity
                .orElse(IdentityOptions.DEFAULT_PSK_IDENTITY)
                .getBytes(StandardCharsets.UTF_8);
        server.preSharedKeyAuthenticationRequired.connect(wanted -> {
            if (MessageDigest.isEqual(identity, wanted.authenticator().identity())) {
                wanted.authenticator().setPreSharedKey(psk);
            }
        });
    }

    /** {@return why clients will refuse the certificate now, although it can be served; empty if its time is right} */
    Optional<String> warning(Instant now) {
        QSslCertificate own = configuration.localCertificate();
        Optional<Instant> future = own.effectiveDate().filter(now::isBefore);
        Optional<Instant> past = own.expiryDate().filter(now::isAfter);
        return future.map(begin -> "is not valid before " + begin)
                .or(() -> past.map(end -> "expired on " + end))
                .map(why -> "warning: the certificate " + own.subjectDisplayName() + " " + why + " (it is now "
                        + now.truncatedTo(ChronoUnit.SECONDS) + "): clients that verify will refuse it");
    }

    /** {@return the backend's name} */
    String backend() {
        return backend.name();
    }

    /** {@return whether clients may prove themselves with a pre-shared key} */
    boolean hasPreSharedKey() {
        return psk.length > 0;
    }

    /** {@return the number of the version, if there is but one} */
    Optional<String> onlyVersion() {
        return backend.onlyVersion();
    }

    /** {@return the file of the authority that was made, if one was} */
    Optional<Path> authorityFile() {
        return Optional.ofNullable(authority).map(OwnAuthority::rootFile);
    }

    /** {@return the file of the certificate that was made for clients, if one was} */
    Optional<Path> clientFile() {
        return clientFile;
    }

    /** Deletes the files that were made. */
    @Override
    public void close() {
        OwnAuthority made = authority;
        if (made != null) {
            made.close();
        }
    }
}
