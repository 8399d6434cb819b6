package dev.qssl;

import static java.util.Objects.requireNonNull;

import dev.qssl.QSsl.SslOption;
import dev.qssl.QSsl.SslProtocol;
import dev.qssl.internal.backend.Backends;
import dev.qssl.internal.backend.FoundBackend;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.ContextSettings.TicketKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** The members of {@link QSslConfiguration} that say what may be negotiated, and with which backend. */
abstract class ConfigurationNegotiation extends ConfigurationSession {

    /** The longest name in protocol negotiation (RFC 7301, section 3.1). */
    static final int MAXIMUM_ALPN_BYTES = 255;

    private static final Logger LOG = System.getLogger("dev.qssl");
    private static final int TICKET_KEY_NAME_BYTES = 16;
    private static final int MINIMUM_TICKET_SECRET_BYTES = 32;

    private ConfigurationSnapshot snapshot;

    ConfigurationNegotiation(ConfigurationSnapshot snapshot, SessionState session) {
        super(session);
        this.snapshot = snapshot;
    }

    final ConfigurationSnapshot snapshot() {
        return snapshot;
    }

    final void edit(Consumer<ConfigurationSnapshot.Draft> change) {
        snapshot = snapshot.with(change);
    }

    /** {@return the backend that was set; empty for the active one} */
    public final String backend() {
        return snapshot.backend;
    }

    /**
     * Chooses a backend for the connections of this configuration. One that cannot be had is an error when connecting.
     *
     * @param name as in {@code QSslSocket.availableBackends()}; empty for the active one
     */
    public final void setBackend(String name) {
        edit(draft -> draft.backend = name);
    }

    /** {@return the wanted version or range of versions} */
    public final SslProtocol protocol() {
        return snapshot.protocol;
    }

    /**
     * Sets which versions may be negotiated; {@code SECURE_PROTOCOLS} by default. Of a range, the backend's versions count.
     *
     * @param protocol {@code UNKNOWN_PROTOCOL}, and DTLS on a stream, are errors when connecting (B-031)
     */
    public final void setProtocol(SslProtocol protocol) {
        edit(draft -> draft.protocol = protocol);
    }

    /** {@return the cipher suites that were set, best first; of the default configuration, what the backend has} */
    public final List<QSslCipher> ciphers() {
        return snapshot.ciphers instanceof CipherChoice.Listed list
                ? list.ciphers()
                : ask(snapshot.backend, backend -> ciphers(CipherSelection.defaults(backend.capabilities())));
    }

    /**
     * Sets the cipher suites that may be negotiated. If it names suites of TLS 1.3 only, or none of them, the other versions
     * keep their default (B-190). Suites that the backend lacks are left out; if it has none of them, connecting fails.
     *
     * @param ciphers best first; empty for the default configuration's
     */
    public final void setCiphers(List<QSslCipher> ciphers) {
        edit(draft -> draft.ciphers = new CipherChoice.Listed(ciphers));
    }

    /**
     * Sets the cipher suites by name. Unknown names are left out with a warning (B-187).
     *
     * @param names names of OpenSSL or IANA, best first, joined by colons
     */
    public final void setCiphers(String names) {
        List<QSslCipher> known = new ArrayList<>();
        for (String name : names.split(":", -1)) {
            QSslCipher cipher = new QSslCipher(name.strip());
            if (!cipher.isNull()) {
                known.add(cipher);
            } else if (!name.isBlank()) {
                LOG.log(Level.WARNING, "setCiphers: there is no cipher suite {0}; it is left out", name.strip());
            }
        }
        setCiphers(known);
    }

    /** {@return the groups that may be negotiated, best first; empty for the backend's own choice} */
    public final List<QSslEllipticCurve> ellipticCurves() {
        return snapshot.curves;
    }

    /**
     * Sets the groups that may be negotiated. One that the backend lacks is an error when connecting.
     *
     * @param curves best first; empty for the backend's own choice
     */
    public final void setEllipticCurves(List<QSslEllipticCurve> curves) {
        edit(draft -> draft.curves = List.copyOf(curves));
    }

