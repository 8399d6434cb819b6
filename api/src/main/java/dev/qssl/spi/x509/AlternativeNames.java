package dev.qssl.spi.x509;

import dev.qssl.QSsl.AlternativeNameEntryType;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** The names a certificate is for, from its subjectAltName extension (RFC 5280, section 4.2.1.6). */
public final class AlternativeNames {

    private static final String EXTENSION = "2.5.29.17";
    private static final int EMAIL = Der.contextPrimitive(1);
    private static final int DNS = Der.contextPrimitive(2);
    private static final int IP = Der.contextPrimitive(7);

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
            while (entries.hasMore()) {
                add(names, entries);
            }
        } catch (EncodingException malformed) {
            return Map.of();
        }
        names.replaceAll((type, list) -> List.copyOf(list));
        return Collections.unmodifiableMap(names);
    }

    private static void add(Map<AlternativeNameEntryType, List<String>> names, DerReader entries)
            throws EncodingException {
        int tag = entries.peekTag();
        if (tag == EMAIL) {
            list(names, AlternativeNameEntryType.EMAIL_ENTRY).add(latin1(entries.content(tag)));
        } else if (tag == DNS) {
            list(names, AlternativeNameEntryType.DNS_ENTRY).add(latin1(entries.content(tag)));
        } else if (tag == IP) {
            list(names, AlternativeNameEntryType.IP_ADDRESS_ENTRY).add(address(entries.content(tag)));
        } else {
            entries.skip();
        }
    }

    private static List<String> list(Map<AlternativeNameEntryType, List<String>> names, AlternativeNameEntryType type) {
        return names.computeIfAbsent(type, none -> new ArrayList<>());
    }

    // IA5String is ASCII; a byte above it must stay visible instead of becoming a replacement character.
    private static String latin1(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static String address(byte[] octets) throws EncodingException {
        if (octets.length == 16) {
            return shortened(octets);
        }
        try {
            return InetAddress.getByAddress(octets).getHostAddress();
        } catch (UnknownHostException wrongLength) {
            throw new EncodingException(
                    "an IP address has " + octets.length + " bytes instead of 4 or 16", wrongLength);
        }
    }

    /** RFC 5952, section 4: no leading zeros, lower case, the first longest run of two or more zero groups as "::". */
    private static String shortened(byte[] octets) {
        int[] groups = new int[8];
        int runStart = -1;
        int runLength = 1;
        for (int i = 0, zeros = 0; i < 8; i++) {
            groups[i] = ((octets[2 * i] & 0xFF) << 8) | (octets[2 * i + 1] & 0xFF);
            zeros = groups[i] == 0 ? zeros + 1 : 0;
            if (zeros > runLength) {
                runLength = zeros;
                runStart = i - zeros + 1;
            }
        }
        if (runStart < 0) {
            return joined(groups, 0, 8);
        }
        return joined(groups, 0, runStart) + "::" + joined(groups, runStart + runLength, 8);
    }

    private static String joined(int[] groups, int from, int to) {
        StringJoiner text = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            text.add(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
