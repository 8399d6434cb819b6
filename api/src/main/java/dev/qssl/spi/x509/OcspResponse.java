package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An OCSP response as it stands (RFC 6960, section 4.2.1): read, not verified. {@link OcspVerifier} judges it. Immutable. */
final class OcspResponse {

    /** The responseStatus that comes with an answer. */
    static final int SUCCESSFUL = 0;

    private static final Set<Integer> STATUSES = Set.of(SUCCESSFUL, 1, 2, 3, 5, 6);
    private static final String BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1";
    private static final String NONCE = "1.3.6.1.5.5.7.48.1.2";
    private static final int GENERALIZED_TIME = 0x18;

    /** A responder needs one certificate; some send its issuers, too. */
    private static final int MAXIMUM_CERTIFICATES = 8;

    /**
     * The status of one certificate.
     *
     * @param hash the algorithm of both hashes, dotted
     * @param issuerNameHash the hash of the issuer's encoded name, in hexadecimal
     * @param issuerKeyHash the hash of the issuer's public key, in hexadecimal
     * @param serialNumber the certificate's
     * @param status what the responder says
     * @param revokedAt since when it is revoked, if it is
     * @param reason why it was revoked, if that is told
     * @param thisUpdate since when the status is known to be right
     * @param nextUpdate until when newer information will be there
     */
    record Single(
            String hash,
            String issuerNameHash,
            String issuerKeyHash,
            BigInteger serialNumber,
            OcspVerdict.Status status,
            Optional<Instant> revokedAt,
            Optional<Integer> reason,
            Instant thisUpdate,
            Optional<Instant> nextUpdate) {}

    private final int status;
    private final List<Single> singles = new ArrayList<>(1);
    private final List<X509Certificate> certificates = new ArrayList<>(1);
    private byte[] signedData = {};
    private byte[] signatureAlgorithm = {};
    private byte[] signature = {};
    private byte[] responderName = {};
    private byte[] responderKeyHash = {};
    private boolean unknownCriticalExtension;

    private OcspResponse(byte[] der) throws EncodingException {
        DerReader outside = new DerReader(der);
        DerReader response = outside.sequence();
        outside.end();
        byte[] enumerated = response.content(Der.ENUMERATED);
        status = enumerated.length == 1 ? enumerated[0] : -1;
        if (!STATUSES.contains(status)) {
            throw new EncodingException("the response has a status that is not defined");
        }
        if (status == SUCCESSFUL) {
            readResponseBytes(response.enter(Der.context(0)).sequence());
        }
    }

    /**
     * {@return the response in these bytes}
     *
     * @throws EncodingException if they are none, or of another type than BasicOCSPResponse
     */
    static OcspResponse parse(byte[] der) throws EncodingException {
        return new OcspResponse(der);
    }

    /** {@return responseStatus, as the number that RFC 6960 gives it} */
    int status() {
        return status;
    }

    /** {@return what is said about each certificate; empty without success} */
    List<Single> singles() {
        return singles;
    }

    /** {@return the certificates sent with it, for finding the signer} */
    List<X509Certificate> certificates() {
        return certificates;
    }

    /** {@return the octets that are signed; not to be changed} */
    byte[] signedData() {
        return signedData;
    }

    /** {@return the AlgorithmIdentifier of the signature, encoded; not to be changed} */
    byte[] signatureAlgorithm() {
        return signatureAlgorithm;
    }

    /** {@return the signature; not to be changed} */
    byte[] signature() {
        return signature;
    }

    /** {@return the encoded name of the signer; empty if it is told by its key} */
    byte[] responderName() {
        return responderName;
    }

    /** {@return the SHA-1 hash of the signer's key; empty if it is told by its name} */
    byte[] responderKeyHash() {
        return responderKeyHash;
    }

    /** {@return whether it must not be used without understanding more than is understood here} */
    boolean hasUnknownCriticalExtension() {
        return unknownCriticalExtension;
    }

