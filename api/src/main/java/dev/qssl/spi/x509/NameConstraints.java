package dev.qssl.spi.x509;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * The names that an authority may certify (RFC 5280, section 4.2.1.10). Immutable.
 *
 * <p>Where the RFC leaves room, the choice is the one that forbids more: a wildcard that could stand for an excluded name is
 * excluded; a kind of name that is constrained in a way not understood here may not occur at all. A leading dot in a DNS
 * constraint, where the policy allows it, permits subdomains only and excludes the domain too.
 */
final class NameConstraints {

    /** The octets of a SEQUENCE of nothing. */
    private static final int EMPTY_NAME_LENGTH = 2;

    private static final String EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

    private final List<GeneralName> permitted;
    private final List<GeneralName> excluded;
    private final Set<GeneralName.Kind> constrained = EnumSet.noneOf(GeneralName.Kind.class);

    private NameConstraints(List<GeneralName> permitted, List<GeneralName> excluded) {
        this.permitted = permitted;
        this.excluded = excluded;
        permitted.forEach(base -> constrained.add(base.kind()));
        excluded.forEach(base -> constrained.add(base.kind()));
    }

    /** Reads the extension's value. */
    static NameConstraints read(DerReader reader) throws EncodingException {
        DerReader sequence = reader.sequence();
        List<GeneralName> permitted = readSubtrees(sequence, 0);
        List<GeneralName> excluded = readSubtrees(sequence, 1);
        sequence.end();
        if (permitted.isEmpty() && excluded.isEmpty()) {
            throw new EncodingException("no name is permitted and none excluded");
        }
        return new NameConstraints(permitted, excluded);
    }

    private static List<GeneralName> readSubtrees(DerReader sequence, int number) throws EncodingException {
        List<GeneralName> bases = new ArrayList<>();
        if (sequence.isNext(Der.context(number))) {
            DerReader subtrees = sequence.enter(Der.context(number));
            while (subtrees.hasMore()) {
                DerReader subtree = subtrees.sequence();
                bases.add(checked(GeneralName.read(subtree)));
                // RFC 5280: "minimum MUST be zero, and maximum MUST be absent"; DER leaves the zero out.
                subtree.end();
            }
        }
        return bases;
    }

    /** A base that means nothing would exclude nothing, so it is refused instead. */
    private static GeneralName checked(GeneralName base) throws EncodingException {
        switch (base.kind()) {
            case IP -> requireRange(base.value());
            case DIRECTORY -> relativeNames(base.value());
            case DNS, URI -> requireDomain(base.text());
            case EMAIL -> {
                int at = base.text().indexOf('@');
                requireDomain(base.text().substring(at + 1));
                if (at == 0 || (at > 0 && base.text().charAt(at + 1) == '.')) {
                    throw new EncodingException("the constraint " + base + " is no mailbox");
                }
            }
            case OTHER, X400, EDI, REGISTERED_ID -> {}
        }
        return base;
    }

    private static void requireDomain(String text) throws EncodingException {
        String domain = text.startsWith(".") ? text.substring(1) : text;
        if (!text.isEmpty() && !HostSyntax.isHostName(domain)) {
            throw new EncodingException("the constraint " + GeneralName.printable(text) + " is no domain");
        }
    }

    private static void requireRange(byte[] range) throws EncodingException {
        if (range.length != 8 && range.length != 32) {
            throw new EncodingException("an IP range has " + range.length + " octets");
        }
        boolean zeroSeen = false;
        for (int bit = range.length * 4; bit < range.length * 8; bit++) {
            boolean set = (range[bit / 8] >>> (7 - bit % 8) & 1) != 0;
            if (set && zeroSeen) {
                throw new EncodingException("an IP range has a mask that is no prefix");
            }
            zeroSeen |= !set;
        }
    }

    /**
     * {@return whether a DNS name in it begins with a dot} RFC 5280 knows that for URIs only, and says nothing of what it
     * would mean; many authorities write it all the same.
     */
    boolean hasLeadingDot() {
        return hasLeadingDot(permitted) || hasLeadingDot(excluded);
    }

