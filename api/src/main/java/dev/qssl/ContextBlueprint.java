package dev.qssl;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.backend.FoundBackend;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsBackend;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.CaStore;
import java.security.PrivateKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a configuration into the settings of a context for one role on one backend: resolves what it leaves open, leaves out
 * what belongs to the other role, and refuses what contradicts itself. What it lacks the backend refuses when the context is
 * built; {@link RefusedSetting} finds the words for it.
 */
final class ContextBlueprint {

    private final ConfigurationSnapshot snapshot;
    private final ContextRequest request;
    private final TlsRole role;
    private final boolean datagram;
    private final ContextMemo.Basis basis;

    private ContextBlueprint(
            ConfigurationSnapshot snapshot, ContextRequest request, boolean datagram, ContextMemo.Basis basis) {
        this.snapshot = snapshot;
        this.request = request;
        this.role = request.role();
        this.datagram = datagram;
        this.basis = basis;
    }

    /**
     * {@return the blueprint of a context for TLS} Cheap.
     *
     * @throws TlsException {@link TlsError#NO_BACKEND} with reason and remedy if the backend cannot be had
     */
    static ContextBlueprint tls(ConfigurationSnapshot snapshot, ContextRequest request) throws TlsException {
        return new ContextBlueprint(snapshot, request, false, basis(snapshot, DefaultConfigurations.tls()));
    }

    /** {@return the same for DTLS} */
    static ContextBlueprint dtls(ConfigurationSnapshot snapshot, ContextRequest request) throws TlsException {
        return new ContextBlueprint(snapshot, request, true, basis(snapshot, DefaultConfigurations.dtls()));
    }

    private static ContextMemo.Basis basis(ConfigurationSnapshot snapshot, ConfigurationSnapshot fallback)
            throws TlsException {
        boolean isLeftOpen = snapshot.ciphers instanceof CipherChoice.Listed list
                && list.ciphers().isEmpty();
        return new ContextMemo.Basis(
                Backends.shared().require(snapshot.backend),
                isLeftOpen ? fallback.ciphers : snapshot.ciphers,
                CaStore.systemReading());
    }

    /** {@return what the context depends on besides the configuration} */
    ContextMemo.Basis basis() {
        return basis;
    }

    /** {@return the backend that will make it} */
    FoundBackend backend() {
        return basis.backend();
    }

    /**
     * {@return the context}
     *
     * @param table where contexts in use are looked up
     * @throws TlsException {@link TlsError#INVALID_SETTING} for what nobody could honour;
     *     {@link TlsError#UNSUPPORTED_SETTING} with setting, backend and remedy for what this backend cannot
     */
    <S> S open(ContextTable<S> table) throws TlsException {
        TlsBackend maker = backend().require();
        ContextSettings settings = settings();
        try {
            return table.open(maker, settings);
        } catch (TlsException refused) {
            throw refused.error() == TlsError.UNSUPPORTED_SETTING || refused.error() == TlsError.NO_BACKEND
                    ? new RefusedSetting(backend(), role, settings).explain(refused)
                    : refused;
        }
    }

    // What a backend can do is asked only about suites (chosen, or left out for want of Diffie-Hellman parameters),
    // about
    // pre-shared keys, and about what is the connection's: the first answer in a process may take seconds.
    private ContextSettings settings() throws TlsException {
        Set<SslProtocol> versions = versions();
        Set<SslProtocol> pskVersions = pskVersions(versions);
        checkOptions();
        checkStapling();
        checkConnection(versions);
        DiffieHellman diffieHellman = diffieHellman();
        ContextSettings.Builder settings = ContextSettings.builder()
                .protocols(versions)
                .cipherSuites(cipherSuites(versions, pskVersions, diffieHellman))
                .groups(groups())
                .signatureSchemes(snapshot.signatureSchemes)
                .authorities(snapshot.trust.store(role))
                .verifyMode(snapshot.verifyMode)
                .verifyDepth(snapshot.verifyDepth)
                .policy(snapshot.policy)
                .keyStrength(snapshot.keyStrength)
                .missingCertificateFatal(isMissingCertificateFatal())
                .alpn(alpn())
                .diffieHellman(diffieHellman)
                .pskProtocols(pskVersions)
                .pskIdentityHint(isServer() ? snapshot.pskHint : "")
                .ocspStapling(snapshot.ocspStapling)
                .options(options())
                .keyLog(snapshot.keyLog != KeyLog.NONE)
                .ticketKeys(isServer() ? snapshot.ticketKeys : List.of())
                .backendOptions(snapshot.backendOptions);
        identity().ifPresent(settings::identity);
        return settings.build();
    }

