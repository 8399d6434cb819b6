package dev.qssl.spi.x509;

import static dev.qssl.spi.x509.CertificateRecipe.utf8;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/** Certificates as large as may be, each with one part that is as long, or there as often, as can be. */
public final class HostileCertificates {

    private static final int ROOM = CertificateTable.MAXIMUM_CERTIFICATE_BYTES - 1000;
    private static final byte[] COMMON_NAME = utf8("2.5.4.3", "a");

    private HostileCertificates() {}

    /** {@return the certificates, by what is wrong with them} */
    public static Map<String, byte[]> all() {
        Map<String, byte[]> all = new LinkedHashMap<>();
        addNames(all);
        addExtensions(all);
        all.put(
                "a huge serial number",
                new CertificateRecipe()
                        .serial(BigInteger.ONE.shiftLeft(8 * ROOM))
                        .der());
        return all;
    }

    private static void addNames(Map<String, byte[]> all) {
        byte[] attribute = Der.sequence(Der.objectIdentifier("2.5.4.3"), Der.element(0x13, new byte[] {'a'}));
        all.put(
                "a name of many parts",
                new CertificateRecipe().subject(filled(ROOM, i -> COMMON_NAME)).der());
        all.put(
                "two names of many parts",
                new CertificateRecipe()
                        .subject(filled(ROOM / 2, i -> COMMON_NAME))
                        .selfSigned()
                        .der());
        all.put(
                "a name of one part with many values",
                new CertificateRecipe()
                        .subject(Der.element(Der.SET, filled(ROOM, i -> attribute)))
                        .der());
        all.put(
                "a name of one long part",
                new CertificateRecipe()
                        .subject(utf8("2.5.4.3", "\u00E9".repeat(ROOM / 2)))
                        .der());
    }

    private static void addExtensions(Map<String, byte[]> all) {
        all.put("many host names", extended("2.5.29.17", i -> name(2, "a.example")));
        all.put("many short host names", extended("2.5.29.17", i -> name(2, "a")));
        all.put("many addresses", extended("2.5.29.17", i -> name(7, "\0\0\0\0")));
        all.put("many purposes", extended("2.5.29.37", i -> Der.objectIdentifier("1.3.6.1.5." + (200 + i))));
        all.put("many equal policies", extended("2.5.29.32", i -> Der.sequence(Der.objectIdentifier("2.5.29.32.0"))));
        all.put("many TLS features", extended("1.3.6.1.5.5.7.1.24", i -> Der.integer(i & 0x7FFF)));
        all.put("many distribution points", extended("2.5.29.31", i -> Der.sequence(Der.explicit(0, Der.explicit(0)))));
        all.put(
                "many access descriptions",
                extended(
                        "1.3.6.1.5.5.7.1.1",
                        i -> Der.sequence(Der.objectIdentifier("1.3.6.1.5.5.7.48.1"), name(6, "a"))));
        byte[] subtrees = filled(ROOM, i -> Der.sequence(name(2, "a" + i)));
        all.put(
                "many name constraints",
                new CertificateRecipe()
                        .extension("2.5.29.30", Der.sequence(Der.explicit(0, subtrees)))
                        .der());
        CertificateRecipe extensions = new CertificateRecipe();
        for (int i = 0; i < ROOM / 14; i++) {
            extensions.extension("1.2.3." + i, Der.nothing());
        }
        all.put("many extensions", extensions.der());
        all.put(
                "a huge unknown extension",
                new CertificateRecipe().extension("1.2.3.4", new byte[ROOM]).der());
        all.put(
                "a huge key identifier",
                new CertificateRecipe()
                        .extension("2.5.29.14", Der.octetString(new byte[ROOM]))
                        .der());
    }

    /** {@return a file of as many small certificates as fit} */
    static byte[] file(int size) {
        return filled(
                size,
                i -> new CertificateRecipe()
                        .subject()
                        .serial(BigInteger.valueOf(i + 1))
                        .der());
    }

    private static byte[] extended(String identifier, IntFunction<byte[]> element) {
        return new CertificateRecipe()
                .extension(identifier, Der.sequence(filled(ROOM, element)))
                .der();
    }

    private static byte[] name(int kind, String text) {
        return Der.element(Der.contextPrimitive(kind), text.getBytes(ISO_8859_1));
    }

    /** {@return as many elements as fit, one after the other} */
    static byte[] filled(int size, IntFunction<byte[]> element) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(size);
        byte[] next = element.apply(0);
        for (int i = 1; all.size() + next.length <= size; i++) {
            all.writeBytes(next);
            next = element.apply(i);
        }
        return all.toByteArray();
    }
}
