package dev.qssl.spi.x509;

import java.net.IDN;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The name or address of the server that a client means, and the one place that compares it with certificates (RFC 9525).
 *
 * <p>Rules (decision C17):
 * <ul>
 *   <li>An address matches only an iPAddress entry of the same length and value; never a name, a wildcard or a common name.
 *   <li>A name matches a dNSName entry without regard to the case of ASCII letters, label by label. Names in other scripts
 *       are converted to A-labels first (IDNA 2003 as in {@link IDN}); entries are compared as they are.
 *   <li>A wildcard is the whole left-most label of an entry with at least two more labels; it matches exactly one label.
 *   <li>The subject's most specific common name counts only if the certificate has no subjectAltName at all and the policy
 *       is {@link VerificationPolicy#RFC_5280}. It must look like a host name, or a wildcard for one.
 *   <li>A trailing dot of the name is dropped. An entry with a trailing dot, an empty label, a NUL or any other octet that
 *       no host name has matches nothing.
 * </ul>
 *
 * <p>Immutable. A text that is no name and no address gives a host that matches nothing.
 */
public final class HostName {

    private final String text;
    private final String ascii;
    private final Optional<byte[]> address;

    private HostName(String text, String ascii, Optional<byte[]> address) {
        this.text = text;
        this.ascii = ascii;
        this.address = address;
    }

    /**
     * {@return the host that a user means by this text}
     *
     * @param text a DNS name in any script, with or without a trailing dot, or an IPv4 or IPv6 address, the latter with or
     *     without brackets and zone
     */
    public static HostName of(String text) {
        Optional<byte[]> address = IpAddress.parse(text);
        if (address.isPresent()) {
            return new HostName(text, "", address);
        }
        String ascii = withoutTrailingDot(HostSyntax.toAscii(text));
        boolean usable = HostSyntax.isHostName(ascii) && !HostSyntax.endsInNumber(ascii);
        return new HostName(text, usable ? ascii : "", Optional.empty());
    }

    /** {@return whether it is an address} */
    public boolean isAddress() {
        return address.isPresent();
    }

    /** {@return whether it is neither a name nor an address, so that no certificate is for it} */
    public boolean isInvalid() {
        return ascii.isEmpty() && address.isEmpty();
    }

    /**
     * {@return the name in lower-case A-labels without a trailing dot, as server name indication wants it (RFC 6066,
     * section 3); empty for an address or an invalid name}
     */
    public String ascii() {
        return ascii;
    }

    /**
     * {@return whether the certificate is for this host}
     *
     * @param certificate the server's
     * @param policy decides whether a common name may stand in for missing alternative names
     */
    public boolean matches(X509Certificate certificate, VerificationPolicy policy) {
        CertifiedNames names = CertificateFacts.of(certificate).names();
        if (names.hasAlternatives()) {
            for (GeneralName name : names.alternatives()) {
                if (matches(name)) {
                    return true;
                }
            }
            return false;
        }
        return policy == VerificationPolicy.RFC_5280
                && names.fallback().map(this::matchesPattern).orElse(false);
    }

    /**
     * {@return whether a name as it stands in a certificate covers this host}
     *
     * @param pattern a host name, whose left-most label may be {@code *}; in any script
     */
    public boolean matchesPattern(String pattern) {
        return !ascii.isEmpty() && covers(HostSyntax.toAscii(pattern), ascii);
    }

    private boolean matches(GeneralName name) {
        return switch (name.kind()) {
            case DNS -> !ascii.isEmpty() && covers(name.text(), ascii);
            case IP -> address.isPresent() && Arrays.equals(address.get(), name.value());
            case OTHER, EMAIL, X400, DIRECTORY, EDI, URI, REGISTERED_ID -> false;
        };
    }

    /** {@return for people, what the certificate is for} */
    static String describe(CertifiedNames names) {
        if (names.hasAlternatives()) {
            List<String> hosts = names.alternatives().stream()
                    .filter(name -> name.kind() == GeneralName.Kind.DNS || name.kind() == GeneralName.Kind.IP)
                    .limit(10)
                    .map(GeneralName::toString)
                    .toList();
            return hosts + (names.alternatives().size() > hosts.size() ? " and others" : "");
        }
        return names.fallback()
                .map(name -> "the common name " + GeneralName.printable(name) + " only")
                .orElse("no host at all");
    }

    private static boolean covers(String pattern, String host) {
        if (!pattern.startsWith("*.")) {
            return pattern.length() == host.length()
                    && HostSyntax.isHostName(pattern)
                    && host.equalsIgnoreCase(pattern);
        }
        String parent = pattern.substring(2);
        int dot = host.indexOf('.');
        return dot > 0
                && parent.indexOf('.') > 0
                && parent.length() == host.length() - dot - 1
                && HostSyntax.isHostName(parent)
                && host.regionMatches(true, dot + 1, parent, 0, parent.length());
    }

    private static String withoutTrailingDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostName that
                && ascii.equals(that.ascii)
                && Arrays.equals(address.orElse(null), that.address.orElse(null));
    }

    @Override
    public int hashCode() {
        return 31 * ascii.hashCode() + Arrays.hashCode(address.orElse(null));
    }

    /** {@return the text it was made of} */
    @Override
    public String toString() {
        return text;
    }
}
