package dev.qssl.spi.x509;

import dev.qssl.spi.TlsRole;
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
 * fills it with what no trusted authority signed. A chain that finds its place taken replaces the other, which costs that one
 * another verification.
 */
final class AcceptedChains {

    /** How long a verdict holds. */
    static final Duration MEMORY = Duration.ofMinutes(1);

    private static final int PLACES = 64;

    private final AtomicReferenceArray<@Nullable Accepted> places = new AtomicReferenceArray<>(PLACES);

    /**
     * {@return the verdict on this chain, if it was accepted and would be again}
     *
     * @param chain as the peer sent it, of the {@link CertificateTable}'s objects
     * @param peer whose it is
     * @param now in whole seconds
     */
    Optional<Verification> find(List<X509Certificate> chain, TlsRole peer, Instant now) {
        Accepted known = places.get(place(chain));
        return known != null && known.holds(chain, peer, now) ? Optional.of(known.verdict) : Optional.empty();
    }

    /**
     * Remembers an accepted chain.
     *
     * @param verdict on it, without a problem; the name is not part of it
     * @param path that was found
     */
    void remember(List<X509Certificate> chain, TlsRole peer, Instant now, Verification verdict, CertificatePath path) {
        if (!path.x509().containsAll(chain)) {
            return;
        }
        long until = now.plus(MEMORY).toEpochMilli();
        for (CertificateFacts facts : path.certificates()) {
            until = Math.min(until, facts.notAfter());
        }
        places.set(
                place(chain),
                new Accepted(List.copyOf(chain), peer, now.toEpochMilli(), until, verdict.asRemembered()));
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
