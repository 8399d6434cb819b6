package dev.qssl.spi.x509;

import dev.qssl.QSsl.KeyAlgorithm;
import java.util.List;
import java.util.Optional;

/**
 * A kind of key that can be read and written: its object identifier in PKCS#8 and SubjectPublicKeyInfo, and the name of its
 * JDK key factory.
 *
 * @param objectIdentifier dotted
 * @param factory the JDK's name, such as {@code RSA}
 * @param algorithm Qt's
 */
record KeyKind(String objectIdentifier, String factory, KeyAlgorithm algorithm) {

    static final String RSA = "1.2.840.113549.1.1.1";
    static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
    static final String DSA = "1.2.840.10040.4.1";
    static final String EC = "1.2.840.10045.2.1";
    static final String ML_DSA_44 = "2.16.840.1.101.3.4.3.17";
    static final String ML_DSA_65 = "2.16.840.1.101.3.4.3.18";
    static final String ML_DSA_87 = "2.16.840.1.101.3.4.3.19";

    /** X9.42 Diffie-Hellman, which the JDK does not read. */
    static final String DHX = "1.2.840.10046.2.1";

    private static final List<KeyKind> KNOWN = List.of(
            new KeyKind(RSA, "RSA", KeyAlgorithm.RSA),
            new KeyKind(RSASSA_PSS, "RSASSA-PSS", KeyAlgorithm.RSA),
            new KeyKind(DSA, "DSA", KeyAlgorithm.DSA),
            new KeyKind(EC, "EC", KeyAlgorithm.EC),
            new KeyKind("1.2.840.113549.1.3.1", "DH", KeyAlgorithm.DH),
            new KeyKind("1.3.101.112", "EdDSA", KeyAlgorithm.EDDSA),
            new KeyKind("1.3.101.113", "EdDSA", KeyAlgorithm.EDDSA),
            new KeyKind("1.3.101.110", "XDH", KeyAlgorithm.XDH),
            new KeyKind("1.3.101.111", "XDH", KeyAlgorithm.XDH),
            new KeyKind(ML_DSA_44, "ML-DSA", KeyAlgorithm.ML_DSA),
            new KeyKind(ML_DSA_65, "ML-DSA", KeyAlgorithm.ML_DSA),
            new KeyKind(ML_DSA_87, "ML-DSA", KeyAlgorithm.ML_DSA));

    static Optional<KeyKind> of(String objectIdentifier) {
        return KNOWN.stream()
                .filter(kind -> kind.objectIdentifier.equals(objectIdentifier))
                .findFirst();
    }
}
