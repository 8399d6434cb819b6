package dev.qssl.spi.x509;

import dev.qssl.SslError;
import dev.qssl.spi.TlsRole;
import dev.qssl.spi.VerificationProblem;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What a path must obey under every policy: RFC 5280, section 6, and what it takes to be a TLS peer. Immutable.
 *
 * <p>Finds every problem, in the order in which OpenSSL detects them: how the path ends; what each certificate may be used
 * for, from the peer's upwards; signatures and validity, from the top downwards; names.
 *
 * @param peer the role of the peer whose certificate it is
 * @param policy which further rules hold
 * @param strength which keys and signatures are strong enough
 * @param depth how many certificates may lead to the trusted one, the peer's included; 0 for any number
 */
record PathRules(TlsRole peer, VerificationPolicy policy, KeyStrength strength, int depth) {

    private static final String ANY_PURPOSE = "2.5.29.37.0";
    private static final String SERVER_PURPOSE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_PURPOSE = "1.3.6.1.5.5.7.3.2";

    /** RFC 5280, section 4.1.2.2. */
    private static final int MAXIMUM_SERIAL_BITS = 20 * 8;

    /** How many comparisons of names with constraints one path may cost. */
    private static final long MAXIMUM_NAME_COMPARISONS = 250_000;

    /** {@return all that is wrong with the path at this time; empty if the peer may be trusted} */
    List<VerificationProblem> check(CertificatePath path, Instant now) {
        Findings findings = new Findings(path);
        checkEnd(path, findings);
        checkDepth(path, findings);
        for (int i = 0; i <= path.topDepth(); i++) {
            checkUse(path, i, findings);
        }
        for (int i = path.topDepth(); i >= 0; i--) {
            checkSignature(path, i, findings);
            checkValidity(path, i, now, findings);
        }
        checkNameConstraints(path, findings);
        if (policy == VerificationPolicy.WEB_PKI) {
            WebPkiRules.check(path, peer, findings);
        }
        PkixValidation.check(path, now, findings);
        return findings.problems();
    }

    private static void checkEnd(CertificatePath path, Findings findings) {
        int top = path.topDepth();
        String issuer = "its issuer is " + path.top().issuer();
        switch (path.end()) {
            case TRUSTED -> {}
            case SELF_SIGNED ->
                findings.add(
                        top,
                        top == 0 ? SslError.SELF_SIGNED_CERTIFICATE : SslError.SELF_SIGNED_CERTIFICATE_IN_CHAIN,
                        "it is not among the trusted certificates");
            case UNKNOWN_ISSUER -> {
                findings.add(
                        top,
                        SslError.UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE,
                        issuer + ", which is neither trusted nor in the chain");
                if (top == 0) {
                    findings.add(0, SslError.UNABLE_TO_VERIFY_FIRST_CERTIFICATE, issuer);
                }
            }
        }
    }

    private void checkDepth(CertificatePath path, Findings findings) {
        boolean anchorAbove = path.end() == CertificatePath.End.TRUSTED && path.topDepth() > 0;
        int used = anchorAbove ? path.topDepth() : path.topDepth() + 1;
        if (depth > 0 && used > depth) {
            findings.add(
                    depth,
                    SslError.PATH_LENGTH_EXCEEDED,
                    "the chain needs " + used + " certificates, the verify depth allows " + depth);
        }
    }

    private void checkUse(CertificatePath path, int at, Findings findings) {
        CertificateFacts facts = path.certificates().get(at);
        for (String defect : facts.defects()) {
            findings.add(at, SslError.UNSPECIFIED_ERROR, defect);
        }
        if (at > 0) {
            checkAuthority(path, at, findings);
        }
        if (policy == VerificationPolicy.RFC_5280) {
            checkConstraintsForm(facts, at, findings);
        }
        checkPurpose(facts, at, findings);
        strength.weakness(facts.key()).ifPresent(text -> findings.add(at, SslError.UNSPECIFIED_ERROR, text));
        if (!path.isAnchor(at)) {
            checkSerialNumber(facts, at, findings);
            if (facts.hasKeyUsage() && facts.mayBeUsedFor(CertificateFacts.KEY_CERT_SIGN) && !facts.isAuthority()) {
                findings.add(
                        at,
                        SslError.UNSPECIFIED_ERROR,
                        "keyUsage allows signing certificates, and it is no authority (RFC 5280, section 4.2.1.3)");
            }
        }
    }

