package dev.qssl.spi.x509;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that a side trusts. Immutable; equal if the certificates are; the hash is computed once.
 *
 * <p>Every certificate in it is trusted as it stands, whatever signed it: roots, intermediate authorities, and peers' own
 * certificates. One that is past its validity is left out when chains are verified (B-098).
 *
 * <p>Build one per set of authorities and share it: contexts and verifiers keep what they derive from it.
 */
public final class CaStore {

    /** Trusts nobody. */
    public static final CaStore EMPTY = new CaStore(Set.of());

    private static final AtomicInteger READINGS = new AtomicInteger();

    private final Set<X509Certificate> certificates;
    private final int hash;
    private volatile @Nullable Index index;

    private CaStore(Set<X509Certificate> certificates) {
        this.certificates = Collections.unmodifiableSet(certificates);
        this.hash = certificates.hashCode();
    }

    /**
     * {@return a store of these certificates, without duplicates, in this order}
     *
     * @param certificates to trust; copied
     */
    public static CaStore of(Collection<X509Certificate> certificates) {
        return certificates.isEmpty() ? EMPTY : new CaStore(new LinkedHashSet<>(certificates));
    }

    /**
     * {@return the authorities that this machine trusts}
     *
     * <p>Read once, when first asked for, which takes some tens of milliseconds. Where they come from, the first that is
     * there: the store that the system property {@code javax.net.ssl.trustStore} names, the environment variables
     * {@code SSL_CERT_FILE} and {@code SSL_CERT_DIR} (if any of these is set, nothing else is looked at), the root store of
     * Windows or macOS, the bundle of the Linux or BSD distribution, the {@code cacerts} of the Java runtime. Files that cannot be read are logged as warnings; empty if nothing can be read.
     *
     * <p>The same object until {@link #refreshSystem} is called.
     */
    public static CaStore system() {
        return Objects.requireNonNull(SystemStore.CURRENT.get());
    }

    /** {@return the authorities that this machine trusts, read again} From now on {@link #system} returns these. */
    public static CaStore refreshSystem() {
        CaStore fresh = SystemStore.load();
        SystemStore.CURRENT.set(fresh);
        READINGS.incrementAndGet();
        return fresh;
    }

    /** {@return how often {@link #refreshSystem} was called} What was derived from an earlier reading is out of date. */
    public static int systemReading() {
        return READINGS.get();
    }

    /** {@return the certificates, in the order given} */
    public Set<X509Certificate> certificates() {
        return certificates;
    }

    /** {@return the certificates as PKIX trust anchors} */
    public Set<TrustAnchor> anchors() {
        return index().anchors;
    }

    /** {@return whether it trusts nobody} */
    public boolean isEmpty() {
        return certificates.isEmpty();
    }

    /** {@return the trusted certificates with this subject, past their validity or not} */
    List<CertificateFacts> withSubject(X500Principal subject) {
        return index().bySubject.getOrDefault(subject, List.of());
    }

    /** {@return whether this very certificate is trusted at this time} */
    boolean trusts(CertificateFacts facts, long now) {
        return facts.notAfter() >= now && certificates.contains(facts.certificate());
    }

    private Index index() {
        Index known = index;
        if (known == null) {
            // Two threads may both build it; either result will do.
            known = new Index(certificates);
            index = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof CaStore that && hash == that.hash && certificates.equals(that.certificates));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "CaStore[" + certificates.size() + " authorities]";
    }

    /** What verification looks up. Holds the facts strongly, so that they are read once per store. */
    private static final class Index {

        final Set<TrustAnchor> anchors;
        final Map<X500Principal, List<CertificateFacts>> bySubject = new HashMap<>();

        Index(Set<X509Certificate> certificates) {
            Set<TrustAnchor> all = new LinkedHashSet<>();
            for (X509Certificate certificate : certificates) {
                CertificateFacts facts = CertificateFacts.of(certificate);
                all.add(new TrustAnchor(certificate, null));
                bySubject
                        .computeIfAbsent(facts.subject(), subject -> new ArrayList<>(1))
                        .add(facts);
            }
            anchors = Collections.unmodifiableSet(all);
        }
    }

    /** Loaded, and with it the machine's authorities, when first asked for. */
    private static final class SystemStore {
        static final AtomicReference<CaStore> CURRENT = new AtomicReference<>(load());

        static CaStore load() {
            return of(SystemAuthorities.ofThisMachine().load());
        }
    }
}
