package dev.qssl.spi;

import dev.qssl.QSsl.PeerVerifyMode;
import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.x509.CaStore;
import dev.qssl.spi.x509.KeyStrength;
import dev.qssl.spi.x509.VerificationPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.crypto.spec.DHParameterSpec;

/**
 * What a {@link TlsContext} is made of, and its key: equal settings share a context. Immutable; the hash is computed once.
 *
 * <p>What differs between connections (names, sessions to resume, responses to staple) is not here but in
 * {@link EngineRequest}.
 */
public final class ContextSettings {

    private final Set<SslProtocol> protocols;
    private final List<CipherSuite> cipherSuites;
    private final List<String> groups;
    private final List<String> signatureSchemes;
    private final Optional<Identity> identity;
    private final CaStore authorities;
    private final PeerVerifyMode verifyMode;
    private final int verifyDepth;
    private final VerificationPolicy policy;
    private final KeyStrength keyStrength;
    private final boolean missingCertificateFatal;
    private final List<String> alpn;
    private final DiffieHellman diffieHellman;
    private final Set<SslProtocol> pskProtocols;
    private final String pskIdentityHint;
    private final boolean ocspStapling;
    private final Set<SslOption> options;
    private final boolean keyLog;
    private final List<TicketKey> ticketKeys;
    private final Map<String, Object> backendOptions;
    private final int hash;

    private ContextSettings(Builder builder) {
        protocols = Collections.unmodifiableSet(EnumSet.copyOf(builder.protocols));
        cipherSuites = List.copyOf(builder.cipherSuites);
        groups = List.copyOf(builder.groups);
        signatureSchemes = List.copyOf(builder.signatureSchemes);
        identity = builder.identity;
        authorities = builder.authorities;
        verifyMode = builder.verifyMode;
        verifyDepth = builder.verifyDepth;
        policy = builder.policy;
        keyStrength = builder.keyStrength;
        missingCertificateFatal = builder.missingCertificateFatal;
        alpn = List.copyOf(builder.alpn);
        diffieHellman = builder.diffieHellman;
        pskProtocols = Set.copyOf(builder.pskProtocols);
        pskIdentityHint = builder.pskIdentityHint;
        ocspStapling = builder.ocspStapling;
        options = Set.copyOf(builder.options);
        keyLog = builder.keyLog;
        ticketKeys = List.copyOf(builder.ticketKeys);
        backendOptions = Collections.unmodifiableMap(new TreeMap<>(builder.backendOptions));
        hash = Arrays.hashCode(fields());
    }

    /** {@return a builder with the defaults: TLS 1.2 and 1.3, everything else left to the library, nothing trusted} */
    public static Builder builder() {
        return new Builder();
    }

    private Object[] fields() {
        return new Object[] {
            protocols,
            cipherSuites,
            groups,
            signatureSchemes,
            identity,
            authorities,
            verifyMode,
            verifyDepth,
            policy,
            keyStrength,
            missingCertificateFatal,
            alpn,
            diffieHellman,
            pskProtocols,
            pskIdentityHint,
            ocspStapling,
            options,
            keyLog,
            ticketKeys,
            backendOptions
        };
    }

    /**
     * {@return the concrete versions that may be negotiated; at least one} A backend leaves out those it lacks, and refuses if
     * it lacks them all.
     */
    public Set<SslProtocol> protocols() {
        return protocols;
    }

    /**
     * {@return the suites that may be negotiated, best first; empty for the library's own choice among those with
     * authentication and at least 128 bits (B-009)}
     */
    public List<CipherSuite> cipherSuites() {
        return cipherSuites;
    }

    /** {@return the IANA names of the groups that may be negotiated, best first; empty for the library's own choice} */
    public List<String> groups() {
        return groups;
    }

    /** {@return the IANA names of the signature schemes that may be used; empty for the library's own choice} */
    public List<String> signatureSchemes() {
        return signatureSchemes;
    }

    /** {@return what this side proves itself with} */
    public Optional<Identity> identity() {
        return identity;
    }

    /** {@return the authorities that this side trusts; a server names them when it asks for a certificate} */
    public CaStore authorities() {
        return authorities;
    }

    /** {@return how much of the peer's certificate is asked for and checked, with {@code AUTO} unresolved} */
    public PeerVerifyMode verifyMode() {
        return verifyMode;
    }

    /**
     * {@return the verify mode of this role: {@code AUTO} is {@code VERIFY_PEER} on clients, {@code QUERY_PEER} on servers}
     *
     * @param role our side
     */
    public PeerVerifyMode verifyMode(TlsRole role) {
        if (verifyMode != PeerVerifyMode.AUTO_VERIFY_PEER) {
            return verifyMode;
        }
        return role == TlsRole.CLIENT ? PeerVerifyMode.VERIFY_PEER : PeerVerifyMode.QUERY_PEER;
    }

