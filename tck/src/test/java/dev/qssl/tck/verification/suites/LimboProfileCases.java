package dev.qssl.tck.verification.suites;

import static dev.qssl.tck.verification.suites.Draft.Criticality.CRITICAL;
import static dev.qssl.tck.verification.suites.Draft.Criticality.NOT_CRITICAL;
import static dev.qssl.tck.verification.suites.Draft.intermediate;
import static dev.qssl.tck.verification.suites.Draft.leaf;
import static dev.qssl.tck.verification.suites.Draft.root;

import dev.qssl.tck.verification.suites.SuiteCase.Question;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.PolicyConstraints;

/**
 * The cases of C2SP's x509-limbo about the profile of RFC 5280, path lengths and path building, rendered by us: its
 * identifiers, shapes and expected results, with certificates of our making.
 */
final class LimboProfileCases {

    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.3.6.1.4.1.55738.666.1");

    private final List<SuiteCase> cases = new ArrayList<>();

    private LimboProfileCases() {}

    static List<SuiteCase> all() {
        LimboProfileCases suite = new LimboProfileCases();
        suite.addNames();
        suite.addCriticalExtensions();
        suite.addAuthorities();
        suite.addIdentifiers();
        suite.addSerialNumbersAndPurposes();
        suite.addValidity();
        suite.addPathLengths();
        suite.addPathBuilding();
        return suite.cases;
    }

    private static Question ask(String id) {
        return new Question(id);
    }

    private void addNames() {
        Draft root = root();
        cases.add(ask("rfc5280::ee-empty-issuer").trust(root).refuses(leaf(root).issuer("")));
        Draft nameless = root("CN=x").subject("");
        cases.add(ask("rfc5280::ca-empty-subject").trust(nameless).refuses(leaf(nameless)));
        cases.add(ask("rfc5280::san::malformed")
                .trust(root)
                .refuses(leaf(root)
                        .with(
                                Extension.subjectAlternativeName,
                                NOT_CRITICAL,
                                "example.com".getBytes(StandardCharsets.US_ASCII))));
        cases.add(ask("rfc5280::san::noncritical-with-empty-subject")
                .trust(root)
                .refuses(leaf(root).subject("")));
        byte[] name = new byte[] {0x30, 0x03, (byte) 0x82, 0x01, 'a'};
        cases.add(ask("rfc5280::duplicate-extensions")
                .trust(root)
                .refuses(leaf(root).twice(Extension.subjectAlternativeName, NOT_CRITICAL, name)));
    }

    private void addCriticalExtensions() {
        Draft root = root();
        cases.add(ask("rfc5280::unknown-critical-extension-ee")
                .trust(root)
                .refuses(leaf(root).with(UNKNOWN, CRITICAL, new byte[0])));
        Draft strange = root().with(UNKNOWN, CRITICAL, new byte[0]);
        cases.add(ask("rfc5280::unknown-critical-extension-root").trust(strange).refuses(leaf(strange)));
        Draft between = intermediate(root, 0).with(UNKNOWN, CRITICAL, new byte[0]);
        cases.add(ask("rfc5280::unknown-critical-extension-intermediate")
                .trust(root)
                .also(between)
                .refuses(leaf(between)));
        AuthorityInformationAccess access = new AuthorityInformationAccess(
                AccessDescription.id_ad_caIssuers, new GeneralName(GeneralName.dNSName, "example.com"));
        cases.add(ask("rfc5280::ee-aia")
                .trust(root)
                .accepts(leaf(root).with(Extension.authorityInfoAccess, NOT_CRITICAL, access)));
        cases.add(ask("rfc5280::ee-critical-aia-invalid")
                .trust(root)
                .refuses(leaf(root).with(Extension.authorityInfoAccess, CRITICAL, access)));
        Draft lax = intermediate(root)
                .with(Extension.policyConstraints, NOT_CRITICAL, new PolicyConstraints(BigInteger.valueOf(3), null));
        cases.add(ask("rfc5280::pc::ica-noncritical-pc").trust(root).also(lax).refuses(leaf(lax)));
    }

