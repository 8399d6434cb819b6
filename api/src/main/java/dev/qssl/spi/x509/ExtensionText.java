package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** The values of certificate extensions as {@code openssl x509 -text} writes them. */
final class ExtensionText {

    private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

    private static final List<String> KEY_USAGES = List.of(
            "Digital Signature",
            "Non Repudiation",
            "Key Encipherment",
            "Data Encipherment",
            "Key Agreement",
            "Certificate Sign",
            "CRL Sign",
            "Encipher Only",
            "Decipher Only");

    private static final String ANY_POLICY = "2.5.29.32.0";
    private static final BigInteger STATUS_REQUEST = BigInteger.valueOf(5);
    private static final BigInteger STATUS_REQUEST_V2 = BigInteger.valueOf(17);

    private ExtensionText() {}

    /** {@return the lines of a value; of one that is unknown or malformed its octets as text} */
    static List<String> lines(String oid, byte[] value) {
        try {
            DerReader reader = new DerReader(value);
            return switch (oid) {
                case "2.5.29.14" -> List.of(COLONS.formatHex(reader.octetString()));
                case "2.5.29.15" -> List.of(keyUsage(reader.content(Der.BIT_STRING)));
                case "2.5.29.17", "2.5.29.18" -> List.of(names(GeneralName.readAll(reader.sequence()), ", "));
                case "2.5.29.19" -> List.of(basicConstraints(reader.sequence()));
                case "2.5.29.30" -> nameConstraints(reader.sequence());
                case "2.5.29.31", "2.5.29.46" -> distributionPoints(reader.sequence());
                case "2.5.29.32" -> policies(reader.sequence());
                case "2.5.29.35" -> authorityKeyIdentifier(reader.sequence());
                case "2.5.29.36" -> List.of(policyConstraints(reader.sequence()));
                case "2.5.29.37" -> List.of(purposes(reader.sequence()));
                case "2.5.29.54" -> List.of(reader.integer().toString());
                case "1.3.6.1.5.5.7.1.1" -> informationAccess(reader.sequence());
                case "1.3.6.1.5.5.7.1.24" -> List.of(features(reader.sequence()));
                case "1.3.6.1.5.5.7.48.1.5", "1.3.6.1.4.1.11129.2.4.3" -> List.of("");
                default -> List.of(NameText.ascii(value));
            };
        } catch (EncodingException malformed) {
            return List.of(NameText.ascii(value));
        }
    }

