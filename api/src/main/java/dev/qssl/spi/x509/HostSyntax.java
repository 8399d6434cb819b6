package dev.qssl.spi.x509;

import java.net.IDN;
import java.util.Locale;

/** What host names look like: letters, digits and hyphens in labels (RFC 952, RFC 1123), other scripts as A-labels. */
final class HostSyntax {

    /** RFC 1035, section 2.3.4, without the root's empty label. */
    private static final int MAXIMUM_LENGTH = 253;

    private static final int MAXIMUM_LABEL = 63;

    private HostSyntax() {}

    /** {@return whether the text is a sequence of labels that the DNS can hold; underscores are let pass} */
    static boolean isHostName(String text) {
        if (text.isEmpty() || text.length() > MAXIMUM_LENGTH) {
            return false;
        }
        int label = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.') {
                if (label == 0 || text.charAt(i - 1) == '-') {
                    return false;
                }
                label = 0;
            } else {
                boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                if (++label > MAXIMUM_LABEL || !(letter || (c == '-' && label > 1))) {
                    return false;
                }
            }
        }
        return label > 0 && text.charAt(text.length() - 1) != '-';
    }

    /** {@return whether a name ends like "1.2.3" or "0x7f.1": an address to some resolvers, so never a name to us} */
    static boolean endsInNumber(String name) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return last.startsWith("0x") || last.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** {@return the name in lower-case A-labels; empty if it cannot be converted} */
    static String toAscii(String text) {
        boolean plain = text.chars().allMatch(c -> c < 0x80);
        try {
            return (plain ? text : IDN.toASCII(text, IDN.ALLOW_UNASSIGNED)).toLowerCase(Locale.ROOT);
        } catch (RuntimeException unmappable) {
            // IDN throws IllegalArgumentException, and on some inputs IndexOutOfBoundsException.
            return "";
        }
    }
}
