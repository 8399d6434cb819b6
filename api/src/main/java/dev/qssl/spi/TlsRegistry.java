package dev.qssl.spi;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The numbers that groups and signature schemes have on the wire: the parts of IANA's registries "TLS Supported Groups" and
 * "TLS SignatureScheme" that libraries still use. Names are the registry's.
 */
public final class TlsRegistry {

    private static final String GROUPS = """
            0017 secp256r1
            0018 secp384r1
            0019 secp521r1
            0016 secp256k1
            0015 secp224r1
            0013 secp192r1
            001A brainpoolP256r1
            001B brainpoolP384r1
            001C brainpoolP512r1
            001D x25519
            001E x448
            001F brainpoolP256r1tls13
            0020 brainpoolP384r1tls13
            0021 brainpoolP512r1tls13
            0029 curveSM2
            0100 ffdhe2048
            0101 ffdhe3072
            0102 ffdhe4096
            0103 ffdhe6144
            0104 ffdhe8192
            0200 MLKEM512
            0201 MLKEM768
            0202 MLKEM1024
            11EB SecP256r1MLKEM768
            11EC X25519MLKEM768
            11ED SecP384r1MLKEM1024
            """;

    private static final String SIGNATURE_SCHEMES = """
            0401 rsa_pkcs1_sha256
            0501 rsa_pkcs1_sha384
            0601 rsa_pkcs1_sha512
            0403 ecdsa_secp256r1_sha256
            0503 ecdsa_secp384r1_sha384
            0603 ecdsa_secp521r1_sha512
            0804 rsa_pss_rsae_sha256
            0805 rsa_pss_rsae_sha384
            0806 rsa_pss_rsae_sha512
            0807 ed25519
            0808 ed448
            0809 rsa_pss_pss_sha256
            080A rsa_pss_pss_sha384
            080B rsa_pss_pss_sha512
            081A ecdsa_brainpoolP256r1tls13_sha256
            081B ecdsa_brainpoolP384r1tls13_sha384
            081C ecdsa_brainpoolP512r1tls13_sha512
            0201 rsa_pkcs1_sha1
            0203 ecdsa_sha1
            0904 mldsa44
            0905 mldsa65
            0906 mldsa87
            """;

    private static final Map<Integer, String> GROUP_NAMES = read(GROUPS);
    private static final Map<String, Integer> GROUP_CODES = inverse(GROUP_NAMES);
    private static final Map<Integer, String> SCHEME_NAMES = read(SIGNATURE_SCHEMES);
    private static final Map<String, Integer> SCHEME_CODES = inverse(SCHEME_NAMES);

    private TlsRegistry() {}

    /** {@return the names of all groups known here, the classical ones first} */
    public static List<String> groupNames() {
        return GROUPS.lines().map(line -> line.substring(5)).toList();
    }

    /**
     * {@return the name of the group with this number, such as {@code x25519} for 29}
     *
     * @param code two bytes, 0 to 0xFFFF
     */
    public static Optional<String> groupName(int code) {
        return Optional.ofNullable(GROUP_NAMES.get(code));
    }

    /**
     * {@return the number of the group with this name} Upper and lower case differ.
     *
     * @param name IANA's name
     */
    public static OptionalInt groupCode(String name) {
        return code(GROUP_CODES, name);
    }

    /** {@return the names of all signature schemes known here, those for signatures of today first} */
    public static List<String> signatureSchemeNames() {
        return SIGNATURE_SCHEMES.lines().map(line -> line.substring(5)).toList();
    }

    /**
     * {@return the name of the signature scheme with this number, such as {@code ed25519} for 0x0807}
     *
     * @param code two bytes, 0 to 0xFFFF
     */
    public static Optional<String> signatureSchemeName(int code) {
        return Optional.ofNullable(SCHEME_NAMES.get(code));
    }

    /**
     * {@return the number of the signature scheme with this name} Upper and lower case differ.
     *
     * @param name IANA's name
     */
    public static OptionalInt signatureSchemeCode(String name) {
        return code(SCHEME_CODES, name);
    }

    private static OptionalInt code(Map<String, Integer> codes, String name) {
        Integer code = codes.get(name);
        return code == null ? OptionalInt.empty() : OptionalInt.of(code);
    }

    private static Map<Integer, String> read(String table) {
        Map<Integer, String> names = new HashMap<>();
        table.lines().forEach(line -> names.put(Integer.parseInt(line.substring(0, 4), 16), line.substring(5)));
        return Map.copyOf(names);
    }

    private static Map<String, Integer> inverse(Map<Integer, String> names) {
        Map<String, Integer> codes = new HashMap<>();
        names.forEach((code, name) -> codes.put(name, code));
        return Map.copyOf(codes);
    }
}
