package dev.qssl;

import static java.util.Objects.requireNonNull;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.trust.TrustedAuthorities;
import dev.qssl.spi.ContextSettings.TicketKey;
import dev.qssl.spi.x509.KeyStrength;
import dev.qssl.spi.x509.VerificationPolicy;
import java.security.Key;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * All that a {@link QSslConfiguration} holds but the state of a session, frozen. The hash is computed once; the contexts
 * made of it are remembered, so that configurations that share a snapshot share them without looking anything up.
 */
final class ConfigurationSnapshot {

    /** A null configuration: every field at its default. */
    static final ConfigurationSnapshot NULL = new Draft().freeze();

    final String backend;
    final SslProtocol protocol;
    final PeerVerifyMode verifyMode;
    final int verifyDepth;
    final VerificationPolicy policy;
    final KeyStrength keyStrength;
    final boolean missingCertificateFatal;
    final boolean interruptOnError;
    final List<X509Certificate> chain;
    final Optional<Key> key;
    final TrustedAuthorities trust;
    final CipherChoice ciphers;
    final List<QSslEllipticCurve> curves;
    final List<String> signatureSchemes;
    final List<String> alpn;
    final QSslDiffieHellmanParameters diffieHellman;
    final String pskHint;
    final Set<SslProtocol> pskProtocols;
    final boolean ocspStapling;
    final List<String> staples;
    final Set<SslOption> options;
    final List<TicketKey> ticketKeys;
    final KeyLog keyLog;
    final Map<String, Object> backendOptions;
    final boolean cookieVerification;

    private final int hash;
    private final ContextMemo<SharedContext> contexts = new ContextMemo<>();
    private final ContextMemo<SharedDtlsContext> dtlsContexts = new ContextMemo<>();

    private ConfigurationSnapshot(Draft draft) {
        backend = requireNonNull(draft.backend, "backend");
        protocol = requireNonNull(draft.protocol, "protocol");
        verifyMode = requireNonNull(draft.verifyMode, "verifyMode");
        verifyDepth = draft.verifyDepth;
        policy = requireNonNull(draft.policy, "policy");
        keyStrength = requireNonNull(draft.keyStrength, "keyStrength");
        missingCertificateFatal = draft.missingCertificateFatal;
        interruptOnError = draft.interruptOnError;
        chain = List.copyOf(draft.chain);
        key = draft.key;
        trust = draft.trust;
        ciphers = draft.ciphers;
        curves = List.copyOf(draft.curves);
        signatureSchemes = List.copyOf(draft.signatureSchemes);
        alpn = List.copyOf(draft.alpn);
        diffieHellman = requireNonNull(draft.diffieHellman, "diffieHellman");
        pskHint = draft.pskHint;
        pskProtocols = Set.copyOf(draft.pskProtocols);
        ocspStapling = draft.ocspStapling;
        staples = List.copyOf(draft.staples);
        options = Set.copyOf(draft.options);
        ticketKeys = List.copyOf(draft.ticketKeys);
        keyLog = draft.keyLog;
        backendOptions = Collections.unmodifiableMap(new TreeMap<>(draft.backendOptions));
        cookieVerification = draft.cookieVerification;
        hash = Arrays.hashCode(fields());
    }

    private Object[] fields() {
        return new Object[] {
            backend,
            protocol,
            verifyMode,
            verifyDepth,
            policy,
            keyStrength,
            missingCertificateFatal,
            interruptOnError,
            chain,
            key,
            trust,
            ciphers,
            curves,
            signatureSchemes,
            alpn,
            diffieHellman,
            pskHint,
            pskProtocols,
            ocspStapling,
            staples,
            options,
            ticketKeys,
            keyLog,
            backendOptions,
            cookieVerification
        };
    }

    /** {@return this snapshot with a change} */
    ConfigurationSnapshot with(Consumer<Draft> change) {
        Draft draft = edit();
        change.accept(draft);
        return draft.freeze();
    }

    private Draft edit() {
        Draft draft = new Draft();
        draft.backend = backend;
        draft.protocol = protocol;
        draft.verifyMode = verifyMode;
        draft.verifyDepth = verifyDepth;
        draft.policy = policy;
        draft.keyStrength = keyStrength;
        draft.missingCertificateFatal = missingCertificateFatal;
        draft.interruptOnError = interruptOnError;
        draft.chain = chain;
        draft.key = key;
        draft.trust = trust;
        draft.ciphers = ciphers;
        draft.curves = curves;
        draft.signatureSchemes = signatureSchemes;
        draft.alpn = alpn;
        draft.diffieHellman = diffieHellman;
        draft.pskHint = pskHint;
        draft.pskProtocols = pskProtocols;
        draft.ocspStapling = ocspStapling;
        draft.staples = staples;
        draft.options = options;
        draft.ticketKeys = ticketKeys;
        draft.keyLog = keyLog;
        draft.backendOptions = backendOptions;
        draft.cookieVerification = cookieVerification;
        return draft;
    }

    /** {@return the contexts made of it so far} */
    ContextMemo<SharedContext> contexts() {
        return contexts;
    }

    /** {@return the same for datagrams} */
    ContextMemo<SharedDtlsContext> dtlsContexts() {
        return dtlsContexts;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof ConfigurationSnapshot that
                        && hash == that.hash
                        && Arrays.equals(fields(), that.fields()));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** A snapshot in the making. */
    static final class Draft {

        String backend = "";
        SslProtocol protocol = SslProtocol.SECURE_PROTOCOLS;
        PeerVerifyMode verifyMode = PeerVerifyMode.AUTO_VERIFY_PEER;
        int verifyDepth;
        VerificationPolicy policy = VerificationPolicy.RFC_5280;
        KeyStrength keyStrength = KeyStrength.DEFAULT;
        boolean missingCertificateFatal;
        boolean interruptOnError;
        List<X509Certificate> chain = List.of();
        Optional<Key> key = Optional.empty();
        TrustedAuthorities trust = TrustedAuthorities.SYSTEM;
        CipherChoice ciphers = new CipherChoice.Listed(List.of());
        List<QSslEllipticCurve> curves = List.of();
        List<String> signatureSchemes = List.of();
        List<String> alpn = List.of();
        QSslDiffieHellmanParameters diffieHellman = QSslDiffieHellmanParameters.defaultParameters();
        String pskHint = "";
        Set<SslProtocol> pskProtocols = Set.of();
        boolean ocspStapling;
        List<String> staples = List.of();
        Set<SslOption> options = defaultOptions();
        List<TicketKey> ticketKeys = List.of();
        KeyLog keyLog = KeyLog.NONE;
        Map<String, Object> backendOptions = Map.of();
        boolean cookieVerification = true;

        private Draft() {}

        private static Set<SslOption> defaultOptions() {
            Set<SslOption> on = EnumSet.allOf(SslOption.class);
            on.removeIf(option -> !option.isOnByDefault());
            return on;
        }

        private ConfigurationSnapshot freeze() {
            return new ConfigurationSnapshot(this);
        }
    }
}
