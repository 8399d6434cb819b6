package dev.qssl.spi.probe;

import dev.qssl.spi.Identity;
import dev.qssl.spi.x509.CertificateTable;
import dev.qssl.spi.x509.Der;
import dev.qssl.spi.x509.EncodingException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Makes keys with certificates for connections of this process with itself. Each is valid for a day, names no host and is never
 * written anywhere; only the other end of the same connection accepts it, because it expects this very certificate (see
 * {@link ProbeOwner}). Its issuer is nobody, because a library may treat a self-signed certificate in a way of its own: OpenSSL
 * 3.6 staples nothing for one.
 *
 * <p>Made with the JDK's own providers, whichever library is tried out. Thread-safe.
 */
public final class ThrowAwayIdentity {

    private static final String COMMON_NAME = "2.5.4.3";
    private static final int UTC_TIME = 0x17;
    private static final int RSA_BITS = 2048;
    private static final DateTimeFormatter UTC =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private ThrowAwayIdentity() {}

    /**
     * {@return a new identity with an EC key on P-256, certified with SHA-256}
     *
     * @throws GeneralSecurityException if no provider of this process makes or uses such keys
     */
    public static Identity ec() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return certify(
                generator.generateKeyPair(),
                "SHA256withECDSA",
                Der.sequence(Der.objectIdentifier("1.2.840.10045.4.3.2")));
    }

    /**
     * {@return a new identity with an RSA key of 2048 bits, certified with SHA-256} Takes a tenth of a second or more.
     *
     * @throws GeneralSecurityException if no provider of this process makes or uses such keys
     */
    public static Identity rsa() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(RSA_BITS);
        return certify(
                generator.generateKeyPair(),
                "SHA256withRSA",
                Der.sequence(Der.objectIdentifier("1.2.840.113549.1.1.11"), Der.nothing()));
    }

    private static Identity certify(KeyPair keys, String algorithm, byte[] algorithmIdentifier)
            throws GeneralSecurityException {
        byte[] content = content(keys, algorithmIdentifier);
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(keys.getPrivate());
        signature.update(content);
        byte[] der = Der.sequence(content, algorithmIdentifier, Der.bitString(signature.sign()));
        try {
            return new Identity(List.of(CertificateTable.shared().parse(der)), keys.getPrivate());
        } catch (EncodingException impossible) {
            throw new AssertionError("our own certificate is malformed", impossible);
        }
    }

    /** What is signed (RFC 5280, section 4.1.2), without extensions. */
    private static byte[] content(KeyPair keys, byte[] algorithmIdentifier) {
        Instant now = Instant.now();
        byte[] validity = Der.sequence(time(now.minus(1, ChronoUnit.DAYS)), time(now.plus(1, ChronoUnit.DAYS)));
        byte[] serial = Der.integer(new BigInteger(63, new SecureRandom()).setBit(62));
        return Der.sequence(
                serial,
                algorithmIdentifier,
                name("QSSL in-memory probe: nobody"),
                validity,
                name("QSSL in-memory probe"),
                keys.getPublic().getEncoded());
    }

    private static byte[] name(String commonName) {
        byte[] text = Der.element(Der.UTF8_STRING, commonName.getBytes(StandardCharsets.UTF_8));
        byte[] attribute = Der.sequence(Der.objectIdentifier(COMMON_NAME), text);
        return Der.sequence(Der.element(Der.SET, attribute));
    }

    private static byte[] time(Instant instant) {
        return Der.element(UTC_TIME, UTC.format(instant).getBytes(StandardCharsets.US_ASCII));
    }
}
