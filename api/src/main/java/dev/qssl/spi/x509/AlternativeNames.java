package dev.qssl.spi.x509;

import dev.qssl.QSsl.AlternativeNameEntryType;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The names a certificate is for, from its subjectAltName extension (RFC 5280, section 4.2.1.6). */
public final class AlternativeNames {

    private static final String EXTENSION = "2.5.29.17";

    private AlternativeNames() {}

    /**
     * {@return the e-mail addresses, host names and IP addresses, in order; a kind without entries has no key}
     *
     * <p>Text is taken as it is, NUL bytes included; IPv6 addresses have the form of RFC 5952. Other kinds of names are left
     * out. A malformed extension gives no names at all.
     *
     * @param certificate any
     */
    public static Map<AlternativeNameEntryType, List<String>> of(X509Certificate certificate) {
        byte[] extension = certificate.getExtensionValue(EXTENSION);
        if (extension == null) {
            return Map.of();
        }
        Map<AlternativeNameEntryType, List<String>> names = new EnumMap<>(AlternativeNameEntryType.class);
        try {
            DerReader entries = new DerReader(new DerReader(extension).octetString()).sequence();
            for (GeneralName name : GeneralName.readAll(entries)) {
                add(names, name);
            }
        } catch (EncodingException malformed) {
            return Map.of();
        }
        names.replaceAll((type, list) -> List.copyOf(list));
        return Collections.unmodifiableMap(names);
    }

    private static void add(Map<AlternativeNameEntryType, List<String>> names, GeneralName name)
            throws EncodingException {
        switch (name.kind()) {
            case EMAIL -> list(names, AlternativeNameEntryType.EMAIL_ENTRY).add(name.text());
            case DNS -> list(names, AlternativeNameEntryType.DNS_ENTRY).add(name.text());
            case IP -> list(names, AlternativeNameEntryType.IP_ADDRESS_ENTRY).add(address(name.value()));
            case OTHER, X400, DIRECTORY, EDI, URI, REGISTERED_ID -> {}
        }
    }

    private static List<String> list(Map<AlternativeNameEntryType, List<String>> names, AlternativeNameEntryType type) {
        return names.computeIfAbsent(type, none -> new ArrayList<>());
    }

    private static String address(byte[] octets) throws EncodingException {
        if (octets.length != 4 && octets.length != 16) {
            throw new EncodingException("an IP address has " + octets.length + " bytes instead of 4 or 16");
        }
        return IpAddress.text(octets);
    }
}
