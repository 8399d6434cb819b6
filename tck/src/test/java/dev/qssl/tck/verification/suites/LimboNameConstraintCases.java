package dev.qssl.tck.verification.suites;

import static dev.qssl.tck.verification.suites.Draft.Criticality.CRITICAL;
import static dev.qssl.tck.verification.suites.Draft.Criticality.NOT_CRITICAL;
import static dev.qssl.tck.verification.suites.Draft.intermediate;
import static dev.qssl.tck.verification.suites.Draft.leaf;
import static dev.qssl.tck.verification.suites.Draft.root;

import dev.qssl.tck.verification.suites.SuiteCase.Question;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.OtherName;

/** The cases of C2SP's x509-limbo about name constraints, rendered by us; see {@link LimboProfileCases}. */
final class LimboNameConstraintCases {

    private static final GeneralName NONE_OF_IT = other();

    private final List<SuiteCase> cases = new ArrayList<>();

    private LimboNameConstraintCases() {}

    static List<SuiteCase> all() {
        LimboNameConstraintCases suite = new LimboNameConstraintCases();
        suite.addDns();
        suite.addAddresses();
        suite.addDirectoryNames();
        suite.addSelfIssued();
        suite.addMalformed();
        suite.addLongerPaths();
        suite.addAlternatives();
        suite.addMailAndOthers();
        suite.addWildcards();
        return suite.cases;
    }

