package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;

/** Makes certificates with any content, well-formed or not, signed with an EC key of its own. */
public final class CertificateRecipe {

    private static final KeyPair KEYS = generate();
    private static final byte[] ECDSA_SHA_256 = Der.sequence(Der.objectIdentifier("1.2.840.10045.4.3.2"));

    private BigInteger serial = BigInteger.valueOf(0x11);
    private byte[] issuer = Der.sequence(utf8("2.5.4.3", "issuer"));
    private byte[] subject = Der.sequence(utf8("2.5.4.3", "subject"));
    private byte[] notAfter = generalizedTime(Instant.parse("2049-01-01T00:00:00Z"));
    private byte[] key = KEYS.getPublic().getEncoded();
    private final List<byte[]> extensions = new ArrayList<>();

    /** Starts with a well-formed one. */
    public CertificateRecipe() {}

    public CertificateRecipe serial(BigInteger value) {
        serial = value;
        return this;
    }

    public CertificateRecipe subject(byte[]... attributes) {
        subject = Der.sequence(attributes);
        return this;
    }

    public CertificateRecipe selfSigned() {
        issuer = subject;
        return this;
    }

    public CertificateRecipe notAfter(byte[] time) {
        notAfter = time;
        return this;
    }

    public CertificateRecipe key(byte[] subjectPublicKeyInfo) {
        key = subjectPublicKeyInfo;
        return this;
    }

    public CertificateRecipe extension(String oid, byte[] value) {
        extensions.add(Der.sequence(Der.objectIdentifier(oid), Der.octetString(value)));
        return this;
    }

    public CertificateRecipe criticalExtension(String oid, byte[] value) {
        byte[] yes = Der.element(Der.BOOLEAN, new byte[] {-1});
        extensions.add(Der.sequence(Der.objectIdentifier(oid), yes, Der.octetString(value)));
        return this;
    }

    /** {@return DER} */
    public byte[] der() {
        byte[] tbs = Der.sequence(
                Der.explicit(0, Der.integer(2)),
                Der.integer(serial),
                ECDSA_SHA_256,
                issuer,
                Der.sequence(generalizedTime(Instant.parse("2020-01-01T00:00:00Z")), notAfter),
                subject,
                key,
                extensions.isEmpty() ? new byte[0] : Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(KEYS.getPrivate());
            signature.update(tbs);
            return Der.sequence(tbs, ECDSA_SHA_256, Der.bitString(signature.sign()));
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }

    public static byte[] utf8(String oid, String value) {
        return attribute(oid, Der.UTF8_STRING, value.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] attribute(String oid, int stringTag, byte[] value) {
        return Der.element(Der.SET, Der.sequence(Der.objectIdentifier(oid), Der.element(stringTag, value)));
    }

    public static byte[] generalizedTime(Instant time) {
        String text = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(time);
        return Der.element(0x18, text.getBytes(StandardCharsets.US_ASCII));
    }

    private static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance("EC").generateKeyPair();
        } catch (GeneralSecurityException broken) {
            throw new AssertionError(broken);
        }
    }
}
