package dev.qssl.spi.x509;

import dev.qssl.SslError;
import dev.qssl.spi.VerificationProblem;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what a stapled OCSP response says about a certificate (RFC 6960; B-228 to B-239). Shared by every backend.
 *
 * <p>The documented choices:
 * <ul>
 *   <li>The signer is the certificate's issuer itself, or a certificate in the response that this issuer signed and that has
 *       the purpose OCSPSigning, named as such (section 4.2.2.2). Nobody else is trusted, whatever the {@link CaStore} holds.
 *   <li>Clocks may differ by 60 seconds. A response without nextUpdate is taken as current.
 *   <li>A signature that uses MD5 or SHA-1 does not count; the hashes that identify the issuer may be SHA-1.
 *   <li>A nonce is ignored: a stapled response answers nobody's question in particular.
 * </ul>
 */
public final class OcspVerifier {

    private static final Duration LEEWAY = Duration.ofSeconds(60);
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";

    /** The hashes that identify an issuer; they protect nothing here, so SHA-1 will do (RFC 6960, section 4.3). */
    private static final Map<String, String> HASHES = Map.of(
            "1.3.14.3.2.26", "SHA-1",
            "2.16.840.1.101.3.4.2.1", "SHA-256",
            "2.16.840.1.101.3.4.2.2", "SHA-384",
            "2.16.840.1.101.3.4.2.3", "SHA-512");

    private final X509Certificate subject;
    private final Optional<X509Certificate> issuer;
    private final Instant now;
    private final KeyStrength strength;
    private final List<VerificationProblem> problems = new ArrayList<>(0);

    private OcspVerifier(X509Certificate subject, Optional<X509Certificate> issuer, Instant now, KeyStrength strength) {
        this.subject = subject;
        this.issuer = issuer;
        this.now = now;
        this.strength = strength;
    }

    /**
     * {@return what the response says about the peer's certificate, if keys and signatures of the usual strength will do}
     *
     * @param response the bytes that were stapled
     * @param subject the peer's certificate
     * @param issuer the certificate that issued it ({@link Verification#issuer}); without it no response can be trusted
     * @param now the time to judge by
     */
    public static OcspVerdict verify(
            byte[] response, X509Certificate subject, Optional<X509Certificate> issuer, Instant now) {
        return verify(response, subject, issuer, now, KeyStrength.DEFAULT);
    }

    /**
     * {@return what the response says about the peer's certificate}
     *
     * @param response the bytes that were stapled
     * @param subject the peer's certificate
     * @param issuer the certificate that issued it ({@link Verification#issuer}); without it no response can be trusted
     * @param now the time to judge by
     * @param strength what the signer's key and the signatures must have; SHA-1 does not count even if it is allowed
     */
    public static OcspVerdict verify(
            byte[] response,
            X509Certificate subject,
            Optional<X509Certificate> issuer,
            Instant now,
            KeyStrength strength) {
        OcspResponse parsed;
        try {
            parsed = OcspResponse.parse(response);
        } catch (EncodingException undecodable) {
            return new OcspVerdict.Undecodable("expected an OCSP response: " + undecodable.getMessage());
        }
        return new OcspVerifier(subject, issuer, now, strength).judge(parsed);
    }

    /**
     * {@return the problem of a server that was asked for a response and stapled none (B-229)}
     *
     * @param subject the server's certificate
     */
    public static VerificationProblem noResponse(X509Certificate subject) {
        return VerificationProblem.at(
                0,
                subject,
                SslError.OCSP_NO_RESPONSE_FOUND,
                isStaplePromised(subject)
                        ? "the server stapled no response, although its certificate promises one (RFC 7633)"
                        : "the server stapled no response");
    }

    /**
     * {@return whether what a response says still counts} Nothing else is looked at. A client whose session began with a response
     * that is out of date had better not resume it: where a session is resumed the server staples nothing (RFC 6066, section 8).
     *
     * @param response the bytes that were stapled
     * @param now the time to judge by
     */
    public static boolean isCurrent(byte[] response, Instant now) {
        try {
            return OcspResponse.parse(response).singles().stream().allMatch(single -> isCurrent(single, now));
        } catch (EncodingException undecodable) {
            return false;
        }
    }

