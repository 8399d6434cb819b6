package dev.qssl.spi.x509;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** Directory names and general names as {@code openssl x509 -text} writes them. */
final class NameText {

    private static final HexFormat OCTETS = HexFormat.of().withUpperCase();
    private static final String QUOTED = ",+\"\\<>;";

    private NameText() {}

    /** {@return a Name in one line: {@code C = DE, O = "Example, Ltd", CN = a}} */
    static String oneLine(byte[] name) throws EncodingException {
        return text(name, ", ", " + ", " = ", NameText::escaped);
    }

    /** {@return a Name as general names show it: {@code /C=DE/CN=a}} */
    private static String slashes(byte[] name) throws EncodingException {
        return '/' + text(name, "/", "+", "=", NameText::octetsEscaped);
    }

    private static String text(
            byte[] name, String separator, String plus, String equals, UnaryOperator<String> escaping)
            throws EncodingException {
        StringBuilder text = new StringBuilder();
        List<DistinguishedName.Attribute> parts = new ArrayList<>(1);
        DerReader sets = new DerReader(name).sequence();
        while (sets.hasMore()) {
            text.append(text.isEmpty() ? "" : separator);
            parts.clear();
            DistinguishedName.readRelative(sets, parts);
            for (int i = 0; i < parts.size(); i++) {
                DistinguishedName.Attribute part = parts.get(i);
                text.append(i == 0 ? "" : plus).append(part.name()).append(equals);
                text.append(escaping.apply(part.value()));
            }
        }
        return text.toString();
    }

    /** {@return a value with everything that is not printable ASCII as octets of UTF-8, quoted where RFC 2253 would escape} */
    private static String escaped(String value) {
        StringBuilder text = new StringBuilder();
        boolean quote = value.startsWith(" ") || value.startsWith("#") || value.endsWith(" ");
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            quote |= QUOTED.indexOf(c) >= 0;
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c < ' ' || c >= 0x7F) {
                text.append('\\').append(OCTETS.toHexDigits((byte) c));
            } else {
                text.append(c);
            }
        }
        return quote ? "\"" + text + '"' : text.toString();
    }

    /** {@return a value with everything that is not printable ASCII as octets of UTF-8, and nothing quoted} */
    private static String octetsEscaped(String value) {
        StringBuilder text = new StringBuilder();
        for (byte octet : value.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet < 0x7F) {
                text.append((char) octet);
            } else {
                text.append("\\x").append(OCTETS.toHexDigits(octet));
            }
        }
        return text.toString();
    }

    /** {@return one entry of a subjectAltName: {@code DNS:a.test}} */
    static String of(GeneralName name) {
        return switch (name.kind()) {
            case DNS -> "DNS:" + ascii(name.value());
            case EMAIL -> "email:" + ascii(name.value());
            case URI -> "URI:" + ascii(name.value());
            case IP -> "IP Address:" + address(name.value());
            case DIRECTORY -> "DirName:" + directory(name.value());
            case REGISTERED_ID -> "Registered ID:" + registered(name.value());
            case OTHER -> "othername: " + other(name.value());
            case X400 -> "X400Name:<unsupported>";
            case EDI -> "EdiPartyName:<unsupported>";
        };
    }

    /** {@return the base of a name constraint: as a general name, but for ranges of addresses} */
    static String constraint(GeneralName base) {
        byte[] range = base.value();
        if (base.kind() != GeneralName.Kind.IP || (range.length != 8 && range.length != 32)) {
            return of(base);
        }
        int half = range.length / 2;
        return "IP:" + address(Arrays.copyOf(range, half)) + '/'
                + address(Arrays.copyOfRange(range, half, range.length));
    }

    /** Eight groups without abbreviation, as OpenSSL writes them. */
    private static String address(byte[] octets) {
        StringBuilder text = new StringBuilder();
        if (octets.length == 4) {
            for (byte octet : octets) {
                text.append(text.isEmpty() ? "" : ".").append(octet & 0xFF);
            }
            return text.toString();
        }
        if (octets.length != 16) {
            return "<invalid>";
        }
        for (int i = 0; i < 16; i += 2) {
            int group = (octets[i] & 0xFF) << 8 | (octets[i + 1] & 0xFF);
            text.append(i == 0 ? "" : ":").append(Integer.toHexString(group).toUpperCase(Locale.ROOT));
        }
        return text.toString();
    }

    private static String directory(byte[] name) {
        try {
            return slashes(name);
        } catch (EncodingException malformed) {
            return "<invalid>";
        }
    }

    private static String registered(byte[] content) {
        try {
            return new DerReader(Der.element(Der.OBJECT_IDENTIFIER, content)).objectIdentifier();
        } catch (EncodingException malformed) {
            return "<invalid>";
        }
    }

    private static String other(byte[] content) {
        try {
            DerReader fields = new DerReader(content);
            String type = fields.objectIdentifier();
            DerReader value = fields.enter(Der.context(0));
            boolean isText = value.isNext(Der.UTF8_STRING) || value.isNext(0x16) || value.isNext(0x13);
            return type + "::" + (isText ? ascii(value.content(value.peekTag())) : "<unsupported>");
        } catch (EncodingException malformed) {
            return "<unsupported>";
        }
    }

    /** {@return the octets as ASCII, a full stop for each that cannot be printed} */
    static String ascii(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        for (char c : new String(octets, StandardCharsets.ISO_8859_1).toCharArray()) {
            text.append(c >= ' ' && c < 0x7F ? c : '.');
        }
        return text.toString();
    }
}
