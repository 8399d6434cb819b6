package dev.qssl.backend.conscrypt;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.BufferKind;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings;
import dev.qssl.spi.EngineRequest;
import dev.qssl.spi.Identity;
import dev.qssl.spi.PeerKey;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.jsse.JsseLibrary;
import dev.qssl.spi.jsse.SessionStore;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.conscrypt.Conscrypt;

/** Where Conscrypt differs from what the JSSE says. */
final class ConscryptLibrary extends JsseLibrary {

    /** A host name for engines that must not be sent: Conscrypt takes a name without a dot for none. */
    static final String NO_NAME = "peer";

    private static final int PIPE_BYTES = 17 * 1024;
    private static final String PKCS8 = "PKCS#8";
    private static final String LOCALHOST = "localhost";
    private static final Set<String> KEY_ALGORITHMS = Set.of("RSA", "EC");
    private static final String[] TLS_1_2_ONLY = {SslProtocol.TLS_V1_2.displayName()};

    /** Holds Conscrypt's objects, so that nothing of it is loaded before it is needed. */
    private static final class Loaded {
        static final Provider PROVIDER = Conscrypt.newProvider();
    }

    private final Supplier<HiddenParts> parts;

    /**
     * Creates one that looks for nothing yet.
     *
     * @param parts gives what the public methods leave out, always the same
     */
    ConscryptLibrary(Supplier<HiddenParts> parts) {
        this.parts = parts;
    }

    @Override
    protected Provider provider() {
        return Loaded.PROVIDER;
    }

    @Override
    protected BufferKind buffers() {
        return BufferKind.DIRECT;
    }

    /** {@inheritDoc} Conscrypt (2.9.0) collects what it has to say in a pipe of 17 KiB and gives it out only as a whole. */
    @Override
    protected int recordRoom(SSLEngine engine) {
        return Math.max(PIPE_BYTES, super.recordRoom(engine));
    }

    /** {@inheritDoc} After the handshake Conscrypt (2.9.0) always says {@code NOT_HANDSHAKING}. */
    @Override
    protected boolean announcesOutput() {
        return false;
    }

    @Override
    protected Set<Capability> extras() {
        HiddenParts hidden = parts.get();
        Set<Capability> extras = EnumSet.of(Capability.PSK, Capability.SESSION_EXPORT, Capability.EXPORTER);
        if (hidden.canChooseGroups()) {
            extras.add(Capability.GROUP_CHOICE);
        }
        if (hidden.canStaple()) {
            extras.add(Capability.OCSP_STAPLING);
        }
        return extras;
    }

    @Override
    protected String reasonAgainst(Capability capability) {
        HiddenParts hidden = parts.get();
        return switch (capability) {
            case GROUP_CHOICE -> hidden.reasonAgainstGroups();
            case OCSP_STAPLING -> hidden.reasonAgainstStapling();
            case SESSION_EXPORT -> hidden.reasonAgainstExport();
            case PSK -> "Conscrypt has pre-shared keys in TLS 1.2 only";
            case SIGNATURE_SCHEME_CHOICE -> "Conscrypt ignores a choice of signature schemes";
            case CIPHER_SUITE_CHOICE -> "Conscrypt always negotiates all of its suites in TLS 1.3";
            case DIFFIE_HELLMAN_PARAMETERS -> "BoringSSL has no finite-field Diffie-Hellman";
            case KEY_LOG -> "Conscrypt gives out no secrets";
            case TICKET_KEYS -> "Conscrypt makes its own";
            case HALF_CLOSE -> "Conscrypt answers the peer's close_notify with its own";
            case DATAGRAM_COOKIE -> "Conscrypt has no DTLS";
            default -> super.reasonAgainst(capability);
        };
    }

    @Override
    protected boolean canDisableTickets() {
        return true;
    }

    /** {@inheritDoc} Without tickets, BoringSSL still keeps sessions up to TLS 1.2 under their ids, for the whole context. */
    @Override
    protected boolean canServeWithoutSessions(ContextSettings settings) {
        return !settings.protocols().contains(SslProtocol.TLS_V1_2);
    }

    @Override
    protected boolean canSend(String serverName) {
        return serverName.equalsIgnoreCase(LOCALHOST) || serverName.indexOf('.') >= 0;
    }