    private Set<SslProtocol> versions() throws TlsException {
        Set<SslProtocol> wanted = snapshot.protocol.versions();
        if (wanted.isEmpty() || snapshot.protocol.isDatagram() != datagram) {
            throw invalid("setProtocol: " + snapshot.protocol + " cannot be used for "
                    + (datagram ? "DTLS; use DTLS_V1_2_OR_LATER" : "TLS; use SECURE_PROTOCOLS"));
        }
        return wanted;
    }

    private Optional<Identity> identity() throws TlsException {
        if (snapshot.chain.isEmpty()) {
            return Optional.empty();
        }
        if (!(snapshot.key.orElse(null) instanceof PrivateKey key)) {
            throw invalid("setLocalCertificate: a certificate needs its private key too; call setPrivateKey");
        }
        return Optional.of(new Identity(snapshot.chain, key));
    }

    private boolean isMissingCertificateFatal() {
        return isServer()
                && !datagram
                && snapshot.missingCertificateFatal
                && snapshot.verifyMode != PeerVerifyMode.VERIFY_NONE;
    }

    private List<CipherSuite> cipherSuites(
            Set<SslProtocol> versions, Set<SslProtocol> pskVersions, DiffieHellman diffieHellman) throws TlsException {
        if (basis.ciphers() instanceof CipherChoice.Listed empty
                && empty.ciphers().isEmpty()) {
            throw invalid("invalid or empty cipher list: neither this configuration nor the default one names any");
        }
        List<CipherSuite> listed = basis.ciphers() instanceof CipherChoice.Listed list
                ? list.ciphers().stream()
                        .flatMap(cipher -> cipher.suite().stream())
                        .toList()
                : List.of();
        if (listed.isEmpty() && basis.ciphers() instanceof CipherChoice.Listed) {
            throw invalid("invalid or empty cipher list: it holds null ciphers only");
        }
        boolean hasNoDhe = diffieHellman instanceof DiffieHellman.Disabled;
        if (listed.isEmpty() && pskVersions.isEmpty() && !hasNoDhe) {
            return List.of(); // the backend's own choice, which the SPI bounds as B-009 does
        }
        boolean hasPsk = pskVersions.stream().anyMatch(version -> version != SslProtocol.TLS_V1_3);
        return new CipherSelection(
                        backend().name(),
                        capabilities(),
                        role,
                        suite -> (!hasPsk && suite.keyExchange().endsWith("PSK"))
                                || (hasNoDhe && suite.keyExchange().startsWith("DH")))
                .select(listed, versions);
    }

    private List<String> groups() throws TlsException {
        if (!snapshot.curves.stream().allMatch(QSslEllipticCurve::isValid)) {
            throw invalid("setEllipticCurves: the list holds an invalid curve");
        }
        return snapshot.curves.stream().map(QSslEllipticCurve::groupName).toList();
    }

    private List<String> alpn() {
        return snapshot.alpn.stream()
                .filter(name -> !name.isEmpty() && name.length() <= ConfigurationNegotiation.MAXIMUM_ALPN_BYTES)
                .toList();
    }

