package dev.qssl;

import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.DerReader;
import dev.qssl.spi.x509.EncodingException;
import dev.qssl.spi.x509.ObjectNames;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One extension of a certificate (RFC 5280, section 4.2). Immutable; equal by identifier, criticality and bytes. */
public final class QSslCertificateExtension {

    private static final String SUBJECT_KEY_IDENTIFIER = "2.5.29.14";
    private static final String BASIC_CONSTRAINTS = "2.5.29.19";
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";
    private static final String AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1";

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    private final String oid;
    private final boolean critical;
    private final byte[] encoded;

    /** Creates one without identifier and value. */
    public QSslCertificateExtension() {
        this("", false, new byte[0]);
    }

    QSslCertificateExtension(String oid, boolean critical, byte[] encoded) {
        this.oid = oid;
        this.critical = critical;
        this.encoded = encoded;
    }

    /** {@return the extensions of a certificate, in order; none if it has none or does not give its bytes} */
    static List<QSslCertificateExtension> of(X509Certificate certificate) {
        List<QSslCertificateExtension> extensions = new ArrayList<>();
        try {
            DerReader fields = new DerReader(certificate.getTBSCertificate()).sequence();
            while (fields.hasMore() && !fields.isNext(Der.context(3))) {
                fields.skip();
            }
            DerReader list = fields.hasMore() ? fields.enter(Der.context(3)).sequence() : fields;
            while (list.hasMore()) {
                DerReader extension = list.sequence();
                String oid = extension.objectIdentifier();
                boolean critical = extension.isNext(Der.BOOLEAN) && extension.bool();
                extensions.add(new QSslCertificateExtension(oid, critical, extension.octetString()));
            }
        } catch (EncodingException | CertificateEncodingException unreadable) {
            return List.of();
        }
        return List.copyOf(extensions);
    }

    /** {@return the dotted object identifier} */
    public String oid() {
        return oid;
    }

    /** {@return the short name, such as {@code basicConstraints}; the object identifier if it has none} */
    public String name() {
        return ObjectNames.shortName(oid);
    }

    /** {@return whether who does not understand it must refuse the certificate} */
    public boolean isCritical() {
        return critical;
    }

    /** {@return whether {@link #value} is structured: for the four types named there} */
    public boolean isSupported() {
        return switch (oid) {
            case SUBJECT_KEY_IDENTIFIER, BASIC_CONSTRAINTS, AUTHORITY_KEY_IDENTIFIER, AUTHORITY_INFO_ACCESS -> true;
            default -> false;
        };
    }

    /**
     * {@return the value}
     *
     * <ul>
     *   <li>{@code basicConstraints}: a {@code Map<String, Object>} with {@code ca} (Boolean) and maybe
     *       {@code pathLenConstraint} (Integer)
     *   <li>{@code subjectKeyIdentifier}: a String of upper-case hexadecimal pairs joined by colons
     *   <li>{@code authorityKeyIdentifier}: a {@code Map<String, Object>} with maybe {@code keyid} and maybe
     *       {@code serial}, Strings of lower-case hexadecimal digits
     *   <li>{@code authorityInfoAccess}: a {@code Map<String, Object>} from {@code OCSP}, {@code caIssuers} or another access
     *       method's identifier to a {@code List<String>} of addresses
     *   <li>any other, and a malformed one of these: the same as {@link #encodedValue}
     * </ul>
     */
    public Object value() {
        try {
            DerReader reader = new DerReader(encoded);
            return switch (oid) {
                case BASIC_CONSTRAINTS -> basicConstraints(reader.sequence());
                case SUBJECT_KEY_IDENTIFIER -> COLONS.formatHex(reader.octetString());
                case AUTHORITY_KEY_IDENTIFIER -> authorityKeyIdentifier(reader.sequence());
                case AUTHORITY_INFO_ACCESS -> authorityInfoAccess(reader.sequence());
                default -> encodedValue();
            };
        } catch (EncodingException malformed) {
            return encodedValue();
        }
    }

    /** {@return a copy of the value's DER} */
    public byte[] encodedValue() {
        return encoded.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof QSslCertificateExtension that
                && oid.equals(that.oid)
                && critical == that.critical
                && Arrays.equals(encoded, that.encoded);
    }

    @Override
    public int hashCode() {
        return 31 * oid.hashCode() + Arrays.hashCode(encoded);
    }

    @Override
    public String toString() {
        return "QSslCertificateExtension[" + name() + (critical ? ", critical" : "") + ", " + encoded.length
                + " bytes]";
    }

    private static Map<String, Object> basicConstraints(DerReader constraints) throws EncodingException {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("ca", constraints.isNext(Der.BOOLEAN) && constraints.bool());
        if (constraints.isNext(Der.INTEGER)) {
            value.put("pathLenConstraint", constraints.integer(Integer.MAX_VALUE));
        }
        return value;
    }

    private static Map<String, Object> authorityKeyIdentifier(DerReader identifier) throws EncodingException {
        Map<String, Object> value = new LinkedHashMap<>();
        while (identifier.hasMore()) {
            int tag = identifier.peekTag();
            if (tag == Der.contextPrimitive(0)) {
                value.put("keyid", HexFormat.of().formatHex(identifier.content(tag)));
            } else if (tag == Der.contextPrimitive(2)) {
                value.put("serial", HexFormat.of().formatHex(identifier.content(tag)));
            } else {
                identifier.skip();
            }
        }
        return value;
    }

    private static Map<String, Object> authorityInfoAccess(DerReader descriptions) throws EncodingException {
        Map<String, List<String>> addresses = new LinkedHashMap<>();
        while (descriptions.hasMore()) {
            DerReader description = descriptions.sequence();
            String method = ObjectNames.shortName(description.objectIdentifier());
            int address = Der.contextPrimitive(6);
            if (description.isNext(address)) {
                String text = new String(description.content(address), StandardCharsets.UTF_8);
                addresses.computeIfAbsent(method, none -> new ArrayList<>()).add(text);
            }
        }
        addresses.replaceAll((method, list) -> List.copyOf(list));
        return new LinkedHashMap<>(addresses);
    }
}