    private void addDns() {
        Draft permits = root().permitting(dns("example.com"));
        cases.add(ask("permitted-dns-mismatch")
                .trust(permits)
                .host("")
                .refuses(leaf(permits).names("not-example.com")));
        cases.add(ask("permitted-dns-match").trust(permits).accepts(leaf(permits)));
        cases.add(ask("permitted-dns-match-more")
                .trust(permits)
                .host("foo.bar.example.com")
                .accepts(leaf(permits).names("foo.bar.example.com")));
        Draft lax = root().with(
                        Extension.nameConstraints,
                        NOT_CRITICAL,
                        new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(dns("example.com"))}, null));
        cases.add(ask("permitted-dns-match-noncritical").trust(lax).refuses(leaf(lax)));
        Draft root = root();
        Draft excludes = intermediate(root).excluding(dns("example.com"));
        cases.add(ask("excluded-dns-match").trust(root).also(excludes).refuses(leaf(excludes)));
        Draft excludesOne = root().excluding(dns("not-allowed.example.com"));
        cases.add(ask("excluded-dns-match-second")
                .trust(excludesOne)
                .refuses(leaf(excludesOne).names("example.com", "not-allowed.example.com")));
        Draft both = root().constraints(new GeneralName[] {dns("example.com")}, new GeneralName[] {dns("example.com")});
        cases.add(ask("excluded-match-permitted-and-excluded").trust(both).refuses(leaf(both)));
    }

    private void addAddresses() {
        Draft permits = root().permitting(ip("192.0.2.0/24"));
        cases.add(ask("permitted-ip-mismatch")
                .trust(permits)
                .host("192.0.3.1")
                .refuses(withNames(leaf(permits), ip("192.0.3.1"))));
        cases.add(ask("permitted-ipv4-match")
                .trust(permits)
                .host("192.0.2.1")
                .accepts(withNames(leaf(permits), ip("192.0.2.1"))));
        cases.add(ask("permitted-different-constraint-type").trust(permits).accepts(leaf(permits)));
        Draft excludes = root().excluding(ip("192.0.2.0/24"));
        cases.add(ask("excluded-ipv4-match")
                .trust(excludes)
                .host("192.0.2.1")
                .refuses(withNames(leaf(excludes), ip("192.0.2.1"))));
        cases.add(ask("excluded-different-constraint-type").trust(excludes).accepts(leaf(excludes)));
        Draft permits6 = root().permitting(ip("::1/128"));
        cases.add(
                ask("permitted-ipv6-match").trust(permits6).host("::1").accepts(withNames(leaf(permits6), ip("::1"))));
        Draft excludes6 = root().excluding(ip("::1/128"));
        cases.add(
                ask("excluded-ipv6-match").trust(excludes6).host("::1").refuses(withNames(leaf(excludes6), ip("::1"))));
    }

    private void addDirectoryNames() {
        Draft permits = root().permitting(directory("CN=foo"));
        Draft excludes = root().excluding(directory("CN=foo"));
        cases.add(ask("permitted-dn-mismatch")
                .trust(permits)
                .host("")
                .refuses(named(permits, "CN=not-foo", "CN=not-foo")));
        cases.add(ask("excluded-dn-match").trust(excludes).host("").refuses(named(excludes, "CN=foo", "CN=foo")));
        cases.add(ask("permitted-dn-match").trust(permits).host("").accepts(named(permits, "CN=foo", "CN=foo")));
        cases.add(ask("permitted-dn-match-subject-san-mismatch")
                .trust(permits)
                .host("")
                .refuses(named(permits, "CN=not-foo", "CN=foo")));
        cases.add(ask("excluded-dn-match-sub-mismatch")
                .trust(excludes)
                .host("")
                .refuses(named(excludes, "CN=foo", "CN=not-foo")));
    }

    private static Draft named(Draft issuer, String subject, String alternative) {
        return withNames(leaf(issuer).subject(subject), directory(alternative));
    }

    private void addSelfIssued() {
        Draft root = root("CN=not-example.com").names("not-example.com").permitting(dns("example.com"));
        Draft renewed = intermediate(root).subject("CN=not-example.com").names("not-example.com");
        cases.add(ask("permitted-self-issued").trust(root).also(renewed).accepts(leaf(renewed)));
        Draft permits = root().permitting(dns("example.com"));
        Draft between = intermediate(permits).subject("CN=not-example.com").names("not-example.com");
        cases.add(ask("excluded-self-issued-leaf")
                .trust(permits)
                .also(between)
                .host("not-example.com")
                .refuses(leaf(between).subject("CN=not-example.com").names("not-example.com")));
    }

    private void addMalformed() {
        Draft wildcard = root().permitting(dns("*.example.com"));
        cases.add(ask("invalid-dnsname-wildcard")
                .trust(wildcard)
                .host("foo.example.com")
                .refuses(leaf(wildcard).names("foo.example.com")));
        Draft period = root().permitting(dns(".example.com"));
        cases.add(ask("invalid-dnsname-leading-period")
                .trust(period)
                .host("foo.example.com")
                .refuses(leaf(period).names("foo.example.com")));
        Draft four = root().permitting(raw(GeneralName.iPAddress, new byte[] {127, 0, 0, 1}));
        cases.add(ask("invalid-ipv4-address")
                .trust(four)
                .host("127.0.0.1")
                .refuses(withNames(leaf(four), ip("127.0.0.1"))));
        Draft six = root().permitting(
                        raw(GeneralName.iPAddress, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        cases.add(ask("invalid-ipv6-address").trust(six).host("::1").refuses(withNames(leaf(six), ip("::1"))));
        Draft mail = root().permitting(mail("invalid@invalid@example.com"));
        cases.add(ask("invalid-email-address")
                .client()
                .trust(mail)
                .refuses(withNames(leaf(mail).purposes(Draft.CLIENT), mail("example@example.com"))));
        Draft root = root();
        NameConstraints constraints =
                new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(dns("example.com"))}, null);
        cases.add(ask("not-allowed-in-ee-noncritical")
                .trust(root)
                .refuses(leaf(root).with(Extension.nameConstraints, NOT_CRITICAL, constraints)));
        cases.add(ask("not-allowed-in-ee-critical")
                .trust(root)
                .refuses(leaf(root).with(Extension.nameConstraints, CRITICAL, constraints)));
        Draft permits = intermediate(root).permitting(dns("example.com"));
        cases.add(ask("nc-permits-invalid-dns-san")
                .trust(root)
                .also(permits)
                .host("foo.example.com")
                .refuses(leaf(permits).names(".example.com", "foo.example.com")));
        Draft permitsRange = intermediate(root).permitting(ip("192.0.2.0/24"));
        cases.add(ask("nc-permits-invalid-ip-san")
                .trust(root)
                .also(permitsRange)
                .host("192.0.2.1")
                .refuses(withNames(
                        leaf(permitsRange),
                        raw(GeneralName.iPAddress, new byte[] {(byte) 192, 0, 2, 0, -1, -1, -1, 0}),
                        ip("192.0.2.1"))));
    }

    private void addLongerPaths() {
        GeneralName[] permitted = {dns("permitted.example.com")};
        GeneralName[] forbidden = {dns("forbidden.example.com")};
        Draft root = root();
        Draft limits = intermediate(root).constraints(permitted, forbidden).names("permitted.example.com");
        Draft outside = intermediate(limits).names("forbidden.example.com");
        cases.add(ask("intermediate-with-san-rejected-by-intermediate-nc")
                .trust(root)
                .also(limits, outside)
                .host("permitted.example.com")
                .refuses(leaf(outside).names("permitted.example.com")));
        Draft limitedRoot = root().constraints(permitted, forbidden);
        Draft first = intermediate(limitedRoot).names("permitted.example.com");
        Draft second = intermediate(first).names("forbidden.example.com");
        cases.add(ask("intermediate-with-san-rejected-by-root-nc")
                .trust(limitedRoot)
                .also(first, second)
                .host("permitted.example.com")
                .refuses(leaf(second).names("permitted.example.com")));
        Draft wide = intermediate(root).permitting(dns("foo.example.com"), dns("bar.example.com"));
        Draft narrow =
                intermediate(wide).without(Extension.subjectAlternativeName).permitting(dns("bar.example.com"));
        cases.add(ask("restrictive-permits-in-intermediates-narrows")
                .trust(root)
                .also(wide, narrow)
                .host("foo.example.com")
                .refuses(leaf(narrow).names("foo.example.com")));
        Draft strict = intermediate(root).permitting(dns("bar.example.com"));
        Draft widens = intermediate(strict)
                .without(Extension.subjectAlternativeName)
                .permitting(dns("foo.example.com"), dns("bar.example.com"));
        cases.add(ask("restrictive-permits-in-intermediates-widens")
                .trust(root)
                .also(strict, widens)
                .host("foo.example.com")
                .refuses(leaf(widens).names("foo.example.com")));
    }

    private void addAlternatives() {
        Draft discarded = root();
        Draft trusted = root();
        Draft limits = intermediate(trusted)
                .without(Extension.subjectAlternativeName)
                .constraints(
                        new GeneralName[] {dns("permitted.example.com")},
                        new GeneralName[] {dns("forbidden.example.com")});
        KeyPair keys = SuiteKeys.next();
        Draft one =
                intermediate(discarded).keys(keys).subject("CN=an-intermediate").names("forbidden.example.com");
        Draft two =
                intermediate(limits).keys(keys).subject("CN=an-intermediate").without(Extension.subjectAlternativeName);
        cases.add(ask("nc-forbids-alternate-chain-ica")
                .trust(trusted)
                .also(limits, one, two)
                .host("permitted.example.com")
                .accepts(leaf(one).subject("CN=permitted.example.com").names("permitted.example.com")));
        Draft rootA = root();
        Draft rootB = root();
        Draft forbids =
                intermediate(rootA).without(Extension.subjectAlternativeName).excluding(dns("forbidden.example.com"));
        Draft viaA =
                intermediate(forbids).keys(keys).subject("CN=an-intermediate").names("forbidden.example.com");
        Draft viaB =
                intermediate(rootB).keys(keys).subject("CN=an-intermediate").names("unconstrained.example.com");
        cases.add(ask("nc-forbids-same-chain-ica")
                .trust(rootA, rootB)
                .also(forbids, viaA, viaB)
                .host("unconstrained.example.com")
                .accepts(leaf(viaA).subject("CN=unconstrained.example.com").names("unconstrained.example.com")));
    }

    private void addMailAndOthers() {
        Draft root = root();
        Draft permits = mailAuthority(root, "example.com");
        cases.add(ask("nc-permits-invalid-email-san")
                .client()
                .trust(root)
                .also(permits)
                .refuses(withNames(
                        leaf(permits).purposes(Draft.CLIENT),
                        mail("good@example.com"),
                        mail("invalid@address@example.com"))));
        cases.add(ask("nc-permits-email-domain")
                .client()
                .trust(root)
                .also(permits)
                .accepts(withNames(leaf(permits).purposes(Draft.CLIENT), mail("foo@example.com"))));
        Draft exact = mailAuthority(root, "foo@example.com");
        cases.add(ask("nc-permits-email-exact")
                .client()
                .trust(root)
                .also(exact)
                .accepts(withNames(leaf(exact).purposes(Draft.CLIENT), mail("foo@example.com"))));
        Draft others = intermediate(root)
                .without(Extension.subjectAlternativeName)
                .constraints(new GeneralName[] {dns("example.com")}, new GeneralName[] {NONE_OF_IT});
        cases.add(ask("nc-forbids-othername")
                .trust(root)
                .also(others)
                .refuses(withNames(leaf(others), dns("example.com"), NONE_OF_IT)));
        cases.add(ask("nc-forbids-othername-noop").trust(root).also(others).accepts(leaf(others)));
    }

    private static Draft mailAuthority(Draft root, String permitted) {
        return intermediate(root).without(Extension.subjectAlternativeName).permitting(mail(permitted));
    }

    private void addWildcards() {
        Draft root = root();
        Draft forbids = intermediate(root)
                .without(Extension.subjectAlternativeName)
                .constraints(new GeneralName[] {dns("example.com")}, new GeneralName[] {dns("bar.example.com")});
        cases.add(new Question("cve::cve-2025-61727")
                .trust(root)
                .also(forbids)
                .host("bar.example.com")
                .refuses(leaf(forbids).names("*.example.com")));
        Draft permits =
                intermediate(root).without(Extension.subjectAlternativeName).permitting(dns("foo.example.com"));
        cases.add(new Question("cve::cve-2025-61727-nc-permits-variant")
                .trust(root)
                .also(permits)
                .host("foo.example.com")
                .refuses(leaf(permits).names("*.example.com")));
    }

    private static Question ask(String id) {
        return new Question("rfc5280::nc::" + id);
    }

    private static Draft withNames(Draft draft, GeneralName... names) {
        return draft.names(NOT_CRITICAL, names);
    }

    private static GeneralName dns(String name) {
        return new GeneralName(GeneralName.dNSName, name);
    }

    private static GeneralName ip(String address) {
        return new GeneralName(GeneralName.iPAddress, address);
    }

    private static GeneralName mail(String address) {
        return new GeneralName(GeneralName.rfc822Name, address);
    }

    private static GeneralName directory(String name) {
        return new GeneralName(new X500Name(name));
    }

    private static GeneralName raw(int tag, byte[] octets) {
        return new GeneralName(tag, new DEROctetString(octets));
    }

    private static GeneralName other() {
        return new GeneralName(
                GeneralName.otherName,
                new OtherName(new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.3"), DERNull.INSTANCE));
    }
}