    private void addAuthorities() {
        Draft root = root();
        Draft fake = intermediate(root).with(Extension.basicConstraints, CRITICAL, new BasicConstraints(false));
        cases.add(ask("rfc5280::intermediate-ca-without-ca-bit")
                .trust(root)
                .also(fake)
                .refuses(leaf(fake)));
        Draft bare = intermediate(root).without(Extension.basicConstraints);
        cases.add(ask("rfc5280::intermediate-ca-missing-basic-constraints")
                .trust(root)
                .also(bare)
                .refuses(leaf(bare)));
        Draft bareRoot = root().without(Extension.basicConstraints);
        cases.add(ask("rfc5280::root-missing-basic-constraints").trust(bareRoot).refuses(leaf(bareRoot)));
        Draft laxRoot = root().with(Extension.basicConstraints, NOT_CRITICAL, new BasicConstraints(true));
        cases.add(ask("rfc5280::root-non-critical-basic-constraints")
                .trust(laxRoot)
                .refuses(leaf(laxRoot)));
        Draft odd = root().usage(0);
        cases.add(ask("rfc5280::root-inconsistent-ca-extensions").trust(odd).refuses(leaf(odd)));
        Draft oddBetween = intermediate(root, 0).usage(0);
        cases.add(
                ask("rfc5280::ica-ku-keycertsign").trust(root).also(oddBetween).refuses(leaf(oddBetween)));
        cases.add(ask("rfc5280::leaf-ku-keycertsign")
                .trust(root)
                .refuses(leaf(root)
                        .with(Extension.basicConstraints, CRITICAL, new BasicConstraints(false))
                        .usage(KeyUsage.digitalSignature | KeyUsage.keyCertSign)));
        cases.add(ask("rfc5280::no-keyusage").trust(root).accepts(leaf(root).without(Extension.keyUsage)));
        cases.add(ask("rfc5280::no-basicconstraints").trust(root).accepts(leaf(root)));
        Draft authority = intermediate(root).names("ca.example.com");
        cases.add(ask("rfc5280::ca-as-leaf").trust(root).host("ca.example.com").accepts(authority));
        cases.add(ask("rfc5280::ca-as-leaf-wrong-san")
                .trust(root)
                .host("some-other-ca.example.com")
                .refuses(authority));
        Draft between = intermediate(root);
        cases.add(ask("rfc5280::root-and-intermediate-swapped")
                .trust(between)
                .also(root)
                .accepts(leaf(between)));
        cases.add(ask("rfc5280::chain-untrusted-root")
                .trust(root("CN=unrelated"))
                .also(root, between)
                .refuses(leaf(between)));
    }

    private void addIdentifiers() {
        Draft root = root();
        Draft critical = Draft.root("CN=critical").with(Extension.authorityKeyIdentifier, CRITICAL, emptySequence());
        cases.add(ask("rfc5280::aki::critical-aki").trust(critical).refuses(leaf(critical)));
        cases.add(ask("rfc5280::aki::leaf-missing-aki")
                .trust(root)
                .refuses(leaf(root).without(Extension.authorityKeyIdentifier)));
        Draft unnamed = intermediate(root, 0).without(Extension.authorityKeyIdentifier);
        cases.add(ask("rfc5280::aki::intermediate-missing-aki")
                .trust(root)
                .also(unnamed)
                .refuses(leaf(unnamed)));
        cases.add(ask("rfc5280::aki::self-signed-root-missing-aki").trust(root).accepts(leaf(root)));
        cases.add(ask("rfc5280::aki::cross-signed-root-missing-aki")
                .trust(unnamed)
                .refuses(leaf(unnamed)));
        Draft criticalKey = root().with(Extension.subjectKeyIdentifier, CRITICAL, new byte[] {4, 1, 1});
        cases.add(ask("rfc5280::ski::critical-ski").trust(criticalKey).refuses(leaf(criticalKey)));
        Draft rootWithout = root().without(Extension.subjectKeyIdentifier);
        cases.add(ask("rfc5280::ski::root-missing-ski").trust(rootWithout).refuses(leaf(rootWithout)));
        Draft without = intermediate(root).without(Extension.subjectKeyIdentifier);
        cases.add(ask("rfc5280::ski::intermediate-missing-ski")
                .trust(root)
                .also(without)
                .refuses(leaf(without)));
    }

    private void addSerialNumbersAndPurposes() {
        Draft root = root();
        cases.add(ask("rfc5280::serial::number-too-long")
                .trust(root)
                .refuses(leaf(root).serial(BigInteger.ONE.shiftLeft(22 * 8 - 1))));
        cases.add(ask("rfc5280::serial::number-zero")
                .trust(root)
                .refuses(leaf(root).serial(BigInteger.ZERO)));
        cases.add(ask("rfc5280::serial::number-negative")
                .trust(root)
                .refuses(leaf(root).serial(BigInteger.valueOf(-17))));
        cases.add(
                ask("rfc5280::eku::ee-wrong-eku").trust(root).refuses(leaf(root).purposes(Draft.CLIENT)));
        cases.add(ask("rfc5280::eku::ee-without-eku")
                .trust(root)
                .accepts(leaf(root).without(Extension.extendedKeyUsage)));
    }

    private void addValidity() {
        String early = "2016-01-01T00:00:00Z";
        String late = "2026-01-01T00:00:00Z";
        String judged = "2022-01-01T00:00:00Z";
        Draft oldRoot = root().valid(early, "2020-01-01T00:00:00Z");
        Draft below = intermediate(oldRoot).valid(early, late);
        cases.add(ask("rfc5280::validity::expired-root")
                .trust(oldRoot)
                .also(below)
                .at(judged)
                .refuses(leaf(below).valid("2018-01-01T00:00:00Z", "2023-01-01T00:00:00Z")));
        Draft root = root().valid(early, late);
        Draft old = intermediate(root).valid(early, "2020-01-01T00:00:00Z");
        cases.add(ask("rfc5280::validity::expired-intermediate")
                .trust(root)
                .also(old)
                .at(judged)
                .refuses(leaf(old).valid("2018-01-01T00:00:00Z", "2023-01-01T00:00:00Z")));
        Draft current = intermediate(root).valid(early, late);
        cases.add(ask("rfc5280::validity::expired-leaf")
                .trust(root)
                .also(current)
                .at(judged)
                .refuses(leaf(current).valid("2018-01-01T00:00:00Z", "2021-01-01T00:00:00Z")));
        addBounds("notbefore-exact", "2024-03-01T00:00:00Z", true);
        addBounds("notbefore-fractional", "2024-02-29T23:59:59.999Z", false);
        addBounds("notafter-exact", "2024-04-01T00:00:00Z", true);
        addBounds("notafter-fractional", "2024-04-01T00:00:00.005Z", true);
    }