    @Override
    protected Optional<String> refusal(ContextSettings settings) {
        Optional<String> algorithm = settings.identity()
                .map(Identity::certificate)
                .map(own -> own.getPublicKey().getAlgorithm());
        if (algorithm.isPresent() && !KEY_ALGORITHMS.contains(algorithm.get())) {
            return Optional.of("an identity with a key of " + algorithm.get() + ": it has RSA and EC only");
        }
        Optional<String> lacking = settings.identity().map(Identity::key).flatMap(KeptKey::lacks);
        if (lacking.isPresent()) {
            return Optional.of("an identity whose private key ("
                    + settings.identity().orElseThrow().key().getAlgorithm()
                    + ") cannot be taken out of where it is kept, and has no " + lacking.get()
                    + " there: Conscrypt signs by that");
        }
        if (settings.alpn().stream().anyMatch(name -> name.chars().anyMatch(c -> c > 0x7F))) {
            return Optional.of("alpn " + settings.alpn() + ": it takes names in ASCII only");
        }
        if (PskKeys.text(settings.pskIdentityHint()).isEmpty()) {
            return Optional.of("pskIdentityHint: it takes hints in UTF-8 only");
        }
        if (settings.pskProtocols().stream().anyMatch(protocol -> protocol != SslProtocol.TLS_V1_2)) {
            return Optional.of("pskProtocols " + settings.pskProtocols() + ": it has pre-shared keys in TLS 1.2 only");
        }
        if (settings.options().contains(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE)
                && !parts.get().canFollowClients()) {
            return Optional.of("DISABLE_SERVER_CIPHER_PREFERENCE: its servers always go by their own order");
        }
        return Optional.empty();
    }

    @Override
    protected List<KeyManager> keyManagers(ContextSettings settings) {
        return settings.pskProtocols().isEmpty() ? List.of() : List.of(new PskKeys(settings));
    }

    /** {@inheritDoc} Conscrypt (2.9.0) takes 25 µs to parse and check a key of EC, and 110 µs one of RSA (measured). */
    @Override
    protected Identity adopted(Identity identity) throws GeneralSecurityException {
        PrivateKey key = identity.key();
        byte[] encoded = key.getEncoded();
        if (encoded == null || !PKCS8.equals(key.getFormat())) {
            return identity;
        }
        KeyFactory factory = KeyFactory.getInstance(key.getAlgorithm(), Loaded.PROVIDER);
        return new Identity(identity.chain(), factory.generatePrivate(new PKCS8EncodedKeySpec(encoded)));
    }

    /** {@inheritDoc} A host would be sent as the server's name if it looked like one, and is lost if another is to be sent. */
    @Override
    protected SSLEngine newEngine(SSLContext context, PeerKey peer, int number) {
        return context.createSSLEngine(NO_NAME, number);
    }

    @Override
    protected SessionStore sessionStore(SSLContext context) {
        return TicketStore.of(context, parts.get());
    }

    /** {@inheritDoc} That is left to {@link #prepare}, on every JDK. */
    @Override
    protected void chooseGroups(SSLEngine engine, SSLParameters parameters, String[] names) {}

    /**
     * {@inheritDoc} Given as a whole, Conscrypt (2.9.0) looks for the groups of Java 20 in them and, on older ones, learns by an
     * exception that there are none, with each connection.
     */
    @Override
    protected void configure(SSLEngine engine, SSLParameters parameters) {
        if (parameters.getCipherSuites() != null) {
            engine.setEnabledCipherSuites(parameters.getCipherSuites());
        }
        engine.setEnabledProtocols(parameters.getProtocols());
        if (parameters.getNeedClientAuth()) {
            engine.setNeedClientAuth(true);
        } else if (parameters.getWantClientAuth()) {
            engine.setWantClientAuth(true);
        }
        Conscrypt.setApplicationProtocols(engine, parameters.getApplicationProtocols());
        if (parameters.getServerNames() != null) {
            parameters
                    .getServerNames()
                    .forEach(name -> Conscrypt.setHostname(engine, ((SNIHostName) name).getAsciiName()));
        }
    }

    @Override
    protected void prepare(SSLEngine engine, ContextSettings settings, EngineRequest request) throws SSLException {
        Conscrypt.setBufferAllocator(engine, RecordBuffers.SHARED);
        Conscrypt.setUseSessionTickets(engine, usesTickets(settings, request.role()));
        if (!settings.groups().isEmpty()) {
            parts.get().chooseGroups(engine, settings.groups().toArray(String[]::new));
        }
        if (isPreSharedKeyPossible(settings) && hasOnlyPreSharedKeys(settings, request.role())) {
            // With TLS 1.3 in reach it would be negotiated, and has no such keys.
            engine.setEnabledProtocols(TLS_1_2_ONLY);
        }
        if (request.role() == TlsRole.SERVER) {
            prepareServer(engine, settings, request);
        }
    }

