package dev.qssl.spi.x509;

import dev.qssl.spi.x509.CertificatePath.End;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Searches the ways from a peer's certificate to trusted ones, through what the peer sent in whatever order, with extra
 * certificates, several issuers of the same name, and cycles (RFC 4158). One use, one thread.
 *
 * <p>The work is bounded, because the peer chooses the certificates: {@value #MAXIMUM_SIGNATURE_CHECKS} signatures,
 * {@value #MAXIMUM_STEPS} candidates looked at, {@value #MAXIMUM_PATHS} paths offered, {@value #MAXIMUM_LENGTH} certificates in
 * a path. A search that reaches a bound finds fewer paths, never a wrong one.
 */
final class PathBuilder {

    /** Longest path, the peer's certificate and the trusted one included. */
    static final int MAXIMUM_LENGTH = 16;

    /** How many signatures one search may check; a usual chain takes two or three. */
    static final int MAXIMUM_SIGNATURE_CHECKS = 64;

    /** How many paths that end well one search may offer. */
    static final int MAXIMUM_PATHS = 16;

    /** How many candidates for an issuer one search may look at. */
    static final int MAXIMUM_STEPS = 4096;

    private final CaStore trust;
    private final List<CertificateFacts> presented;
    private final long now;
    private final Map<Link, Boolean> links = new HashMap<>();
    private int signatureChecks;
    private int steps;
    private int paths;

    /**
     * @param presented what the peer sent, its own certificate first; at least one
     * @param now in milliseconds since 1970: a trusted certificate past its validity is no goal
     */
    PathBuilder(CaStore trust, List<CertificateFacts> presented, long now) {
        this.trust = trust;
        this.presented = presented;
        this.now = now;
    }

    /** {@return how many signatures were checked} */
    int signatureChecks() {
        return signatureChecks;
    }

    /** {@return whether the search was cut short} */
    boolean isExhausted() {
        return signatureChecks >= MAXIMUM_SIGNATURE_CHECKS || steps >= MAXIMUM_STEPS;
    }

    /**
     * Finds paths that end with a trusted certificate and whose signatures are right, the most promising first.
     *
     * @param judge is given each; returns true to end the search
     */
    void search(Predicate<CertificatePath> judge) {
        List<CertificateFacts> path = new ArrayList<>(4);
        path.add(presented.get(0));
        extend(path, judge);
    }

    private boolean extend(List<CertificateFacts> path, Predicate<CertificatePath> judge) {
        CertificateFacts top = path.get(path.size() - 1);
        if (trust.trusts(top, now)) {
            return judge.test(new CertificatePath(List.copyOf(path), End.TRUSTED, Set.of()))
                    || ++paths == MAXIMUM_PATHS;
        }
        if (path.size() == MAXIMUM_LENGTH) {
            return false;
        }
        for (CertificateFacts issuer : issuersOf(top, path)) {
            if (isSigned(top, issuer)) {
                path.add(issuer);
                if (extend(path, judge)) {
                    return true;
                }
                path.remove(path.size() - 1);
            }
        }
        return false;
    }

    /**
     * {@return the path to blame when none leads to a trusted certificate with every signature right: each certificate
     * followed by the issuer that it most probably means}
     */
    CertificatePath bestEffort() {
        List<CertificateFacts> path = new ArrayList<>(4);
        Set<Integer> broken = new HashSet<>();
        path.add(presented.get(0));
        while (path.size() < MAXIMUM_LENGTH) {
            CertificateFacts top = path.get(path.size() - 1);
            if (trust.trusts(top, now)) {
                return new CertificatePath(List.copyOf(path), End.TRUSTED, Set.copyOf(broken));
            }
            List<CertificateFacts> issuers = issuersOf(top, path);
            Optional<CertificateFacts> signer =
                    issuers.stream().filter(issuer -> isSigned(top, issuer)).findFirst();
            if (signer.isEmpty()) {
                // What the key identifiers tell apart is another authority of that name, not a broken signature.
                signer = issuers.stream().filter(top::isIssuerIdentifiedAs).findFirst();
                if (signer.isEmpty()) {
                    break;
                }
                broken.add(path.size() - 1);
            }
            path.add(signer.get());
        }
        CertificateFacts top = path.get(path.size() - 1);
        End end = top.isSelfIssued() && top.isIssuerIdentifiedAs(top) ? End.SELF_SIGNED : End.UNKNOWN_ISSUER;
        return new CertificatePath(List.copyOf(path), end, Set.copyOf(broken));
    }

    /** Trusted ones first, because they end the search; those that the key identifier names before the others. */
    private List<CertificateFacts> issuersOf(CertificateFacts child, List<CertificateFacts> path) {
        List<CertificateFacts> issuers = new ArrayList<>(2);
        List<CertificateFacts> doubtful = new ArrayList<>(0);
        for (CertificateFacts candidate : trust.withSubject(child.issuer())) {
            if (candidate.notAfter() >= now) {
                addCandidate(candidate, child, path, issuers, doubtful);
            }
        }
        for (int i = 1; i < presented.size(); i++) {
            CertificateFacts candidate = presented.get(i);
            if (++steps < MAXIMUM_STEPS
                    && candidate.subject().equals(child.issuer())
                    && !trust.trusts(candidate, now)) {
                addCandidate(candidate, child, path, issuers, doubtful);
            }
        }
        issuers.addAll(doubtful);
        return issuers;
    }

    private static void addCandidate(
            CertificateFacts candidate,
            CertificateFacts child,
            List<CertificateFacts> path,
            List<CertificateFacts> issuers,
            List<CertificateFacts> doubtful) {
        for (CertificateFacts below : path) {
            // The same authority twice on one path is a cycle, in whatever certificates it comes.
            if (below.subject().equals(candidate.subject())
                    && below.certificate()
                            .getPublicKey()
                            .equals(candidate.certificate().getPublicKey())) {
                return;
            }
        }
        (child.isIssuerIdentifiedAs(candidate) ? issuers : doubtful).add(candidate);
    }

    private boolean isSigned(CertificateFacts child, CertificateFacts issuer) {
        Link link = new Link(child, issuer);
        Boolean known = links.get(link);
        if (known == null) {
            if (signatureChecks >= MAXIMUM_SIGNATURE_CHECKS) {
                return false;
            }
            signatureChecks++;
            known = verify(link);
            links.put(link, known);
        }
        return known;
    }

    private static boolean verify(Link link) {
        try {
            link.child.certificate().verify(link.issuer.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException wrong) {
            // Providers throw unchecked exceptions, too, for keys and signatures that make no sense.
            return false;
        }
    }

    /** Equal if both certificates are the same objects. */
    private record Link(CertificateFacts child, CertificateFacts issuer) {}
}
