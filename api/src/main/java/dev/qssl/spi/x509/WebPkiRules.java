package dev.qssl.spi.x509;

import dev.qssl.SslError;
import dev.qssl.spi.TlsRole;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@link VerificationPolicy#WEB_PKI} demands beyond RFC 5280: the CA/Browser Forum's Baseline Requirements for TLS
 * server certificates, version 2.1, as far as a verifier can see them. Of the trusted certificates only roots are judged, and only
 * those made since the rules for them hold.
 */
final class WebPkiRules {

    /** Since when certificates, roots included, must follow the profiles of section 7.1.2. */
    private static final Instant PROFILES_SINCE = Instant.parse("2023-09-15T00:00:00Z");

    private static final String AUTHORITY_KEY_ID = "2.5.29.35";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";

    /** Section 7.1.2.7.10: what the certificate of a TLS peer must not be for. */
    private static final Map<String, String> FORBIDDEN_PURPOSES = Map.of(
            "2.5.29.37.0", "any purpose",
            "1.3.6.1.5.5.7.3.3", "signing programs",
            "1.3.6.1.5.5.7.3.4", "e-mail",
            "1.3.6.1.5.5.7.3.8", "time stamps",
            "1.3.6.1.5.5.7.3.9", "OCSP responses",
            "1.3.6.1.4.1.11129.2.4.4", "precertificates");

    /** Section 7.1.3.2: RSA, RSASSA-PSS and ECDSA with SHA-256, SHA-384 or SHA-512. */
    private static final Set<String> SIGNATURES = Set.of(
            "1.2.840.113549.1.1.10",
            "1.2.840.113549.1.1.11",
            "1.2.840.113549.1.1.12",
            "1.2.840.113549.1.1.13",
            "1.2.840.10045.4.3.2",
            "1.2.840.10045.4.3.3",
            "1.2.840.10045.4.3.4");

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
            if (path.isAnchor(i)) {
                checkRoot(path.certificates().get(i), i, findings);
            } else {
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

    private static void checkRoot(CertificateFacts root, int at, Findings findings) {
        boolean judged = at > 0 && root.isSelfIssued() && root.notBefore() >= PROFILES_SINCE.toEpochMilli();
        if (judged && root.hasPurposes()) {
            findings.add(at, SslError.INVALID_PURPOSE, "a root has extendedKeyUsage (section 7.1.2.1.2)");
        }
        if (judged
                && root.has(AUTHORITY_KEY_ID)
                && !(root.namesIssuerByKeyAlone() && root.isIssuerIdentifiedAs(root))) {
            findings.add(
                    at,
                    SslError.AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH,
                    "a root's authorityKeyIdentifier names another key, or more than a key (section 7.1.2.1.3)");
        }
    }

    private static void checkAny(CertificateFacts facts, int at, Findings findings) {
        if (facts.certificate().getVersion() != 3) {
            findings.add(at, SslError.UNSPECIFIED_ERROR, "it is not of version 3 (section 7.1.1)");
        }
        if (!facts.isSelfIssued() && !facts.namesIssuerByKeyAlone()) {
            findings.add(
                    at,
                    SslError.UNSPECIFIED_ERROR,
                    facts.has(AUTHORITY_KEY_ID)
                            ? "authorityKeyIdentifier names the issuer other than by its key (section 7.1.2.11.1)"
                            : "authorityKeyIdentifier is missing (section 7.1.2.11.1)");
        }
        if (!SIGNATURES.contains(facts.certificate().getSigAlgOID())) {
            findings.add(
                    at,
                    SslError.CERTIFICATE_SIGNATURE_FAILED,
                    "it is signed with " + facts.certificate().getSigAlgName() + " (section 7.1.3.2)");
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
        if (!facts.hasKeyIdentifier()) {
            findings.add(at, SslError.INVALID_CA_CERTIFICATE, "subjectKeyIdentifier is missing (section 7.1.2.11.4)");
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
        } else if (leaf.isCritical(EXTENDED_KEY_USAGE)) {
            findings.add(0, SslError.UNSPECIFIED_ERROR, "extendedKeyUsage is critical (section 7.1.2.7.6)");
        }
        FORBIDDEN_PURPOSES.forEach((oid, text) -> {
            if (leaf.purposes().contains(oid)) {
                findings.add(0, SslError.INVALID_PURPOSE, "extendedKeyUsage allows " + text + " (section 7.1.2.7.10)");
            }
        });
        if (peer == TlsRole.SERVER) {
            checkServerNames(leaf, findings);
        }
        checkLifetime(leaf, findings);
    }

    private static void checkServerNames(CertificateFacts leaf, Findings findings) {
        CertifiedNames names = leaf.names();
        if (!names.hasAlternatives()) {
            findings.add(0, SslError.UNSPECIFIED_ERROR, "subjectAltName is missing (section 7.1.2.7.12)");
            return;
        }
        DistinguishedName subject = DistinguishedName.of(leaf.subject());
        if (leaf.isCritical(ALTERNATIVE_NAMES) && !subject.attributes().isEmpty()) {
            findings.add(
                    0,
                    SslError.UNSPECIFIED_ERROR,
                    "subjectAltName is critical although the subject has a name (section 7.1.2.7.12)");
        }
        Set<String> alternatives =
                names.alternatives().stream().map(WebPkiRules::copied).collect(Collectors.toSet());
        for (String commonName : subject.values("CN")) {
            if (!alternatives.contains(commonName)) {
                findings.add(
                        0,
                        SslError.UNSPECIFIED_ERROR,
                        "the common name " + GeneralName.printable(commonName)
                                + " is not copied from subjectAltName (section 7.1.4.3)");
            }
        }
    }

    /** {@return the name as a common name must repeat it: addresses as RFC 5952 writes them} */
    private static String copied(GeneralName name) {
        return name.kind() == GeneralName.Kind.IP ? IpAddress.text(name.value()) : name.text();
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