    private void addBounds(String id, String moment, boolean accepted) {
        String first = "2024-03-01T00:00:00Z";
        String last = "2024-04-01T00:00:00Z";
        Draft root = root().valid(first, last);
        Draft between = intermediate(root).valid(first, last);
        Draft leaf = leaf(between).valid(first, last);
        Question question =
                ask("rfc5280::validity::" + id).trust(root).also(between).at(moment);
        cases.add(accepted ? question.accepts(leaf) : question.refuses(leaf));
    }

    private void addPathLengths() {
        Draft root = root();
        for (int length = 0; length < 3; length++) {
            Draft between = intermediate(root, length);
            cases.add(ask("pathlen::ee-with-intermediate-pathlen-" + length)
                    .trust(root)
                    .also(between)
                    .accepts(leaf(between)));
        }
        Draft none = intermediate(root, 0);
        Draft second = intermediate(none, 0);
        cases.add(ask("pathlen::validation-ignores-pathlen-in-leaf")
                .trust(root)
                .also(none)
                .accepts(second));
        cases.add(ask("pathlen::intermediate-violates-pathlen-0")
                .trust(root)
                .also(none, second)
                .refuses(leaf(second)));
        Draft one = intermediate(root, 1);
        Draft more = intermediate(one, 2);
        cases.add(ask("pathlen::intermediate-pathlen-may-increase")
                .trust(root)
                .also(one, more)
                .accepts(leaf(more)));
        Draft last = intermediate(one, 0);
        Draft tooMany = intermediate(last, 0);
        cases.add(ask("pathlen::intermediate-pathlen-too-long")
                .trust(root)
                .also(one, last, tooMany)
                .refuses(leaf(tooMany)));
        Draft renewed = intermediate(one, 1).subject(one.subjectName());
        Draft below = intermediate(renewed, 0);
        cases.add(ask("pathlen::self-issued-certs-pathlen")
                .trust(root)
                .also(one, renewed, below)
                .accepts(leaf(below)));
    }

    private void addPathBuilding() {
        Draft root = root();
        Draft other = root("CN=root of old");
        Draft expired = intermediate(other, 1)
                .subject(root.subjectName())
                .keysOf(root)
                .valid("1980-01-01T00:00:00Z", "1988-11-25T00:00:00Z");
        cases.add(ask("pathological::multiple-chains-expired-intermediate")
                .trust(root, other)
                .also(expired)
                .accepts(leaf(root)));
        KeyPair one = SuiteKeys.next();
        KeyPair two = SuiteKeys.next();
        cases.add(cycle("pathological::intermediate-cycle-distinct-cas", "CN=ca1", one, "CN=ca2", two));
        cases.add(cycle("pathological::intermediate-cycle-same-logical-ca", "CN=ca", one, "CN=ca", two));
        cases.add(mutuallySigned());
        Draft broken = intermediate(root).keys(SuiteKeys.next("RSA", 512));
        cases.add(ask("invalid::invalid-issuer-key")
                .trust(root("CN=root of all"))
                .also(broken)
                .refuses(leaf(root)));
    }

    private static SuiteCase cycle(String id, String name1, KeyPair keys1, String name2, KeyPair keys2) {
        Draft issuer1 = root(name1).keys(keys1);
        Draft issuer2 = root(name2).keys(keys2);
        Draft first = intermediate(issuer2).subject(name1).keys(keys1);
        Draft second = intermediate(issuer1).subject(name2).keys(keys2);
        return ask(id).trust(root()).also(first, second).refuses(leaf(first));
    }

    /** CVE-2024-0567: three authorities that sign each other, one of them trusted. */
    private static SuiteCase mutuallySigned() {
        Draft a = root("CN=Root A");
        Draft b = root("CN=Root B");
        Draft c = root("CN=Root C");
        Draft below = intermediate(a);
        return ask("cve::cve-2024-0567")
                .trust(a)
                .also(
                        below,
                        signedBy(b, a),
                        signedBy(c, a),
                        signedBy(a, b),
                        signedBy(c, b),
                        signedBy(a, c),
                        signedBy(b, c))
                .accepts(leaf(below));
    }

    private static Draft signedBy(Draft issuer, Draft subject) {
        return intermediate(issuer).subject(subject.subjectName()).keysOf(subject);
    }

    private static DERSequence emptySequence() {
        return new DERSequence(new ASN1EncodableVector());
    }
}