    private static void checkAuthority(CertificatePath path, int at, Findings findings) {
        CertificateFacts facts = path.certificates().get(at);
        boolean oldRoot = facts.certificate().getVersion() < 3 && path.isAnchor(at) && facts.isSelfIssued();
        if (!facts.isAuthority() && !oldRoot) {
            findings.add(
                    at,
                    SslError.INVALID_CA_CERTIFICATE,
                    "basicConstraints does not make it an authority (RFC 5280, section 4.2.1.9)");
        } else if (!facts.mayBeUsedFor(CertificateFacts.KEY_CERT_SIGN)) {
            findings.add(
                    at,
                    SslError.INVALID_CA_CERTIFICATE,
                    "keyUsage does not allow signing certificates (RFC 5280, section 4.2.1.3)");
        }
        int below = 0;
        for (int i = 1; i < at; i++) {
            // RFC 5280, section 4.2.1.9: self-issued intermediate certificates do not count.
            below += path.certificates().get(i).isSelfIssued() ? 0 : 1;
        }
        if (below > facts.pathLength()) {
            findings.add(
                    at,
                    SslError.PATH_LENGTH_EXCEEDED,
                    "it allows " + facts.pathLength() + " authorities below it, there are " + below);
        }
    }

    // The web's authorities may mark the constraints as not critical (Baseline Requirements, section 7.1.2.5.2), and
    // its clients read a leading dot as "subdomains only".
    private static void checkConstraintsForm(CertificateFacts facts, int at, Findings findings) {
        if (facts.constraints().isEmpty()) {
            return;
        }
        if (!facts.isCritical(CertificateFacts.NAME_CONSTRAINTS)) {
            findings.add(
                    at, SslError.UNSPECIFIED_ERROR, "nameConstraints is not critical (RFC 5280, section 4.2.1.10)");
        }
        if (facts.constraints().get().hasLeadingDot()) {
            findings.add(
                    at,
                    SslError.UNSPECIFIED_ERROR,
                    "a DNS name in nameConstraints begins with a dot (RFC 5280, section 4.2.1.10)");
        }
    }

    // Extended key usage binds authorities, too: all of Mozilla's, Microsoft's and OpenSSL's verifiers read it so.
    private void checkPurpose(CertificateFacts facts, int at, Findings findings) {
        String wanted = peer == TlsRole.SERVER ? SERVER_PURPOSE : CLIENT_PURPOSE;
        if (facts.hasPurposes()
                && !facts.purposes().contains(wanted)
                && !facts.purposes().contains(ANY_PURPOSE)) {
            findings.add(
                    at,
                    SslError.INVALID_PURPOSE,
                    "extendedKeyUsage does not allow a TLS " + roleName() + " (RFC 5280, section 4.2.1.12)");
        }
        if (at == 0 && !facts.mayBeUsedFor(usagesOfPeer())) {
            findings.add(
                    at,
                    SslError.INVALID_PURPOSE,
                    "keyUsage does not allow a TLS " + roleName() + " (RFC 8446, section 4.4.2.2)");
        }
    }

    private int[] usagesOfPeer() {
        return peer == TlsRole.SERVER
                ? new int[] {
                    CertificateFacts.DIGITAL_SIGNATURE,
                    CertificateFacts.KEY_ENCIPHERMENT,
                    CertificateFacts.KEY_AGREEMENT
                }
                : new int[] {CertificateFacts.DIGITAL_SIGNATURE, CertificateFacts.KEY_AGREEMENT};
    }

