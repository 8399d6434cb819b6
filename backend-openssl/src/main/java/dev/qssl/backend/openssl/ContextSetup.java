package dev.qssl.backend.openssl;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.ContextSettings.DiffieHellman;
import dev.qssl.spi.Identity;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.x509.Der;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.DHParameterSpec;
import org.jspecify.annotations.Nullable;

/** Gives the settings of a context to an {@code SSL_CTX} of one role, and refuses by name what it does not take. */
final class ContextSetup {

    /** The names of all authorities must fit into one handshake message beside the rest. */
    private static final int MOST_AUTHORITY_BYTES = 48_000;

    private final OpenSsl library;
    private final Refusals refusals;
    private final ContextSettings settings;
    private final TlsRole role;
    private final long context;
    private final @Nullable OpaqueSigner signer;
    private final @Nullable SignerLimits limits;
    private final Set<SslProtocol> protocols;

    ContextSetup(
            OpenSsl library,
            Refusals refusals,
            ContextSettings settings,
            TlsRole role,
            long context,
            @Nullable OpaqueSigner signer) {
        this.library = library;
        this.signer = signer;
        this.limits = signer == null ? null : new SignerLimits(signer, refusals, settings);
        this.refusals = refusals;
        this.settings = settings;
        this.role = role;
        this.context = context;
        this.protocols = EnumSet.noneOf(SslProtocol.class);
    }

    /** {@return the versions that can be negotiated} Does all of it, in the order in which the parts depend on each other. */
    Set<SslProtocol> apply() throws TlsException {
        LibSsl.SSL_CTX_ctrl(
                context,
                Ssl.CTRL_MODE,
                Ssl.MODE_ENABLE_PARTIAL_WRITE | Ssl.MODE_ACCEPT_MOVING_WRITE_BUFFER | Ssl.MODE_RELEASE_BUFFERS,
                0);
        LibSsl.SSL_CTX_set_options(context, options());
        protocols.addAll(settings.protocols());
        leaveOutVersions();
        chooseSuites();
        chooseNames();
        if (settings.identity().isPresent()) {
            use(settings.identity().get());
        }
        if (role == TlsRole.SERVER) {
            setUpServer();
        } else {
            setUpClient();
        }
        new BackendOptions(library, refusals, context).apply(settings.backendOptions());
        leaveOutKeyTransport();
        LibSsl.SSL_CTX_set_verify(context, verifyMode(), null);
        return protocols;
    }

    private long options() {
        long options = BackendOptions.FIXED;
        if (isOn(SslOption.DISABLE_EMPTY_FRAGMENTS)) {
            options |= Ssl.OP_DONT_INSERT_EMPTY_FRAGMENTS;
        }
        if (isOn(SslOption.DISABLE_SESSION_TICKETS)) {
            options |= Ssl.OP_NO_TICKET;
        }
        if (!isOn(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE)) {
            options |= Ssl.OP_CIPHER_SERVER_PREFERENCE;
        }
        return options;
    }

    private boolean isOn(SslOption option) {
        return settings.options().contains(option);
    }

    /** What the system's configuration of OpenSSL forbids, or its security level, is not negotiated whoever asks for it. */
    private void leaveOutVersions() throws TlsException {
        Set<SslProtocol> usable = new UsableVersions(library, context).among(protocols, settings.backendOptions());
        if (usable.isEmpty()) {
            throw refusals.unsupported("protocols "
                    + protocols.stream().map(SslProtocol::displayName).collect(Collectors.joining(", "))
                    + ": this OpenSSL's configuration and security level allow none of them");
        }
        protocols.retainAll(usable);
        if (limits != null) {
            limits.leaveOutVersions(protocols);
        }
        if (role == TlsRole.CLIENT) {
            leaveOutBelowGap();
        }
        if (hasOnlyPreSharedKeys()) {
            // A version without such keys would be negotiated where it can be, and then fail.
            EnumSet<SslProtocol> keyed = EnumSet.copyOf(protocols);
            keyed.retainAll(settings.pskProtocols());
            protocols.retainAll(keyed.isEmpty() ? protocols : keyed);
        }
        restrictVersions();
    }

