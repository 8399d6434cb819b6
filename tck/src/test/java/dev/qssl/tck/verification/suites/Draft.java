package dev.qssl.tck.verification.suites;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V1TBSCertificateGenerator;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.jspecify.annotations.Nullable;

/**
 * A certificate in the making, right or wrong in every detail: starts as the public suites' usual root, intermediate or
 * server certificate, and lets each part be replaced. The encoding is fixed when it is first asked for. One thread.
 */
final class Draft {

    /** When the cases are judged. */
    static final Instant NOW = Instant.parse("2026-06-15T00:00:00Z");

    static final String SERVER = "1.3.6.1.5.5.7.3.1";
    static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private static int made;

    private final Draft parent;
    private final List<Extension> extensions = new ArrayList<>();
    private KeyPair keys;
    private X500Name subject;
    private X500Name issuer;
    private BigInteger serial = BigInteger.valueOf(0x10000L + ++made);
    private Instant from = Instant.parse("2026-06-01T00:00:00Z");
    private Instant until = Instant.parse("2026-08-15T00:00:00Z");
    private String signature = "SHA256withECDSA";
    private boolean isVersion1;
    private byte[] der = {};

    private Draft(@Nullable Draft parent, String subject) {
        this.parent = parent == null ? this : parent;
        this.keys = SuiteKeys.next();
        this.subject = new X500Name(subject);
        this.issuer = parent == null ? this.subject : parent.subject;
        keyIdentifier();
        if (parent != null) {
            authorityKeyIdentifier();
        }
    }

    static Draft root() {
        return root("CN=root " + made);
    }

    static Draft root(String name) {
        return new Draft(null, name).authority(-1).usage(KeyUsage.keyCertSign).names("example.com");
    }

    static Draft intermediate(Draft parent) {
        return intermediate(parent, -1);
    }

    static Draft intermediate(Draft parent, int pathLength) {
        return new Draft(parent, "CN=intermediate " + made)
                .authority(pathLength)
                .usage(KeyUsage.keyCertSign)
                .names("example.com");
    }

    static Draft leaf(Draft parent) {
        return new Draft(parent, "CN=example.com")
                .usage(KeyUsage.digitalSignature)
                .purposes(SERVER)
                .names("example.com");
    }

    Draft subject(String name) {
        boolean selfSigned = parent == this;
        subject = new X500Name(name);
        issuer = selfSigned ? subject : issuer;
        return this;
    }

    Draft issuer(String name) {
        issuer = new X500Name(name);
        return this;
    }

    Draft serial(BigInteger number) {
        serial = number;
        return this;
    }

    Draft valid(String first, String last) {
        from = Instant.parse(first);
        until = Instant.parse(last);
        return this;
    }

    /** Certifies the key of another, as its name-sake signed by somebody else. */
    Draft keysOf(Draft other) {
        return keys(other.keys);
    }

    Draft keys(KeyPair pair) {
        keys = pair;
        signature = parent == this ? usualSignature(pair) : signature;
        boolean identified = extensions.removeIf(Draft::isKeyIdentifier);
        return identified ? keyIdentifier() : this;
    }

    Draft signature(String algorithm) {
        signature = algorithm;
        return this;
    }

    Draft version1() {
        isVersion1 = true;
        return this;
    }

    Draft without(ASN1ObjectIdentifier id) {
        extensions.removeIf(extension -> extension.getExtnId().equals(id));
        return this;
    }

    /** Adds an extension, or replaces the one that is there. */
    Draft with(ASN1ObjectIdentifier id, Criticality criticality, ASN1Encodable value) {
        return with(id, criticality, encoded(value));
    }

    Draft with(ASN1ObjectIdentifier id, Criticality criticality, byte[] value) {
        without(id);
        return twice(id, criticality, value);
    }

    /** Adds an extension beside the one that is there. */
    Draft twice(ASN1ObjectIdentifier id, Criticality criticality, byte[] value) {
        extensions.add(new Extension(id, criticality == Criticality.CRITICAL, value));
        return this;
    }

    Draft authority(int pathLength) {
        return with(
                Extension.basicConstraints,
                Criticality.CRITICAL,
                pathLength < 0 ? new BasicConstraints(true) : new BasicConstraints(pathLength));
    }

    Draft usage(int bits) {
        return with(Extension.keyUsage, Criticality.NOT_CRITICAL, new KeyUsage(bits));
    }

    Draft purposes(String... oids) {
        KeyPurposeId[] ids = new KeyPurposeId[oids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = KeyPurposeId.getInstance(new ASN1ObjectIdentifier(oids[i]));
        }
        return with(Extension.extendedKeyUsage, Criticality.NOT_CRITICAL, new ExtendedKeyUsage(ids));
    }