    private static boolean hasLeadingDot(List<GeneralName> bases) {
        return bases.stream()
                .anyMatch(base ->
                        base.kind() == GeneralName.Kind.DNS && base.text().startsWith("."));
    }

    /** {@return how many comparisons checking the certificate takes, for bounding hostile ones} */
    long cost(CertifiedNames names) {
        return (names.alternatives().size() + 2L) * (permitted.size() + excluded.size());
    }

    /**
     * {@return which name of the certificate is forbidden and why; empty if none is}
     *
     * @param names of a certificate below the authority that has these constraints
     */
    Optional<String> violation(CertifiedNames names) {
        for (GeneralName name : names.alternatives()) {
            Optional<String> violation = violation(name);
            if (violation.isPresent()) {
                return violation;
            }
        }
        return subjectViolation(names);
    }

    private Optional<String> subjectViolation(CertifiedNames names) {
        byte[] subject = names.subject().getEncoded();
        boolean named = subject.length > EMPTY_NAME_LENGTH;
        if (named && constrained.contains(GeneralName.Kind.DIRECTORY)) {
            Optional<String> violation = violation(new GeneralName(GeneralName.Kind.DIRECTORY, subject));
            if (violation.isPresent()) {
                return violation;
            }
        }
        if (named && constrained.contains(GeneralName.Kind.EMAIL)) {
            for (String mailbox : DistinguishedName.of(names.subject()).values(EMAIL_ADDRESS)) {
                Optional<String> violation = violation(GeneralName.Kind.EMAIL, mailbox);
                if (violation.isPresent()) {
                    return violation;
                }
            }
        }
        // A common name can stand in for missing alternative names, so it must not be a way around the constraints.
        if (constrained.contains(GeneralName.Kind.DNS)) {
            return names.fallback()
                    .filter(name -> HostSyntax.isHostName(withoutWildcard(name)))
                    .flatMap(name -> violation(GeneralName.Kind.DNS, name));
        }
        return Optional.empty();
    }

    private Optional<String> violation(GeneralName.Kind kind, String text) {
        return violation(new GeneralName(kind, text.getBytes(StandardCharsets.UTF_8)));
    }

    private Optional<String> violation(GeneralName name) {
        if (!constrained.contains(name.kind())) {
            return Optional.empty();
        }
        boolean limited = false;
        boolean inside = false;
        for (GeneralName base : permitted) {
            if (base.kind() == name.kind()) {
                limited = true;
                inside |= relation(name, base) == Relation.INSIDE;
            }
        }
        if (limited && !inside) {
            return Optional.of(name.kind().text() + ' ' + name + " is not among the permitted names");
        }
        for (GeneralName base : excluded) {
            if (base.kind() == name.kind() && relation(name, base) != Relation.OUTSIDE) {
                return Optional.of(name.kind().text() + ' ' + name + " is excluded by " + base);
            }
        }
        return Optional.empty();
    }

    /** How a name stands to a subtree. Only INSIDE satisfies a permission, only OUTSIDE an exclusion. */
    private enum Relation {
        INSIDE,
        OUTSIDE,
        UNCLEAR;

        static Relation of(boolean inside) {
            return inside ? INSIDE : OUTSIDE;
        }
    }

    private static Relation relation(GeneralName name, GeneralName base) {
        return switch (name.kind()) {
            case DNS -> dnsRelation(lower(name), lower(base));
            case IP -> Relation.of(isAddressWithin(name.value(), base.value()));
            case EMAIL ->
                mailHost(name)
                        .map(host -> Relation.of(isMailboxWithin(name.text(), host, base)))
                        .orElse(Relation.UNCLEAR);
            case URI ->
                uriHost(name)
                        .map(host -> Relation.of(isHostWithin(host, lower(base))))
                        .orElse(Relation.UNCLEAR);
            case DIRECTORY -> directoryRelation(name.value(), base.value());
            case OTHER, X400, EDI, REGISTERED_ID -> Relation.UNCLEAR;
        };
    }

