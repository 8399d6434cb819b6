package dev.qssl.backend.openssl;

import dev.qssl.spi.TlsRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Groups have IANA's name, OpenSSL's name, and a number of OpenSSL's. */
final class GroupNames {

    private static final int UNKNOWN_NUMBER = 0x0100_0000;

    /** Those that 1.1.1 and 3.0 know by another name than IANA's. */
    private static final Map<String, String> OPENSSL = Map.of(
            "secp256r1", "P-256",
            "secp384r1", "P-384",
            "secp521r1", "P-521",
            "secp192r1", "prime192v1",
            "x25519", "X25519",
            "x448", "X448");

    private static final Map<String, String> IANA = Map.of(
            "prime256v1", "secp256r1",
            "prime192v1", "secp192r1",
            "X25519", "x25519",
            "X448", "x448");

    /** The names of OpenSSL's numbers, as they come up: each connection has two ends that ask. */
    private static final Map<Integer, Optional<String>> KNOWN = new ConcurrentHashMap<>();

    private GroupNames() {}

    static String toOpenSsl(String iana) {
        return OPENSSL.getOrDefault(iana, iana);
    }

    /** {@return IANA's name of a negotiated group} Groups that OpenSSL has no object for come with IANA's number. */
    static Optional<String> ofNumber(int number) {
        if (number <= 0) {
            return Optional.empty();
        }
        if ((number & UNKNOWN_NUMBER) != 0) {
            return TlsRegistry.groupName(number & 0xFFFF);
        }
        return KNOWN.computeIfAbsent(number, GroupNames::ofObject);
    }

    private static Optional<String> ofObject(int number) {
        String name = NativeMemory.text(LibCrypto.OBJ_nid2sn(number));
        String iana = IANA.getOrDefault(name, name);
        return TlsRegistry.groupCode(iana).isPresent() ? Optional.of(iana) : Optional.empty();
    }
}