    private DiffieHellman diffieHellman() throws TlsException {
        QSslDiffieHellmanParameters parameters = snapshot.diffieHellman;
        if (!parameters.isValid()) {
            throw invalid("setDiffieHellmanParameters: " + parameters.errorString());
        }
        if (!isServer() || parameters.equals(QSslDiffieHellmanParameters.defaultParameters())) {
            return new DiffieHellman.LibraryDefault();
        }
        if (parameters.isEmpty()) {
            return new DiffieHellman.Disabled();
        }
        return new DiffieHellman.Custom(parameters.toParameterSpec().orElseThrow());
    }

    /** Without a list of its own a configuration has pre-shared keys in all versions but TLS 1.3 (B-227). */
    private Set<SslProtocol> pskVersions(Set<SslProtocol> versions) {
        if (!request.pskWanted()) {
            return Set.of();
        }
        EnumSet<SslProtocol> wanted = EnumSet.copyOf(versions);
        if (snapshot.pskProtocols.isEmpty()) {
            wanted.remove(SslProtocol.TLS_V1_3);
            wanted.retainAll(capabilities().protocols(Capability.PSK, role));
        } else {
            wanted.retainAll(snapshot.pskProtocols);
        }
        return wanted;
    }

    private void checkStapling() throws TlsException {
        if (isServer() && snapshot.ocspStapling) {
            throw invalid("setOcspStaplingEnabled: only clients ask for a stapled response;"
                    + " a server is given the responses to staple with setStapledOcspResponses");
        }
        if (!isServer() && !snapshot.staples.isEmpty()) {
            throw invalid("setStapledOcspResponses: only servers staple responses;"
                    + " a client asks for them with setOcspStaplingEnabled");
        }
    }

    private void checkOptions() throws TlsException {
        if (!snapshot.options.contains(SslOption.DISABLE_COMPRESSION)) {
            throw unsupported(
                    "DISABLE_COMPRESSION is off, but compression leaks secrets (RFC 7525, section 3.3) and no backend"
                            + " has it",
                    "leave the option on");
        }
        if (!snapshot.options.contains(SslOption.DISABLE_LEGACY_RENEGOTIATION)) {
            throw unsupported(
                    "DISABLE_LEGACY_RENEGOTIATION is off, but renegotiation is refused on every backend",
                    "leave the option on");
        }
    }

    /** What belongs to a connection the backend would refuse only when the connection is there already. */
    private void checkConnection(Set<SslProtocol> versions) throws TlsException {
        if (!isServer() && request.resuming()) {
            requireInSome(Capability.SESSION_EXPORT, versions, "setSessionTicket");
        }
        if (isServer() && !snapshot.staples.isEmpty()) {
            requireInSome(Capability.OCSP_STAPLING, versions, "setStapledOcspResponses");
        }
    }

    private void requireInSome(Capability capability, Set<SslProtocol> versions, String setter) throws TlsException {
        if (versions.stream().noneMatch(version -> capabilities().can(capability, role, version))) {
            throw unsupported(
                    setter + ": it lacks " + capability + " as a " + (isServer() ? "server" : "client") + " in "
                            + VersionText.of(versions),
                    "leave that out, use other versions, or a backend that has it");
        }
    }

    /** Leaves out what does not concern this role, so that no backend refuses it for nothing. */
    private Set<SslOption> options() {
        Set<SslOption> on = EnumSet.copyOf(snapshot.options);
        if (isServer()) {
            on.add(SslOption.DISABLE_SESSION_PERSISTENCE);
            on.remove(SslOption.DISABLE_SERVER_NAME_INDICATION);
        } else {
            on.remove(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE);
        }
        return on;
    }

    private boolean isServer() {
        return role == TlsRole.SERVER;
    }

    private Capabilities capabilities() {
        return backend().capabilities();
    }

    private static TlsException invalid(String what) {
        return new TlsException(TlsError.INVALID_SETTING, what);
    }

    private TlsException unsupported(String what, String remedy) {
        return new TlsException(
                TlsError.UNSUPPORTED_SETTING,
                "backend " + backend().name() + ": " + what + "; " + remedy
                        + " (BackendRequirements finds one by need)");
    }
}