    /** {@return how many certificates of the chain may be used, the peer's own included; 0 for any number} */
    public int verifyDepth() {
        return verifyDepth;
    }

    /** {@return the rules that a chain must obey} */
    public VerificationPolicy policy() {
        return policy;
    }

    /** {@return which keys and signatures of certificates are strong enough} */
    public KeyStrength keyStrength() {
        return keyStrength;
    }

    /** {@return server: whether a client without certificate is refused on the wire} Not in {@code VERIFY_NONE}. */
    public boolean isMissingCertificateFatal() {
        return missingCertificateFatal;
    }

    /** {@return the application protocols, best first, as ISO-8859-1 text; empty to take no part in the negotiation} */
    public List<String> alpn() {
        return alpn;
    }

    /** {@return server: what to do about finite-field Diffie-Hellman} */
    public DiffieHellman diffieHellman() {
        return diffieHellman;
    }

    /** {@return the versions in which a pre-shared key is asked for; empty for none} */
    public Set<SslProtocol> pskProtocols() {
        return pskProtocols;
    }

    /** {@return server: the hint for clients, as ISO-8859-1 text; may be empty} */
    public String pskIdentityHint() {
        return pskIdentityHint;
    }

    /** {@return client: whether to ask for a stapled OCSP response} */
    public boolean isOcspStaplingEnabled() {
        return ocspStapling;
    }

    /** {@return the options that are on} */
    public Set<SslOption> options() {
        return options;
    }

    /** {@return whether {@link TlsEvents#keyLog} is wanted} */
    public boolean isKeyLogEnabled() {
        return keyLog;
    }

    /** {@return server: the keys that protect session tickets, the current one first; empty for the library's own} */
    public List<TicketKey> ticketKeys() {
        return ticketKeys;
    }

    /** {@return settings that only this backend understands, by name} */
    public Map<String, Object> backendOptions() {
        return backendOptions;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof ContextSettings that
                        && hash == that.hash
                        && Arrays.equals(fields(), that.fields()));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** {@return a short form for logs, without anything secret} */
    @Override
    public String toString() {
        return "ContextSettings[protocols=" + protocols + ", verifyMode=" + verifyMode + ", alpn=" + alpn
                + ", identity="
                + identity.map(i -> i.certificate().getSubjectX500Principal().getName())
                        .orElse("none") + "]";
    }

    /** What a server does about finite-field Diffie-Hellman with its own parameters. */
    public sealed interface DiffieHellman {

        /** The library's own safe groups. */
        record LibraryDefault() implements DiffieHellman {}

        /** No such suites at all. */
        record Disabled() implements DiffieHellman {}

        /**
         * These parameters.
         *
         * @param parameters prime and generator
         */
        record Custom(DHParameterSpec parameters) implements DiffieHellman {

            @Override
            public boolean equals(Object other) {
                return other instanceof Custom that
                        && parameters.getP().equals(that.parameters.getP())
                        && parameters.getG().equals(that.parameters.getG());
            }

            @Override
            public int hashCode() {
                return Objects.hash(parameters.getP(), parameters.getG());
            }
        }
    }

    /**
     * A key that protects session tickets (RFC 5077, section 4), shared by the servers of a fleet.
     *
     * <p>What it is used with is the library's own affair, as is the form of a ticket: a fleet has one backend, in one version.
     * Whoever knows it can resume every session under it and, up to TLS 1.2, decrypt what they carried: replace it once a day
     * at least, and keep it like a private key.
     *
     * @param name 16 bytes as ISO-8859-1 text, sent in clear, by which a server knows the key of a ticket
     * @param secret 32 or more random bytes as ISO-8859-1 text, of which the library's keys are derived
     */
    public record TicketKey(String name, String secret) {

        private static final int NAME_BYTES = 16;

