package dev.qssl.spi.x509;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.DSAPrivateKeySpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.KeySpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.spec.DHPrivateKeySpec;

/**
 * Reads private keys from DER: PKCS#8 (RFC 5958), and the traditional forms of RSA (RFC 8017, appendix A.1.2), EC (RFC 5915)
 * and DSA. Writes nothing: {@link PrivateKey#getEncoded} is PKCS#8.
 */
public final class PrivateKeyCodec {

    private PrivateKeyCodec() {}

    /**
     * {@return the key in these bytes, whichever form they are}
     *
     * @param der not encrypted; not kept, not wiped
     * @throws EncodingException if they are no private key, or one that the JDK does not know
     */
    public static PrivateKey decode(byte[] der) throws EncodingException {
        Der.requireWellFormed(der);
        DerReader key = new DerReader(der).sequence();
        key.integer(Integer.MAX_VALUE);
        return switch (key.peekTag()) {
            case Der.SEQUENCE -> pkcs8(der);
            case Der.OCTET_STRING -> sec1(der);
            case Der.INTEGER -> integers(der);
            default ->
                throw new EncodingException(
                        "expected a private key in PKCS#8, PKCS#1 or SEC 1 form, found another" + " ASN.1 structure");
        };
    }

    /**
     * {@return the key of a PKCS#8 PrivateKeyInfo or OneAsymmetricKey}
     *
     * @param der not encrypted; not kept, not wiped
     * @throws EncodingException if it is none, or one that the JDK does not know
     */
    public static PrivateKey pkcs8(byte[] der) throws EncodingException {
        Der.requireWellFormed(der);
        DerReader info = new DerReader(der).sequence();
        info.integer(1);
        byte[] algorithm = info.element();
        byte[] content = info.octetString();
        DerReader identifier = new DerReader(algorithm).sequence();
        String name = identifier.objectIdentifier();
        if (name.equals(KeyKind.DHX)) {
            return dhx(identifier.sequence(), new DerReader(content).integer());
        }
        KeyKind kind = KeyKind.of(name)
                .orElseThrow(() -> new EncodingException("a private key has the unknown algorithm " + name));
        // Without the optional attributes and public key, which some JDKs refuse.
        Der.requireWellFormed(content);
        byte[] plain = Der.sequence(Der.integer(0), algorithm, Der.octetString(content));
        try {
            PrivateKey key = generate(kind.factory(), new PKCS8EncodedKeySpec(plain));
            // A copy of the public key and of the curve may or may not be inside; equal keys shall have equal bytes.
            return key instanceof ECPrivateKey ec
                    ? generate(kind.factory(), new ECPrivateKeySpec(ec.getS(), ec.getParams()))
                    : key;
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(plain, (byte) 0);
        }
    }

    private static PrivateKey sec1(byte[] der) throws EncodingException {
        DerReader key = new DerReader(der).sequence();
        key.integer(1);
        key.octetString();
        if (!key.isNext(Der.context(0))) {
            throw new EncodingException("an EC private key does not name its curve (RFC 5915, section 3)");
        }
        DerReader parameters = key.enter(Der.context(0));
        if (!parameters.isNext(Der.OBJECT_IDENTIFIER)) {
            throw new EncodingException(
                    "an EC private key describes its curve instead of naming it (RFC 5480, section 2.1.1)");
        }
        return wrapped(KeyKind.EC, parameters.element(), der);
    }

    /** PKCS#1 has nine integers, the traditional form of DSA six. */
    private static PrivateKey integers(byte[] der) throws EncodingException {
        DerReader key = new DerReader(der).sequence();
        int count = 0;
        BigInteger[] dsa = new BigInteger[6];
        for (; key.isNext(Der.INTEGER); count++) {
            if (count < dsa.length) {
                dsa[count] = key.integer();
            } else {
                key.skip();
            }
        }
        if (count == dsa.length && !key.hasMore()) {
            return generate("DSA", new DSAPrivateKeySpec(dsa[5], dsa[1], dsa[2], dsa[3]));
        }
        if (count != 9) {
            throw new EncodingException(
                    "expected the nine numbers of an RSA private key or the six of a DSA one, found " + count);
        }
        return wrapped(KeyKind.RSA, Der.nothing(), der);
    }

    private static PrivateKey wrapped(String objectIdentifier, byte[] parameters, byte[] key) throws EncodingException {
        byte[] pkcs8 = Der.sequence(
                Der.integer(0), Der.sequence(Der.objectIdentifier(objectIdentifier), parameters), Der.octetString(key));
        try {
            return pkcs8(pkcs8);
        } finally {
            Arrays.fill(pkcs8, (byte) 0);
        }
    }

    // RFC 3279, section 2.3.3: p, g, q and more; the JDK knows only the form of PKCS#3.
    private static PrivateKey dhx(DerReader parameters, BigInteger x) throws EncodingException {
        BigInteger p = parameters.integer();
        BigInteger g = parameters.integer();
        return generate("DH", new DHPrivateKeySpec(x, p, g));
    }

    private static PrivateKey generate(String factory, KeySpec spec) throws EncodingException {
        try {
            return KeyFactory.getInstance(factory).generatePrivate(spec);
        } catch (GeneralSecurityException | RuntimeException refused) {
            // Not its message: it might quote the key.
            throw new EncodingException(
                    "the " + factory + " private key is malformed, or of a kind that this JDK does not know ("
                            + refused.getClass().getSimpleName() + ")",
                    refused);
        }
    }
}
