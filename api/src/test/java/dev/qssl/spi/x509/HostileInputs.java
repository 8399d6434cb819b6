package dev.qssl.spi.x509;

import static dev.qssl.spi.x509.CertificateRecipe.utf8;
import static dev.qssl.spi.x509.HostileCertificates.filled;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** About a mebibyte each of what parsers find hardest: made to cost time, stack or memory, by what is wrong with them. */
public final class HostileInputs {

    private static final int SIZE = 1 << 20;
    private static final String RSA = "1.2.840.113549.1.1.1";
    private static final String DATA = "1.2.840.113549.1.7.1";

    private HostileInputs() {}

    /** {@return inputs that nothing can be read from} */
    public static Map<String, byte[]> garbage() {
        byte[] random = new byte[SIZE];
        new Random(3).nextBytes(random);
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("nothing", new byte[0]);
        all.put("zeros", new byte[SIZE]);
        all.put("noise", random);
        all.put("indefinite sequences", repeated("0\u0080"));
        all.put("sequences of two gigabytes", repeated("0\u0084\u007F\u00FF\u00FF\u00FF"));
        all.put("indefinite strings", repeated("$\u0080"));
        all.put("integers", repeated("\u0002\u0001\u0001"));
        all.put("nested sequences", nested());
        all.put("a sequence of zeros", Der.sequence(new byte[SIZE]));
        all.put("a huge integer", Der.sequence(hugeInteger(), Der.integer(2)));
        all.put("a huge third integer", Der.sequence(Der.integer(0), Der.integer(1), hugeInteger()));
        all.put("PKCS#8 of nested sequences", pkcs8(nested()));
        all.put("a huge RSA modulus", pkcs8(Der.sequence(Der.integer(0), hugeInteger(), Der.integer(65_537))));
        all.put(
                "a public key of indefinite sequences",
                Der.sequence(
                        Der.sequence(Der.objectIdentifier(RSA), Der.nothing()), Der.bitString(repeated("0\u0080"))));
        addTexts(all);
        return all;
    }

    private static void addTexts(Map<String, byte[]> all) {
        all.put("BEGIN lines", repeated("-----BEGIN CERTIFICATE-----\n"));
        all.put("empty blocks", repeated("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"));
        String digits = "A".repeat(88);
        all.put("blocks", repeated("-----BEGIN CERTIFICATE-----\n" + digits + "\n-----END CERTIFICATE-----\n"));
        all.put("blocks of a key", repeated("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"));
        all.put("headers without an end", repeated("-----BEGIN RSA PRIVATE KEY-----\na:b\n"));
        all.put("one long line", ("-----BEGIN CERTIFICATE-----\n" + "A".repeat(SIZE)).getBytes(ISO_8859_1));
        all.put("empty lines", ("-----BEGIN CERTIFICATE-----" + "\n".repeat(SIZE)).getBytes(ISO_8859_1));
        byte[] headers = filled(SIZE - 70, i -> (Integer.toString(i, 36) + ":\n").getBytes(ISO_8859_1));
        all.put(
                "different headers",
                ("-----BEGIN RSA PRIVATE KEY-----\n" + new String(headers, ISO_8859_1)
                                + "-----END RSA PRIVATE KEY-----\n")
                        .getBytes(ISO_8859_1));
    }

