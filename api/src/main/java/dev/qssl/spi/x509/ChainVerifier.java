package dev.qssl.spi.x509;

import dev.qssl.SslError;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.VerificationProblem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether a chain of certificates proves who a peer is, and says all that is wrong with it if not.
 *
 * <p>Shared by every backend, so that the same chain gives the same errors on each. A chain is accepted only if no problem
 * was found here <em>and</em> the JDK's PKIX validation accepts the path (RFC 5280, section 6). The documented choices:
 * <ul>
 *   <li>The order and completeness of what the peer sent do not matter; every way to a trusted certificate is tried, within
 *       fixed bounds on the work. The first way without a problem counts, else the problems of the best one are told.
 *   <li>A certificate of the {@link CaStore} is trusted as it stands: also an intermediate authority, also the peer's own.
 *       It must still be valid, fit for its purpose and obey its own constraints, but nobody need have signed it.
 *   <li>Extended key usage and name constraints bind in every certificate, the trusted one included.
 *   <li>Revocation is not looked up; stapled OCSP responses are {@link OcspVerifier}'s.
 * </ul>
 *
 * <p>Safe for use by many threads. Keep one verifier per set of rules: it remembers the chains that it accepted within the last
 * minute, and takes a microsecond for them. A chain of certificates that were seen before takes some tens of microseconds,
 * because the JDK's objects, which {@link CertificateTable} keeps, remember the last signature verified on them.
 */
public final class ChainVerifier {

    /** More certificates than any honest peer sends; what follows is not looked at. */
    private static final int MAXIMUM_PRESENTED = 128;

    private final CaStore trust;
    private final VerificationPolicy policy;
    private final KeyStrength strength;
    private final int depth;
    private final AcceptedChains accepted = new AcceptedChains();

    private ChainVerifier(CaStore trust, VerificationPolicy policy, KeyStrength strength, int depth) {
        this.trust = trust;
        this.policy = policy;
        this.strength = strength;
        this.depth = depth;
    }

    /**
     * {@return a verifier that trusts these certificates, follows RFC 5280, demands keys and signatures of the usual strength
     * and sets no limit on the depth}
     *
     * @param trust the authorities that a chain may end at
     */
    public static ChainVerifier trusting(CaStore trust) {
        return new ChainVerifier(trust, VerificationPolicy.RFC_5280, KeyStrength.DEFAULT, 0);
    }

    /**
     * {@return this verifier under other rules}
     *
     * @param rules what is demanded of a chain
     */
    public ChainVerifier withPolicy(VerificationPolicy rules) {
        return new ChainVerifier(trust, rules, strength, depth);
    }

    /**
     * {@return this verifier with other demands on keys and signatures}
     *
     * @param demands which are strong enough
     */
    public ChainVerifier withStrength(KeyStrength demands) {
        return new ChainVerifier(trust, policy, demands, depth);
    }

    /**
     * {@return this verifier with a limit on the length of chains (B-093)}
     *
     * @param certificates how many may lead to the trusted certificate, the peer's own included and the trusted one not; 0
     *     for any number
     * @throws IllegalArgumentException if it is negative
     */
    public ChainVerifier withDepth(int certificates) {
        if (certificates < 0) {
            throw new IllegalArgumentException("a verify depth is not negative: " + certificates);
        }
        return new ChainVerifier(trust, policy, strength, certificates);
    }

    /**
     * {@return what is to be said about a server}
     *
     * @param chain as the server sent it, its own certificate first; empty gives {@link SslError#NO_PEER_CERTIFICATE}
     * @param host whom the client means; empty if names do not matter
     * @param now the time to judge validity by
     */
    public Verification verifyServer(List<X509Certificate> chain, Optional<HostName> host, Instant now) {
        return verify(chain, TlsRole.SERVER, host, now);
    }

    /**
     * {@return what is to be said about a client}
     *
     * @param chain as the client sent it, its own certificate first; empty gives {@link SslError#NO_PEER_CERTIFICATE}
     * @param now the time to judge validity by
     */
    public Verification verifyClient(List<X509Certificate> chain, Instant now) {
        return verify(chain, TlsRole.CLIENT, Optional.empty(), now);
    }