    Draft names(String... dnsNames) {
        GeneralName[] names = new GeneralName[dnsNames.length];
        for (int i = 0; i < names.length; i++) {
            names[i] = new GeneralName(GeneralName.dNSName, dnsNames[i]);
        }
        return names(Criticality.NOT_CRITICAL, names);
    }

    Draft names(Criticality criticality, GeneralName... names) {
        return with(Extension.subjectAlternativeName, criticality, new GeneralNames(names));
    }

    Draft permitting(GeneralName... names) {
        return constraints(names, new GeneralName[0]);
    }

    Draft excluding(GeneralName... names) {
        return constraints(new GeneralName[0], names);
    }

    Draft constraints(GeneralName[] permitted, GeneralName[] excluded) {
        return with(
                Extension.nameConstraints,
                Criticality.CRITICAL,
                new NameConstraints(subtrees(permitted), subtrees(excluded)));
    }

    private static GeneralSubtree[] subtrees(GeneralName[] names) {
        GeneralSubtree[] subtrees = new GeneralSubtree[names.length];
        for (int i = 0; i < names.length; i++) {
            subtrees[i] = new GeneralSubtree(names[i]);
        }
        return subtrees;
    }

    String subjectName() {
        return subject.toString();
    }

    PublicKey publicKey() {
        return keys.getPublic();
    }

    BigInteger serialNumber() {
        return serial;
    }

    byte[] der() {
        if (der.length == 0) {
            der = made();
        }
        return der;
    }

    private byte[] made() {
        try {
            String algorithm =
                    parent == this || !signature.equals("SHA256withECDSA") ? signature : usualSignature(parent.keys);
            AlgorithmIdentifier identifier = new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
            TBSCertificate unsigned = isVersion1 ? version1(identifier) : version3(identifier);
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(parent.keys.getPrivate());
            signer.update(unsigned.getEncoded("DER"));
            ASN1EncodableVector parts = new ASN1EncodableVector();
            parts.add(unsigned);
            parts.add(identifier);
            parts.add(new DERBitString(signer.sign()));
            return new DERSequence(parts).getEncoded("DER");
        } catch (GeneralSecurityException | IOException broken) {
            throw new AssertionError(broken);
        }
    }

    private TBSCertificate version3(AlgorithmIdentifier identifier) {
        V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial));
        generator.setSignature(identifier);
        generator.setIssuer(issuer);
        generator.setStartDate(new Time(Date.from(from)));
        generator.setEndDate(new Time(Date.from(until)));
        generator.setSubject(subject);
        generator.setSubjectPublicKeyInfo(publicKeyInfo());
        generator.setExtensions(new Extensions(extensions.toArray(Extension[]::new)));
        return generator.generateTBSCertificate();
    }

    private TBSCertificate version1(AlgorithmIdentifier identifier) {
        V1TBSCertificateGenerator generator = new V1TBSCertificateGenerator();
        generator.setSerialNumber(new ASN1Integer(serial));
        generator.setSignature(identifier);
        generator.setIssuer(issuer);
        generator.setStartDate(new Time(Date.from(from)));
        generator.setEndDate(new Time(Date.from(until)));
        generator.setSubject(subject);
        generator.setSubjectPublicKeyInfo(publicKeyInfo());
        return generator.generateTBSCertificate();
    }

    private SubjectPublicKeyInfo publicKeyInfo() {
        return SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded());
    }

    private Draft keyIdentifier() {
        try {
            return with(
                    Extension.subjectKeyIdentifier,
                    Criticality.NOT_CRITICAL,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new AssertionError(missing);
        }
    }

    private void authorityKeyIdentifier() {
        try {
            with(
                    Extension.authorityKeyIdentifier,
                    Criticality.NOT_CRITICAL,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(parent.keys.getPublic()));
        } catch (GeneralSecurityException missing) {
            throw new AssertionError(missing);
        }
    }

    private static boolean isKeyIdentifier(Extension extension) {
        return extension.getExtnId().equals(Extension.subjectKeyIdentifier);
    }

    private static String usualSignature(KeyPair pair) {
        return switch (pair.getPrivate().getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "DSA" -> "SHA256withDSA";
            default -> "SHA256withECDSA";
        };
    }

    private static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded("DER");
        } catch (IOException broken) {
            throw new AssertionError(broken);
        }
    }

    /** Whether who does not understand an extension must refuse the certificate. */
    enum Criticality {
        CRITICAL,
        NOT_CRITICAL
    }
}
