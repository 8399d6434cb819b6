package dev.qssl.spi;

import dev.qssl.QSsl.SslProtocol;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A cipher suite of the IANA registry.
 *
 * @param code its number, such as 0x1301
 * @param ianaName such as {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
 * @param openSslName such as {@code ECDHE-RSA-AES128-GCM-SHA256}
 * @param protocol the oldest version it can be used in: TLS 1.0, 1.2 or 1.3
 * @param keyExchange such as {@code ECDH}, {@code DH}, {@code RSA}, {@code PSK}, {@code ECDHEPSK}; {@code any} in TLS 1.3
 * @param authentication such as {@code RSA}, {@code ECDSA}, {@code PSK}, {@code None}; {@code any} in TLS 1.3
 * @param encryption such as {@code AESGCM(128)}
 * @param bits the strength of the encryption
 */
public record CipherSuite(
        int code,
        String ianaName,
        String openSslName,
        SslProtocol protocol,
        String keyExchange,
        String authentication,
        String encryption,
        int bits) {

    private static final List<CipherSuite> KNOWN =
            CipherSuites.TABLE.lines().map(CipherSuite::parse).toList();
    private static final Map<Integer, CipherSuite> BY_CODE =
            KNOWN.stream().collect(Collectors.toUnmodifiableMap(CipherSuite::code, Function.identity()));
    private static final Map<String, CipherSuite> BY_NAME = byName();

    /**
     * {@return the suite with this number}
     *
     * @param code two bytes, 0 to 0xFFFF
     */
    public static Optional<CipherSuite> ofCode(int code) {
        return Optional.ofNullable(BY_CODE.get(code));
    }

    /**
     * {@return the suite with this IANA or OpenSSL name} Upper and lower case differ.
     *
     * @param name IANA's or OpenSSL's
     */
    public static Optional<CipherSuite> ofName(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    /** {@return every suite known here, strongest and newest first} */
    public static List<CipherSuite> known() {
        return KNOWN;
    }

    private static CipherSuite parse(String line) {
        String[] field = line.split(" ", -1);
        return new CipherSuite(
                Integer.parseInt(field[0], 16),
                field[1],
                field[2].equals("=") ? field[1] : field[2],
                SslProtocol.valueOf(field[3]),
                field[4],
                field[5],
                field[6],
                Integer.parseInt(field[7]));
    }

    private static Map<String, CipherSuite> byName() {
        Map<String, CipherSuite> byName = new HashMap<>();
        for (CipherSuite suite : KNOWN) {
            byName.put(suite.ianaName(), suite);
            byName.putIfAbsent(suite.openSslName(), suite);
        }
        return Collections.unmodifiableMap(byName);
    }
}
