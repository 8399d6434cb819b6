package dev.qssl.tck.verification.suites;

import static dev.qssl.tck.verification.suites.Draft.Criticality.CRITICAL;
import static dev.qssl.tck.verification.suites.Draft.Criticality.NOT_CRITICAL;
import static dev.qssl.tck.verification.suites.Draft.intermediate;
import static dev.qssl.tck.verification.suites.Draft.leaf;
import static dev.qssl.tck.verification.suites.Draft.root;

import dev.qssl.tck.verification.suites.SuiteCase.Question;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.NameConstraints;

/** The cases of C2SP's x509-limbo about public web certificates, rendered by us; see {@link LimboProfileCases}. */
final class LimboWebPkiCases {

    private static final String PRECERTIFICATE = "1.3.6.1.4.1.11129.2.4.4";

    private final List<SuiteCase> cases = new ArrayList<>();

    private LimboWebPkiCases() {}

    static List<SuiteCase> all() {
        LimboWebPkiCases suite = new LimboWebPkiCases();
        suite.addHostNames();
        suite.addCommonNames();
        suite.addPurposes();
        suite.addRootIdentifiers();
        suite.addKeysAndVersions();
        suite.addConstraints();
        return suite.cases;
    }

    private void addHostNames() {
        addHost("san::exact-dns-san", "example.com", "example.com", true);
        addHost("san::mismatch-domain-san", "example.com", "example2.com", false);
        addHost("san::mismatch-subdomain-san", "abc.example.com", "def.example.com", false);
        addHost("san::mismatch-subdomain-apex-san", "example.com", "abc.example.com", false);
        addHost("san::mismatch-apex-subdomain-san", "abc.example.com", "example.com", false);
        addHost("san::public-suffix-wildcard-san", "*.com", "example.com", false);
        addHost("san::leftmost-wildcard-san", "*.example.com", "foo.example.com", true);
        addHost("san::wildcard-embedded-leftmost-san", "ba*.example.com", "baz.example.com", false);
        addHost("san::wildcard-not-in-leftmost-san", "foo.*.example.com", "foo.bar.example.com", false);
        addHost("san::wildcard-match-across-labels-san", "*.example.com", "foo.bar.example.com", false);
        addHost(
                "san::wildcard-embedded-ulabel-san",
                "xn--*-1b3c148a.example.com",
                "xn--bliss-1b3c148a.example.com",
                false);
        Draft root = root();
        cases.add(ask("san::exact-localhost-ip-san")
                .trust(root)
                .host("127.0.0.1")
                .accepts(leaf(root)
                        .subject("O=nobody")
                        .names(NOT_CRITICAL, new GeneralName(GeneralName.iPAddress, "127.0.0.1"))));
        byte[] emoji = "\uD83D\uDE1C.example.com".getBytes(StandardCharsets.UTF_8);
        cases.add(ask("san::unicode-emoji-san")
                .trust(root)
                .host("xn--628h.example.com")
                .refuses(leaf(root)
                        .subject("O=nobody")
                        .names(NOT_CRITICAL, new GeneralName(GeneralName.dNSName, new DEROctetString(emoji)))));
        cases.add(ask("san::no-san").trust(root).refuses(leaf(root).without(Extension.subjectAlternativeName)));
        cases.add(ask("san::san-critical-with-nonempty-subject")
                .trust(root)
                .refuses(leaf(root).names(CRITICAL, new GeneralName(GeneralName.dNSName, "example.com"))));
    }

    private void addHost(String id, String name, String host, boolean accepted) {
        Draft root = root();
        Draft leaf = leaf(root).subject("O=nobody").names(name);
        Question question = ask(id).trust(root).host(host);
        cases.add(accepted ? question.accepts(leaf) : question.refuses(leaf));
    }