    private static Relation dnsRelation(String name, String base) {
        String bare = withoutWildcard(name);
        String domain = base.startsWith(".") ? base.substring(1) : base;
        if (!HostSyntax.isHostName(bare)) {
            return Relation.UNCLEAR;
        }
        if (bare.equals(domain)) {
            // "*.example.com" is inside "example.com" and ".example.com"; "example.com" is inside the former only.
            return bare.length() < name.length() || domain.length() == base.length()
                    ? Relation.INSIDE
                    : Relation.UNCLEAR;
        }
        if (domain.isEmpty() || isBelow(bare, domain)) {
            return Relation.INSIDE;
        }
        boolean wildcardReachesIn = bare.length() < name.length() && isBelow(domain, bare);
        return wildcardReachesIn ? Relation.UNCLEAR : Relation.OUTSIDE;
    }

    private static boolean isBelow(String name, String domain) {
        return name.length() > domain.length()
                && name.endsWith(domain)
                && name.charAt(name.length() - domain.length() - 1) == '.';
    }

    private static boolean isAddressWithin(byte[] address, byte[] range) {
        if (range.length != address.length * 2) {
            return false;
        }
        for (int i = 0; i < address.length; i++) {
            int mask = range[address.length + i];
            if (((address[i] ^ range[i]) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMailboxWithin(String mailbox, String host, GeneralName base) {
        String limit = base.text();
        int at = limit.indexOf('@');
        if (at < 0) {
            return isHostWithin(host, lower(base));
        }
        // The local part is compared as it is, the host without regard to case (RFC 5280, section 7.5).
        return mailbox.substring(0, mailbox.indexOf('@')).equals(limit.substring(0, at))
                && host.equalsIgnoreCase(limit.substring(at + 1));
    }

    /** For e-mail and URI: "host" means this host, ".domain" every host below the domain. */
    private static boolean isHostWithin(String host, String base) {
        return base.isEmpty() || (base.startsWith(".") ? isBelow(host, base.substring(1)) : host.equals(base));
    }

    private static Optional<String> mailHost(GeneralName name) {
        String mailbox = lower(name);
        int at = mailbox.indexOf('@');
        return at > 0 && HostSyntax.isHostName(mailbox.substring(at + 1))
                ? Optional.of(mailbox.substring(at + 1))
                : Optional.empty();
    }

    // RFC 5280: a URI without an authority part, or whose host is no fully qualified name, is to be rejected.
    private static Optional<String> uriHost(GeneralName name) {
        String uri = lower(name);
        int start = uri.indexOf("://");
        if (start <= 0) {
            return Optional.empty();
        }
        int end = start + 3;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        String authority = uri.substring(start + 3, end);
        String host = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = host.indexOf(':');
        String bare = colon < 0 ? host : host.substring(0, colon);
        return HostSyntax.isHostName(bare) && IpAddress.parse(bare).isEmpty() ? Optional.of(bare) : Optional.empty();
    }

    private static Relation directoryRelation(byte[] name, byte[] base) {
        try {
            List<X500Principal> parts = relativeNames(name);
            List<X500Principal> prefix = relativeNames(base);
            return Relation.of(parts.size() >= prefix.size()
                    && parts.subList(0, prefix.size()).equals(prefix));
        } catch (EncodingException malformed) {
            return Relation.UNCLEAR;
        }
    }

    /** Each relative name becomes a name of its own, because the JDK knows how to compare those. */
    private static List<X500Principal> relativeNames(byte[] name) throws EncodingException {
        List<X500Principal> parts = new ArrayList<>();
        DerReader sets = new DerReader(name).sequence();
        while (sets.hasMore()) {
            try {
                parts.add(new X500Principal(Der.sequence(sets.element())));
            } catch (IllegalArgumentException malformed) {
                throw new EncodingException("a directory name is malformed", malformed);
            }
        }
        return parts;
    }

    private static String lower(GeneralName name) {
        return name.text().toLowerCase(Locale.ROOT);
    }

    private static String withoutWildcard(String name) {
        return name.startsWith("*.") ? name.substring(2) : name;
    }
}
