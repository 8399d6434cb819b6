package dev.qssl;

import dev.qssl.QSsl.EncodingFormat;
import dev.qssl.QSsl.PatternSyntax;
import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.internal.trust.TrustedAuthorities;
import dev.qssl.spi.NegotiatedParameters.Alpn;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.ChainVerifier;
import dev.qssl.spi.x509.HostName;
import dev.qssl.spi.x509.KeyStrength;
import dev.qssl.spi.x509.VerificationPolicy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a connection is to be encrypted: versions, cipher suites, certificates, whom to trust. Read back from a live socket, it
 * also tells what was agreed on.
 *
 * <p>A cheap handle on an immutable snapshot: copying it is free, and changing a copy changes no other. Settings take effect
 * with the next handshake of the socket they are given to. Connections whose configurations are equal share what is costly to
 * make. Nothing is sent to a backend, and none is loaded, before the first connection; what the backend cannot honour is
 * refused then, by name.
 *
 * <p>One instance must not be changed by one thread while others use it. Since it can change, it should not be a map's key.
 */
public final class QSslConfiguration extends ConfigurationNegotiation {

    /** The name of HTTP/2 in protocol negotiation. */
    public static final String ALPN_PROTOCOL_HTTP2 = "h2";

    /** The name of HTTP/1.1 in protocol negotiation. */
    public static final String NEXT_PROTOCOL_HTTP1_1 = "http/1.1";

    private static final Logger LOG = System.getLogger("dev.qssl");

    /** How application-layer protocol negotiation went. */
    public enum NextProtocolNegotiationStatus {
        /** A side did not take part. */
        NEXT_PROTOCOL_NEGOTIATION_NONE(0),
        /** Both agreed on a protocol. */
        NEXT_PROTOCOL_NEGOTIATION_NEGOTIATED(1),
        /** The sides have no protocol in common, and went on without one. */
        NEXT_PROTOCOL_NEGOTIATION_UNSUPPORTED(2);

        private final int value;