    private void addCommonNames() {
        addCommonName("ipv4-hex-mismatch", "0xC0A80101", "192.168.1.1");
        addCommonName("ipv4-leading-zeros-mismatch", "192.168.001.001", "192.168.1.1");
        addCommonName("ipv6-uppercase-mismatch", "2001:DB8::8A2E:370:7334", "2001:db8::8a2e:370:7334");
        addCommonName("ipv6-uncompressed-mismatch", "2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1");
        addCommonName("ipv6-non-rfc5952-mismatch", "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
        addCommonName("punycode-not-in-san", "xn--nxasmq6b.com", "xn--n3h.com");
        addCommonName("utf8-vs-punycode-mismatch", "test-\u6E2C\u8A66.com", "xn--test--wg5h0h.com");
        addCommonName("not-in-san", "notinsan.example.com", "valid.example.com");
        addCommonName("case-mismatch", "Example.COM", "example.com");
    }

    private void addCommonName(String id, String commonName, String name) {
        boolean address = name.indexOf(':') >= 0 || Character.isDigit(name.charAt(0));
        Draft root = root();
        cases.add(ask("cn::cabf-cn-" + id)
                .trust(root)
                .host(name)
                .refuses(leaf(root)
                        .subject("CN=" + commonName)
                        .names(
                                NOT_CRITICAL,
                                new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name))));
    }

    private void addPurposes() {
        addPurpose("ee-anyeku", false, Draft.SERVER, "2.5.29.37.0");
        addPurpose("ee-clientauth-only", false, Draft.CLIENT);
        addPurpose("ee-precertificate-only", false, PRECERTIFICATE);
        addPurpose("ee-precertificate-with-serverauth", false, Draft.SERVER, PRECERTIFICATE);
        addPurpose("ee-serverauth-with-additional", true, Draft.SERVER, Draft.CLIENT);
        addPurpose("ee-codesigning-with-serverauth", false, Draft.SERVER, "1.3.6.1.5.5.7.3.3");
        addPurpose("ee-emailprotection-with-serverauth", false, Draft.SERVER, "1.3.6.1.5.5.7.3.4");
        addPurpose("ee-timestamping-with-serverauth", false, Draft.SERVER, "1.3.6.1.5.5.7.3.8");
        addPurpose("ee-ocspsigning-with-serverauth", false, Draft.SERVER, "1.3.6.1.5.5.7.3.9");
        Draft root = root();
        cases.add(ask("eku::ee-without-eku").trust(root).refuses(leaf(root).without(Extension.extendedKeyUsage)));
        byte[] serverOnly = {0x30, 0x0A, 6, 8, 0x2B, 6, 1, 5, 5, 7, 3, 1};
        cases.add(ask("eku::ee-critical-eku")
                .trust(root)
                .refuses(leaf(root).with(Extension.extendedKeyUsage, CRITICAL, serverOnly)));
        Draft limited = root().purposes(Draft.SERVER);
        cases.add(ask("eku::root-has-eku").trust(limited).refuses(leaf(limited)));
    }

    private void addPurpose(String id, boolean accepted, String... purposes) {
        Draft root = root();
        Draft leaf = leaf(root).purposes(purposes);
        Question question = ask("eku::" + id).trust(root);
        cases.add(accepted ? question.accepts(leaf) : question.refuses(leaf));
    }

    private void addRootIdentifiers() {
        byte[] id = {1, 2, 3, 4};
        addRoot("missing-keyidentifier", identifier(new byte[0], false, false));
        addRoot("authoritycertissuer", identifier(id, true, false));
        addRoot("authoritycertserialnumber", identifier(id, false, true));
        addRoot("all-fields", identifier(id, true, true));
        addRoot("ski-mismatch", identifier(new byte[] {9, 9, 9, 9}, false, false));
    }

    private void addRoot(String id, DERSequence identifier) {
        Draft root = root().with(
                        Extension.subjectKeyIdentifier, NOT_CRITICAL, new DEROctetString(new byte[] {1, 2, 3, 4}))
                .with(Extension.authorityKeyIdentifier, NOT_CRITICAL, identifier);
        Draft leaf = leaf(root)
                .with(
                        Extension.authorityKeyIdentifier,
                        NOT_CRITICAL,
                        identifier(new byte[] {1, 2, 3, 4}, false, false));
        cases.add(ask("aki::root-with-aki-" + id).trust(root).refuses(leaf));
    }

