package dev.qssl.spi.x509;

import dev.qssl.SslError;
import dev.qssl.spi.TlsRole;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What {@link VerificationPolicy#WEB_PKI} demands beyond RFC 5280: the CA/Browser Forum's Baseline Requirements for TLS
 * server certificates, version 2.1, as far as a verifier can see them. Trusted certificates are exempt.
 */
final class WebPkiRules {

    private static final String AUTHORITY_KEY_ID = "2.5.29.35";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String ANY_PURPOSE = "2.5.29.37.0";

    /** Section 6.1.1.3: the orders of P-256, P-384 and P-521. */
    private static final Set<Integer> CURVE_BITS = Set.of(256, 384, 521);

    /**
     * Section 6.3.2: from when on issued certificates may be valid for how long.
     *
     * @param issuedFrom the first notBefore that it holds for
     * @param days the longest validity
     */
    private record Lifetime(Instant issuedFrom, int days) {}

    private static final List<Lifetime> LIFETIMES = List.of(
            new Lifetime(Instant.parse("2029-03-15T00:00:00Z"), 47),
            new Lifetime(Instant.parse("2027-03-15T00:00:00Z"), 100),
            new Lifetime(Instant.parse("2026-03-15T00:00:00Z"), 200),
            new Lifetime(Instant.parse("2020-09-01T00:00:00Z"), 398),
            new Lifetime(Instant.MIN, 825));

    private WebPkiRules() {}

    static void check(CertificatePath path, TlsRole peer, Findings findings) {
        for (int i = 0; i <= path.topDepth(); i++) {
            if (!path.isAnchor(i)) {
                checkAny(path.certificates().get(i), i, findings);
                if (i > 0) {
                    checkAuthority(path.certificates().get(i), i, findings);
                }
            }
        }
        if (!path.isAnchor(0)) {
            checkLeaf(path.leaf(), peer, findings);
        }
    }

    private static void checkAny(CertificateFacts facts, int at, Findings findings) {
        if (facts.certificate().getVersion() != 3) {
            findings.add(at, SslError.UNSPECIFIED_ERROR, "it is not of version 3 (section 7.1.1)");
        }
        if (!facts.has(AUTHORITY_KEY_ID) && !facts.isSelfIssued()) {
            findings.add(at, SslError.UNSPECIFIED_ERROR, "authorityKeyIdentifier is missing (section 7.1.2.11.1)");
        }
        if (!isKeyAllowed(facts)) {
            findings.add(
                    at,
                    SslError.UNSPECIFIED_ERROR,
                    "its key is neither RSA with a multiple of 8 bits nor on P-256, P-384 or P-521 (section 6.1.1.3)");
        }
    }

    private static boolean isKeyAllowed(CertificateFacts facts) {
        var key = facts.certificate().getPublicKey();
        if (key instanceof RSAPublicKey rsa) {
            return rsa.getModulus().bitLength() % 8 == 0;
        }
        return key instanceof ECPublicKey ec
                && CURVE_BITS.contains(ec.getParams().getOrder().bitLength());
    }

    private static void checkAuthority(CertificateFacts facts, int at, Findings findings) {
        if (!facts.isCritical(BASIC_CONSTRAINTS)) {
            findings.add(at, SslError.INVALID_CA_CERTIFICATE, "basicConstraints is not critical (section 7.1.2.10.4)");
        }
        if (!facts.hasKeyUsage()) {
            findings.add(at, SslError.INVALID_CA_CERTIFICATE, "keyUsage is missing (section 7.1.2.10.7)");
        }
    }

    private static void checkLeaf(CertificateFacts leaf, TlsRole peer, Findings findings) {
        if (leaf.isAuthority()) {
            findings.add(0, SslError.INVALID_PURPOSE, "it is an authority's certificate (section 7.1.2.7.8)");
        }
        if (!leaf.hasPurposes()) {
            findings.add(0, SslError.INVALID_PURPOSE, "extendedKeyUsage is missing (section 7.1.2.7.10)");
        } else if (leaf.purposes().contains(ANY_PURPOSE)) {
            findings.add(0, SslError.INVALID_PURPOSE, "extendedKeyUsage allows any purpose (section 7.1.2.7.10)");
        }
        if (peer == TlsRole.SERVER && !leaf.names().hasAlternatives()) {
            findings.add(0, SslError.UNSPECIFIED_ERROR, "subjectAltName is missing (section 7.1.2.7.12)");
        }
        checkLifetime(leaf, findings);
    }

    private static void checkLifetime(CertificateFacts leaf, Findings findings) {
        Instant issued = Instant.ofEpochMilli(leaf.notBefore());
        // The validity period includes both its first and its last second.
        Duration valid = Duration.ofMillis(leaf.notAfter() - leaf.notBefore()).plusSeconds(1);
        for (Lifetime lifetime : LIFETIMES) {
            if (!issued.isBefore(lifetime.issuedFrom)) {
                if (valid.compareTo(Duration.ofDays(lifetime.days)) > 0) {
                    findings.add(
                            0,
                            SslError.UNSPECIFIED_ERROR,
                            "it is valid for " + valid.toDays() + " days, " + lifetime.days
                                    + " are allowed (section 6.3.2)");
                }
                return;
            }
        }
    }
}
