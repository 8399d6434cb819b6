package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A certificate for people to read, in the layout of {@code openssl x509 -text}. One use, one thread.
 *
 * <p>What cannot be decoded is shown as bytes, never left out and never a reason to fail. Contains no control characters but
 * line feeds, whatever the certificate says.
 */
public final class CertificateText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "MMM ppd HH:mm:ss yyyy 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private static final int KEY_OCTETS_A_LINE = 15;
    private static final int SIGNATURE_OCTETS_A_LINE = 18;

    /** The longest serial number that OpenSSL writes as a number, in bits. */
    private static final int SHORT_NUMBER_BITS = 63;

    private final StringBuilder out = new StringBuilder(4096);

    private CertificateText() {}

    /**
     * {@return the certificate in many lines, each ended by LF}
     *
     * @param certificate any
     */
    public static String of(X509Certificate certificate) {
        CertificateText text = new CertificateText();
        try {
            text.certificate(certificate);
        } catch (EncodingException | CertificateEncodingException unreadable) {
            // Only a foreign library's certificate: those of the JDK were read from bytes that passed the same reader.
            text.line(4, "unreadable from here on: " + GeneralName.printable(String.valueOf(unreadable.getMessage())));
        }
        return text.out.toString();
    }

    private void certificate(X509Certificate certificate) throws EncodingException, CertificateEncodingException {
        DerReader parts = new DerReader(certificate.getEncoded()).sequence();
        DerReader fields = parts.sequence();
        String signature = algorithm(parts.sequence());
        byte[] value = parts.content(Der.BIT_STRING);
        line(0, "Certificate:");
        line(4, "Data:");
        if (fields.isNext(Der.context(0))) {
            fields.skip();
        }
        int version = certificate.getVersion();
        line(8, "Version: " + version + " (0x" + Integer.toHexString(version - 1) + ")");
        serialNumber(fields.integer());
        line(8, "Signature Algorithm: " + algorithm(fields.sequence()));
        line(8, "Issuer: " + NameText.oneLine(fields.element()));
        fields.skip(); // validity
        line(8, "Validity");
        line(12, "Not Before: " + time(certificate.getNotBefore()));
        line(12, "Not After : " + time(certificate.getNotAfter()));
        line(8, "Subject: " + NameText.oneLine(fields.element()));
        line(8, "Subject Public Key Info:");
        publicKey(fields.sequence());
        extensions(fields);
        line(4, "Signature Algorithm: " + signature);
        line(4, "Signature Value:");
        octets(8, SIGNATURE_OCTETS_A_LINE, value, 1);
    }

    private void serialNumber(BigInteger number) {
        if (number.bitLength() <= SHORT_NUMBER_BITS) {
            String sign = number.signum() < 0 ? "-" : "";
            line(
                    8,
                    "Serial Number: " + number + " (" + sign + "0x"
                            + number.abs().toString(16) + ")");
            return;
        }
        line(8, "Serial Number:" + (number.signum() < 0 ? " (Negative)" : ""));
        byte[] magnitude = number.abs().toByteArray();
        int start = magnitude[0] == 0 ? 1 : 0;
        line(12, hexadecimal(magnitude, start, magnitude.length, ':', ""));
    }

    private static String algorithm(DerReader identifier) throws EncodingException {
        return LongNames.algorithm(identifier.objectIdentifier());
    }

    private static String time(Date date) {
        return TIME.format(date.toInstant());
    }

    private void publicKey(DerReader info) throws EncodingException {
        DerReader identifier = info.sequence();
        String oid = identifier.objectIdentifier();
        byte[] bits = info.content(Der.BIT_STRING);
        line(12, "Public Key Algorithm: " + LongNames.algorithm(oid));
        switch (oid) {
            case KeyKind.RSA, KeyKind.RSASSA_PSS -> rsaKey(oid, bits);
            case KeyKind.EC -> ecKey(identifier, bits);
            case KeyKind.DSA -> dsaKey(identifier, bits);
            default -> {
                line(16, LongNames.algorithm(oid) + " Public-Key:");
                line(16, "pub:");
                octets(20, KEY_OCTETS_A_LINE, bits, 1);
            }
        }
    }

    private void rsaKey(String oid, byte[] bits) throws EncodingException {
        DerReader key = new DerReader(bits, 1, bits.length).sequence();
        BigInteger modulus = key.integer();
        BigInteger exponent = key.integer();
        String name = oid.equals(KeyKind.RSA) ? "" : "RSA-PSS ";
        line(16, name + "Public-Key: (" + modulus.bitLength() + " bit)");
        number("Modulus:", modulus);
        if (exponent.bitLength() <= SHORT_NUMBER_BITS) {
            line(16, "Exponent: " + exponent + " (0x" + exponent.toString(16) + ")");
        } else {
            number("Exponent:", exponent);
        }
    }

    private void ecKey(DerReader identifier, byte[] bits) throws EncodingException {
        if (!identifier.isNext(Der.OBJECT_IDENTIFIER)) {
            line(16, "Public-Key:");
            line(16, "pub:");
            octets(20, KEY_OCTETS_A_LINE, bits, 1);
            line(16, "Field Type: described instead of named");
            return;
        }
        LongNames.Curve curve = LongNames.curve(identifier.objectIdentifier());
        line(16, "Public-Key: (" + fieldBits(bits, curve) + " bit)");
        line(16, "pub:");
        octets(20, KEY_OCTETS_A_LINE, bits, 1);
        line(16, "ASN1 OID: " + curve.name());
        curve.nist().ifPresent(nist -> line(16, "NIST CURVE: " + nist));
    }

    /** The bits of the point's coordinate, which are whole octets for all curves but P-521. */
    private static int fieldBits(byte[] bits, LongNames.Curve curve) {
        boolean compressed = bits.length > 1 && bits[1] != 4;
        int octets = (bits.length - 2) / (compressed ? 1 : 2);
        return curve.name().equals("secp521r1") ? 521 : octets * 8;
    }

    private void dsaKey(DerReader identifier, byte[] bits) throws EncodingException {
        BigInteger y = new DerReader(bits, 1, bits.length).integer();
        if (!identifier.isNext(Der.SEQUENCE)) {
            number("pub:", y);
            return;
        }
        DerReader parameters = identifier.sequence();
        BigInteger p = parameters.integer();
        line(16, "Public-Key: (" + p.bitLength() + " bit)");
        number("pub:", y);
        number("P:", p);
        number("Q:", parameters.integer());
        number("G:", parameters.integer());
    }

    private void number(String label, BigInteger value) {
        line(16, label);
        octets(20, KEY_OCTETS_A_LINE, value.toByteArray(), 0);
    }

    private void extensions(DerReader fields) throws EncodingException {
        while (fields.hasMore() && !fields.isNext(Der.context(3))) {
            fields.skip(); // unique identifiers
        }
        if (!fields.hasMore()) {
            return;
        }
        line(8, "X509v3 extensions:");
        DerReader list = fields.enter(Der.context(3)).sequence();
        while (list.hasMore()) {
            DerReader extension = list.sequence();
            String oid = extension.objectIdentifier();
            boolean critical = extension.isNext(Der.BOOLEAN) && extension.bool();
            line(12, LongNames.extension(oid) + ": " + (critical ? "critical" : ""));
            for (String value : ExtensionText.lines(oid, extension.octetString())) {
                line(16, value);
            }
        }
    }

    private void octets(int indent, int perLine, byte[] octets, int start) {
        for (int from = start; from < octets.length; from += perLine) {
            int to = Math.min(from + perLine, octets.length);
            line(indent, hexadecimal(octets, from, to, ':', to < octets.length ? ":" : ""));
        }
    }

    private static String hexadecimal(byte[] octets, int from, int to, char delimiter, String end) {
        return HexFormat.ofDelimiter(String.valueOf(delimiter)).formatHex(octets, from, to) + end;
    }

    private void line(int indent, String text) {
        out.append(" ".repeat(indent)).append(text).append('\n');
    }
}