    /**
     * {@return whether a response is, as far as can be seen without the issuer, about a certificate, or gives no answer at all}
     *
     * @param response the bytes that are to be stapled
     * @param certificate the server's
     */
    public static boolean mayBeAbout(byte[] response, X509Certificate certificate) {
        try {
            OcspResponse read = OcspResponse.parse(response);
            return read.status() != OcspResponse.SUCCESSFUL
                    || read.singles().stream().anyMatch(single -> isNamedIn(single, certificate));
        } catch (EncodingException undecodable) {
            return false;
        }
    }

    /**
     * {@return whether the certificate promises that its server staples a response (RFC 7633, status_request)}
     *
     * @param certificate the server's
     */
    public static boolean isStaplePromised(X509Certificate certificate) {
        return CertificateFacts.of(certificate).mustStaple();
    }

    private OcspVerdict judge(OcspResponse response) {
        if (response.status() != OcspResponse.SUCCESSFUL) {
            add(codeOf(response.status()), "the responder gave no answer");
            return verdict(Optional.empty());
        }
        if (response.singles().size() != 1) {
            add(
                    SslError.OCSP_MALFORMED_RESPONSE,
                    "it holds " + response.singles().size() + " statuses");
            return verdict(Optional.empty());
        }
        OcspResponse.Single single = response.singles().get(0);
        Optional<X509Certificate> responder = signer(response);
        if (responder.isEmpty()) {
            add(
                    SslError.OCSP_RESPONSE_CANNOT_BE_TRUSTED,
                    "neither the issuer nor a responder it appointed signed it (RFC 6960, section 4.2.2.2)");
        }
        boolean aboutSubject = isAboutSubject(single);
        if (!aboutSubject) {
            add(
                    SslError.OCSP_RESPONSE_CERT_ID_UNKNOWN,
                    "it is about number " + single.serialNumber().toString(16) + " of some issuer, not about number "
                            + subject.getSerialNumber().toString(16) + " of " + subject.getIssuerX500Principal());
        }
        boolean current = isCurrent(single, now);
        if (!current) {
            add(
                    SslError.OCSP_RESPONSE_EXPIRED,
                    "it is right from " + single.thisUpdate() + " until "
                            + single.nextUpdate().map(Instant::toString).orElse("further notice") + ", now is " + now);
        }
        addStatus(single);
        return verdict(responder
                .filter(signer -> aboutSubject && current)
                .map(signer -> new OcspVerdict.Answer(
                        single.status(),
                        single.reason(),
                        single.revokedAt(),
                        single.thisUpdate(),
                        single.nextUpdate(),
                        signer,
                        subject)));
    }

    private void addStatus(OcspResponse.Single single) {
        switch (single.status()) {
            case GOOD -> {}
            case REVOKED ->
                add(
                        SslError.CERTIFICATE_REVOKED,
                        "revoked at "
                                + single.revokedAt().map(Instant::toString).orElse("an unknown time")
                                + single.reason()
                                        .map(code -> ", reason " + code)
                                        .orElse(""));
            case UNKNOWN -> add(SslError.OCSP_STATUS_UNKNOWN, "the responder does not know the certificate");
        }
    }

    /** {@return the certificate whose key signed the response, if it has the authority to} */
    private Optional<X509Certificate> signer(OcspResponse response) {
        if (issuer.isEmpty() || response.hasUnknownCriticalExtension()) {
            return Optional.empty();
        }
        X509Certificate authority = issuer.get();
        if (isNamed(authority, response) && isSignedBy(authority.getPublicKey(), response)) {
            return issuer;
        }
        return response.certificates().stream()
                .filter(candidate -> isNamed(candidate, response)
                        && isAppointed(CertificateFacts.of(candidate), authority)
                        && isSignedBy(candidate.getPublicKey(), response))
                .findFirst();
    }