    private static boolean usesTickets(ContextSettings settings, TlsRole role) {
        Set<SslOption> options = settings.options();
        boolean keepsToItself = role == TlsRole.SERVER && options.contains(SslOption.DISABLE_SESSION_SHARING);
        return !keepsToItself && !options.contains(SslOption.DISABLE_SESSION_TICKETS);
    }

    private static boolean isPreSharedKeyPossible(ContextSettings settings) {
        return !settings.pskProtocols().isEmpty() && settings.protocols().contains(SslProtocol.TLS_V1_2);
    }

    private static boolean hasOnlyPreSharedKeys(ContextSettings settings, TlsRole role) {
        if (role == TlsRole.SERVER) {
            return settings.identity().isEmpty();
        }
        boolean cannotVerify = settings.authorities().certificates().isEmpty()
                || settings.verifyMode(role) == PeerVerifyMode.VERIFY_NONE;
        List<CipherSuite> older = settings.cipherSuites().stream()
                .filter(suite -> suite.protocol() != SslProtocol.TLS_V1_3)
                .toList();
        boolean wantsNothingElse = !older.isEmpty()
                && older.stream().allMatch(suite -> suite.keyExchange().endsWith("PSK"));
        return cannotVerify || wantsNothingElse;
    }

    private void prepareServer(SSLEngine engine, ContextSettings settings, EngineRequest request) throws SSLException {
        if (!settings.protocols().contains(SslProtocol.TLS_V1_2)) {
            // Conscrypt (2.9.0) looks for a certificate by the kinds of key that suites up to TLS 1.2 use.
            engine.setEnabledCipherSuites(engine.getSupportedCipherSuites());
        }
        if (request.staples().size() > 1) {
            throw new SSLException("it can staple one OCSP response, the one for the server's own certificate, not "
                    + request.staples().size());
        }
        if (!request.staples().isEmpty()) {
            parts.get().staple(engine, request.staples().get(0));
        }
    }

    @Override
    protected void begun(SSLEngine engine, ContextSettings settings, EngineRequest request) {
        if (request.role() == TlsRole.SERVER
                && settings.options().contains(SslOption.DISABLE_SERVER_CIPHER_PREFERENCE)) {
            parts.get().followClient(engine);
        }
    }

    @Override
    protected byte[] exportKeyingMaterial(SSLEngine engine, String label, Optional<byte[]> context, int length)
            throws SSLException {
        byte[] material = Conscrypt.exportKeyingMaterial(engine, label, context.orElse(null), length);
        if (material == null) {
            throw new SSLException("the connection is closed");
        }
        return material;
    }

    @Override
    protected boolean namesReceivedAlerts() {
        return true;
    }

    @Override
    protected OptionalInt receivedAlert(Exception thrown) {
        return BoringSslError.of(thrown).map(BoringSslError::receivedAlert).orElse(OptionalInt.empty());
    }

    @Override
    protected String failureReason(Exception thrown) {
        return BoringSslError.of(thrown).map(BoringSslError::reason).orElseGet(() -> super.failureReason(thrown));
    }

    @Override
    protected Optional<TlsError> error(Exception thrown) {
        return BoringSslError.of(thrown).flatMap(BoringSslError::error);
    }

    @Override
    protected boolean holdsNativeMemory() {
        return true;
    }

    @Override
    protected void release(SSLEngine engine) {
        if (parts.get().canFree()) {
            parts.get().free(engine);
        } else {
            closeAndDrain(engine);
        }
    }

    /**
     * Conscrypt frees its memory and the descriptors of its pipe by itself when both directions are closed and nothing is left
     * to be sent or read (2.9.0); otherwise only when the engine is finalized.
     */
    private void closeAndDrain(SSLEngine engine) {
        try {
            engine.closeOutbound();
            engine.closeInbound();
            ByteBuffer rest = ByteBuffer.allocateDirect(recordRoom(engine));
            while (engine.wrap(ByteBuffer.allocate(0), rest.clear()).bytesProduced() > 0) {
                // What it says goes nowhere.
            }
            engine.closeInbound();
        } catch (SSLException | RuntimeException alreadyGone) {
            // An engine that failed has freed what it held.
            return;
        }
    }
}