    private String roleName() {
        return peer == TlsRole.SERVER ? "server" : "client";
    }

    private static void checkSerialNumber(CertificateFacts facts, int at, Findings findings) {
        var serial = facts.certificate().getSerialNumber();
        if (serial.signum() <= 0 || serial.bitLength() >= MAXIMUM_SERIAL_BITS) {
            findings.add(
                    at,
                    SslError.UNSPECIFIED_ERROR,
                    "the serial number is not positive and at most 20 octets long (RFC 5280, section 4.1.2.2)");
        }
    }

    private void checkSignature(CertificatePath path, int at, Findings findings) {
        if (at == path.topDepth()) {
            // Trusted as it stands, or signed by itself or by nobody known: the signature proves nothing.
            return;
        }
        CertificateFacts facts = path.certificates().get(at);
        CertificateFacts issuer = path.certificates().get(at + 1);
        if (path.broken().contains(at)) {
            findings.add(
                    at,
                    SslError.CERTIFICATE_SIGNATURE_FAILED,
                    "the key of " + issuer.subject() + " did not make the signature");
        } else if (!strength.allows(facts.signatureDigest())) {
            findings.add(
                    at,
                    SslError.CERTIFICATE_SIGNATURE_FAILED,
                    "the signature uses " + facts.certificate().getSigAlgName() + "; allowed digests are "
                            + new TreeSet<>(strength.digests()));
        }
        if (!facts.features().containsAll(issuer.features())) {
            findings.add(
                    at,
                    SslError.UNSPECIFIED_ERROR,
                    "it does not promise the TLS features that its issuer's certificate does (RFC 7633, section 4.2.2)");
        }
        if (!facts.isIssuerIdentifiedAs(issuer)) {
            findings.add(
                    at,
                    SslError.AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH,
                    "authorityKeyIdentifier names another certificate than that of " + issuer.subject());
        }
    }

    private static void checkValidity(CertificatePath path, int at, Instant now, Findings findings) {
        CertificateFacts facts = path.certificates().get(at);
        long time = now.toEpochMilli();
        if (time < facts.notBefore()) {
            findings.add(
                    at,
                    SslError.CERTIFICATE_NOT_YET_VALID,
                    "it is valid from " + Instant.ofEpochMilli(facts.notBefore()) + ", now is " + now);
        }
        if (time > facts.notAfter()) {
            findings.add(
                    at,
                    SslError.CERTIFICATE_EXPIRED,
                    "it was valid until " + Instant.ofEpochMilli(facts.notAfter()) + ", now is " + now);
        }
    }

    private static void checkNameConstraints(CertificatePath path, Findings findings) {
        long comparisons = 0;
        for (int above = path.topDepth(); above > 0; above--) {
            Optional<NameConstraints> constraints =
                    path.certificates().get(above).constraints();
            if (constraints.isEmpty()) {
                continue;
            }
            for (int at = above - 1; at >= 0; at--) {
                CertificateFacts facts = path.certificates().get(at);
                if (at > 0 && facts.isSelfIssued()) {
                    // RFC 5280, section 6.1.4 (b): so that an authority can change its key.
                    continue;
                }
                comparisons += constraints.get().cost(facts.names());
                if (comparisons > MAXIMUM_NAME_COMPARISONS) {
                    findings.add(at, SslError.UNSPECIFIED_ERROR, "too many names and name constraints to compare");
                    return;
                }
                int place = at;
                String authority = path.certificates().get(above).subject().toString();
                constraints
                        .get()
                        .violation(facts.names())
                        .ifPresent(text -> findings.add(
                                place,
                                SslError.INVALID_PURPOSE,
                                text + " by the name constraints of " + authority + " (RFC 5280, section 4.2.1.10)"));
            }
        }
    }
}
