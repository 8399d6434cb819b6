package dev.qssl.spi.x509;

import dev.qssl.spi.VerificationProblem;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What {@link OcspVerifier} makes of a stapled response. */
public sealed interface OcspVerdict {

    /** What a responder says about a certificate (RFC 6960, section 2.2). */
    enum Status {
        /** It is not known to be revoked. */
        GOOD,
        /** It was revoked, or is suspended. */
        REVOKED,
        /** The responder does not know it. */
        UNKNOWN
    }

    /**
     * The bytes are no OCSP response. Nobody can overrule that: the handshake fails (B-233).
     *
     * @param reason what was expected and what came, for people
     */
    record Undecodable(String reason) implements OcspVerdict {}

    /**
     * The bytes are a response.
     *
     * @param problems what is wrong, in the order of detection; empty if the response proves the certificate good now
     * @param answer what a responder with the authority to do so says about this certificate, now; absent if the response
     *     does not say anything definitive (B-239)
     */
    record Judged(List<VerificationProblem> problems, Optional<Answer> answer) implements OcspVerdict {

        /**
         * Copies the list.
         *
         * @param problems what is wrong; empty if nothing is
         * @param answer what was proved, if anything
         */
        public Judged {
            problems = List.copyOf(problems);
        }
    }

    /**
     * A definitive statement about a certificate.
     *
     * @param status the status
     * @param reason why it was revoked, as a number of RFC 5280, section 5.3.1; absent if it was not or that is not told
     * @param revokedAt since when it is revoked; absent if it is not
     * @param thisUpdate since when the statement is known to be right
     * @param nextUpdate until when there will be a newer one; absent if newer ones are always to be had
     * @param responder the certificate of the statement's signer: the issuer's own, or one of a responder it appointed
     * @param subject the certificate that the statement is about
     */
    record Answer(
            Status status,
            Optional<Integer> reason,
            Optional<Instant> revokedAt,
            Instant thisUpdate,
            Optional<Instant> nextUpdate,
            X509Certificate responder,
            X509Certificate subject) {}
}