    private static DERSequence identifier(byte[] keyId, boolean issuer, boolean serial) {
        ASN1EncodableVector fields = new ASN1EncodableVector();
        if (keyId.length > 0) {
            fields.add(new DERTaggedObject(false, 0, new DEROctetString(keyId)));
        }
        if (issuer) {
            fields.add(new DERTaggedObject(false, 1, new GeneralNames(new GeneralName(new X500Name("CN=myCN")))));
        }
        if (serial) {
            fields.add(new DERTaggedObject(false, 2, new ASN1Integer(1234)));
        }
        return new DERSequence(fields);
    }

    private void addKeysAndVersions() {
        Draft root = root();
        cases.add(ask("malformed-aia")
                .trust(root)
                .refuses(leaf(root)
                        .with(
                                Extension.authorityInfoAccess,
                                NOT_CRITICAL,
                                "malformed".getBytes(StandardCharsets.US_ASCII))));
        cases.add(ask("forbidden-dsa-spki-leaf").trust(root).refuses(leaf(root).keys(SuiteKeys.next("DSA", 2048))));
        Draft dsa = root().keys(SuiteKeys.next("DSA", 2048));
        cases.add(ask("forbidden-signature-algorithm-in-root").trust(dsa).refuses(leaf(dsa)));
        Draft between = intermediate(root).keys(SuiteKeys.next("DSA", 2048));
        cases.add(ask("forbidden-signature-algorithm-in-leaf")
                .trust(root)
                .also(between)
                .refuses(leaf(between)));
        cases.add(
                ask("forbidden-weak-rsa-in-leaf").trust(root).refuses(leaf(root).keys(SuiteKeys.next("RSA", 1024))));
        cases.add(ask("forbidden-rsa-not-divisible-by-8-in-leaf")
                .trust(root)
                .refuses(leaf(root).keys(SuiteKeys.next("RSA", 2052))));
        cases.add(ask("v1-cert").trust(root).refuses(leaf(root).version1()));
        cases.add(ask("ee-basicconstraints-ca")
                .trust(root)
                .refuses(leaf(root).with(Extension.basicConstraints, CRITICAL, new BasicConstraints(true))));
        cases.add(ask("ca-as-leaf").trust(root).refuses(intermediate(root)));
        cases.add(ask("ku::ee-rsa-without-any-usages")
                .trust(root)
                .refuses(leaf(root).keys(SuiteKeys.next("RSA", 2048)).usage(0)));
    }

    private void addConstraints() {
        Draft lax = root().with(
                        Extension.nameConstraints,
                        NOT_CRITICAL,
                        new NameConstraints(
                                new GeneralSubtree[] {
                                    new GeneralSubtree(new GeneralName(GeneralName.dNSName, "example.com"))
                                },
                                null));
        cases.add(ask("nc::permitted-dns-match-noncritical").trust(lax).accepts(leaf(lax)));
        Draft root = root();
        Draft none = intermediate(root).with(Extension.nameConstraints, CRITICAL, new byte[] {0x30, 0});
        cases.add(ask("nc::intermediate-permitted-excluded-subtrees-both-null")
                .trust(root)
                .also(none)
                .refuses(leaf(none)));
        byte[] empty = {0x30, 4, (byte) 0xA0, 0, (byte) 0xA1, 0};
        Draft both = intermediate(root).with(Extension.nameConstraints, CRITICAL, empty);
        cases.add(ask("nc::intermediate-permitted-excluded-subtrees-both-empty-sequences")
                .trust(root)
                .also(both)
                .refuses(leaf(both)));
    }

    private static Question ask(String id) {
        return new Question("webpki::" + id);
    }
}