    /** {@return the IANA names of the signature schemes that may be used; empty for the backend's own choice} */
    public final List<String> signatureSchemes() {
        return snapshot.signatureSchemes;
    }

    /**
     * Sets the signature schemes that may be used. One that the backend lacks is an error when connecting.
     *
     * @param ianaNames such as {@code rsa_pss_rsae_sha256}, best first; empty for the backend's own choice
     */
    public final void setSignatureSchemes(List<String> ianaNames) {
        edit(draft -> draft.signatureSchemes = List.copyOf(ianaNames));
    }

    /** {@return a server's parameters for finite-field Diffie-Hellman} */
    public final QSslDiffieHellmanParameters diffieHellmanParameters() {
        return snapshot.diffieHellman;
    }

    /**
     * Sets a server's parameters for finite-field Diffie-Hellman up to TLS 1.2.
     *
     * @param parameters empty ones switch these suites off; invalid ones are an error when connecting (B-191)
     */
    public final void setDiffieHellmanParameters(QSslDiffieHellmanParameters parameters) {
        edit(draft -> draft.diffieHellman = parameters);
    }

    /** {@return a server's hint on the identity of pre-shared keys} */
    public final byte[] preSharedKeyIdentityHint() {
        return Octets.bytes(snapshot.pskHint);
    }

    /**
     * Sets a server's hint on the identity of pre-shared keys (RFC 4279, section 5.2). Clients of TLS 1.3 do not see it.
     *
     * @param hint empty for none
     */
    public final void setPreSharedKeyIdentityHint(byte[] hint) {
        String text = Octets.text(hint);
        edit(draft -> draft.pskHint = text);
    }

    /** {@return the versions in which a pre-shared key may be asked for; empty for all that have it but TLS 1.3} */
    public final Set<SslProtocol> pskProtocols() {
        return snapshot.pskProtocols;
    }

    /**
     * Sets the versions in which the socket may ask for a pre-shared key, if a slot is there to answer. TLS 1.3 must be named
     * (B-227): its keys are bound to a hash, and its handshake has no room for an identity hint.
     *
     * @param versions concrete versions, each an error when connecting if the backend has no such keys in it; empty for all
     *     that the backend has them in but TLS 1.3
     * @throws IllegalArgumentException if one is a range
     */
    public final void setPskProtocols(Set<SslProtocol> versions) {
        if (!versions.stream().allMatch(SslProtocol::isConcrete)) {
            throw new IllegalArgumentException("expected concrete versions, not " + versions);
        }
        edit(draft -> draft.pskProtocols = Set.copyOf(versions));
    }

    /** {@return the application protocols that are offered or accepted, best first} */
    public final List<byte[]> allowedNextProtocols() {
        return Octets.bytes(snapshot.alpn);
    }

    /**
     * Sets the application protocols to offer or accept (RFC 7301). Names of more than 255 bytes are left out, with a
     * warning; so are empty ones (B-215).
     *
     * @param protocols best first; empty to take no part
     */
    public final void setAllowedNextProtocols(List<byte[]> protocols) {
        List<String> names = Octets.texts(protocols);
        names.stream()
                .filter(name -> name.length() > MAXIMUM_ALPN_BYTES)
                .forEach(name -> LOG.log(
                        Level.WARNING,
                        "setAllowedNextProtocols: a name of {0} bytes is left out; 255 is the most (RFC 7301)",
                        name.length()));
        edit(draft -> draft.alpn = names);
    }

