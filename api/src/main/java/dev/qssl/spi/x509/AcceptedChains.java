package dev.qssl.spi.x509;

import dev.qssl.spi.TlsRole;
import java.lang.ref.SoftReference;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The chains that one verifier accepted a short while ago, so that the thousand connections to the same server do the work
 * once. Thread-safe, without locks.
 *
 * <p>Only what was accepted without any problem is remembered, for the very same certificates in the same order and the same
 * role, for a minute of the time that it was judged by, and not beyond the validity of any certificate of its path. What is
 * not in the chain and may change, such as {@code jdk.certpath.disabledAlgorithms}, thus counts within a minute.
 *
 * <p>Bounded: one chain in each of a fixed number of places, and no certificate that the path does not need, so that nobody
 * fills it with what no trusted authority signed, nor any that the {@link CertificateTable} finds too large. The garbage
 * collector may take all of it when memory is short. A chain that finds its place taken replaces the other, which costs that
 * one another verification.
 */
final class AcceptedChains {

    /** How long a verdict holds. */
    static final Duration MEMORY = Duration.ofMinutes(1);

    private static final int PLACES = 64;

    private final AtomicReferenceArray<@Nullable SoftReference<Accepted>> places = new AtomicReferenceArray<>(PLACES);

    /**
     * {@return the verdict on this chain, if it was accepted and would be again}
     *
     * @param chain as the peer sent it, of the {@link CertificateTable}'s objects
     * @param peer whose it is
     * @param now in whole seconds
     */
    Optional<Verification> find(List<X509Certificate> chain, TlsRole peer, Instant now) {
        SoftReference<Accepted> reference = places.get(place(chain));
        Accepted known = reference == null ? null : reference.get();
        return known != null && known.holds(chain, peer, now) ? Optional.of(known.verdict) : Optional.empty();
    }

    /**
     * Remembers an accepted chain.
     *
     * @param verdict on it, without a problem; the name is not part of it
     * @param path that was found
     */
    void remember(List<X509Certificate> chain, TlsRole peer, Instant now, Verification verdict, CertificatePath path) {
        List<X509Certificate> needed = path.x509();
        if (!needed.containsAll(chain) || !needed.stream().allMatch(CertificateTable::isSmall)) {
            return;
        }
        long until = now.plus(MEMORY).toEpochMilli();
        for (CertificateFacts facts : path.certificates()) {
            until = Math.min(until, facts.notAfter());
        }
        Accepted accepted = new Accepted(List.copyOf(chain), peer, now.toEpochMilli(), until, verdict.asRemembered());
        places.set(place(chain), new SoftReference<>(accepted));
    }

    private static int place(List<X509Certificate> chain) {
        int hash = chain.get(0).hashCode();
        return (hash ^ hash >>> 16) & PLACES - 1;
    }

    /** A verdict and the times, in milliseconds since 1970, from and until which it holds. */
    private record Accepted(List<X509Certificate> chain, TlsRole peer, long from, long until, Verification verdict) {

        boolean holds(List<X509Certificate> other, TlsRole role, Instant now) {
            long time = now.toEpochMilli();
            return from <= time && time <= until && peer == role && chain.equals(other);
        }
    }
}
