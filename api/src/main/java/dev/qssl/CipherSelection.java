package dev.qssl;

import dev.qssl.QSsl.SslProtocol;
import dev.qssl.spi.Capabilities;
import dev.qssl.spi.Capability;
import dev.qssl.spi.CipherSuite;
import dev.qssl.spi.TlsError;
import dev.qssl.spi.TlsException;
import dev.qssl.spi.TlsRole;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Picks the cipher suites of a context. Suites of TLS 1.3 and older ones are separate worlds: naming suites of one leaves the
 * other at its default (B-190). The default is what the backend has of at least {@value #MINIMUM_BITS} bits, without
 * anonymous suites (B-009), in the backend's order.
 *
 * <p>Where the backend does not let suites be chosen, the default is all it has, and anything else is refused.
 */
final class CipherSelection {

    private static final int MINIMUM_BITS = 128;

    private final String backend;
    private final Capabilities capabilities;
    private final TlsRole role;
    private final Predicate<CipherSuite> excluded;

    /**
     * Prepares a selection.
     *
     * @param backend its name, for errors
     * @param capabilities what it can do
     * @param role our side
     * @param excluded suites that the rest of the settings rules out
     */
    CipherSelection(String backend, Capabilities capabilities, TlsRole role, Predicate<CipherSuite> excluded) {
        this.backend = backend;
        this.capabilities = capabilities;
        this.role = role;
        this.excluded = excluded;
    }

    /** {@return the default suites of a backend for all its versions of TLS, best first} */
    static List<CipherSuite> defaults(Capabilities capabilities) {
        return capabilities.cipherSuites().stream()
                .filter(CipherSelection::isStrong)
                .toList();
    }

    private static boolean isStrong(CipherSuite suite) {
        return suite.bits() >= MINIMUM_BITS && !suite.authentication().equals("None");
    }

    /**
     * {@return the suites for these versions, best first; empty if the backend lets none be chosen}
     *
     * @param listed the suites that were asked for; empty for the default
     * @param versions the versions that may be negotiated
     * @throws TlsException if nothing usable is left, or the backend cannot be told
     */
    List<CipherSuite> select(List<CipherSuite> listed, Set<SslProtocol> versions) throws TlsException {
        if (!listed.isEmpty() && listed.stream().noneMatch(capabilities.cipherSuites()::contains)) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "invalid or empty cipher list: backend " + backend + " has none of the " + listed.size()
                            + " suites that were set, the first of which is "
                            + listed.get(0).ianaName());
        }
        Set<SslProtocol> modern = EnumSet.copyOf(versions);
        modern.retainAll(Set.of(SslProtocol.TLS_V1_3));
        Set<SslProtocol> older = EnumSet.copyOf(versions);
        older.removeAll(modern);

        List<CipherSuite> selected = new ArrayList<>(selectAmong(listed, modern));
        selected.addAll(selectAmong(listed, older));
        if (selected.isEmpty() && !capabilities.cipherSuites().isEmpty()) {
            throw new TlsException(
                    TlsError.INVALID_SETTING,
                    "invalid or empty cipher list: no suite is left for backend " + backend
                            + " that fits the protocol versions and the other settings");
        }
        return canChoose(versions) ? selected : List.of();
    }

    /** The suites for one of the two worlds. */
    private List<CipherSuite> selectAmong(List<CipherSuite> listed, Set<SslProtocol> versions) throws TlsException {
        List<CipherSuite> usable = capabilities.cipherSuites().stream()
                .filter(suite -> isUsable(suite, versions))
                .toList();
        boolean isRestricted = listed.stream().anyMatch(suite -> isUsable(suite, versions));
        List<CipherSuite> selected = (isRestricted
                        ? listed.stream().filter(usable::contains)
                        : usable.stream().filter(CipherSelection::isStrong))
                .filter(excluded.negate())
                .distinct()
                .toList();
        if (versions.stream().allMatch(this::canChoose)) {
            return selected;
        }
        if (isRestricted && !new HashSet<>(selected).containsAll(usable)) {
            throw new TlsException(
                    TlsError.UNSUPPORTED_SETTING,
                    "setCiphers: backend " + backend + " does not let the cipher suites of "
                            + VersionText.of(versions)
                            + " be chosen; leave them out, or use another backend");
        }
        return usable;
    }

    private boolean canChoose(Set<SslProtocol> versions) {
        return versions.stream().anyMatch(this::canChoose);
    }

    private boolean canChoose(SslProtocol version) {
        return capabilities.can(Capability.CIPHER_SUITE_CHOICE, role, version);
    }

    private static boolean isUsable(CipherSuite suite, Set<SslProtocol> versions) {
        return versions.stream().anyMatch(version -> isUsable(suite, version));
    }

    private static boolean isUsable(CipherSuite suite, SslProtocol version) {
        return switch (version) {
            case TLS_V1_3 -> suite.protocol() == SslProtocol.TLS_V1_3;
            case TLS_V1_2, DTLS_V1_2 -> suite.protocol() != SslProtocol.TLS_V1_3;
            default -> suite.protocol() == SslProtocol.TLS_V1_0;
        };
    }
}