        /**
         * {@return the key in these bytes} Made by {@code openssl rand 48}, for instance.
         *
         * @param bytes a name of 16 bytes, and a secret of 32 or more
         * @throws IllegalArgumentException if there are fewer than 48
         */
        public static TicketKey of(byte[] bytes) {
            if (bytes.length < NAME_BYTES + 32) {
                throw new IllegalArgumentException(
                        "a ticket key has a name of 16 bytes and a secret of 32 or more, not " + bytes.length
                                + " bytes in all");
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            return new TicketKey(text.substring(0, NAME_BYTES), text.substring(NAME_BYTES));
        }

        /** {@return the name only} */
        @Override
        public String toString() {
            return "TicketKey[" + name.length() + " bytes of name]";
        }
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        private Set<SslProtocol> protocols = SslProtocol.SECURE_PROTOCOLS.versions();
        private List<CipherSuite> cipherSuites = List.of();
        private List<String> groups = List.of();
        private List<String> signatureSchemes = List.of();
        private Optional<Identity> identity = Optional.empty();
        private CaStore authorities = CaStore.EMPTY;
        private PeerVerifyMode verifyMode = PeerVerifyMode.AUTO_VERIFY_PEER;
        private int verifyDepth;
        private VerificationPolicy policy = VerificationPolicy.RFC_5280;
        private KeyStrength keyStrength = KeyStrength.DEFAULT;
        private boolean missingCertificateFatal;
        private List<String> alpn = List.of();
        private DiffieHellman diffieHellman = new DiffieHellman.LibraryDefault();
        private Set<SslProtocol> pskProtocols = Set.of();
        private String pskIdentityHint = "";
        private boolean ocspStapling;
        private Set<SslOption> options = defaultOptions();
        private boolean keyLog;
        private List<TicketKey> ticketKeys = List.of();
        private Map<String, Object> backendOptions = Map.of();

        private Builder() {}

        private static Set<SslOption> defaultOptions() {
            EnumSet<SslOption> on = EnumSet.noneOf(SslOption.class);
            for (SslOption option : SslOption.values()) {
                if (option.isOnByDefault()) {
                    on.add(option);
                }
            }
            return on;
        }

        /**
         * Sets {@link ContextSettings#protocols}.
         *
         * @param versions concrete versions, at least one
         * @return this
         */
        public Builder protocols(Set<SslProtocol> versions) {
            if (versions.isEmpty() || !versions.stream().allMatch(SslProtocol::isConcrete)) {
                throw new IllegalArgumentException("expected one or more concrete versions, not " + versions);
            }
            protocols = versions;
            return this;
        }

        /**
         * Sets {@link ContextSettings#cipherSuites}.
         *
         * @param value best first
         * @return this
         */
        public Builder cipherSuites(List<CipherSuite> value) {
            cipherSuites = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#groups}.
         *
         * @param value IANA names, best first
         * @return this
         */
        public Builder groups(List<String> value) {
            groups = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#signatureSchemes}.
         *
         * @param value IANA names
         * @return this
         */
        public Builder signatureSchemes(List<String> value) {
            signatureSchemes = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#identity}.
         *
         * @param value chain and key
         * @return this
         */
        public Builder identity(Identity value) {
            identity = Optional.of(value);
            return this;
        }

        /**
         * Sets {@link ContextSettings#authorities}.
         *
         * @param value the trusted authorities
         * @return this
         */
        public Builder authorities(CaStore value) {
            authorities = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#verifyMode()}.
         *
         * @param value the mode
         * @return this
         */
        public Builder verifyMode(PeerVerifyMode value) {
            verifyMode = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#verifyDepth}.
         *
         * @param value 0 or more
         * @return this
         */
        public Builder verifyDepth(int value) {
            verifyDepth = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#policy}.
         *
         * @param value the policy
         * @return this
         */
        public Builder policy(VerificationPolicy value) {
            policy = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#keyStrength}.
         *
         * @param value the demands
         * @return this
         */
        public Builder keyStrength(KeyStrength value) {
            keyStrength = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#isMissingCertificateFatal}.
         *
         * @param value whether it is
         * @return this
         */
        public Builder missingCertificateFatal(boolean value) {
            missingCertificateFatal = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#alpn}.
         *
         * @param value names of 1..255 bytes, best first
         * @return this
         */
        public Builder alpn(List<String> value) {
            alpn = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#diffieHellman}.
         *
         * @param value what to do
         * @return this
         */
        public Builder diffieHellman(DiffieHellman value) {
            diffieHellman = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#pskProtocols}.
         *
         * @param value concrete versions
         * @return this
         */
        public Builder pskProtocols(Set<SslProtocol> value) {
            pskProtocols = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#pskIdentityHint}.
         *
         * @param value ISO-8859-1 text
         * @return this
         */
        public Builder pskIdentityHint(String value) {
            pskIdentityHint = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#isOcspStaplingEnabled}.
         *
         * @param value whether to ask
         * @return this
         */
        public Builder ocspStapling(boolean value) {
            ocspStapling = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#options}.
         *
         * @param value the options that are on
         * @return this
         */
        public Builder options(Set<SslOption> value) {
            options = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#isKeyLogEnabled}.
         *
         * @param value whether lines are wanted
         * @return this
         */
        public Builder keyLog(boolean value) {
            keyLog = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#ticketKeys}.
         *
         * @param value the current one first
         * @return this
         */
        public Builder ticketKeys(List<TicketKey> value) {
            ticketKeys = value;
            return this;
        }

        /**
         * Sets {@link ContextSettings#backendOptions}.
         *
         * @param value by name
         * @return this
         */
        public Builder backendOptions(Map<String, Object> value) {
            backendOptions = value;
            return this;
        }

        /** {@return the settings} */
        public ContextSettings build() {
            return new ContextSettings(this);
        }
    }
}
