package dev.qssl.spi.x509;

import java.lang.ref.SoftReference;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What verification needs to know about a certificate, read once. Immutable.
 *
 * <p>Extensions are read here and not by the JDK's accessors, because those treat an extension that they cannot decode as
 * absent. {@link #defects} tells of everything that could not be read; such a certificate is never accepted.
 */
final class CertificateFacts {

    /** nameConstraints, RFC 5280, section 4.2.1.10. */
    static final String NAME_CONSTRAINTS = "2.5.29.30";

    /** keyUsage, RFC 5280, section 4.2.1.3: the number of each bit. */
    static final int DIGITAL_SIGNATURE = 0;

    static final int KEY_ENCIPHERMENT = 2;
    static final int KEY_AGREEMENT = 4;
    static final int KEY_CERT_SIGN = 5;

    private static final String KEY_USAGE = "2.5.29.15";
    private static final String ALTERNATIVE_NAMES = "2.5.29.17";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_ID = "2.5.29.35";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String SUBJECT_KEY_ID = "2.5.29.14";
    private static final String TLS_FEATURE = "1.3.6.1.5.5.7.1.24";

    /** What is processed here or, for policies, by the JDK's path validation. */
    private static final Set<String> UNDERSTOOD = Set.of(
            KEY_USAGE,
            ALTERNATIVE_NAMES,
            BASIC_CONSTRAINTS,
            NAME_CONSTRAINTS,
            EXTENDED_KEY_USAGE,
            "2.5.29.32", // certificatePolicies
            "2.5.29.33", // policyMappings
            "2.5.29.36", // policyConstraints
            "2.5.29.54"); // inhibitAnyPolicy

    /** The octets of a SEQUENCE of nothing. */
    private static final int EMPTY_NAME_LENGTH = 2;

    private static final int STATUS_REQUEST = 5;

    /** More features than TLS has extensions. */
    private static final int MAXIMUM_FEATURE = 0xFFFF;

    private final X509Certificate certificate;
    private final X500Principal subject;
    private final X500Principal issuer;
    private final long notBefore;
    private final long notAfter;
    private final List<String> defects = new ArrayList<>();
    private final Set<String> critical = new HashSet<>();
    private final Set<String> present = new HashSet<>();
    private final CertifiedKey key;
    private final Optional<String> signatureDigest;

    private final boolean blocked;
    private boolean authority;
    private int pathLength = Integer.MAX_VALUE;
    private int keyUsage = -1;
    private Set<String> purposes = Set.of();
    private byte[] subjectKeyId = {};
    private byte[] authorityKeyId = {};
    private @Nullable BigInteger authoritySerial;
    private List<GeneralName> alternativeNames = List.of();
    private @Nullable NameConstraints constraints;
    private final Set<Integer> features = new HashSet<>();
    private List<GeneralName> authorityIssuer = List.of();
    private final CertifiedNames names;

    private CertificateFacts(X509Certificate certificate) {
        this.certificate = certificate;
        this.subject = certificate.getSubjectX500Principal();
        this.issuer = certificate.getIssuerX500Principal();
        this.notBefore = certificate.getNotBefore().toInstant().toEpochMilli();
        this.notAfter = certificate.getNotAfter().toInstant().toEpochMilli();
        this.key = CertifiedKey.of(certificate.getPublicKey());
        this.signatureDigest = SignatureDigests.of(certificate);
        this.blocked = BlockList.contains(certificate);
        addAll(present, certificate.getCriticalExtensionOIDs());
        addAll(present, certificate.getNonCriticalExtensionOIDs());
        addAll(critical, certificate.getCriticalExtensionOIDs());
        readSignature();
        read(BASIC_CONSTRAINTS, this::readBasicConstraints);
        read(KEY_USAGE, this::readKeyUsage);
        read(EXTENDED_KEY_USAGE, this::readPurposes);
        read(ALTERNATIVE_NAMES, this::readAlternativeNames);
        read(NAME_CONSTRAINTS, reader -> constraints = NameConstraints.read(reader));
        read(SUBJECT_KEY_ID, reader -> subjectKeyId = reader.octetString());
        read(AUTHORITY_KEY_ID, this::readAuthorityKeyId);
        read(TLS_FEATURE, this::readFeatures);
        this.names = new CertifiedNames(
                subject,
                present.contains(ALTERNATIVE_NAMES),
                alternativeNames,
                authority ? Optional.empty() : commonName());
        checkNamesAndAuthority();
        for (String oid : critical) {
            if (!UNDERSTOOD.contains(oid)) {
                defects.add("the critical extension " + oid + " is not understood (RFC 5280, section 4.2)");
            }
        }
    }

    /** What one part of the certificate says of another. */
    private void checkNamesAndAuthority() {
        if (isEmpty(issuer)) {
            defects.add("the issuer's name is empty (RFC 5280, section 4.1.2.4)");
        }
        if (isEmpty(subject) && (authority || !critical.contains(ALTERNATIVE_NAMES))) {
            defects.add(
                    "the subject's name is empty, and no critical subjectAltName stands in (RFC 5280, section 4.1.2.6)");
        }
        if (!authority && pathLength != Integer.MAX_VALUE) {
            defects.add("it limits a path and is no authority (RFC 5280, section 4.2.1.9)");
        }
        if (!authority && present.contains(NAME_CONSTRAINTS)) {
            defects.add("it constrains names and is no authority (RFC 5280, section 4.2.1.10)");
        }
    }

    private static boolean isEmpty(X500Principal name) {
        return name.getEncoded().length <= EMPTY_NAME_LENGTH;
    }

    /** {@return the facts about a certificate; for one seen lately, without reading it again} */
    static CertificateFacts of(X509Certificate certificate) {
        return Remembered.of(certificate);
    }

    X509Certificate certificate() {
        return certificate;
    }

    X500Principal subject() {
        return subject;
    }

    X500Principal issuer() {
        return issuer;
    }

    /** {@return whether subject and issuer have the same name: self-signed, or a roll-over of the same authority} */
    boolean isSelfIssued() {
        return subject.equals(issuer);
    }

    /** {@return the first moment of validity, in milliseconds since 1970} */
    long notBefore() {
        return notBefore;
    }

    /** {@return the last moment of validity, in milliseconds since 1970} */
    long notAfter() {
        return notAfter;
    }

    /** {@return what makes it unacceptable in any chain, for people; empty if nothing does} */
    List<String> defects() {
        return defects;
    }

    /** {@return how large its key is} */
    CertifiedKey key() {
        return key;
    }

    /** {@return the digest of the signature on it; empty if its algorithm leaves no choice} */
    Optional<String> signatureDigest() {
        return signatureDigest;
    }

    /** {@return whether it is known to be forged or stolen} */
    boolean isBlocked() {
        return blocked;
    }

    /** {@return whether basicConstraints says that it is an authority} */
    boolean isAuthority() {
        return authority;
    }

    /** {@return how many intermediate authorities may stand below; very large if there is no limit} */
    int pathLength() {
        return pathLength;
    }

    /** {@return whether keyUsage is absent or has one of these bits} */
    boolean mayBeUsedFor(int... bits) {
        if (keyUsage < 0) {
            return true;
        }
        for (int bit : bits) {
            if ((keyUsage >>> bit & 1) != 0) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether the certificate has the extension} */
    boolean has(String oid) {
        return present.contains(oid);
    }

    boolean isCritical(String oid) {
        return critical.contains(oid);
    }

    boolean hasKeyUsage() {
        return keyUsage >= 0;
    }

    boolean hasPurposes() {
        return present.contains(EXTENDED_KEY_USAGE);
    }

    /** {@return the purposes of extendedKeyUsage, dotted; empty if the extension is absent} */
    Set<String> purposes() {
        return purposes;
    }

    /** {@return all names in it} */
    CertifiedNames names() {
        return names;
    }

    Optional<NameConstraints> constraints() {
        return Optional.ofNullable(constraints);
    }

    boolean hasKeyIdentifier() {
        return subjectKeyId.length > 0;
    }

    /** {@return whether the TLS feature extension promises a stapled status (RFC 7633)} */
    boolean mustStaple() {
        return features.contains(STATUS_REQUEST);
    }

    /** {@return the TLS extensions that the server promises to answer (RFC 7633)} */
    Set<Integer> features() {
        return features;
    }

    /** {@return whether authorityKeyIdentifier names the issuer's key, and by nothing else} */
    boolean namesIssuerByKeyAlone() {
        return authorityKeyId.length > 0 && authoritySerial == null && authorityIssuer.isEmpty();
    }

    /** {@return whether what authorityKeyIdentifier says of the issuer, if anything, is true of this certificate} */
    boolean isIssuerIdentifiedAs(CertificateFacts candidate) {
        boolean sameKey = authorityKeyId.length == 0
                || candidate.subjectKeyId.length == 0
                || Arrays.equals(authorityKeyId, candidate.subjectKeyId);
        return sameKey
                && (authoritySerial == null || authoritySerial.equals(candidate.certificate.getSerialNumber()))
                && isAuthorityIssuer(candidate.issuer);
    }

    private boolean isAuthorityIssuer(X500Principal name) {
        boolean named = false;
        for (GeneralName expected : authorityIssuer) {
            if (expected.kind() == GeneralName.Kind.DIRECTORY) {
                named = true;
                if (isName(expected.value(), name)) {
                    return true;
                }
            }
        }
        return !named;
    }

    private static boolean isName(byte[] encoded, X500Principal name) {
        try {
            return new X500Principal(encoded).equals(name);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private Optional<String> commonName() {
        if (present.contains(ALTERNATIVE_NAMES)) {
            return Optional.empty();
        }
        List<String> commonNames = DistinguishedName.of(subject).values("CN");
        return commonNames.isEmpty() ? Optional.empty() : Optional.of(commonNames.get(commonNames.size() - 1));
    }

    // The JDK (seen on 17 and 25) clears the bits that a signature's BIT STRING calls unused before it checks the
    // signature, so that somebody on the way could change the certificate's bytes, and with them its digest, without
    // breaking it.
    private void readSignature() {
        try {
            DerReader fields = new DerReader(certificate.getEncoded()).sequence();
            fields.skip();
            fields.skip();
            fields.bitString();
        } catch (EncodingException | CertificateEncodingException malformed) {
            defects.add("the signature is malformed: " + malformed.getMessage());
        }
    }

    private void read(String oid, ExtensionReader reader) {
        byte[] wrapped = present.contains(oid) ? certificate.getExtensionValue(oid) : null;
        if (wrapped == null) {
            return;
        }
        try {
            DerReader content = new DerReader(new DerReader(wrapped).octetString());
            reader.read(content);
            content.end();
        } catch (EncodingException malformed) {
            defects.add("the extension " + ObjectNames.shortName(oid) + " is malformed: " + malformed.getMessage());
        }
    }

    private void readBasicConstraints(DerReader reader) throws EncodingException {
        DerReader sequence = reader.sequence();
        authority = sequence.isNext(Der.BOOLEAN) && sequence.bool();
        if (sequence.hasMore()) {
            BigInteger length = sequence.integer();
            if (length.signum() < 0) {
                throw new EncodingException("the path length is negative");
            }
            pathLength = length.bitLength() < Integer.SIZE ? length.intValue() : Integer.MAX_VALUE;
        }
        sequence.end();
    }

    private void readKeyUsage(DerReader reader) throws EncodingException {
        byte[] bits = reader.content(Der.BIT_STRING);
        int usage = 0;
        for (int bit = 0; bit < 9 && 1 + bit / 8 < bits.length; bit++) {
            usage |= (bits[1 + bit / 8] >>> (7 - bit % 8) & 1) << bit;
        }
        if (usage == 0) {
            throw new EncodingException("no usage is allowed");
        }
        keyUsage = usage;
    }

    private void readPurposes(DerReader reader) throws EncodingException {
        DerReader sequence = reader.sequence();
        Set<String> found = new HashSet<>();
        while (sequence.hasMore()) {
            found.add(sequence.objectIdentifier());
        }
        if (found.isEmpty()) {
            throw new EncodingException("no purpose is named");
        }
        purposes = Set.copyOf(found);
    }

    private void readAlternativeNames(DerReader reader) throws EncodingException {
        alternativeNames = GeneralName.readAll(reader.sequence());
        if (alternativeNames.isEmpty()) {
            throw new EncodingException("no name is given");
        }
        for (GeneralName name : alternativeNames) {
            if (name.kind() == GeneralName.Kind.IP && name.value().length != 4 && name.value().length != 16) {
                throw new EncodingException("an IP address has " + name.value().length + " octets");
            }
        }
    }

    private void readAuthorityKeyId(DerReader reader) throws EncodingException {
        DerReader sequence = reader.sequence();
        if (sequence.isNext(Der.contextPrimitive(0))) {
            authorityKeyId = sequence.content(Der.contextPrimitive(0));
        }
        if (sequence.isNext(Der.context(1))) {
            authorityIssuer = GeneralName.readAll(sequence.enter(Der.context(1)));
        }
        if (sequence.isNext(Der.contextPrimitive(2))) {
            byte[] serial = sequence.content(Der.contextPrimitive(2));
            authoritySerial = serial.length == 0 ? BigInteger.ZERO : new BigInteger(serial);
        }
        sequence.end();
    }

    private void readFeatures(DerReader reader) throws EncodingException {
        DerReader sequence = reader.sequence();
        while (sequence.hasMore()) {
            features.add(sequence.integer(MAXIMUM_FEATURE));
        }
    }

    private static void addAll(Set<String> all, @Nullable Set<String> some) {
        if (some != null) {
            all.addAll(some);
        }
    }

    private interface ExtensionReader {
        void read(DerReader reader) throws EncodingException;
    }

    /**
     * The facts of the certificates seen last, one in each place of a table. A peer who fills it costs others a reading of
     * some microseconds, and at most {@code PLACES} certificates of bounded size, which the collector may take.
     */
    private static final class Remembered {

        private static final int PLACES = 1024;
        private static final AtomicReferenceArray<@Nullable SoftReference<CertificateFacts>> TABLE =
                new AtomicReferenceArray<>(PLACES);

        static CertificateFacts of(X509Certificate certificate) {
            int hash = certificate.hashCode();
            int place = (hash ^ hash >>> 16) & PLACES - 1;
            SoftReference<CertificateFacts> reference = TABLE.get(place);
            CertificateFacts known = reference == null ? null : reference.get();
            if (known != null && known.certificate.equals(certificate)) {
                return known;
            }
            CertificateFacts facts = new CertificateFacts(certificate);
            if (CertificateTable.isSmall(certificate)) {
                TABLE.set(place, new SoftReference<>(facts));
            }
            return facts;
        }
    }
}
