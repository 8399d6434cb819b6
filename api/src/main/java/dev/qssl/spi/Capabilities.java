package dev.qssl.spi;

import dev.qssl.QSsl.ImplementedClass;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.QSsl.SupportedFeature;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a backend can do in this process, now: a table of {@link Capability} by role and protocol version, and the names it
 * knows. Found by probing, never what some version of the library could do. Immutable.
 *
 * <p>The coarse flags of Qt's API are derived from it: a feature counts if any role and any version has it.
 */
public final class Capabilities {

    private final Map<Capability, Map<TlsRole, Set<SslProtocol>>> claims;
    private final List<CipherSuite> cipherSuites;
    private final List<String> groups;
    private final List<String> signatureSchemes;
    private final Map<TlsRole, Map<SslProtocol, Deferral>> deferral;
    private final Map<Capability, String> limitations;
    private final boolean verification;

    private Capabilities(Builder builder) {
        Map<Capability, Map<TlsRole, Set<SslProtocol>>> copy = new EnumMap<>(Capability.class);
        builder.claims.forEach((capability, roles) -> {
            Map<TlsRole, Set<SslProtocol>> byRole = new EnumMap<>(TlsRole.class);
            roles.forEach(
                    (role, protocols) -> byRole.put(role, Collections.unmodifiableSet(EnumSet.copyOf(protocols))));
            copy.put(capability, byRole);
        });
        this.claims = copy;
        this.cipherSuites = List.copyOf(builder.cipherSuites);
        this.groups = List.copyOf(builder.groups);
        this.signatureSchemes = List.copyOf(builder.signatureSchemes);
        this.deferral = new EnumMap<>(TlsRole.class);
        builder.deferral.forEach((role, byProtocol) -> deferral.put(role, new EnumMap<>(byProtocol)));
        this.limitations = new EnumMap<>(builder.limitations);
        this.verification = builder.verification;
    }

    /** {@return a builder that claims nothing yet} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@return the concrete versions in which this role can do this; empty if none}
     *
     * @param capability what to do
     * @param role by which side
     */
    public Set<SslProtocol> protocols(Capability capability, TlsRole role) {
        return claims.getOrDefault(capability, Map.of()).getOrDefault(role, Set.of());
    }

    /** {@return the concrete versions that can be negotiated in at least one role, oldest first} */
    public Set<SslProtocol> protocols() {
        EnumSet<SslProtocol> all = EnumSet.noneOf(SslProtocol.class);
        for (TlsRole role : TlsRole.values()) {
            all.addAll(protocols(Capability.HANDSHAKE, role));
        }
        return Collections.unmodifiableSet(all);
    }

    /**
     * {@return whether this role can do this in this concrete version}
     *
     * @param capability what to do
     * @param role by which side
     * @param protocol a concrete version
     */
    public boolean can(Capability capability, TlsRole role, SslProtocol protocol) {
        return protocols(capability, role).contains(protocol);
    }

    /**
     * {@return whether any role can do this in any version}
     *
     * @param capability what to do
     */
    public boolean can(Capability capability) {
        return claims.containsKey(capability);
    }

    /** {@return the cipher suites that can be negotiated, in the library's order of preference} */
    public List<CipherSuite> cipherSuites() {
        return cipherSuites;
    }

    /** {@return the IANA names of the groups that can be negotiated, in the library's order of preference} */
    public List<String> groups() {
        return groups;
    }

    /** {@return the IANA names of the signature schemes that can be used, in the library's order of preference} */
    public List<String> signatureSchemes() {
        return signatureSchemes;
    }

    /**
     * {@return how a decision about the peer's certificate can be deferred}
     *
     * @param role the role of this side
     * @param protocol a concrete version that this role can negotiate
     */
    public Deferral deferral(TlsRole role, SslProtocol protocol) {
        Deferral known = deferral.getOrDefault(role, Map.of()).get(protocol);
        return known == null ? Deferral.FLIGHT_WITHHELD : known;
    }

    /**
     * {@return why something cannot be done, or not by each role in each version, in a clause for people; empty if the backend
     * does not say}
     *
     * @param capability what cannot be done
     */
    public Optional<String> limitation(Capability capability) {
        return Optional.ofNullable(limitations.get(capability));
    }

    /** {@return Qt's coarse features} */
    public Set<SupportedFeature> features() {
        EnumSet<SupportedFeature> features = EnumSet.noneOf(SupportedFeature.class);
        if (verification) {
            features.add(SupportedFeature.CERTIFICATE_VERIFICATION);
        }
        if (!protocols(Capability.ALPN, TlsRole.CLIENT).isEmpty()) {
            features.add(SupportedFeature.CLIENT_SIDE_ALPN);
        }
        if (!protocols(Capability.ALPN, TlsRole.SERVER).isEmpty()) {
            features.add(SupportedFeature.SERVER_SIDE_ALPN);
        }
        addIf(features, SupportedFeature.OCSP, Capability.OCSP_STAPLING);
        addIf(features, SupportedFeature.PSK, Capability.PSK);
        addIf(features, SupportedFeature.SESSION_TICKET, Capability.SESSION_EXPORT);
        addIf(features, SupportedFeature.ALERTS, Capability.ALERTS);
        return Collections.unmodifiableSet(features);
    }

