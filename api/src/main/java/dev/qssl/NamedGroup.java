package dev.qssl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A group of the TLS registry and the names it goes by.
 *
 * @param ianaName its name in the registry
 * @param shortName OpenSSL's short name
 * @param longName OpenSSL's long name
 * @param nistName NIST's name; the short name if it has none
 */
record NamedGroup(String ianaName, String shortName, String longName, String nistName) {

    private static final List<NamedGroup> ALL = List.of(
            nist("sect163k1", "K-163"),
            same("sect163r1"),
            nist("sect163r2", "B-163"),
            same("sect193r1"),
            same("sect193r2"),
            nist("sect233k1", "K-233"),
            nist("sect233r1", "B-233"),
            same("sect239k1"),
            nist("sect283k1", "K-283"),
            nist("sect283r1", "B-283"),
            nist("sect409k1", "K-409"),
            nist("sect409r1", "B-409"),
            nist("sect571k1", "K-571"),
            nist("sect571r1", "B-571"),
            same("secp160k1"),
            same("secp160r1"),
            same("secp160r2"),
            same("secp192k1"),
            new NamedGroup("secp192r1", "prime192v1", "prime192v1", "P-192"),
            same("secp224k1"),
            nist("secp224r1", "P-224"),
            same("secp256k1"),
            new NamedGroup("secp256r1", "prime256v1", "prime256v1", "P-256"),
            nist("secp384r1", "P-384"),
            nist("secp521r1", "P-521"),
            same("brainpoolP256r1"),
            same("brainpoolP384r1"),
            same("brainpoolP512r1"),
            new NamedGroup("x25519", "X25519", "X25519", "X25519"),
            new NamedGroup("x448", "X448", "X448", "X448"),
            new NamedGroup("curveSM2", "SM2", "sm2", "SM2"),
            same("brainpoolP256r1tls13"),
            same("brainpoolP384r1tls13"),
            same("brainpoolP512r1tls13"),
            same("MLKEM512"),
            same("MLKEM768"),
            same("MLKEM1024"),
            same("SecP256r1MLKEM768"),
            same("X25519MLKEM768"),
            same("SecP384r1MLKEM1024"));

    private static final Map<String, NamedGroup> BY_IANA_NAME = new HashMap<>();
    private static final Map<String, NamedGroup> BY_NAME = new HashMap<>();
    private static final Map<String, NamedGroup> BY_LONG_NAME = new HashMap<>();

    static {
        for (NamedGroup group : ALL) {
            BY_IANA_NAME.put(group.ianaName, group);
            BY_LONG_NAME.put(group.longName, group);
            BY_NAME.put(group.ianaName, group);
            BY_NAME.put(group.shortName, group);
            BY_NAME.put(group.nistName, group);
        }
    }

    static Optional<NamedGroup> ofIanaName(String name) {
        return Optional.ofNullable(BY_IANA_NAME.get(name));
    }

    /** {@return the group with this short, NIST or IANA name} */
    static Optional<NamedGroup> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static Optional<NamedGroup> ofLongName(String name) {
        return Optional.ofNullable(BY_LONG_NAME.get(name));
    }

    private static NamedGroup same(String name) {
        return new NamedGroup(name, name, name, name);
    }

    private static NamedGroup nist(String name, String nistName) {
        return new NamedGroup(name, name, name, nistName);
    }
}
