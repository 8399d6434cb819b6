package dev.qssl.tck.link;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslConfiguration;
import dev.qssl.QSslKey;
import dev.qssl.QSslSocket;
import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CaStore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How one end of a connection is set up, before it is opened. One thread. */
public final class Setup {

    private final String name;
    private final QSslConfiguration configuration;
    private final List<Consumer<End>> preparations = new ArrayList<>();
    private boolean attended = true;

    /**
     * Creates one.
     *
     * @param name what messages call this end
     * @param configuration to start from; this object's from now on
     */
    public Setup(String name, QSslConfiguration configuration) {
        this.name = name;
        this.configuration = configuration;
    }

    /** {@return what messages call this end} */
    public String name() {
        return name;
    }

    /** {@return the configuration, as it is now} */
    public QSslConfiguration configuration() {
        return new QSslConfiguration(configuration);
    }

    boolean isAttended() {
        return attended;
    }

    List<Consumer<End>> preparations() {
        return preparations;
    }

    /** Has it show this certificate, with its chain. */
    public Setup identity(Identity identity) {
        configuration.setLocalCertificateChain(
                identity.chain().stream().map(QSslCertificate::of).toList());
        configuration.setPrivateKey(QSslKey.fromPrivateKey(identity.key()));
        return this;
    }

    /** Has it trust these authorities and no others. */
    public Setup trust(CaStore authorities) {
        configuration.setCaCertificates(
                authorities.certificates().stream().map(QSslCertificate::of).toList());
        return this;
    }

    /** Sets the version, or the range of versions. */
    public Setup protocol(SslProtocol protocol) {
        configuration.setProtocol(protocol);
        return this;
    }

    /** Has it speak the other end's version if that is off by default, and nothing was said of this end's. */
    public Setup meet(SslProtocol version) {
        SslProtocol usual = SslProtocol.SECURE_PROTOCOLS;
        boolean isOff = version.isConcrete() && !usual.versions().contains(version);
        return isOff && configuration.protocol() == usual ? protocol(version) : this;
    }

    /** Sets how much of the peer's certificate is asked for and checked. */
    public Setup verify(PeerVerifyMode mode) {
        configuration.setPeerVerifyMode(mode);
        return this;
    }

    /** Sets the application protocols, best first. */
    public Setup alpn(String... protocols) {
        configuration.setAllowedNextProtocols(protocols);
        return this;
    }

    /** Changes the configuration. */
    public Setup configure(Consumer<QSslConfiguration> change) {
        change.accept(configuration);
        return this;
    }

    /** Has the socket changed, on the test's thread, when it is made: before it connects, after its signals are recorded. */
    public Setup prepare(Consumer<QSslSocket> change) {
        return prepareEnd(end -> change.accept(end.socket()));
    }

    /** Has the end changed, on the test's thread, when it is made. */
    public Setup prepareEnd(Consumer<End> change) {
        preparations.add(change);
        return this;
    }

    /** Leaves the signals of verification without slots, so that nobody could overrule an error. */
    public Setup unattended() {
        attended = false;
        return this;
    }
}