    /** {@return Qt's classes that work} Keys and certificates are shared by all backends, so they always do. */
    public Set<ImplementedClass> classes() {
        EnumSet<ImplementedClass> classes = EnumSet.of(ImplementedClass.KEY, ImplementedClass.CERTIFICATE);
        for (SslProtocol protocol : protocols()) {
            classes.add(protocol.isDatagram() ? ImplementedClass.DTLS : ImplementedClass.SOCKET);
        }
        if (can(Capability.DIFFIE_HELLMAN_PARAMETERS)) {
            classes.add(ImplementedClass.DIFFIE_HELLMAN);
        }
        if (can(Capability.GROUP_CHOICE)) {
            classes.add(ImplementedClass.ELLIPTIC_CURVE);
        }
        if (can(Capability.DATAGRAM_COOKIE)) {
            classes.add(ImplementedClass.DTLS_COOKIE);
        }
        return Collections.unmodifiableSet(classes);
    }

    private void addIf(Set<SupportedFeature> features, SupportedFeature feature, Capability capability) {
        if (can(capability)) {
            features.add(feature);
        }
    }

    /** Collects what was found. Not thread-safe. */
    public static final class Builder {

        private final Map<Capability, Map<TlsRole, Set<SslProtocol>>> claims = new EnumMap<>(Capability.class);
        private final Map<TlsRole, Map<SslProtocol, Deferral>> deferral = new EnumMap<>(TlsRole.class);
        private List<CipherSuite> cipherSuites = List.of();
        private List<String> groups = List.of();
        private List<String> signatureSchemes = List.of();
        private final Map<Capability, String> limitations = new EnumMap<>(Capability.class);
        private boolean verification;

        private Builder() {}

        /**
         * Claims a capability; adds to what was claimed before.
         *
         * @param capability what can be done
         * @param role by which side
         * @param protocols in which concrete versions; an empty set claims nothing
         * @return this
         */
        public Builder claim(Capability capability, TlsRole role, Set<SslProtocol> protocols) {
            for (SslProtocol protocol : protocols) {
                if (!protocol.isConcrete()) {
                    throw new IllegalArgumentException("a claim names concrete versions, not " + protocol);
                }
            }
            if (!protocols.isEmpty()) {
                claims.computeIfAbsent(capability, unused -> new EnumMap<>(TlsRole.class))
                        .computeIfAbsent(role, unused -> EnumSet.noneOf(SslProtocol.class))
                        .addAll(protocols);
            }
            return this;
        }

        /**
         * Claims a capability for both roles.
         *
         * @param capability what can be done
         * @param protocols in which concrete versions
         * @return this
         */
        public Builder claim(Capability capability, Set<SslProtocol> protocols) {
            return claim(capability, TlsRole.CLIENT, protocols).claim(capability, TlsRole.SERVER, protocols);
        }

        /**
         * Says how a decision can be deferred; what is not said counts as {@link Deferral#FLIGHT_WITHHELD}.
         *
         * @param role the role of this side
         * @param protocol a concrete version
         * @param how how well it waits
         * @return this
         */
        public Builder deferral(TlsRole role, SslProtocol protocol, Deferral how) {
            deferral.computeIfAbsent(role, unused -> new EnumMap<>(SslProtocol.class))
                    .put(protocol, how);
            return this;
        }

        /**
         * Says why something is not claimed, or not for each role and version.
         *
         * @param capability what cannot be done
         * @param reason a clause for people, such as {@code BoringSSL has no finite-field Diffie-Hellman}
         * @return this
         */
        public Builder limitation(Capability capability, String reason) {
            limitations.put(capability, reason);
            return this;
        }

        /**
         * Says that chains can be verified without a connection.
         *
         * @return this
         */
        public Builder verifiesCertificates() {
            verification = true;
            return this;
        }

        /**
         * Sets the cipher suites.
         *
         * @param suites in order of preference
         * @return this
         */
        public Builder cipherSuites(List<CipherSuite> suites) {
            cipherSuites = suites;
            return this;
        }

        /**
         * Sets the groups.
         *
         * @param names IANA names in order of preference
         * @return this
         */
        public Builder groups(List<String> names) {
            groups = names;
            return this;
        }

        /**
         * Sets the signature schemes.
         *
         * @param names IANA names in order of preference
         * @return this
         */
        public Builder signatureSchemes(List<String> names) {
            signatureSchemes = names;
            return this;
        }

        /** {@return the table} */
        public Capabilities build() {
            return new Capabilities(this);
        }
    }
}
