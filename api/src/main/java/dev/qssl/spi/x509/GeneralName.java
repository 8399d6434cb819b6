package dev.qssl.spi.x509;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** One entry of a subjectAltName, or the base of a name constraint (RFC 5280, section 4.2.1.6), undecoded. Immutable. */
final class GeneralName {

    /** The sorts of names, in the order of their tag numbers. */
    enum Kind {
        OTHER("otherName"),
        EMAIL("rfc822Name"),
        DNS("dNSName"),
        X400("x400Address"),
        DIRECTORY("directoryName"),
        EDI("ediPartyName"),
        URI("uniformResourceIdentifier"),
        IP("iPAddress"),
        REGISTERED_ID("registeredID");

        private static final Kind[] BY_TAG = values();

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** {@return RFC 5280's name for it} */
        String text() {
            return text;
        }
    }

    private final Kind kind;
    private final byte[] value;

    /**
     * @param kind what sort of name it is
     * @param value the content octets; for a directory name the whole encoded name; not copied, must not change
     */
    GeneralName(Kind kind, byte[] value) {
        this.kind = kind;
        this.value = value;
    }

    Kind kind() {
        return kind;
    }

    /** {@return the octets; not to be changed} */
    byte[] value() {
        return value;
    }

    /**
     * Reads the next element as a name.
     *
     * @throws EncodingException if it is none
     */
    static GeneralName read(DerReader reader) throws EncodingException {
        int tag = reader.peekTag();
        int number = tag & 0x1F;
        if (tag < 0 || (tag & 0xC0) != 0x80 || number >= Kind.BY_TAG.length) {
            throw new EncodingException("expected a GeneralName, found " + (tag < 0 ? "the end" : "tag " + tag));
        }
        Kind kind = Kind.BY_TAG[number];
        return new GeneralName(kind, reader.content(kind == Kind.DIRECTORY ? Der.context(number) : tag));
    }

    /** {@return all names that the reader still holds, in order} */
    static List<GeneralName> readAll(DerReader reader) throws EncodingException {
        List<GeneralName> names = new ArrayList<>();
        while (reader.hasMore()) {
            names.add(read(reader));
        }
        return Collections.unmodifiableList(names);
    }

    /** {@return the text of a name made of ASCII; other octets become characters that match nothing} */
    String text() {
        return new String(value, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return switch (kind) {
            case EMAIL, DNS, URI -> printable(text());
            case IP -> IpAddress.text(value);
            case OTHER, X400, DIRECTORY, EDI, REGISTERED_ID ->
                kind.text + ' ' + HexFormat.of().formatHex(value, 0, Math.min(value.length, 16));
        };
    }

    /** {@return the text, with what could deceive a reader of a log replaced, and cut at 100 characters} */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 100); i++) {
            char c = text.charAt(i);
            safe.append(c > 0x20 && c < 0x7F ? c : '?');
        }
        return text.length() > 100 ? safe.append("...").toString() : safe.toString();
    }
}