    /** A client can say only from where to where: with a gap OpenSSL would take what is below it, and we what is above. */
    private void leaveOutBelowGap() {
        boolean gap = false;
        int newest = protocols.stream().mapToInt(SslProtocol::wireVersion).max().orElseThrow();
        for (int version = newest; version >= SslProtocol.TLS_V1_0.wireVersion(); version--) {
            SslProtocol protocol = SslProtocol.ofWireVersion(version);
            gap |= !protocols.contains(protocol);
            if (gap) {
                protocols.remove(protocol);
            }
        }
    }

    private boolean hasOnlyPreSharedKeys() {
        if (settings.pskProtocols().isEmpty()) {
            return false;
        }
        if (role == TlsRole.SERVER) {
            return settings.identity().isEmpty();
        }
        List<CipherSuite> older = settings.cipherSuites().stream()
                .filter(suite -> !isOfTls13(suite))
                .toList();
        boolean wantsNothingElse = !older.isEmpty()
                && older.stream().allMatch(suite -> suite.keyExchange().endsWith("PSK"));
        return wantsNothingElse
                || settings.authorities().certificates().isEmpty()
                || settings.verifyMode(role) == PeerVerifyMode.VERIFY_NONE;
    }

    private void restrictVersions() {
        int oldest = protocols.stream().mapToInt(SslProtocol::wireVersion).min().orElseThrow();
        int newest = protocols.stream().mapToInt(SslProtocol::wireVersion).max().orElseThrow();
        LibSsl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_MIN_PROTO_VERSION, oldest, 0);
        LibSsl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_MAX_PROTO_VERSION, newest, 0);
        long gaps = 0;
        for (SslProtocol protocol : UsableVersions.ALL) {
            if (!protocols.contains(protocol)) {
                gaps |= UsableVersions.optionAgainst(protocol);
            }
        }
        LibSsl.SSL_CTX_set_options(context, gaps);
    }

    /** Where only suites of TLS 1.3 or only older ones are chosen, the others are the library's (B-190). */
    private void chooseSuites() throws TlsException {
        List<CipherSuite> wanted = settings.cipherSuites();
        List<CipherSuite> newer =
                wanted.stream().filter(ContextSetup::isOfTls13).toList();
        List<CipherSuite> older = wanted.stream()
                .filter(suite -> !isOfTls13(suite))
                .filter(suite ->
                        !isWithoutDiffieHellman() || !suite.keyExchange().equals("DH"))
                .toList();
        boolean newerFail = !newer.isEmpty() && protocols.contains(SslProtocol.TLS_V1_3) && !takeNewer(newer);
        boolean olderFail = wanted.size() > newer.size() && !takeOlder(older);
        if (newerFail) {
            protocols.remove(SslProtocol.TLS_V1_3);
        }
        if (olderFail) {
            protocols.removeIf(protocol -> protocol != SslProtocol.TLS_V1_3);
        }
        LibCrypto.ERR_clear_error();
        if (protocols.isEmpty()) {
            throw refusals.invalid("backend " + refusals.backend() + " can use none of the cipherSuites "
                    + wanted.stream().map(CipherSuite::ianaName).collect(Collectors.joining(", ")) + " with protocols "
                    + settings.protocols());
        }
        if (newerFail || olderFail) {
            restrictVersions();
        }
    }

    private static boolean isOfTls13(CipherSuite suite) {
        return suite.protocol() == SslProtocol.TLS_V1_3;
    }

    /** Without Diffie-Hellman parameters a server has no such suites (B-191): the library leaves them out, too. */
    private boolean isWithoutDiffieHellman() {
        return role == TlsRole.SERVER && settings.diffieHellman() instanceof DiffieHellman.Disabled;
    }

    /** Unknown names make the whole list fail, so each is tried. */
    private boolean takeNewer(List<CipherSuite> suites) {
        String names = suites.stream()
                .map(CipherSuite::ianaName)
                .filter(name -> LibSsl.SSL_CTX_set_ciphersuites(context, NativeMemory.text(name)) == 1)
                .collect(Collectors.joining(":"));
        return !names.isEmpty() && LibSsl.SSL_CTX_set_ciphersuites(context, NativeMemory.text(names)) == 1;
    }

    /** Unknown names are passed over, unless there is nothing else. */
    private boolean takeOlder(List<CipherSuite> suites) {
        String names = suites.stream().map(CipherSuite::openSslName).collect(Collectors.joining(":"));
        return !names.isEmpty() && LibSsl.SSL_CTX_set_cipher_list(context, NativeMemory.text(names)) == 1;
    }

    private void chooseNames() throws TlsException {
        if (!settings.groups().isEmpty() && !library.isVersion3()) {
            throw refusals.unsupported("groups: OpenSSL before 3.0 does not tell which one was agreed on");
        }
        if (!settings.groups().isEmpty()) {
            chooseNames("groups", settings.groups(), Ssl.CTRL_SET_GROUPS_LIST, true);
        }
        if (!settings.signatureSchemes().isEmpty()) {
            chooseNames("signatureSchemes", settings.signatureSchemes(), Ssl.CTRL_SET_SIGALGS_LIST, false);
        }
        if (limits != null) {
            limits.chooseSchemes(role, context);
        }
    }

    private void chooseNames(String setting, List<String> names, int command, boolean groups) throws TlsException {
        List<String> unknown = names.stream()
                .filter(name -> !takes(command, groups, List.of(name)))
                .toList();
        if (!unknown.isEmpty() || !takes(command, groups, names)) {
            throw refusals.unsupported(setting + " " + (unknown.isEmpty() ? names : unknown) + ": "
                    + library.version().text() + " does not know them");
        }
    }

    private boolean takes(int command, boolean groups, List<String> names) {
        String list = names.stream()
                .map(name -> groups ? GroupNames.toOpenSsl(name) : name)
                .collect(Collectors.joining(":"));
        boolean taken = LibSsl.SSL_CTX_ctrl(context, command, 0, NativeMemory.text(list)) == 1;
        LibCrypto.ERR_clear_error();
        return taken;
    }

    private void use(Identity identity) throws TlsException {
        long leaf = certificate(identity.certificate());
        try {
            require(LibSsl.SSL_CTX_use_certificate(context, leaf), "the certificate of " + subject(identity));
            for (X509Certificate issuer :
                    identity.chain().subList(1, identity.chain().size())) {
                add(issuer, identity);
            }
            long key = signer == null ? key(identity) : key(signer, leaf);
            try {
                require(
                        LibSsl.SSL_CTX_use_PrivateKey(context, key),
                        "the private key for the certificate of " + subject(identity));
            } finally {
                LibCrypto.EVP_PKEY_free(key);
            }
        } finally {
            LibCrypto.X509_free(leaf);
        }
    }

    private void add(X509Certificate issuer, Identity identity) throws TlsException {
        long made = certificate(issuer);
        try {
            require(
                    (int) LibSsl.SSL_CTX_ctrl(context, Ssl.CTRL_CHAIN_CERT, 1, made),
                    "the certificate chain of " + subject(identity));
        } finally {
            LibCrypto.X509_free(made);
        }
    }

    private static String subject(Identity identity) {
        return identity.certificate().getSubjectX500Principal().getName();
    }

    private long certificate(X509Certificate certificate) throws TlsException {
        try {
            long made = NativeDer.decode(library.calls(), LibCrypto::d2i_X509, certificate.getEncoded());
            if (made != 0) {
                return made;
            }
        } catch (CertificateEncodingException unreadable) {
            throw refusals.invalid("a certificate of ours has no encoding", unreadable);
        }
        throw refusals.invalid("OpenSSL cannot read the certificate of "
                + certificate.getSubjectX500Principal().getName() + ": "
                + LibraryError.take(library).text());
    }

    private long key(Identity identity) throws TlsException {
        PrivateKey key = identity.key();
        byte[] encoded = key.getEncoded();
        long made = NativeDer.decode(library.calls(), LibCrypto::d2i_AutoPrivateKey, encoded);
        Arrays.fill(encoded, (byte) 0);
        if (made == 0) {
            throw refusals.unsupported("an identity with a key of " + key.getAlgorithm() + ": "
                    + LibraryError.take(library).text());
        }
        return made;
    }

    private long key(OpaqueSigner kept, long certificate) throws TlsException {
        long made = SigningProvider.key(kept, certificate);
        if (made == 0) {
            throw refusals.unsupported("an identity whose private key cannot be taken out of where it is kept: "
                    + LibraryError.take(library).text());
        }
        return made;
    }

    private void leaveOutKeyTransport() throws TlsException {
        if (limits != null && role == TlsRole.SERVER && limits.leaveOutKeyTransport(context, protocols)) {
            restrictVersions();
        }
    }

    private void setUpClient() throws TlsException {
        if (!settings.alpn().isEmpty()) {
            byte[] names = alpn();
            // Alone among all these it gives 0 for success.
            require(LibSsl.SSL_CTX_set_alpn_protos(context, names, names.length) == 0 ? 1 : 0, "alpn");
        }
        if (settings.isOcspStaplingEnabled()) {
            LibSsl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_STATUS_TYPE, 1, 0);
        }
    }

    private byte[] alpn() {
        ByteArrayOutputStream names = new ByteArrayOutputStream();
        for (String name : settings.alpn()) {
            names.write(name.length());
            names.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        }
        return names.toByteArray();
    }

    private void setUpServer() throws TlsException {
        if (settings.diffieHellman() instanceof DiffieHellman.Custom own) {
            use(own.parameters());
        } else if (settings.diffieHellman() instanceof DiffieHellman.LibraryDefault) {
            LibSsl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_DH_AUTO, 1, 0);
        }
        if (verifyMode() != Ssl.VERIFY_NONE) {
            nameAuthorities();
        }
        if (!settings.pskIdentityHint().isEmpty()) {
            require(
                    LibSsl.SSL_CTX_use_psk_identity_hint(context, NativeMemory.text(settings.pskIdentityHint())),
                    "pskIdentityHint");
        }
    }

    private void use(DHParameterSpec parameters) throws TlsException {
        byte[] der = Der.sequence(Der.integer(parameters.getP()), Der.integer(parameters.getG()));
        long made = NativeDer.decode(library.calls(), LibCrypto::d2i_DHparams, der);
        try {
            require(
                    made == 0 ? 0 : (int) LibSsl.SSL_CTX_ctrl(context, Ssl.CTRL_SET_TMP_DH, 0, made),
                    "diffieHellman parameters of " + parameters.getP().bitLength() + " bits");
        } finally {
            LibCrypto.DH_free(made);
        }
    }

    /** So many that they do not fit would break every handshake; none means that any will do (RFC 8446, section 4.2.4). */
    private void nameAuthorities() throws TlsException {
        Set<X509Certificate> authorities = settings.authorities().certificates();
        int bytes = authorities.stream()
                .mapToInt(authority -> authority.getSubjectX500Principal().getEncoded().length + 2)
                .sum();
        if (bytes > MOST_AUTHORITY_BYTES) {
            return;
        }
        for (X509Certificate authority : authorities) {
            long named = certificate(authority);
            try {
                require(LibSsl.SSL_CTX_add_client_CA(context, named), "authorities");
            } finally {
                LibCrypto.X509_free(named);
            }
        }
    }

    private int verifyMode() {
        if (role == TlsRole.CLIENT) {
            // The owner is asked in any case; only with this does a refusal end the handshake.
            return Ssl.VERIFY_PEER;
        }
        if (settings.verifyMode(TlsRole.SERVER) == PeerVerifyMode.VERIFY_NONE) {
            return Ssl.VERIFY_NONE;
        }
        return settings.isMissingCertificateFatal()
                ? Ssl.VERIFY_PEER | Ssl.VERIFY_FAIL_IF_NO_PEER_CERT
                : Ssl.VERIFY_PEER;
    }

    private void require(int result, String setting) throws TlsException {
        if (result <= 0) {
            throw refusals.invalid("backend " + refusals.backend() + " cannot use " + setting + ": "
                    + LibraryError.take(library).text());
        }
    }

    /** Refuses an identity whose key is another certificate's. Makes a signature. */
    static void requireKeyFits(Refusals refusals, Identity identity) throws TlsException {
        try {
            if (!identity.keyFitsCertificate()) {
                throw refusals.invalid("the private key does not belong to the certificate of " + subject(identity));
            }
        } catch (GeneralSecurityException unusable) {
            throw refusals.invalid(
                    "the private key for the certificate of " + subject(identity) + " cannot sign: "
                            + unusable.getMessage(),
                    unusable);
        }
    }
}
