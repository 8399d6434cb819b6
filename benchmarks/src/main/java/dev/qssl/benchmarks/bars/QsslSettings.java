package dev.qssl.benchmarks.bars;

import dev.qssl.BackendInfo;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslCipher;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslEllipticCurve;
import dev.qssl.QSslKey;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsRole;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

/**
 * The configurations of QSSL's clients and servers on one backend.
 *
 * @param backend its name
 * @param handshakes how their connections begin
 */
public record QsslSettings(String backend, Handshakes handshakes) {

    /** Refuses what is no backend, or cannot run here. */
    public QsslSettings {
        List<String> available = backends();
        if (!available.contains(backend)) {
            throw new IllegalArgumentException("unknown backend " + backend + "; available: " + available);
        }
    }

    /** Creates the settings of full handshakes. */
    public QsslSettings(String backend) {
        this(backend, Handshakes.FULL);
    }

    /** {@return whether clients of this backend resume the sessions of its servers} */
    public boolean canResume() {
        return Stream.of(TlsRole.values())
                .allMatch(role -> capabilities(backend).can(Capability.RESUMPTION, role, Agreement.PROTOCOL));
    }

    /** {@return the names of the backends that can run here and do what is measured} */
    public static List<String> backends() {
        return QSslSocket.availableBackends().stream()
                .filter(QsslSettings::canMeasure)
                .toList();
    }

    private static boolean canMeasure(String backend) {
        Capabilities capabilities = capabilities(backend);
        return Stream.of(TlsRole.values())
                .allMatch(role -> capabilities.can(Capability.HANDSHAKE, role, Agreement.PROTOCOL));
    }

    /** {@return the configuration of a client} It verifies chain and name as any other {@code QSslSocket} does. */
    public QSslConfiguration client() {
        return client(Arena.authority());
    }

    /** {@return the configuration of a client that trusts the authority of another process} */
    public QSslConfiguration client(X509Certificate trusted) {
        QSslConfiguration configuration = configuration(TlsRole.CLIENT);
        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_PEER);
        configuration.setCaCertificates(List.of(QSslCertificate.of(trusted)));
        return configuration;
    }

    /** {@return the configuration of a server} Without sessions, it gives no tickets if its backend lets it. */
    public QSslConfiguration server(Identity identity) {
        QSslConfiguration configuration = configuration(TlsRole.SERVER);
        configuration.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_NONE);
        return configuration;
    }

    private QSslConfiguration configuration(TlsRole role) {
        QSslConfiguration configuration = new QSslConfiguration();
        configuration.setBackend(backend);
        configuration.setProtocol(Agreement.PROTOCOL);
        configuration.setSslOption(
                SslOption.DISABLE_SESSION_SHARING,
                handshakes == Handshakes.FULL && (role == TlsRole.CLIENT || isServerWithoutTickets()));
        if (capabilities(backend).can(Capability.CIPHER_SUITE_CHOICE, role, Agreement.PROTOCOL)) {
            configuration.setCiphers(List.of(new QSslCipher(Agreement.EXPECTED.cipherSuite())));
        }
        if (capabilities(backend).can(Capability.GROUP_CHOICE, role, Agreement.PROTOCOL)) {
            configuration.setEllipticCurves(List.of(QSslEllipticCurve.ofGroup(Agreement.EXPECTED.group())));
        }
        return configuration;
    }

    // Servers of the JDK always give tickets: without sharing, each from a context of its own, which peers do not make.
    private boolean isServerWithoutTickets() {
        return !backend.equals("jdk");
    }

    private static Capabilities capabilities(String backend) {
        return QSslSocket.backends().stream()
                .filter(info -> info.name().equals(backend))
                .findFirst()
                .flatMap(BackendInfo::capabilities)
                .orElseThrow();
    }
}
