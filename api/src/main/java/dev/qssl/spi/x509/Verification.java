package dev.qssl.spi.x509;

import dev.qssl.spi.VerificationProblem;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a verifier has to say about a peer. Immutable. */
public final class Verification {

    static final Verification EMPTY = new Verification(List.of(), List.of(), List.of(), List.of(), List.of(), 0);

    private final List<X509Certificate> path;
    private final List<VerificationProblem> chain;
    private final List<VerificationProblem> blocked;
    private final List<VerificationProblem> staple;
    private final List<VerificationProblem> identity;
    private final int signatureChecks;

    private Verification(
            List<X509Certificate> path,
            List<VerificationProblem> chain,
            List<VerificationProblem> blocked,
            List<VerificationProblem> staple,
            List<VerificationProblem> identity,
            int signatureChecks) {
        this.path = path;
        this.chain = chain;
        this.blocked = blocked;
        this.staple = staple;
        this.identity = identity;
        this.signatureChecks = signatureChecks;
    }

    Verification(
            CertificatePath path,
            List<VerificationProblem> chain,
            List<VerificationProblem> blocked,
            int signatureChecks) {
        this(path.x509(), chain, blocked, List.of(), List.of(), signatureChecks);
    }

    /** {@return whether nothing is wrong} */
    public boolean isAccepted() {
        return chain.isEmpty() && blocked.isEmpty() && staple.isEmpty() && identity.isEmpty();
    }

    /**
     * {@return all problems, in the order in which they are detected: chain, blocked certificates, stapled response, name or
     * missing certificate} It is the order of peerVerifyError (B-064).
     */
    public List<VerificationProblem> problems() {
        return concatenated(chain, blocked, staple, identity);
    }

    /**
     * {@return all problems, in the order of the sslErrors list (B-064): blocked certificates, stapled response, name or
     * missing certificate, chain}
     */
    public List<VerificationProblem> problemsAsReported() {
        return concatenated(blocked, staple, identity, chain);
    }

    /** {@return the problems of the chain alone, in the order of detection} */
    public List<VerificationProblem> chainProblems() {
        return chain;
    }

    /**
     * {@return the path that was judged, the peer's certificate first, up to the trusted one or as far as it got; empty if
     * there was no certificate or none that could be read}
     */
    public List<X509Certificate> path() {
        return path;
    }

    /** {@return the certificate that issued the peer's: itself if that is self-signed; empty if it is not known} */
    public Optional<X509Certificate> issuer() {
        if (path.size() > 1) {
            return Optional.of(path.get(1));
        }
        return path.stream()
                .filter(leaf -> CertificateFacts.of(leaf).isSelfIssued())
                .findFirst();
    }

    /**
     * {@return how many signatures were checked: a measure of the work, bounded whatever the peer sends; 0 if the chain was
     * accepted a short while ago}
     */
    public int signatureChecks() {
        return signatureChecks;
    }

    /**
     * {@return this verification with what a stapled response's verdict adds}
     *
     * @param problems what is wrong with the stapled response
     */
    public Verification withStaple(List<VerificationProblem> problems) {
        return new Verification(path, chain, blocked, List.copyOf(problems), identity, signatureChecks);
    }

    /** {@return this verdict for those who come later: no signature was checked for them} */
    Verification asRemembered() {
        return new Verification(path, chain, blocked, staple, identity, 0);
    }

    Verification withIdentityProblem(VerificationProblem problem) {
        return new Verification(path, chain, blocked, staple, List.of(problem), signatureChecks);
    }

    Verification withChainProblem(VerificationProblem problem) {
        return new Verification(path, List.of(problem), blocked, staple, identity, signatureChecks);
    }

    @SafeVarargs
    private static List<VerificationProblem> concatenated(List<VerificationProblem>... parts) {
        List<VerificationProblem> all = new ArrayList<>(0);
        for (List<VerificationProblem> part : parts) {
            all.addAll(part);
        }
        return List.copyOf(all);
    }

    /** {@return a line for a log} */
    @Override
    public String toString() {
        return isAccepted() ? "accepted" : problems().toString();
    }
}