    /** {@return encrypted keys that take almost as much work as is allowed, and one each that takes more} */
    static Map<String, byte[]> encryptedKeys() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("PBKDF2 with SHA-256", encrypted(pbkdf2("1.2.840.113549.2.9", 2_000_000)));
        all.put("PBKDF2 with SHA-512", encrypted(pbkdf2("1.2.840.113549.2.11", 1_000_000)));
        all.put("too much PBKDF2", encrypted(pbkdf2("1.2.840.113549.2.11", 2_000_000)));
        all.put("scrypt", encrypted(scrypt(262_144, 1, 4)));
        all.put("scrypt with large blocks", encrypted(scrypt(2, 65_536, 2)));
        all.put("too much scrypt", encrypted(scrypt(65_536, 8, 1)));
        byte[] parameters = Der.sequence(Der.octetString(new byte[8]), Der.integer(690_000));
        all.put(
                "PKCS #12's own derivation",
                encrypted(Der.sequence(Der.objectIdentifier("1.2.840.113549.1.12.1.3"), parameters)));
        return all;
    }

    /** {@return PKCS #12 files without a MAC} */
    static Map<String, byte[]> pkcs12Files() {
        byte[] certificate = Der.explicit(
                0, Der.octetString(new CertificateRecipe().subject().der()));
        byte[] bag = bag(
                "1.2.840.113549.1.12.10.1.3",
                Der.sequence(Der.objectIdentifier("1.2.840.113549.1.9.22.1"), certificate));
        byte[] nested = Der.sequence(bag("1.2.3", Der.octetString(new byte[SIZE - 2000])));
        for (int i = 0; i < 7; i++) {
            nested = Der.sequence(bag("1.2.840.113549.1.12.10.1.6", nested));
        }
        byte[] scrypt = scrypt(65_536, 4, 1);
        byte[] encrypted = Der.sequence(
                Der.objectIdentifier("1.2.840.113549.1.7.6"),
                Der.explicit(
                        0,
                        Der.sequence(
                                Der.integer(0),
                                Der.sequence(
                                        Der.objectIdentifier(DATA),
                                        scrypt,
                                        Der.element(Der.contextPrimitive(0), new byte[16])))));
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("many certificates", file(data(Der.sequence(filled(SIZE - 100, i -> bag)))));
        all.put("many parts", file(filled(SIZE - 100, i -> data(Der.sequence()))));
        all.put("many bags", file(data(Der.sequence(filled(SIZE - 100, i -> bag("1.2.3", Der.nothing()))))));
        all.put("bags in bags", file(data(nested)));
        all.put("strings in pieces in pieces", pieces());
        all.put("parts with scrypt", file(Der.concatenate(encrypted, encrypted, encrypted)));
        return all;
    }

    /** {@return OCSP responses that nobody signed} */
    static Map<String, byte[]> ocspResponses() {
        byte[] number = Der.sequence(
                Der.sequence(Der.objectIdentifier("1.3.14.3.2.26")),
                Der.octetString(new byte[0]),
                Der.octetString(new byte[0]),
                Der.integer(1));
        byte[] good = Der.element(Der.contextPrimitive(0), new byte[0]);
        byte[] single = Der.sequence(number, good, CertificateRecipe.generalizedTime(Instant.EPOCH));
        byte[] extension = Der.sequence(Der.objectIdentifier("1.2.3"), Der.octetString(new byte[1]));
        byte[] large = new CertificateRecipe()
                .subject(filled(SIZE / 8 - 1000, i -> utf8("2.5.4.3", "a")))
                .der();
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put("many statuses", response(Der.sequence(filled(SIZE - 300, i -> single)), new byte[0], new byte[0]));
        all.put(
                "many extensions",
                response(
                        Der.sequence(single),
                        Der.explicit(1, Der.sequence(filled(SIZE - 300, i -> extension))),
                        new byte[0]));
        all.put(
                "large certificates",
                response(Der.sequence(single), new byte[0], Der.explicit(0, Der.sequence(filled(SIZE, i -> large)))));
        return all;
    }

    private static byte[] pkcs8(byte[] key) {
        return Der.sequence(
                Der.integer(0), Der.sequence(Der.objectIdentifier(RSA), Der.nothing()), Der.octetString(key));
    }

    private static byte[] encrypted(byte[] scheme) {
        return Der.sequence(scheme, Der.octetString(new byte[64]));
    }

    private static byte[] pbkdf2(String function, int rounds) {
        byte[] parameters = Der.sequence(
                Der.octetString(new byte[8]),
                Der.integer(rounds),
                Der.sequence(Der.objectIdentifier(function), Der.nothing()));
        return pbes2(Der.sequence(Der.objectIdentifier("1.2.840.113549.1.5.12"), parameters));
    }

    private static byte[] scrypt(int cost, int blockSize, int parallelism) {
        byte[] parameters = Der.sequence(
                Der.octetString(new byte[8]), Der.integer(cost), Der.integer(blockSize), Der.integer(parallelism));
        return pbes2(Der.sequence(Der.objectIdentifier("1.3.6.1.4.1.11591.4.11"), parameters));
    }

    private static byte[] pbes2(byte[] derivation) {
        byte[] cipher = Der.sequence(Der.objectIdentifier("2.16.840.1.101.3.4.1.2"), Der.octetString(new byte[16]));
        return Der.sequence(Der.objectIdentifier("1.2.840.113549.1.5.13"), Der.sequence(derivation, cipher));
    }

    private static byte[] bag(String type, byte[] value) {
        return Der.sequence(Der.objectIdentifier(type), Der.explicit(0, value));
    }

    private static byte[] data(byte[] content) {
        return Der.sequence(Der.objectIdentifier(DATA), Der.explicit(0, Der.octetString(content)));
    }

    private static byte[] file(byte[] parts) {
        return Der.sequence(Der.integer(3), data(Der.sequence(parts)));
    }

    /** A BER file whose contents are one string in pieces, each of which is in pieces. */
    private static byte[] pieces() {
        int depth = 26;
        ByteArrayOutputStream ber = new ByteArrayOutputStream(SIZE);
        ber.writeBytes(new byte[] {0x30, (byte) 0x80, 2, 1, 3, 0x30, (byte) 0x80});
        ber.writeBytes(Der.objectIdentifier(DATA));
        ber.writeBytes(new byte[] {(byte) 0xA0, (byte) 0x80});
        for (int i = 0; i < depth; i++) {
            ber.writeBytes(new byte[] {0x24, (byte) 0x80});
        }
        while (ber.size() < SIZE - 100) {
            ber.writeBytes(new byte[] {4, 0});
        }
        ber.writeBytes(new byte[2 * (depth + 3)]);
        return ber.toByteArray();
    }

    private static byte[] response(byte[] singles, byte[] extensions, byte[] certificates) {
        byte[] data = Der.sequence(
                Der.explicit(2, Der.octetString(new byte[20])),
                CertificateRecipe.generalizedTime(Instant.EPOCH),
                singles,
                extensions);
        byte[] basic = Der.sequence(
                data,
                Der.sequence(Der.objectIdentifier("1.2.840.10045.4.3.2")),
                Der.bitString(new byte[70]),
                certificates);
        byte[] typed = Der.sequence(Der.objectIdentifier("1.3.6.1.5.5.7.48.1.1"), Der.octetString(basic));
        return Der.sequence(Der.element(Der.ENUMERATED, new byte[1]), Der.explicit(0, typed));
    }

    private static byte[] repeated(String pattern) {
        return pattern.repeat(SIZE / pattern.length()).getBytes(ISO_8859_1);
    }

    private static byte[] hugeInteger() {
        byte[] bytes = new byte[SIZE - 64];
        Arrays.fill(bytes, (byte) 0x55);
        return Der.element(Der.INTEGER, bytes);
    }

    /** Definite lengths, each element inside the one before. */
    private static byte[] nested() {
        List<byte[]> headers = new ArrayList<>();
        int length = 0;
        while (length < SIZE - 8 && headers.size() < 20_000) {
            byte[] header = new byte[Der.headerLength(length)];
            Der.writeHeader(Der.SEQUENCE, length, header, 0);
            headers.add(header);
            length += header.length;
        }
        Collections.reverse(headers);
        return Der.concatenate(headers.toArray(byte[][]::new));
    }
}
