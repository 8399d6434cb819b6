package dev.qssl.spi.x509;

import java.util.HashMap;
import java.util.Map;

/** The short names that OpenSSL, and Qt with it, gives to the parts of names and to certificate extensions. */
public final class ObjectNames {

    private static final Map<String, String> SHORT_NAMES = Map.ofEntries(
            Map.entry("2.5.4.3", "CN"),
            Map.entry("2.5.4.4", "SN"),
            Map.entry("2.5.4.5", "serialNumber"),
            Map.entry("2.5.4.6", "C"),
            Map.entry("2.5.4.7", "L"),
            Map.entry("2.5.4.8", "ST"),
            Map.entry("2.5.4.9", "street"),
            Map.entry("2.5.4.10", "O"),
            Map.entry("2.5.4.11", "OU"),
            Map.entry("2.5.4.12", "title"),
            Map.entry("2.5.4.13", "description"),
            Map.entry("2.5.4.15", "businessCategory"),
            Map.entry("2.5.4.16", "postalAddress"),
            Map.entry("2.5.4.17", "postalCode"),
            Map.entry("2.5.4.20", "telephoneNumber"),
            Map.entry("2.5.4.41", "name"),
            Map.entry("2.5.4.42", "GN"),
            Map.entry("2.5.4.43", "initials"),
            Map.entry("2.5.4.44", "generationQualifier"),
            Map.entry("2.5.4.46", "dnQualifier"),
            Map.entry("2.5.4.65", "pseudonym"),
            Map.entry("2.5.4.97", "organizationIdentifier"),
            Map.entry("0.9.2342.19200300.100.1.1", "UID"),
            Map.entry("0.9.2342.19200300.100.1.25", "DC"),
            Map.entry("1.2.840.113549.1.9.1", "emailAddress"),
            Map.entry("1.2.840.113549.1.9.2", "unstructuredName"),
            Map.entry("1.3.6.1.4.1.311.60.2.1.1", "jurisdictionL"),
            Map.entry("1.3.6.1.4.1.311.60.2.1.2", "jurisdictionST"),
            Map.entry("1.3.6.1.4.1.311.60.2.1.3", "jurisdictionC"),
            Map.entry("2.5.29.9", "subjectDirectoryAttributes"),
            Map.entry("2.5.29.14", "subjectKeyIdentifier"),
            Map.entry("2.5.29.15", "keyUsage"),
            Map.entry("2.5.29.16", "privateKeyUsagePeriod"),
            Map.entry("2.5.29.17", "subjectAltName"),
            Map.entry("2.5.29.18", "issuerAltName"),
            Map.entry("2.5.29.19", "basicConstraints"),
            Map.entry("2.5.29.30", "nameConstraints"),
            Map.entry("2.5.29.31", "crlDistributionPoints"),
            Map.entry("2.5.29.32", "certificatePolicies"),
            Map.entry("2.5.29.33", "policyMappings"),
            Map.entry("2.5.29.35", "authorityKeyIdentifier"),
            Map.entry("2.5.29.36", "policyConstraints"),
            Map.entry("2.5.29.37", "extendedKeyUsage"),
            Map.entry("2.5.29.46", "freshestCRL"),
            Map.entry("2.5.29.54", "inhibitAnyPolicy"),
            Map.entry("1.3.6.1.5.5.7.1.1", "authorityInfoAccess"),
            Map.entry("1.3.6.1.5.5.7.1.3", "qcStatements"),
            Map.entry("1.3.6.1.5.5.7.1.11", "subjectInfoAccess"),
            Map.entry("1.3.6.1.5.5.7.1.24", "tlsfeature"),
            Map.entry("1.3.6.1.5.5.7.48.1", "OCSP"),
            Map.entry("1.3.6.1.5.5.7.48.2", "caIssuers"),
            Map.entry("1.3.6.1.5.5.7.48.1.5", "noCheck"),
            Map.entry("1.3.6.1.4.1.11129.2.4.2", "ct_precert_scts"),
            Map.entry("1.3.6.1.4.1.11129.2.4.3", "ct_precert_poison"),
            Map.entry("2.16.840.1.113730.1.1", "nsCertType"),
            Map.entry("2.16.840.1.113730.1.13", "nsComment"));

    private static final Map<String, String> OBJECT_IDENTIFIERS = inverted();

    private ObjectNames() {}

    /**
     * {@return the short name of a dotted object identifier, such as {@code CN}; the identifier itself if it has none}
     *
     * @param objectIdentifier dotted
     */
    public static String shortName(String objectIdentifier) {
        return SHORT_NAMES.getOrDefault(objectIdentifier, objectIdentifier);
    }

    /**
     * {@return the dotted object identifier of a short name; the argument itself if it is none}
     *
     * @param shortName in its upper and lower case
     */
    public static String objectIdentifier(String shortName) {
        return OBJECT_IDENTIFIERS.getOrDefault(shortName, shortName);
    }

    private static Map<String, String> inverted() {
        Map<String, String> identifiers = new HashMap<>();
        SHORT_NAMES.forEach((identifier, name) -> identifiers.put(name, identifier));
        return Map.copyOf(identifiers);
    }
}
