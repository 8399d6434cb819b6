package dev.qssl.spi.x509;

import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The authorities that a side trusts. Immutable; equal if the certificates are; the hash is computed once.
 *
 * <p>Build one per set of authorities and share it: contexts and verifiers keep what they derive from it.
 */
public final class CaStore {

    /** Trusts nobody. */
    public static final CaStore EMPTY = new CaStore(Set.of());

    private final Set<X509Certificate> certificates;
    private final Set<TrustAnchor> anchors;
    private final int hash;

    private CaStore(Set<X509Certificate> certificates) {
        this.certificates = Collections.unmodifiableSet(certificates);
        this.anchors = certificates.stream()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toUnmodifiableSet());
        this.hash = certificates.hashCode();
    }

    /** {@return a store of these certificates, without duplicates, in this order} */
    public static CaStore of(Collection<X509Certificate> certificates) {
        return certificates.isEmpty() ? EMPTY : new CaStore(new LinkedHashSet<>(certificates));
    }

    /** {@return the certificates, in the order given} */
    public Set<X509Certificate> certificates() {
        return certificates;
    }

    /** {@return the certificates as PKIX trust anchors} */
    public Set<TrustAnchor> anchors() {
        return anchors;
    }

    /** {@return whether it trusts nobody} */
    public boolean isEmpty() {
        return certificates.isEmpty();
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
}
