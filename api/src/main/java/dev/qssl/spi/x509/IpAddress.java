package dev.qssl.spi.x509;

import java.util.Optional;

/** Reads and writes IP addresses as text, strictly, without ever asking a name server. */
final class IpAddress {

    private IpAddress() {}

    /**
     * {@return the 4 or 16 octets of an address in its usual text form, or nothing if it is none}
     *
     * <p>IPv4: four decimal numbers without leading zeros. IPv6: RFC 4291, section 2.2, with or without brackets; a zone
     * ({@code %eth0}) is dropped, because certificates know none.
     */
    static Optional<byte[]> parse(String text) {
        String bare = text;
        if (bare.length() > 2 && bare.charAt(0) == '[' && bare.charAt(bare.length() - 1) == ']') {
            bare = bare.substring(1, bare.length() - 1);
            if (bare.indexOf(':') < 0) {
                return Optional.empty();
            }
        }
        if (bare.indexOf(':') < 0) {
            byte[] octets = new byte[4];
            return parseV4(bare, octets, 0) ? Optional.of(octets) : Optional.empty();
        }
        int zone = bare.indexOf('%');
        return parseV6(zone < 0 ? bare : bare.substring(0, zone));
    }

    /** {@return the octets as people write them; other lengths than 4 and 16 in hexadecimal} */
    static String text(byte[] octets) {
        StringBuilder text = new StringBuilder();
        if (octets.length == 4) {
            for (byte octet : octets) {
                text.append(text.isEmpty() ? "" : ".").append(octet & 0xFF);
            }
            return text.toString();
        }
        for (int i = 0; i < Math.min(octets.length, 32) - 1; i += 2) {
            text.append(text.isEmpty() ? "" : ":")
                    .append(Integer.toHexString(((octets[i] & 0xFF) << 8) | (octets[i + 1] & 0xFF)));
        }
        return text.toString();
    }

    private static boolean parseV4(String text, byte[] into, int at) {
        int part = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (value < 0 || part == 4) {
                    return false;
                }
                into[at + part++] = (byte) value;
                value = -1;
            } else if (c < '0' || c > '9' || value == 0) {
                return false;
            } else {
                value = (value < 0 ? 0 : value * 10) + (c - '0');
                if (value > 255) {
                    return false;
                }
            }
        }
        return part == 4;
    }

    private static Optional<byte[]> parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] octets = new byte[16];
            return parseGroups(text, octets) == 16 ? Optional.of(octets) : Optional.empty();
        }
        byte[] head = new byte[16];
        byte[] tail = new byte[16];
        String after = text.substring(gap + 2);
        String before = text.substring(0, gap);
        int headLength = before.isEmpty() ? 0 : parseGroups(before, head);
        int tailLength = after.isEmpty() ? 0 : parseGroups(after, tail);
        if (headLength < 0 || tailLength < 0 || headLength + tailLength > 14 || before.indexOf('.') >= 0) {
            return Optional.empty();
        }
        System.arraycopy(tail, 0, head, 16 - tailLength, tailLength);
        return Optional.of(head);
    }

    /** {@return how many octets the groups fill, or -1 if they are malformed} */
    private static int parseGroups(String text, byte[] into) {
        int filled = 0;
        for (int start = 0; start <= text.length(); ) {
            int colon = text.indexOf(':', start);
            int end = colon < 0 ? text.length() : colon;
            String group = text.substring(start, end);
            if (colon < 0 && group.indexOf('.') >= 0) {
                return filled <= 12 && parseV4(group, into, filled) ? filled + 4 : -1;
            }
            int value = parseGroup(group);
            if (value < 0 || filled == 16) {
                return -1;
            }
            into[filled++] = (byte) (value >>> 8);
            into[filled++] = (byte) value;
            start = end + 1;
        }
        return filled;
    }

    private static int parseGroup(String group) {
        if (group.isEmpty() || group.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < group.length(); i++) {
            int digit = Character.digit(group.charAt(i), 16);
            if (digit < 0 || group.charAt(i) > 'f') {
                return -1;
            }
            value = (value << 4) | digit;
        }
        return value;
    }
}
