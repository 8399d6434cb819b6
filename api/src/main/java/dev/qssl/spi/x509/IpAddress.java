package dev.qssl.spi.x509;

import java.util.HexFormat;
import java.util.Optional;
import java.util.StringJoiner;

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

    /** {@return the octets as people write them, IPv6 as in RFC 5952; other lengths than 4 and 16 in hexadecimal} */
    static String text(byte[] octets) {
        return switch (octets.length) {
            case 4 ->
                (octets[0] & 0xFF) + "." + (octets[1] & 0xFF) + "." + (octets[2] & 0xFF) + "." + (octets[3] & 0xFF);
            case 16 -> shortened(octets);
            default -> HexFormat.of().formatHex(octets, 0, Math.min(octets.length, 32));
        };
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
