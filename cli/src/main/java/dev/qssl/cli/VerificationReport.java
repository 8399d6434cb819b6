package dev.qssl.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.qssl.QSslCertificate;
import dev.qssl.QSslError;
import dev.qssl.SslError;
import java.util.List;
import java.util.stream.Collectors;

/** Says what is wrong with a peer's identity, by code, and what a person can do about it. */
final class VerificationReport {

    private VerificationReport() {}

    /** {@return the problems, each with code, text, certificate and remedy, indented under a heading of the caller's} */
    static String text(List<QSslError> errors) {
        StringBuilder problems = new StringBuilder();
        QSslCertificate told = new QSslCertificate();
        for (QSslError error : errors) {
            problems.append("  ")
                    .append(error.error())
                    .append("  ")
                    .append(error.errorString())
                    .append('\n');
            if (!error.certificate().equals(told)) {
                told = error.certificate();
                problems.append(certificate(told));
            }
        }
        String remedies = errors.stream()
                .map(error -> remedy(error.error()))
                .distinct()
                .map(remedy -> "  - " + remedy)
                .collect(Collectors.joining("\n"));
        return problems + "What may help:\n" + remedies;
    }

    private static String certificate(QSslCertificate certificate) {
        return certificate
                .x509()
                .map(x509 -> "      certificate: "
                        + ConnectionFacts.subject(certificate).orElse("")
                        + "\n      issued by:   "
                        + x509.getIssuerX500Principal().getName()
                        + "\n      valid:       " + x509.getNotBefore().toInstant() + " to "
                        + x509.getNotAfter().toInstant() + "\n")
                .orElse("");
    }

    /** {@return the problems on one line each, for a connection that goes on in spite of them} */
    static String ignored(List<QSslError> errors) {
        return errors.stream()
                .map(error -> "IGNORED=" + error.error() + "  " + error.errorString())
                .collect(Collectors.joining("\n"));
    }

    /** {@return the problems as JSON} */
    static JsonArray json(List<QSslError> errors) {
        JsonArray array = new JsonArray();
        for (QSslError error : errors) {
            JsonObject json = new JsonObject();
            json.addProperty("code", error.error().name());
            json.addProperty("text", error.errorString());
            json.addProperty(
                    "certificate", ConnectionFacts.subject(error.certificate()).orElse(null));
            json.addProperty("remedy", remedy(error.error()));
            array.add(json);
        }
        return array;
    }

    private static String remedy(SslError error) {
        return switch (error) {
            case HOST_NAME_MISMATCH ->
                "connect by a name that the certificate is for, or name the one to expect: --server-name NAME";
            case SELF_SIGNED_CERTIFICATE ->
                "if you have this very certificate from a source that you trust, trust it: --ca FILE";
            case SELF_SIGNED_CERTIFICATE_IN_CHAIN,
                    UNABLE_TO_GET_ISSUER_CERTIFICATE,
                    UNABLE_TO_GET_LOCAL_ISSUER_CERTIFICATE,
                    UNABLE_TO_VERIFY_FIRST_CERTIFICATE,
                    CERTIFICATE_UNTRUSTED ->
                "if you trust the authority that issued it, give that authority's certificate: --ca FILE";
            case CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID ->
                "the server's owner has to renew the certificate, unless this machine's clock is wrong";
            case CERTIFICATE_REVOKED, CERTIFICATE_BLACKLISTED, CERTIFICATE_REJECTED ->
                "do not connect: the certificate was withdrawn; the server's owner has to replace it";
            case INVALID_PURPOSE, INVALID_CA_CERTIFICATE, PATH_LENGTH_EXCEEDED ->
                "the certificate or its authority must not be used like this: its owner has to get another one";
            case NO_PEER_CERTIFICATE -> "the peer has to be set up with a certificate";
            case OCSP_NO_RESPONSE_FOUND -> "this server staples nothing: leave --ocsp out, or have its owner staple";
            case OCSP_MALFORMED_REQUEST,
                    OCSP_MALFORMED_RESPONSE,
                    OCSP_INTERNAL_ERROR,
                    OCSP_TRY_LATER,
                    OCSP_SIG_REQUIRED,
                    OCSP_UNAUTHORIZED,
                    OCSP_RESPONSE_CANNOT_BE_TRUSTED,
                    OCSP_RESPONSE_CERT_ID_UNKNOWN,
                    OCSP_RESPONSE_EXPIRED,
                    OCSP_STATUS_UNKNOWN,
                    CERTIFICATE_STATUS_UNKNOWN ->
                "the server's owner has to staple a current response of its authority";
            case NO_SSL_SUPPORT -> "see 'qssl backends'";
            case CERTIFICATE_SIGNATURE_FAILED,
                    UNABLE_TO_DECRYPT_CERTIFICATE_SIGNATURE,
                    UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
                    INVALID_NOT_BEFORE_FIELD,
                    INVALID_NOT_AFTER_FIELD,
                    SUBJECT_ISSUER_MISMATCH,
                    AUTHORITY_ISSUER_SERIAL_NUMBER_MISMATCH,
                    NO_ERROR,
                    UNSPECIFIED_ERROR -> "the certificate is damaged or forged: ask the server's owner";
        };
    }
}