    private Verification verify(List<X509Certificate> chain, TlsRole peer, Optional<HostName> host, Instant moment) {
        // Certificates count in seconds and are valid through the last one (RFC 5280, section 4.1.2.5).
        Instant now = moment.truncatedTo(ChronoUnit.SECONDS);
        if (chain.isEmpty()) {
            return Verification.EMPTY.withIdentityProblem(VerificationProblem.general(
                    SslError.NO_PEER_CERTIFICATE, "a certificate is required, the peer sent none"));
        }
        try {
            List<X509Certificate> interned = interned(chain);
            Verification verification = accepted.find(interned, peer, now).orElseGet(() -> judge(interned, peer, now));
            return host.flatMap(name -> mismatch(interned.get(0), name))
                    .map(verification::withIdentityProblem)
                    .orElse(verification);
        } catch (EncodingException | RuntimeException unusable) {
            // Whatever the JDK or a library's certificate object throws on hostile input, the answer is no.
            return Verification.EMPTY.withChainProblem(VerificationProblem.at(
                    0, chain.get(0), SslError.UNSPECIFIED_ERROR, "the chain cannot be verified: " + unusable));
        }
    }

    private static List<X509Certificate> interned(List<X509Certificate> chain) throws EncodingException {
        int count = Math.min(chain.size(), MAXIMUM_PRESENTED);
        List<X509Certificate> interned = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            interned.add(CertificateTable.shared().intern(chain.get(i)));
        }
        return interned;
    }

    private Optional<VerificationProblem> mismatch(X509Certificate leaf, HostName host) {
        if (host.matches(leaf, policy)) {
            return Optional.empty();
        }
        return Optional.of(VerificationProblem.at(
                0,
                leaf,
                SslError.HOST_NAME_MISMATCH,
                "it is for " + HostName.describe(CertificateFacts.of(leaf).names()) + ", not for "
                        + GeneralName.printable(host.toString()) + " (RFC 9525, section 6)"));
    }

    private Verification judge(List<X509Certificate> chain, TlsRole peer, Instant now) {
        List<CertificateFacts> presented =
                new LinkedHashSet<>(chain).stream().map(CertificateFacts::of).toList();
        PathRules rules = new PathRules(peer, policy, strength, depth);
        PathBuilder builder = new PathBuilder(trust, presented, now.toEpochMilli());
        Best best = new Best();
        builder.search(path -> best.isFlawless(path, rules.check(path, now)));
        if (best.path.isEmpty()) {
            CertificatePath path = builder.bestEffort();
            best.isFlawless(path, rules.check(path, now));
        }
        CertificatePath path = best.path.orElseThrow();
        Verification verification =
                new Verification(path, best.problems, blocked(path, presented), builder.signatureChecks());
        if (verification.isAccepted()) {
            accepted.remember(chain, peer, now, verification, path);
        }
        return verification;
    }

    /** Also what the peer sent without need: whoever hands out such a certificate is not to be trusted. */
    private static List<VerificationProblem> blocked(CertificatePath path, List<CertificateFacts> presented) {
        List<VerificationProblem> problems = new ArrayList<>(0);
        Set<CertificateFacts> all = new LinkedHashSet<>(path.certificates());
        all.addAll(presented);
        for (CertificateFacts facts : all) {
            if (facts.isBlocked()) {
                problems.add(VerificationProblem.at(
                        path.certificates().indexOf(facts),
                        facts.certificate(),
                        SslError.CERTIFICATE_BLACKLISTED,
                        "it is known to be forged, stolen or wrongly issued"));
            }
        }
        return problems;
    }

    /** The path with the fewest problems so far; of equals the first. */
    private static final class Best {

        Optional<CertificatePath> path = Optional.empty();
        List<VerificationProblem> problems = List.of();

        boolean isFlawless(CertificatePath candidate, List<VerificationProblem> found) {
            if (path.isEmpty() || found.size() < problems.size()) {
                path = Optional.of(candidate);
                problems = found;
            }
            return found.isEmpty();
        }
    }
}