        NextProtocolNegotiationStatus(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** Creates a null configuration: every setting at its default, with the default configuration's cipher suites. */
    public QSslConfiguration() {
        this(ConfigurationSnapshot.NULL, SessionState.NONE);
    }

    /**
     * Creates a copy, session state included.
     *
     * @param other what to copy
     */
    public QSslConfiguration(QSslConfiguration other) {
        this(other.snapshot(), other.session());
    }

    private QSslConfiguration(ConfigurationSnapshot snapshot, SessionState session) {
        super(snapshot, session);
    }

    /** {@return what new sockets begin with} Its cipher suites are the backend's strong and authenticated ones (B-009). */
    public static QSslConfiguration defaultConfiguration() {
        return new QSslConfiguration(DefaultConfigurations.tls(), SessionState.NONE);
    }

    /**
     * Sets what new sockets begin with; existing ones keep what they have (B-008).
     *
     * @param configuration copied, without its session
     */
    public static void setDefaultConfiguration(QSslConfiguration configuration) {
        DefaultConfigurations.setTls(configuration.snapshot());
    }

    /** {@return what new DTLS associations begin with} Like {@link #defaultConfiguration}, for {@code DTLS_V1_2_OR_LATER}. */
    public static QSslConfiguration defaultDtlsConfiguration() {
        return new QSslConfiguration(DefaultConfigurations.dtls(), SessionState.NONE);
    }

    /**
     * Sets what new DTLS associations begin with.
     *
     * @param configuration copied, without its session
     */
    public static void setDefaultDtlsConfiguration(QSslConfiguration configuration) {
        DefaultConfigurations.setDtls(configuration.snapshot());
    }

    /** {@return every cipher suite of the active backend, best first} Loads it. */
    public static List<QSslCipher> supportedCiphers() {
        return ask("", backend -> ciphers(backend.capabilities().cipherSuites()));
    }

    /** {@return every group of the active backend, best first} Loads it. */
    public static List<QSslEllipticCurve> supportedEllipticCurves() {
        return ask(
                "",
                backend -> backend.capabilities().groups().stream()
                        .map(QSslEllipticCurve::ofGroup)
                        .filter(QSslEllipticCurve::isValid)
                        .toList());
    }

    /** {@return the authorities that this machine trusts} Read once, when first asked for; {@link CaStore#system} says where. */
    public static List<QSslCertificate> systemCaCertificates() {
        return certificates(CaStore.system().certificates());
    }

    /**
     * Reads the authorities of this machine again. Configurations that trust them do so from their next use on; connections
     * that are being made are not affected. Takes some tens of milliseconds.
     */
    public static void refreshSystemCaCertificates() {
        CaStore.refreshSystem();
    }

    /** {@return whether every field is at the default of {@link #QSslConfiguration()}} */
    public boolean isNull() {
        return snapshot().equals(ConfigurationSnapshot.NULL) && session().equals(SessionState.NONE);
    }

    /** {@return how much of the peer's certificate is asked for and checked, {@code AUTO_VERIFY_PEER} unresolved} */
    public PeerVerifyMode peerVerifyMode() {
        return snapshot().verifyMode;
    }

    /**
     * Sets how much of the peer's certificate is asked for and checked; {@code AUTO_VERIFY_PEER} by default.
     *
     * @param mode the mode
     */
    public void setPeerVerifyMode(PeerVerifyMode mode) {
        edit(draft -> draft.verifyMode = mode);
    }

    /** {@return how many certificates of a chain may be used, the peer's own included; 0 for any number} */
    public int peerVerifyDepth() {
        return snapshot().verifyDepth;
    }

    /**
     * Limits how many certificates of a chain may be used; 0, for any number, by default.
     *
     * @param depth 0 or more; a negative number is ignored with a warning (B-012)
     */
    public void setPeerVerifyDepth(int depth) {
        if (depth < 0) {
            LOG.log(Level.WARNING, "setPeerVerifyDepth: expected 0 or more, not {0}; it stays as it is", depth);
            return;
        }
        edit(draft -> draft.verifyDepth = depth);
    }

    /** {@return the rules that the peer's chain must obey} */
    public VerificationPolicy verificationPolicy() {
        return snapshot().policy;
    }

    /**
     * Sets the rules that the peer's chain must obey; {@code RFC_5280} by default.
     *
     * @param policy the rules
     */
    public void setVerificationPolicy(VerificationPolicy policy) {
        edit(draft -> draft.policy = policy);
    }

    /** {@return which keys and signatures of the peer's chain are strong enough} */
    public KeyStrength keyStrength() {
        return snapshot().keyStrength;
    }

    /**
     * Sets which keys and signatures of the peer's chain are strong enough; {@link KeyStrength#DEFAULT} by default.
     *
     * @param demands the least sizes, the curves and the digests that will do
     */
    public void setKeyStrength(KeyStrength demands) {
        edit(draft -> draft.keyStrength = demands);
    }

    /**
     * {@return what is wrong with a chain of a server, for which name does not matter; empty if nothing is} Like
     * {@link #verify(List, String)}.
     *
     * @param chain the server's own certificate first; the others in any order
     */
    public List<QSslError> verify(List<QSslCertificate> chain) {
        return verify(chain, "");
    }

    /**
     * {@return what is wrong with a chain of a server, in the order of detection, each error with the certificate it belongs
     * to; empty if nothing is}
     *
     * <p>Judges the certificates as a client with this configuration would in its handshake: by its authorities, its policy,
     * its demands on keys and its verify depth, now. {@link QSslCertificate#verify(List, String)} does so with the default configuration. Changes
     * nothing (B-265).
     *
     * @param chain the server's own certificate first, the others in any order; if there is none, the one error is
     *     {@code UNSPECIFIED_ERROR} (B-264)
     * @param hostName the DNS name or address that the certificate must be for; empty if names do not matter
     * @throws IllegalArgumentException if a certificate is null
     */
    public List<QSslError> verify(List<QSslCertificate> chain, String hostName) {
        if (chain.isEmpty()) {
            return List.of(new QSslError(SslError.UNSPECIFIED_ERROR));
        }
        Optional<HostName> host = hostName.isEmpty() ? Optional.empty() : Optional.of(HostName.of(hostName));
        return ChainVerifier.trusting(snapshot().trust.store(TlsRole.CLIENT))
                .withPolicy(verificationPolicy())
                .withStrength(keyStrength())
                .withDepth(peerVerifyDepth())
                .verifyServer(x509(chain), host, Instant.now())
                .problems()
                .stream()
                .map(QSslError::of)
                .toList();
    }

    /** {@return the certificates that this side shows, its own first} */
    public List<QSslCertificate> localCertificateChain() {
        return certificates(snapshot().chain);
    }

    /**
     * Sets the certificates that this side shows. It needs the first one's key as well.
     *
     * @param chain its own first, then each one's issuer; empty for none
     * @throws IllegalArgumentException if a certificate is null
     */
    public void setLocalCertificateChain(List<QSslCertificate> chain) {
        List<X509Certificate> certificates = x509(chain);
        edit(draft -> draft.chain = certificates);
    }

    /** {@return the first certificate of the chain; a null certificate if there is none} */
    public QSslCertificate localCertificate() {
        return snapshot().chain.isEmpty()
                ? new QSslCertificate()
                : QSslCertificate.of(snapshot().chain.get(0));
    }

    /**
     * Sets a chain of one certificate. It needs its key as well.
     *
     * @param certificate a null certificate for no chain
     */
    public void setLocalCertificate(QSslCertificate certificate) {
        edit(draft -> draft.chain = certificate.x509().stream().toList());
    }

    /** {@return the private key; a null key if there is none} */
    public QSslKey privateKey() {
        return snapshot()
                .key
                .map(key -> key instanceof PrivateKey secret
                        ? QSslKey.fromPrivateKey(secret)
                        : QSslKey.fromPublicKey((PublicKey) key))
                .orElseGet(QSslKey::new);
    }

    /**
     * Sets the private key of the local certificate.
     *
     * @param key a null key for none
     */
    public void setPrivateKey(QSslKey key) {
        edit(draft -> draft.key = key.handle());
    }

    /** {@return the authorities that were given; the system's are not among them, see {@link #isSystemCaTrusted}} */
    public List<QSslCertificate> caCertificates() {
        return certificates(snapshot().trust.given());
    }

    /**
     * Trusts exactly these authorities, and no longer the system's (B-198).
     *
     * @param certificates without null certificates; empty to trust nobody
     */
    public void setCaCertificates(List<QSslCertificate> certificates) {
        TrustedAuthorities trust = TrustedAuthorities.only(x509(certificates));
        edit(draft -> draft.trust = trust);
    }

    /**
     * Trusts an authority besides those that were given, and no longer the system's.
     *
     * @param certificate not a null certificate
     */
    public void addCaCertificate(QSslCertificate certificate) {
        addCaCertificates(List.of(certificate));
    }

    /**
     * Trusts authorities besides those that were given, and no longer the system's (C11). To trust these too, call
     * {@link #setSystemCaTrusted} afterwards.
     *
     * @param certificates without null certificates
     */
    public void addCaCertificates(List<QSslCertificate> certificates) {
        List<X509Certificate> more = x509(certificates);
        edit(draft -> draft.trust = draft.trust.and(more).system(false));
    }

    /**
     * {@return whether the PEM file holds any} Like {@link #addCaCertificates(String, EncodingFormat, PatternSyntax)}.
     *
     * @param path a file in PEM form
     */
    public boolean addCaCertificates(String path) {
        return addCaCertificates(path, EncodingFormat.PEM, PatternSyntax.FIXED_STRING);
    }

    /**
     * Trusts the authorities in files besides those that were given, and no longer the system's.
     *
     * @param path a file, or a pattern
     * @param format how the certificates are written
     * @param syntax how the path is to be read
     * @return whether any was found; if not, nothing changes (B-197)
     */
    public boolean addCaCertificates(String path, EncodingFormat format, PatternSyntax syntax) {
        List<QSslCertificate> found = QSslCertificate.fromPath(path, format, syntax);
        if (found.isEmpty()) {
            return false;
        }
        addCaCertificates(found);
        return true;
    }

    /** {@return whether a client trusts the system's authorities besides those that were given} True by default. */
    public boolean isSystemCaTrusted() {
        return snapshot().trust.includesSystem();
    }

    /**
     * Sets whether a client trusts {@link #systemCaCertificates} besides the authorities that were given. Servers never do:
     * who may issue certificates to their clients must be named.
     *
     * @param trusted whether it does
     */
    public void setSystemCaTrusted(boolean trusted) {
        edit(draft -> draft.trust = draft.trust.system(trusted));
    }

    /** {@return how protocol negotiation went} */
    public NextProtocolNegotiationStatus nextProtocolNegotiationStatus() {
        Alpn outcome = alpn();
        if (outcome instanceof Alpn.Selected) {
            return NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_NEGOTIATED;
        }
        return outcome instanceof Alpn.NoOverlap
                ? NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_UNSUPPORTED
                : NextProtocolNegotiationStatus.NEXT_PROTOCOL_NEGOTIATION_NONE;
    }

    /** {@return whether a client asks for a stapled OCSP response and checks it} */
    public boolean ocspStaplingEnabled() {
        return snapshot().ocspStapling;
    }

    /**
     * Sets whether a client asks for a stapled OCSP response and checks it; false by default. On servers an error (B-238).
     *
     * @param enable whether it does
     */
    public void setOcspStaplingEnabled(boolean enable) {
        edit(draft -> draft.ocspStapling = enable);
    }

    /** {@return the OCSP responses that a server staples, DER} */
    public List<byte[]> stapledOcspResponses() {
        return Octets.bytes(snapshot().staples);
    }

    /**
     * Sets the OCSP responses that a server staples. Fetching and renewing them is up to the caller. On clients an error.
     *
     * @param responses DER, that of the server's own certificate first; empty for none
     */
    public void setStapledOcspResponses(List<byte[]> responses) {
        List<String> texts = Octets.texts(responses);
        edit(draft -> draft.staples = texts);
    }

    /** {@return whether a certificate's problem interrupts the handshake at once} */
    public boolean handshakeMustInterruptOnError() {
        return snapshot().interruptOnError;
    }

    /**
     * Sets whether a certificate's problem interrupts the handshake at once, so that a slot can still save it (B-113); false by
     * default.
     *
     * @param interrupt whether it does
     */
    public void setHandshakeMustInterruptOnError(boolean interrupt) {
        edit(draft -> draft.interruptOnError = interrupt);
    }

    /** {@return whether a server refuses clients without certificate on the wire} */
    public boolean missingCertificateIsFatal() {
        return snapshot().missingCertificateFatal;
    }

    /**
     * Sets whether a server that asks for a certificate refuses clients without one on the wire; cannot be ignored then
     * (B-119). False by default. Without effect with {@code VERIFY_NONE} and in DTLS (B-120).
     *
     * @param cannotRecover whether it does
     */
    public void setMissingCertificateIsFatal(boolean cannotRecover) {
        edit(draft -> draft.missingCertificateFatal = cannotRecover);
    }

    /** {@return whether a DTLS server verifies a client's address before it answers} */
    public boolean dtlsCookieVerificationEnabled() {
        return snapshot().cookieVerification;
    }

    /**
     * Sets whether a DTLS server verifies a client's address before it answers; true by default.
     *
     * @param enable whether it does
     */
    public void setDtlsCookieVerificationEnabled(boolean enable) {
        edit(draft -> draft.cookieVerification = enable);
    }

    /** Adds to the authorities of the default configuration, whether it trusts the system's or not (B-199, B-200). */
    static void addDefaultCaCertificates(List<QSslCertificate> certificates) {
        List<X509Certificate> more = x509(certificates);
        DefaultConfigurations.updateTls(now -> now.with(draft -> draft.trust = draft.trust.and(more)));
    }

    /**
     * {@return the context for connections of this configuration; see {@link ContextBlueprint#open}}
     *
     * @param role our side
     * @param pskWanted whether a slot answers for pre-shared keys
     */
    SharedContext openContext(TlsRole role, boolean pskWanted) throws TlsException {
        ContextRequest request = new ContextRequest(role, pskWanted, session().hasTicket());
        ContextBlueprint plan = ContextBlueprint.tls(snapshot(), request);
        return snapshot().contexts().get(request, plan.basis(), () -> plan.open(ContextTable.TLS));
    }

    /** {@return the same for datagrams} */
    SharedDtlsContext openDtlsContext(TlsRole role, boolean pskWanted) throws TlsException {
        ContextRequest request = new ContextRequest(role, pskWanted, session().hasTicket());
        ContextBlueprint plan = ContextBlueprint.dtls(snapshot(), request);
        return snapshot().dtlsContexts().get(request, plan.basis(), () -> plan.open(ContextTable.DTLS));
    }

    /** {@return these settings as a live connection shows them} */
    QSslConfiguration withSession(SessionState state) {
        return new QSslConfiguration(snapshot(), state);
    }

    /** {@return these settings as a socket takes them over: of the session only the ticket to resume (B-194)} */
    QSslConfiguration withoutSession() {
        return new QSslConfiguration(snapshot(), session().ticketOnly());
    }

    private static List<QSslCertificate> certificates(Collection<X509Certificate> certificates) {
        return certificates.stream().map(QSslCertificate::of).toList();
    }

    private static List<X509Certificate> x509(List<QSslCertificate> certificates) {
        return certificates.stream()
                .map(certificate -> certificate
                        .x509()
                        .orElseThrow(() -> new IllegalArgumentException("the list holds a null certificate")))
                .toList();
    }

    /** {@return whether all settings, and the session, are equal} Cipher suites left to the backend equal only such. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof QSslConfiguration that
                        && snapshot().equals(that.snapshot())
                        && session().equals(that.session()));
    }

    @Override
    public int hashCode() {
        return snapshot().hashCode();
    }

    /** {@return the most important settings, without anything secret} */
    @Override
    public String toString() {
        return "QSslConfiguration[backend=" + (backend().isEmpty() ? "active" : backend()) + ", protocol=" + protocol()
                + ", peerVerifyMode=" + peerVerifyMode() + ", localCertificates="
                + snapshot().chain.size() + ", trust="
                + snapshot().trust + "]";
    }
}
