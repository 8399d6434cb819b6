package dev.qssl.benchmarks.bars;

import dev.qssl.BackendInfo;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslCipher;
import dev.qssl.QSslConfiguration;
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
 */
public record QsslSettings(String backend) {

    /** Refuses what is no backend, or cannot run here. */
    public QsslSettings {
        List<String> available = backends();
        if (!available.contains(backend)) {
            throw new IllegalArgumentException("unknown backend " + backend + "; available: " + available);
        }
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

    /** {@return the configuration of a client} Every handshake is a full one. */
    public QSslConfiguration client() {
        return client(Arena.authority());
    }

    /** {@return the configuration of a client that trusts the authority of another process} */
    public QSslConfiguration client(X509Certificate trusted) {
        QSslConfiguration configuration = configuration(TlsRole.CLIENT);
        configuration.setPeerVerifyMode(PeerVerifyMode.VERIFY_PEER);
        configuration.setCaCertificates(List.of(QSslCertificate.of(trusted)));
        configuration.setSslOption(SslOption.DISABLE_SESSION_SHARING, true);
        return configuration;
    }

    /** {@return the configuration of a server} */
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
        if (capabilities(backend).can(Capability.CIPHER_SUITE_CHOICE, role, Agreement.PROTOCOL)) {
            configuration.setCiphers(List.of(new QSslCipher(Agreement.EXPECTED.cipherSuite())));
        }
        return configuration;
    }

    private static Capabilities capabilities(String backend) {
        return QSslSocket.backends().stream()
                .filter(info -> info.name().equals(backend))
                .findFirst()
                .flatMap(BackendInfo::capabilities)
                .orElseThrow();
    }
}
