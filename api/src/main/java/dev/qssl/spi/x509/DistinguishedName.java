package dev.qssl.spi.x509;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/**
 * The parts of a subject's or issuer's name in the order of the certificate, text decoded as it was encoded: nothing is
 * escaped, normalised or cut off at a NUL.
 *
 * @param attributes the parts
 */
public record DistinguishedName(List<Attribute> attributes) {

    /**
     * One part of a name.
     *
     * @param objectIdentifier its type, dotted
     * @param value its text
     */
    public record Attribute(String objectIdentifier, String value) {

        /** {@return the type's short name, such as {@code CN}, or its object identifier} */
        public String name() {
            return ObjectNames.shortName(objectIdentifier);
        }
    }

    private static final Charset UTF_32_BE = Charset.forName("UTF-32BE");

    /**
     * Copies the list.
     *
     * @param attributes the parts
     */
    public DistinguishedName {
        attributes = List.copyOf(attributes);
    }

    /**
     * {@return the parts of this name; those that are malformed, and what follows them, are left out}
     *
     * @param name of any origin
     */
    public static DistinguishedName of(X500Principal name) {
        List<Attribute> attributes = new ArrayList<>();
        try {
            DerReader sets = new DerReader(name.getEncoded()).sequence();
            while (sets.hasMore()) {
                readRelative(sets, attributes);
            }
        } catch (EncodingException malformed) {
            return new DistinguishedName(attributes);
        }
        return new DistinguishedName(attributes);
    }

    /** Adds the parts of the next relative name, usually one. */
    static void readRelative(DerReader sets, List<Attribute> attributes) throws EncodingException {
        DerReader set = sets.enter(Der.SET);
        while (set.hasMore()) {
            DerReader attribute = set.sequence();
            attributes.add(new Attribute(attribute.objectIdentifier(), text(attribute)));
        }
    }

    /**
     * {@return the values of a type, in order}
     *
     * @param type a short name such as {@code CN}, or a dotted identifier
     */
    public List<String> values(String type) {
        String identifier = ObjectNames.objectIdentifier(type);
        return attributes.stream()
                .filter(attribute -> attribute.objectIdentifier.equals(identifier))
                .map(Attribute::value)
                .toList();
    }

    /** {@return the kinds of its parts, each once, in order: short names such as {@code CN}, or object identifiers} */
    public List<String> types() {
        return attributes.stream().map(Attribute::name).distinct().toList();
    }

    /** {@return the first common name, else the first organisation, else the first organisational unit} */
    public Optional<String> displayName() {
        for (String type : List.of("CN", "O", "OU")) {
            List<String> values = values(type);
            if (!values.isEmpty()) {
                return Optional.of(values.get(0));
            }
        }
        return Optional.empty();
    }

    private static String text(DerReader reader) throws EncodingException {
        int tag = reader.peekTag();
        Charset charset = switch (tag) {
            case Der.UTF8_STRING -> StandardCharsets.UTF_8;
            case 0x1C -> UTF_32_BE; // UniversalString
            case 0x1E -> StandardCharsets.UTF_16BE; // BMPString
            default -> StandardCharsets.ISO_8859_1; // the ASCII types, and TeletexString as everyone uses it
        };
        return new String(reader.content(tag), charset);
    }
}
