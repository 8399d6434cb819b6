package dev.qssl.spi.x509;

/**
 * Checks a certificate's bytes before the JDK's parser sees them. That parser overflows the stack on deeply nested elements
 * and takes quadratic time for nested indefinite lengths (30,000 levels in one extension cost half a second on JDK 17 and
 * 25), and a certificate comes from whoever connects.
 */
final class CertificateStructure {

    private static final int EXTENSIONS = Der.context(3);

    /** The arcs under which the JDK looks into an extension: id-ce, id-pkix and Netscape's. It leaves others alone. */
    private static final String[] PARSED_ARCS = {"2.5.29.", "1.3.6.1.5.5.7.", "2.16.840.1.113730."};

    /** Enough for a prime of 8192 bits. */
    private static final int MAXIMUM_DSA_KEY_BYTES = 4096;

    private CertificateStructure() {}

    /**
     * Checks that certificate, key and the extensions that the JDK parses are well-formed DER of bounded depth (RFC 5280,
     * sections 4.1 and 4.2, demand DER). Linear.
     *
     * @throws EncodingException if they are not
     */
    static void requireSafe(byte[] der) throws EncodingException {
        Der.requireWellFormed(der);
        DerReader fields = beforeKey(new DerReader(der).sequence());
        requireSafeKey(fields.element());
        while (fields.hasMore() && !fields.isNext(EXTENSIONS)) {
            fields.skip(); // unique identifiers
        }
        if (fields.hasMore()) {
            requireSafeExtensions(fields.enter(EXTENSIONS).sequence());
        }
    }

    /**
     * {@return the key's bytes}
     *
     * @param tbsCertificate the signed part of a certificate
     */
    static byte[] subjectPublicKeyInfo(byte[] tbsCertificate) throws EncodingException {
        return beforeKey(new DerReader(tbsCertificate)).element();
    }

    private static DerReader beforeKey(DerReader certificate) throws EncodingException {
        DerReader fields = certificate.sequence();
        if (fields.isNext(Der.context(0))) {
            fields.skip(); // version
        }
        for (int i = 0; i < 5; i++) {
            fields.skip(); // serial number, signature algorithm, issuer, validity, subject
        }
        return fields;
    }

    // The key of every algorithm but RSA is a number or a string, whatever its first byte looks like. The JDK bounds
    // the numbers of all algorithms but DSA; a prime of a megabyte would keep a verifier busy for minutes.
    private static void requireSafeKey(byte[] subjectPublicKeyInfo) throws EncodingException {
        DerReader key = new DerReader(subjectPublicKeyInfo).sequence();
        String algorithm = key.sequence().objectIdentifier();
        if (algorithm.equals(KeyKind.RSA) || algorithm.equals(KeyKind.RSASSA_PSS)) {
            Der.requireWellFormed(key.bitString());
        }
        if (algorithm.equals(KeyKind.DSA) && subjectPublicKeyInfo.length > MAXIMUM_DSA_KEY_BYTES) {
            throw new EncodingException(
                    "a DSA key has " + subjectPublicKeyInfo.length + " bytes, more than " + MAXIMUM_DSA_KEY_BYTES);
        }
    }

    private static void requireSafeExtensions(DerReader extensions) throws EncodingException {
        while (extensions.hasMore()) {
            DerReader extension = extensions.sequence();
            String identifier = extension.objectIdentifier();
            if (extension.isNext(Der.BOOLEAN)) {
                extension.skip();
            }
            byte[] value = extension.octetString();
            if (isParsed(identifier)) {
                try {
                    Der.requireWellFormed(value);
                } catch (EncodingException malformed) {
                    throw new EncodingException(
                            "extension " + ObjectNames.shortName(identifier) + ": " + malformed.getMessage(),
                            malformed);
                }
            }
        }
    }

    private static boolean isParsed(String identifier) {
        for (String arc : PARSED_ARCS) {
            if (identifier.startsWith(arc)) {
                return true;
            }
        }
        return false;
    }
}