    private static String keyUsage(byte[] bits) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < KEY_USAGES.size() && 1 + bit / 8 < bits.length; bit++) {
            if ((bits[1 + bit / 8] >>> (7 - bit % 8) & 1) != 0) {
                names.add(KEY_USAGES.get(bit));
            }
        }
        return String.join(", ", names);
    }

    private static String basicConstraints(DerReader constraints) throws EncodingException {
        boolean authority = constraints.isNext(Der.BOOLEAN) && constraints.bool();
        String limit = constraints.isNext(Der.INTEGER) ? ", pathlen:" + constraints.integer() : "";
        return "CA:" + (authority ? "TRUE" : "FALSE") + limit;
    }

    private static String names(List<GeneralName> names, String separator) {
        return String.join(separator, names.stream().map(NameText::of).toList());
    }

    private static List<String> nameConstraints(DerReader constraints) throws EncodingException {
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < 2; number++) {
            if (constraints.isNext(Der.context(number))) {
                lines.add(number == 0 ? "Permitted:" : "Excluded:");
                DerReader subtrees = constraints.enter(Der.context(number));
                while (subtrees.hasMore()) {
                    lines.add("  " + NameText.constraint(GeneralName.read(subtrees.sequence())));
                }
            }
        }
        return lines;
    }

    private static List<String> distributionPoints(DerReader points) throws EncodingException {
        List<String> lines = new ArrayList<>();
        while (points.hasMore()) {
            DerReader point = points.sequence();
            if (point.isNext(Der.context(0))) {
                DerReader name = point.enter(Der.context(0));
                if (name.isNext(Der.context(0))) {
                    lines.add("Full Name:");
                    for (GeneralName full : GeneralName.readAll(name.enter(Der.context(0)))) {
                        lines.add("  " + NameText.of(full));
                    }
                } else {
                    lines.add("Relative Name");
                }
            }
        }
        return lines;
    }

    private static List<String> policies(DerReader policies) throws EncodingException {
        List<String> lines = new ArrayList<>();
        while (policies.hasMore()) {
            DerReader policy = policies.sequence();
            String oid = policy.objectIdentifier();
            lines.add("Policy: " + (oid.equals(ANY_POLICY) ? "X509v3 Any Policy" : oid));
            if (policy.hasMore()) {
                addQualifiers(policy.sequence(), lines);
            }
        }
        return lines;
    }

    private static void addQualifiers(DerReader qualifiers, List<String> lines) throws EncodingException {
        while (qualifiers.hasMore()) {
            DerReader qualifier = qualifiers.sequence();
            String oid = qualifier.objectIdentifier();
            if (oid.equals("1.3.6.1.5.5.7.2.1")) {
                lines.add("  CPS: " + NameText.ascii(qualifier.content(qualifier.peekTag())));
            } else if (oid.equals("1.3.6.1.5.5.7.2.2")) {
                lines.add("  User Notice:");
                addNotice(qualifier.sequence(), lines);
            } else {
                lines.add("  Unknown Qualifier: " + oid);
            }
        }
    }

    private static void addNotice(DerReader notice, List<String> lines) throws EncodingException {
        while (notice.hasMore()) {
            int tag = notice.peekTag();
            byte[] content = notice.content(tag);
            if (tag != Der.SEQUENCE) {
                // Up to a NUL, so that UTF-16 shows nothing: as OpenSSL has it.
                String text = new String(content, StandardCharsets.ISO_8859_1).split("\0", 2)[0];
                lines.add("    Explicit Text: " + NameText.ascii(text.getBytes(StandardCharsets.ISO_8859_1)));
            }
        }
    }

    private static List<String> authorityKeyIdentifier(DerReader identifier) throws EncodingException {
        List<String> lines = new ArrayList<>();
        byte[] keyId = identifier.isNext(Der.contextPrimitive(0)) ? identifier.content(Der.contextPrimitive(0)) : null;
        boolean alone = !identifier.hasMore();
        if (keyId != null) {
            lines.add((alone ? "" : "keyid:") + COLONS.formatHex(keyId));
        }
        if (identifier.isNext(Der.context(1))) {
            lines.add(names(GeneralName.readAll(identifier.enter(Der.context(1))), ", "));
        }
        if (identifier.isNext(Der.contextPrimitive(2))) {
            lines.add("serial:" + COLONS.formatHex(magnitude(identifier.content(Der.contextPrimitive(2)))));
        }
        return lines;
    }

    /** {@return the octets of a number without the one that only says that it is not negative} */
    private static byte[] magnitude(byte[] integer) {
        return integer.length > 1 && integer[0] == 0 ? Arrays.copyOfRange(integer, 1, integer.length) : integer;
    }

    private static String policyConstraints(DerReader constraints) throws EncodingException {
        List<String> parts = new ArrayList<>();
        while (constraints.hasMore()) {
            int tag = constraints.peekTag();
            BigInteger skip = new BigInteger(1, constraints.content(tag));
            parts.add((tag == Der.contextPrimitive(0) ? "Require Explicit Policy:" : "Inhibit Policy Mapping:") + skip);
        }
        return String.join(", ", parts);
    }

    private static String purposes(DerReader purposes) throws EncodingException {
        List<String> names = new ArrayList<>();
        while (purposes.hasMore()) {
            names.add(LongNames.purpose(purposes.objectIdentifier()));
        }
        return String.join(", ", names);
    }

    private static List<String> informationAccess(DerReader descriptions) throws EncodingException {
        List<String> lines = new ArrayList<>();
        while (descriptions.hasMore()) {
            DerReader description = descriptions.sequence();
            String method = ObjectNames.shortName(description.objectIdentifier());
            lines.add((method.equals("caIssuers") ? "CA Issuers" : method) + " - "
                    + NameText.of(GeneralName.read(description)));
        }
        return lines;
    }

    private static String features(DerReader features) throws EncodingException {
        List<String> names = new ArrayList<>();
        while (features.hasMore()) {
            BigInteger feature = features.integer();
            if (feature.equals(STATUS_REQUEST)) {
                names.add("status_request");
            } else {
                names.add(feature.equals(STATUS_REQUEST_V2) ? "status_request_v2" : feature.toString());
            }
        }
        return String.join(", ", names);
    }
}
