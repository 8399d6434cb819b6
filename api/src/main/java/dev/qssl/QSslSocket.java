package dev.qssl;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.KeyAlgorithm;
import dev.qssl.QSsl.PatternSyntax;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslMode;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.io.SelectorLoop;
import dev.qssl.net.EventLoop;
import dev.qssl.net.NetworkLayerProtocol;
import dev.qssl.net.OpenMode;
import dev.qssl.net.PauseMode;
import dev.qssl.net.QTcpSocket;
import dev.qssl.net.Signal;
import dev.qssl.net.Signal.Nothing;
import dev.qssl.net.SocketError;
import dev.qssl.spi.NegotiatedParameters;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsRole;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A TCP socket that can be encrypted with TLS, as client or server.
 *
 * <p>Either at once, with {@link #connectToHostEncrypted}, or later on a connected socket, with
 * {@link #startClientEncryption} or {@link #startServerEncryption}. {@link #encrypted} tells that the handshake is done;
 * from then on it is used like any {@link QTcpSocket}: what is written is encrypted, what is read was decrypted. What is
 * written before is queued and sent encrypted, never in clear.
 *
 * <p>{@link #bytesWritten} tells that bytes were encrypted, {@link #encryptedBytesWritten} that TCP took records.
 *
 * <p>If the peer's identity cannot be established, {@link #peerVerifyError} and {@link #sslErrors} are emitted and the
 * connection is dropped, unless {@link #ignoreSslErrors()} is called in a slot or before. Ignoring errors gives up what TLS
 * is for: do it for errors that a person has seen, or that are listed one by one.
 *
 * <p>Which library does the work is chosen by {@link QSslConfiguration#setBackend}, or for the whole process by
 * {@link #setActiveBackend}; {@link #backends} tells what there is.
 *
 * <p>For how a socket is driven and which threads may call what, see {@link dev.qssl.net.QAbstractSocket}.
 */
public class QSslSocket extends QTcpSocket {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    /** The handshake is done, and {@link #isEncrypted} is true. Once per handshake. */
    public final Signal<Nothing> encrypted;

    /** The mode changed from unencrypted to this. */
    public final Signal<SslMode> modeChanged;

    /** TCP took this many bytes of TLS records. */
    public final Signal<Long> encryptedBytesWritten;

    /** One thing is wrong with the peer's identity. A slot may end the connection; if none does, {@link #sslErrors} follows. */
    public final Signal<QSslError> peerVerifyError;

    /** Everything that is wrong with the peer's identity, once. The connection is dropped unless a slot ignores it. */
    public final Signal<List<QSslError>> sslErrors;

    /** A pre-shared key is wanted. The authenticator is valid only during the slot. Without a key the handshake fails. */
    public final Signal<QSslPreSharedKeyAuthenticator> preSharedKeyAuthenticationRequired;

    /** TLS 1.3: the server gave a session; it is in {@link #sslConfiguration} already (B-203). */
    public final Signal<Nothing> newSessionTicketReceived;

    /** An alert went to the peer. For information: nothing needs to be done about it. */
    public final Signal<AlertEvent> alertSent;

    /** An alert came from the peer. For information: a fatal one ends the connection by itself. */
    public final Signal<AlertEvent> alertReceived;

    /**
     * Something is wrong with the peer's chain, and the handshake stands still inside the slot. It fails, with an alert,
     * unless the slot calls {@link #continueInterruptedHandshake}. Only with
     * {@link QSslConfiguration#setHandshakeMustInterruptOnError}.
     */
    public final Signal<QSslError> handshakeInterruptedOnError;

    private final TlsSocketCore core;

    /** Creates a socket: driven by the loop whose thread this is, or else by its callers. */
    public QSslSocket() {
        this(new TlsSocketCore(SelectorLoop.current()));
    }

    private QSslSocket(TlsSocketCore core) {
        super(core);
        this.core = core;
        encrypted = core.encrypted;
        modeChanged = core.modeChanged;
        encryptedBytesWritten = core.encryptedBytesWritten;
        peerVerifyError = core.peerVerifyError;
        sslErrors = core.sslErrors;
        preSharedKeyAuthenticationRequired = core.preSharedKeyAuthenticationRequired;
        newSessionTicketReceived = core.newSessionTicketReceived;
        alertSent = core.alertSent;
        alertReceived = core.alertReceived;
        handshakeInterruptedOnError = core.handshakeInterruptedOnError;
    }

    /**
     * {@return a new socket that this loop drives}
     *
     * @param loop the loop; {@link EventLoop#shared} if there is no better
     */
    public static QSslSocket on(EventLoop loop) {
        return new QSslSocket(new TlsSocketCore(loop.selectorLoop()));
    }

    /**
     * Connects to a host and encrypts. Returns at once; {@link #encrypted} or {@link #errorOccurred} follows.
     *
     * @param hostName a name, or the text of an address; the certificate must be for it
     * @param port 1..65535
     */
    public void connectToHostEncrypted(String hostName, int port) {
        connectToHostEncrypted(hostName, port, OpenMode.READ_WRITE, NetworkLayerProtocol.ANY_IP_PROTOCOL);
    }

    /**
     * Connects to a host and encrypts.
     *
     * @param hostName a name, or the text of an address; the certificate must be for it
     * @param port 1..65535
     * @param mode for what
     * @param protocol which of its addresses may be used
     */
    public void connectToHostEncrypted(String hostName, int port, OpenMode mode, NetworkLayerProtocol protocol) {
        switch (state()) {
            case UNCONNECTED_STATE, BOUND_STATE -> connectEncrypted(hostName, port, mode, protocol);
            case HOST_LOOKUP_STATE, CONNECTING_STATE, CONNECTED_STATE, CLOSING_STATE, LISTENING_STATE ->
                LOG.log(Level.WARNING, "connectToHostEncrypted() on a socket in " + state() + ": ignored");
        }
    }

    private void connectEncrypted(String hostName, int port, OpenMode mode, NetworkLayerProtocol protocol) {
        if (core.checkStartable()) {
            core.connectEncrypted(hostName, port, mode, protocol);
        }
    }

    /**
     * Connects to a host and encrypts, for a certificate of another name.
     *
     * @param hostName a name, or the text of an address, to connect to
     * @param port 1..65535
     * @param sslPeerName the name that the certificate must be for, and that the server is asked for
     */
    public void connectToHostEncrypted(String hostName, int port, String sslPeerName) {
        connectToHostEncrypted(hostName, port, sslPeerName, OpenMode.READ_WRITE, NetworkLayerProtocol.ANY_IP_PROTOCOL);
    }

    /**
     * Connects to a host and encrypts, for a certificate of another name.
     *
     * @param hostName a name, or the text of an address, to connect to
     * @param port 1..65535
     * @param sslPeerName the name that the certificate must be for, and that the server is asked for
     * @param mode for what
     * @param protocol which of its addresses may be used
     */
    public void connectToHostEncrypted(
            String hostName, int port, String sslPeerName, OpenMode mode, NetworkLayerProtocol protocol) {
        setPeerVerifyName(sslPeerName);
        connectToHostEncrypted(hostName, port, mode, protocol);
    }

    /**
     * Connects and encrypts, on a loop-driven socket.
     *
     * @param hostName a name, or the text of an address; the certificate must be for it
     * @param port 1..65535
     * @return completes, on the loop's thread, when the connection is encrypted; fails with an {@code IOException}
     */
    public CompletionStage<Void> connectToHostEncryptedAsync(String hostName, int port) {
        return stage(encrypted, () -> connectToHostEncrypted(hostName, port));
    }

    /** Starts the handshake as client, on a connected socket that is not encrypted; otherwise warns and does nothing. */
    public void startClientEncryption() {
        core.startEncryption(TlsRole.CLIENT);
    }

    /** Starts the handshake as server, on a connected socket that is not encrypted; otherwise warns and does nothing. */
    public void startServerEncryption() {
        core.startEncryption(TlsRole.SERVER);
    }

    /** Goes on with the handshake. Only inside a slot of {@link #handshakeInterruptedOnError}, each time it is called. */
    public void continueInterruptedHandshake() {
        core.continueInterruptedHandshake();
    }

    /**
     * Accepts every problem with the peer's identity, on the current connection or, if there is none, the next. To be
     * called in a slot of {@link #sslErrors} or before; later is too late. Does not count while a list is set.
     */
    public void ignoreSslErrors() {
        core.ignoreAll();
    }

    /**
     * Accepts exactly these problems with the peer's identity: the connection goes on if every problem found is among them,
     * with the same code and certificate. Stays until it is replaced.
     *
     * @param errors replaces the earlier list; empty to clear it
     */
    public void ignoreSslErrors(List<QSslError> errors) {
        core.ignore(errors);
    }

    @Override
    public void resume() {
        core.resume();
    }

    @Override
    public void setPauseMode(PauseMode mode) {
        super.setPauseMode(mode);
        core.setPauseMode(mode);
    }

    /** Ends the connection with an error of the server's. */
    void refuse(SocketError error, String text) {
        core.refuse(error, text);
    }

    /** {@return the mode; after the end of a connection still that of the connection} */
    public SslMode mode() {
        return core.mode();
    }

    /** {@return whether everything is encrypted now} */
    public boolean isEncrypted() {
        return core.isEncrypted();
    }

    /** {@return the cipher suite; null cipher while not encrypted} */
    public QSslCipher sessionCipher() {
        NegotiatedParameters agreed = core.parameters();
        return agreed == null ? new QSslCipher() : QSslCipher.of(agreed.cipherSuite());
    }

    /** {@return the version; {@code UNKNOWN_PROTOCOL} while not encrypted} */
    public SslProtocol sessionProtocol() {
        NegotiatedParameters agreed = core.parameters();
        return agreed == null ? SslProtocol.UNKNOWN_PROTOCOL : agreed.protocol();
    }

    /** {@return everything that was agreed on; empty while not encrypted} */
    public Optional<NegotiatedParameters> sessionParameters() {
        return Optional.ofNullable(core.parameters());
    }

    /**
     * {@return keying material for another protocol, derived without a context value; see
     * {@link #exportKeyingMaterial(String, byte[], int)}}
     *
     * <p>In TLS 1.3 an empty context value gives the same; before, it does not (RFC 8446, section 7.5).
     *
     * @param label as there
     * @param length as there
     */
    public byte[] exportKeyingMaterial(String label, int length) {
        return core.exportKeyingMaterial(label, Optional.empty(), length);
    }

    /**
     * {@return keying material for another protocol, derived from the secrets of this connection (RFC 5705; RFC 8446, section
     * 7.5), owned by the caller} Both sides get the same bytes for the same arguments, and nobody else can compute them.
     *
     * <p>Up to TLS 1.2 they name one connection only if both sides have the extended master secret (RFC 7627, section 5.4):
     * to bind something else to the connection, use TLS 1.3.
     *
     * <p>Any thread, while {@link #isEncrypted}. Where another thread drives the connection, this one waits for it: it must
     * not hold what that one needs.
     *
     * @param label what it is for, by convention beginning with {@code EXPORTER-}: 1..249 characters of ASCII, none of those
     *     that TLS itself uses
     * @param context a value that both sides know, at most 65535 bytes; of more than 255 not every backend takes it
     * @param length in bytes, 1..65535; in TLS 1.3 at most 255 times that of the suite's hash
     * @throws IllegalArgumentException for another label, context or length
     * @throws IllegalStateException if the connection is not encrypted or ends meanwhile, in a slot that is called in the
     *     midst of a handshake, and after an interrupt, whose flag stays set
     * @throws UnsupportedOperationException if the backend cannot, with its name and reason: it lacks
     *     {@code Capability.EXPORTER}, or does not take this length
     */
    public byte[] exportKeyingMaterial(String label, byte[] context, int length) {
        return core.exportKeyingMaterial(label, Optional.of(context), length);
    }

    /** {@return the peer's certificate; a null one if it showed none yet. Stays until the next connection} */
    public QSslCertificate peerCertificate() {
        return peerCertificateChain().stream().findFirst().orElseGet(QSslCertificate::new);
    }

    /** {@return the peer's chain as it sent it, its own certificate first} */
    public List<QSslCertificate> peerCertificateChain() {
        return core.peerChain().stream().map(QSslCertificate::of).toList();
    }

    /** {@return what the staples say about the peer's certificate; empty if nothing definite came} */
    public List<QOcspResponse> ocspResponses() {
        return core.ocspResponses();
    }

    /** {@return what {@link #sslErrors} told last; empty after a clean handshake} */
    public List<QSslError> sslHandshakeErrors() {
        return core.handshakeErrors();
    }

    /** {@return the same as {@link #sslHandshakeErrors}: its name in Qt 5} */
    public List<QSslError> sslErrors() {
        return sslHandshakeErrors();
    }

    /** {@return the bytes of TLS records that were received and are not decrypted} */
    public long encryptedBytesAvailable() {
        return core.encryptedBytesAvailable();
    }

    /** {@return the bytes of TLS records that TCP has not taken} */
    public long encryptedBytesToWrite() {
        return core.encryptedBytesToWrite();
    }

    /** {@return whether the handshake ended in {@link #encrypted}, after waiting at most 30 s for it} */
    public final boolean waitForEncrypted() {
        return waitForEncrypted(DEFAULT_WAIT_MSECS);
    }

    /**
     * Waits for the handshake, the connection included.
     *
     * @param msecs how long at most, in milliseconds; -1 for ever
     * @return whether {@link #encrypted} was emitted in this call; on a loop-driven socket, whether it is encrypted and no
     *     earlier call said so. False if it was before, if there is no handshake, and if it failed (B-169..B-171)
     */
    public boolean waitForEncrypted(int msecs) {
        return core.waitForEncrypted(msecs);
    }

    /**
     * Waits for the handshake, the connection included.
     *
     * @param timeout how long at most
     * @return as {@link #waitForEncrypted(int)}
     */
    public final boolean waitForEncrypted(Duration timeout) {
        return waitForEncrypted(millis(timeout));
    }

    /** {@return a copy of the configuration, with what the connection filled in} */
    public QSslConfiguration sslConfiguration() {
        return core.liveConfiguration();
    }

    /**
     * Sets the configuration of the next handshake. What a connection fills in is not taken over, but for the session
     * ticket.
     *
     * @param configuration copied
     */
    public void setSslConfiguration(QSslConfiguration configuration) {
        core.setConfiguration(configuration.withoutSession());
    }

    private void configure(java.util.function.Consumer<QSslConfiguration> change) {
        QSslConfiguration copy = new QSslConfiguration(core.configuration());
        change.accept(copy);
        core.setConfiguration(copy);
    }

    /** {@return the wanted protocol} */
    public SslProtocol protocol() {
        return core.configuration().protocol();
    }

    /**
     * Sets the protocol of the next handshake.
     *
     * @param protocol a version or a range
     */
    public void setProtocol(SslProtocol protocol) {
        configure(configuration -> configuration.setProtocol(protocol));
    }

    /** {@return how much of the peer's certificate is asked for and checked} */
    public PeerVerifyMode peerVerifyMode() {
        return core.configuration().peerVerifyMode();
    }

    /**
     * Sets how much of the peer's certificate the next handshake asks for and checks.
     *
     * @param mode the mode
     */
    public void setPeerVerifyMode(PeerVerifyMode mode) {
        configure(configuration -> configuration.setPeerVerifyMode(mode));
    }

    /** {@return how many certificates of the peer's chain may be used; 0 for any number} */
    public int peerVerifyDepth() {
        return core.configuration().peerVerifyDepth();
    }

    /**
     * Sets how many certificates of the peer's chain may be used, its own included.
     *
     * @param depth 0 for any number; a negative one is ignored with a warning
     */
    public void setPeerVerifyDepth(int depth) {
        configure(configuration -> configuration.setPeerVerifyDepth(depth));
    }

    /** {@return the name that the peer's certificate must be for, if it is not the host's} */
    public String peerVerifyName() {
        return core.verifyName();
    }

    /**
     * Sets the name that the peer's certificate must be for, instead of the host's, until it is changed.
     *
     * @param hostName a name or the text of an address; empty for the host's
     */
    public void setPeerVerifyName(String hostName) {
        core.setVerifyName(hostName);
    }

    /** {@return our certificate; a null one if none is set} */
    public QSslCertificate localCertificate() {
        return core.configuration().localCertificate();
    }

    /**
     * Sets our certificate, alone in its chain. The private key must be set too.
     *
     * @param certificate ours
     */
    public void setLocalCertificate(QSslCertificate certificate) {
        configure(configuration -> configuration.setLocalCertificate(certificate));
    }

    /**
     * Sets our certificate to the first one of a file.
     *
     * @param path the file; if it holds none, a warning is logged and nothing changes
     * @param format how it is written
     */
    public void setLocalCertificate(String path, EncodingFormat format) {
        List<QSslCertificate> found = QSslCertificate.fromPath(path, format);
        if (found.isEmpty()) {
            LOG.log(Level.WARNING, "no certificate in " + path + ": nothing changed");
        } else {
            setLocalCertificate(found.get(0));
        }
    }

    /**
     * Sets our certificate to the first one of a PEM file.
     *
     * @param path the file; if it holds none, a warning is logged and nothing changes
     */
    public void setLocalCertificate(String path) {
        setLocalCertificate(path, EncodingFormat.PEM);
    }

    /** {@return our chain, our own certificate first} */
    public List<QSslCertificate> localCertificateChain() {
        return core.configuration().localCertificateChain();
    }

    /**
     * Sets the chain that is shown to the peer.
     *
     * @param localChain our own certificate first
     */
    public void setLocalCertificateChain(List<QSslCertificate> localChain) {
        configure(configuration -> configuration.setLocalCertificateChain(localChain));
    }

    /** {@return our private key; a null one if none is set} */
    public QSslKey privateKey() {
        return core.configuration().privateKey();
    }

    /**
     * Sets our private key.
     *
     * @param key that of our certificate
     */
    public void setPrivateKey(QSslKey key) {
        configure(configuration -> configuration.setPrivateKey(key));
    }

    /**
     * Sets our private key to the one in a file.
     *
     * @param fileName the file; if it cannot be read, a warning is logged and the old key stays (B-193)
     * @param algorithm what it is for
     * @param format how it is written
     * @param passPhrase for an encrypted one; may be empty
     */
    public void setPrivateKey(String fileName, KeyAlgorithm algorithm, EncodingFormat format, byte[] passPhrase) {
        QSslKey key;
        try {
            key = new QSslKey(
                    Files.readAllBytes(Path.of(fileName)), algorithm, format, QSsl.KeyType.PRIVATE_KEY, passPhrase);
        } catch (IOException | java.nio.file.InvalidPathException e) {
            LOG.log(Level.WARNING, "the private key file " + fileName + " cannot be read: " + e);
            return;
        }
        if (key.isNull()) {
            LOG.log(
                    Level.WARNING,
                    fileName + " holds no " + algorithm + " private key in " + format
                            + ", or the pass phrase is wrong: the old key stays");
            return;
        }
        setPrivateKey(key);
    }

    /**
     * Sets our private key to the RSA key in a PEM file.
     *
     * @param fileName the file; if it cannot be read, a warning is logged and the old key stays
     */
    public void setPrivateKey(String fileName) {
        setPrivateKey(fileName, KeyAlgorithm.RSA, EncodingFormat.PEM, new byte[0]);
    }

    /**
     * Trusts one more authority from the next handshake on.
     *
     * @param certificate the authority's
     */
    public void addCaCertificate(QSslCertificate certificate) {
        configure(configuration -> configuration.addCaCertificate(certificate));
    }

    /**
     * Trusts more authorities from the next handshake on.
     *
     * @param certificates the authorities'
     */
    public void addCaCertificates(List<QSslCertificate> certificates) {
        configure(configuration -> configuration.addCaCertificates(certificates));
    }

    /**
     * Trusts the authorities in the files that match a pattern.
     *
     * @param path a file or a pattern
     * @param format how they are written
     * @param syntax what kind of pattern
     * @return whether at least one certificate was found
     */
    public boolean addCaCertificates(String path, EncodingFormat format, PatternSyntax syntax) {
        boolean[] found = {false};
        configure(configuration -> found[0] = configuration.addCaCertificates(path, format, syntax));
        return found[0];
    }

    /** {@return the authorities that this socket trusts} */
    public List<QSslCertificate> caCertificates() {
        return core.configuration().caCertificates();
    }

    /**
     * Sets the authorities to trust from the next handshake on, instead of the system's.
     *
     * @param certificates the authorities'
     */
    public void setCaCertificates(List<QSslCertificate> certificates) {
        configure(configuration -> configuration.setCaCertificates(certificates));
    }

    /**
     * Has sockets that are made from now on trust one more authority.
     *
     * @param certificate the authority's
     */
    public static void addDefaultCaCertificate(QSslCertificate certificate) {
        addDefaultCaCertificates(List.of(certificate));
    }

    /**
     * Has sockets that are made from now on trust more authorities.
     *
     * @param certificates the authorities'
     */
    public static void addDefaultCaCertificates(List<QSslCertificate> certificates) {
        QSslConfiguration.addDefaultCaCertificates(certificates);
    }

    /**
     * Has sockets that are made from now on trust the authorities in the files that match a pattern.
     *
     * @param path a file or a pattern
     * @param encoding how they are written
     * @param syntax what kind of pattern
     * @return whether at least one certificate was found
     */
    public static boolean addDefaultCaCertificates(String path, EncodingFormat encoding, PatternSyntax syntax) {
        List<QSslCertificate> found = QSslCertificate.fromPath(path, encoding, syntax);
        addDefaultCaCertificates(found);
        return !found.isEmpty();
    }

    /** {@return the authorities that sockets made from now on trust} */
    public static List<QSslCertificate> defaultCaCertificates() {
        return QSslConfiguration.defaultConfiguration().caCertificates();
    }

    /**
     * Sets the authorities that sockets made from now on trust.
     *
     * @param certificates the authorities'
     */
    public static void setDefaultCaCertificates(List<QSslCertificate> certificates) {
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setCaCertificates(certificates);
        QSslConfiguration.setDefaultConfiguration(configuration);
    }

    /** {@return the authorities that the system trusts} */
    public static List<QSslCertificate> systemCaCertificates() {
        return QSslConfiguration.systemCaCertificates();
    }

    /** {@return the cipher suites of the next handshake} */
    public List<QSslCipher> ciphers() {
        return core.configuration().ciphers();
    }

    /**
     * Sets the cipher suites of the next handshake.
     *
     * @param ciphers best first
     */
    public void setCiphers(List<QSslCipher> ciphers) {
        configure(configuration -> configuration.setCiphers(ciphers));
    }

    /**
     * Sets the cipher suites of the next handshake by their names.
     *
     * @param ciphers separated by colons; unknown ones are dropped
     */
    public void setCiphers(String ciphers) {
        configure(configuration -> configuration.setCiphers(ciphers));
    }

    /** {@return the cipher suites of sockets that are made from now on} */
    public static List<QSslCipher> defaultCiphers() {
        return QSslConfiguration.defaultConfiguration().ciphers();
    }

    /**
     * Sets the cipher suites of sockets that are made from now on.
     *
     * @param ciphers best first
     */
    public static void setDefaultCiphers(List<QSslCipher> ciphers) {
        QSslConfiguration configuration = QSslConfiguration.defaultConfiguration();
        configuration.setCiphers(ciphers);
        QSslConfiguration.setDefaultConfiguration(configuration);
    }

    /** {@return the cipher suites that the active backend knows} */
    public static List<QSslCipher> supportedCiphers() {
        return QSslConfiguration.supportedCiphers();
    }

    /** {@return every backend that was found, with what it is or why it cannot run} */
    public static List<BackendInfo> backends() {
        return BackendInfo.all();
    }

    /** {@return the names of the backends that can run, in the order in which they are preferred} */
    public static List<String> availableBackends() {
        return Backends.shared().availableBackends();
    }

    /** {@return the name of the backend of sockets that name none} */
    public static String activeBackend() {
        return Backends.shared().activeBackend();
    }

    /**
     * Chooses the backend of sockets that name none. Only before the first of them is made; certificates and keys need no
     * backend.
     *
     * @param backendName one of {@link #availableBackends}
     * @return whether it is the active one now; if not, the one that was active stays so
     */
    public static boolean setActiveBackend(String backendName) {
        return Backends.shared().setActiveBackend(backendName);
    }

    /**
     * Adds a backend of the application's own.
     *
     * @param backend it
     */
    public static void registerBackend(TlsBackend backend) {
        Backends.shared().register(backend);
    }

    /**
     * Takes back {@link #registerBackend}.
     *
     * @param backend it
     * @return whether it was there
     */
    public static boolean removeBackend(TlsBackend backend) {
        return Backends.shared().remove(backend);
    }

    /** {@return the versions and ranges that the active backend can negotiate something of} */
    public static List<SslProtocol> supportedProtocols() {
        return supportedProtocols("");
    }

    /**
     * {@return the versions and ranges that a backend can negotiate something of; empty if it is unknown}
     *
     * @param backendName a name, in lower case; empty for the active backend
     */
    public static List<SslProtocol> supportedProtocols(String backendName) {
        return Backends.shared().supportedProtocols(backendName);
    }

    /**
     * {@return whether the active backend can negotiate something of this}
     *
     * @param protocol a concrete version or a range
     */
    public static boolean isProtocolSupported(SslProtocol protocol) {
        return isProtocolSupported(protocol, "");
    }

    /**
     * {@return whether a backend can negotiate something of this}
     *
     * @param protocol a concrete version or a range
     * @param backendName a name, in lower case; empty for the active backend
     */
    public static boolean isProtocolSupported(SslProtocol protocol, String backendName) {
        return supportedProtocols(backendName).contains(protocol);
    }

    /** {@return the classes that work with the active backend} */
    public static List<ImplementedClass> implementedClasses() {
        return implementedClasses("");
    }

    /**
     * {@return the classes that work with a backend; empty if it is unknown}
     *
     * @param backendName a name, in lower case; empty for the active backend
     */
    public static List<ImplementedClass> implementedClasses(String backendName) {
        return Backends.shared().implementedClasses(backendName);
    }

    /**
     * {@return whether a class works with the active backend}
     *
     * @param implemented one of Qt's classes
     */
    public static boolean isClassImplemented(ImplementedClass implemented) {
        return isClassImplemented(implemented, "");
    }

    /**
     * {@return whether a class works with a backend}
     *
     * @param implemented one of Qt's classes
     * @param backendName a name, in lower case; empty for the active backend
     */
    public static boolean isClassImplemented(ImplementedClass implemented, String backendName) {
        return implementedClasses(backendName).contains(implemented);
    }

    /** {@return the features of the active backend} */
    public static List<SupportedFeature> supportedFeatures() {
        return supportedFeatures("");
    }

    /**
     * {@return the features of a backend; empty if it is unknown}
     *
     * @param backendName a name, in lower case; empty for the active backend
     */
    public static List<SupportedFeature> supportedFeatures(String backendName) {
        return Backends.shared().supportedFeatures(backendName);
    }

    /**
     * {@return whether the active backend has a feature}
     *
     * @param feature one of Qt's features
     */
    public static boolean isFeatureSupported(SupportedFeature feature) {
        return isFeatureSupported(feature, "");
    }

    /**
     * {@return whether a backend has a feature}
     *
     * @param feature one of Qt's features
     * @param backendName a name, in lower case; empty for the active backend
     */
    public static boolean isFeatureSupported(SupportedFeature feature, String backendName) {
        return supportedFeatures(backendName).contains(feature);
    }

    /** {@return whether the active backend has sockets} If not, connecting fails with the reason. */
    public static boolean supportsSsl() {
        return Backends.shared().supportsSsl();
    }

    /** {@return the version of the active backend's library; -1 without TLS (C5)} */
    public static long sslLibraryVersionNumber() {
        return Backends.shared()
                .version()
                .map(version -> version.versionNumber())
                .orElse(-1L);
    }

    /** {@return the name and version of the active backend's library; empty without TLS} */
    public static String sslLibraryVersionString() {
        return Backends.shared().version().map(version -> version.version()).orElse("");
    }

    /** {@return the version that the active backend was built against; -1 without TLS} */
    public static long sslLibraryBuildVersionNumber() {
        return Backends.shared()
                .version()
                .map(version -> version.buildVersionNumber())
                .orElse(-1L);
    }

    /** {@return the name and version that the active backend was built against; empty without TLS} */
    public static String sslLibraryBuildVersionString() {
        return Backends.shared()
                .version()
                .map(version -> version.buildVersion())
                .orElse("");
    }
}