    /**
     * Sets the application protocols by name, such as {@link QSslConfiguration#ALPN_PROTOCOL_HTTP2}.
     *
     * @param protocols best first, sent as UTF-8; none to take no part
     */
    public final void setAllowedNextProtocols(String... protocols) {
        setAllowedNextProtocols(Stream.of(protocols)
                .map(name -> name.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    /**
     * {@return whether an option is on}
     *
     * @param option the option to read
     */
    public final boolean testSslOption(SslOption option) {
        return snapshot.options.contains(option);
    }

    /**
     * Switches an option. {@code DISABLE_COMPRESSION} and {@code DISABLE_LEGACY_RENEGOTIATION} must stay on: what they
     * disable exists on no backend, so switching them off is an error when connecting.
     *
     * @param option which
     * @param on whether it is on
     */
    public final void setSslOption(SslOption option, boolean on) {
        requireNonNull(option, "option");
        Set<SslOption> options = EnumSet.noneOf(SslOption.class);
        options.addAll(snapshot.options);
        if (on ? options.add(option) : options.remove(option)) {
            edit(draft -> draft.options = options);
        }
    }

    /** {@return the keys that protect a server's session tickets, the current one first; empty for the backend's own} */
    public final List<TicketKey> sessionTicketKeys() {
        return snapshot.ticketKeys;
    }

    /**
     * Sets the keys that protect a server's session tickets, so that several servers accept each other's (RFC 5077). Clients
     * are not concerned.
     *
     * <p>To replace one without losing sessions: first have every server know the new key in second place, then put it first,
     * and drop the old one once its tickets have expired.
     *
     * @param keys the current one first, which new tickets are made with; the others are still accepted. Empty for the
     *     backend's own, which are made anew with each process. An error when connecting if the backend lacks
     *     {@code Capability.TICKET_KEYS}
     * @throws IllegalArgumentException if a name has not 16 bytes or a secret fewer than 32
     */
    public final void setSessionTicketKeys(List<TicketKey> keys) {
        for (TicketKey key : keys) {
            if (key.name().length() != TICKET_KEY_NAME_BYTES || key.secret().length() < MINIMUM_TICKET_SECRET_BYTES) {
                throw new IllegalArgumentException(
                        "a ticket key has a name of 16 bytes and a secret of 32 or more, not "
                                + key.name().length() + " and " + key.secret().length());
            }
        }
        edit(draft -> draft.ticketKeys = List.copyOf(keys));
    }

    /** {@return where the secrets of connections are written; {@link KeyLog#NONE} if nowhere} */
    public final KeyLog keyLog() {
        return snapshot.keyLog;
    }

    /**
     * Has the secrets of connections written, so that a network analyser can decrypt them; {@link KeyLog#NONE} by default.
     * For finding faults only: see {@link KeyLog} for the danger. Logs a warning.
     *
     * @param log where to; an error when connecting if the backend lacks {@code Capability.KEY_LOG}
     */
    public final void setKeyLog(KeyLog log) {
        if (requireNonNull(log, "log") != KeyLog.NONE) {
            LOG.log(
                    Level.WARNING,
                    "the secrets of TLS connections are written to a key log: whoever reads it can decrypt them");
        }
        edit(draft -> draft.keyLog = log);
    }

    /** {@return the settings that only the backend understands, by name} */
    public final Map<String, Object> backendConfiguration() {
        return snapshot.backendOptions;
    }

    /**
     * Adds a setting that only the backend understands. Unknown names and wrong types are an error when connecting (B-196).
     *
     * @param name its name
     * @param value must not change afterwards; bytes are taken as ISO-8859-1 text
     */
    public final void setBackendConfigurationOption(String name, Object value) {
        requireNonNull(value, "value");
        Map<String, Object> options = new TreeMap<>(snapshot.backendOptions);
        options.put(requireNonNull(name, "name"), value instanceof byte[] bytes ? Octets.text(bytes) : value);
        edit(draft -> draft.backendOptions = options);
    }

    /**
     * Sets all settings that only the backend understands.
     *
     * @param options by name, as for {@link #setBackendConfigurationOption}; replaces what was set before
     */
    public final void setBackendConfiguration(Map<String, ?> options) {
        setBackendConfiguration();
        options.forEach(this::setBackendConfigurationOption);
    }

    /** Drops all settings that only the backend understands. */
    public final void setBackendConfiguration() {
        edit(draft -> draft.backendOptions = Map.of());
    }

    /** Asks a backend something; nothing comes back if it cannot be had. Counts as first use. */
    static <T> List<T> ask(String backend, Function<FoundBackend, List<T>> question) {
        Backends.shared().touch();
        return Backends.shared().find(backend).map(question).orElse(List.of());
    }

    static List<QSslCipher> ciphers(List<CipherSuite> suites) {
        return suites.stream().map(QSslCipher::of).toList();
    }
}