    private void readResponseBytes(DerReader responseBytes) throws EncodingException {
        String type = responseBytes.objectIdentifier();
        if (!type.equals(BASIC_RESPONSE)) {
            throw new EncodingException("the response is of type " + type + " instead of BasicOCSPResponse");
        }
        DerReader basic = new DerReader(responseBytes.octetString()).sequence();
        signedData = basic.element();
        signatureAlgorithm = basic.element();
        signature = basic.bitString();
        if (basic.isNext(Der.context(0))) {
            DerReader sequence = basic.enter(Der.context(0)).sequence();
            while (sequence.hasMore()) {
                if (certificates.size() == MAXIMUM_CERTIFICATES) {
                    throw new EncodingException("more than " + MAXIMUM_CERTIFICATES + " certificates came with it");
                }
                certificates.add(CertificateTable.shared().parse(sequence.element()));
            }
        }
        basic.end();
        readData(new DerReader(signedData).sequence());
    }

    private void readData(DerReader data) throws EncodingException {
        if (data.isNext(Der.context(0))) {
            data.skip();
        }
        if (data.isNext(Der.context(1))) {
            responderName = data.enter(Der.context(1)).element();
        } else {
            responderKeyHash = data.enter(Der.context(2)).octetString();
        }
        time(data);
        DerReader sequence = data.sequence();
        while (sequence.hasMore()) {
            singles.add(readSingle(sequence.sequence()));
        }
        readExtensions(data);
        data.end();
    }

    private Single readSingle(DerReader single) throws EncodingException {
        DerReader id = single.sequence();
        String hash = id.sequence().objectIdentifier();
        String nameHash = HexFormat.of().formatHex(id.octetString());
        String keyHash = HexFormat.of().formatHex(id.octetString());
        BigInteger serialNumber = id.integer();
        id.end();
        Optional<Instant> revokedAt = Optional.empty();
        Optional<Integer> reason = Optional.empty();
        OcspVerdict.Status certificateStatus;
        int tag = single.peekTag();
        if (tag == Der.context(1)) {
            certificateStatus = OcspVerdict.Status.REVOKED;
            DerReader revoked = single.enter(tag);
            revokedAt = Optional.of(time(revoked));
            if (revoked.isNext(Der.context(0))) {
                byte[] code = revoked.enter(Der.context(0)).content(Der.ENUMERATED);
                reason = Optional.of(code.length == 1 ? (int) code[0] : 0);
            }
            revoked.end();
        } else {
            certificateStatus = tag == Der.contextPrimitive(0) ? OcspVerdict.Status.GOOD : OcspVerdict.Status.UNKNOWN;
            single.content(tag == Der.contextPrimitive(0) ? tag : Der.contextPrimitive(2));
        }
        Instant thisUpdate = time(single);
        Optional<Instant> nextUpdate =
                single.isNext(Der.context(0)) ? Optional.of(time(single.enter(Der.context(0)))) : Optional.empty();
        readExtensions(single);
        single.end();
        return new Single(
                hash, nameHash, keyHash, serialNumber, certificateStatus, revokedAt, reason, thisUpdate, nextUpdate);
    }

    private void readExtensions(DerReader reader) throws EncodingException {
        if (!reader.isNext(Der.context(1))) {
            return;
        }
        DerReader extensions = reader.enter(Der.context(1)).sequence();
        while (extensions.hasMore()) {
            DerReader extension = extensions.sequence();
            String oid = extension.objectIdentifier();
            boolean critical = extension.isNext(Der.BOOLEAN) && extension.bool();
            unknownCriticalExtension |= critical && !oid.equals(NONCE);
        }
    }

    /** RFC 6960, section 4.2.2.1, and RFC 5280, section 4.1.2.5.2: "YYYYMMDDHHMMSSZ", nothing else. */
    private static Instant time(DerReader reader) throws EncodingException {
        byte[] text = reader.content(GENERALIZED_TIME);
        if (text.length != 15 || text[14] != 'Z') {
            throw new EncodingException("expected a GeneralizedTime of 15 characters, found one of " + text.length);
        }
        try {
            return LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 4, 6),
                            number(text, 6, 8),
                            number(text, 8, 10),
                            number(text, 10, 12),
                            number(text, 12, 14))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException impossible) {
            throw new EncodingException("there is no such time", impossible);
        }
    }

    private static int number(byte[] text, int from, int to) throws EncodingException {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                throw new EncodingException("a GeneralizedTime holds something else than digits");
            }
            value = value * 10 + (text[i] - '0');
        }
        return value;
    }
}