    private boolean isAppointed(CertificateFacts candidate, X509Certificate authority) {
        long time = now.toEpochMilli();
        boolean fit = candidate.purposes().contains(OCSP_SIGNING)
                && candidate.defects().isEmpty()
                && strength.weakness(candidate.key()).isEmpty()
                && strength.allows(candidate.signatureDigest())
                && candidate.mayBeUsedFor(CertificateFacts.DIGITAL_SIGNATURE)
                && candidate.notBefore() <= time
                && candidate.notAfter() >= time
                && candidate.issuer().equals(authority.getSubjectX500Principal());
        if (!fit) {
            return false;
        }
        try {
            candidate.certificate().verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException | RuntimeException notSigned) {
            return false;
        }
    }

    private static boolean isNamed(X509Certificate candidate, OcspResponse response) {
        byte[] name = response.responderName();
        if (name.length > 0) {
            return Arrays.equals(name, candidate.getSubjectX500Principal().getEncoded());
        }
        try {
            return Arrays.equals(response.responderKeyHash(), HexFormat.of().parseHex(hash("SHA-1", keyOf(candidate))));
        } catch (GeneralSecurityException | EncodingException unusable) {
            return false;
        }
    }

    private boolean isSignedBy(PublicKey key, OcspResponse response) {
        try {
            SignatureAlgorithm algorithm = SignatureAlgorithm.read(response.signatureAlgorithm());
            return strength.allows(algorithm.digest())
                    && algorithm.verify(key, response.signedData(), response.signature());
        } catch (GeneralSecurityException | EncodingException | RuntimeException wrong) {
            // Providers throw unchecked exceptions, too, for keys and signatures that make no sense.
            return false;
        }
    }

    private boolean isAboutSubject(OcspResponse.Single single) {
        String algorithm = HASHES.get(single.hash());
        if (algorithm == null || issuer.isEmpty() || !isNamedIn(single, subject)) {
            return false;
        }
        try {
            return single.issuerKeyHash().equals(hash(algorithm, keyOf(issuer.get())));
        } catch (GeneralSecurityException | EncodingException unusable) {
            return false;
        }
    }

    /** {@return whether the serial number and the issuer's name are the certificate's} */
    private static boolean isNamedIn(OcspResponse.Single single, X509Certificate certificate) {
        String algorithm = HASHES.get(single.hash());
        if (algorithm == null || !single.serialNumber().equals(certificate.getSerialNumber())) {
            return false;
        }
        try {
            byte[] issuerName = certificate.getIssuerX500Principal().getEncoded();
            return single.issuerNameHash().equals(hash(algorithm, issuerName));
        } catch (GeneralSecurityException unusable) {
            return false;
        }
    }

    private static boolean isCurrent(OcspResponse.Single single, Instant now) {
        boolean started = !single.thisUpdate().isAfter(now.plus(LEEWAY));
        return started
                && single.nextUpdate()
                        .map(until -> !until.isBefore(now.minus(LEEWAY)) && !until.isBefore(single.thisUpdate()))
                        .orElse(true);
    }

    /** {@return the octets of the key itself, without the algorithm: what OCSP hashes} */
    private static byte[] keyOf(X509Certificate certificate) throws EncodingException {
        byte[] encoded = certificate.getPublicKey().getEncoded();
        if (encoded == null) {
            throw new EncodingException("a public key has no encoded form");
        }
        DerReader keyInfo = new DerReader(encoded).sequence();
        keyInfo.skip();
        return keyInfo.bitString();
    }

    private static String hash(String algorithm, byte[] octets) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(octets));
    }

    private static SslError codeOf(int status) {
        return switch (status) {
            case 1 -> SslError.OCSP_MALFORMED_REQUEST;
            case 2 -> SslError.OCSP_INTERNAL_ERROR;
            case 3 -> SslError.OCSP_TRY_LATER;
            case 5 -> SslError.OCSP_SIG_REQUIRED;
            case 6 -> SslError.OCSP_UNAUTHORIZED;
            default -> SslError.UNSPECIFIED_ERROR;
        };
    }

    private void add(SslError code, String detail) {
        problems.add(VerificationProblem.at(0, subject, code, detail));
    }

    private OcspVerdict verdict(Optional<OcspVerdict.Answer> answer) {
        return new OcspVerdict.Judged(problems, answer);
    }
}
