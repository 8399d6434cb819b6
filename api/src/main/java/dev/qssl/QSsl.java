package dev.qssl;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * The enumerations that all classes share. Names and numbers are Qt's; {@code value()} returns the number.
 *
 * <p>This class depends on nothing, so that the SPI can speak in its constants.
 */
public final class QSsl {

    private QSsl() {}

    /** Which half of a key pair a key is. */
    public enum KeyType {
        /** The secret half. */
        PRIVATE_KEY(0),
        /** The published half. */
        PUBLIC_KEY(1);

        private final int value;

        KeyType(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** How keys and certificates are written down. */
    public enum EncodingFormat {
        /** Text armour around base64 (RFC 7468). */
        PEM(0),
        /** Binary ASN.1. */
        DER(1);

        private final int value;

        EncodingFormat(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** The algorithm a key is for. Constants above {@code DH} are QSSL's own. */
    public enum KeyAlgorithm {
        /** A key that lives behind a handle (token, key store, signer) and cannot be exported. */
        OPAQUE(0),
        /** RSA, including RSASSA-PSS keys. */
        RSA(1),
        /** DSA. Never used in TLS 1.3. */
        DSA(2),
        /** Elliptic curve keys on a named curve. */
        EC(3),
        /** Finite-field Diffie-Hellman. */
        DH(4),
        /** ML-DSA (FIPS 204). */
        ML_DSA(5),
        /** Ed25519 and Ed448 (RFC 8032). */
        EDDSA(6),
        /** X25519 and X448 (RFC 7748). */
        XDH(7);

        private final int value;

        KeyAlgorithm(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant, or QSSL's own above 5} */
        public int value() {
            return value;
        }
    }

    /** The kinds of subjectAltName entries that Qt knows. */
    public enum AlternativeNameEntryType {
        /** An e-mail address. */
        EMAIL_ENTRY(0),
        /** A host name, maybe with a wildcard as its left-most label. */
        DNS_ENTRY(1),
        /** An IP address. */
        IP_ADDRESS_ENTRY(2);

        private final int value;

        AlternativeNameEntryType(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** How the path of certificate files is to be read. */
    public enum PatternSyntax {
        /** The path is a regular expression for whole paths. */
        REGULAR_EXPRESSION(0),
        /** The path may hold {@code *}, {@code ?} and {@code [...]}, none of which matches a separator. */
        WILDCARD(1),
        /** The default: the path is the path of one file. */
        FIXED_STRING(2);

        private final int value;

        PatternSyntax(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /**
     * A protocol version, or a range of them.
     *
     * <p>A <em>concrete</em> constant names one version and can be negotiated; the others are wishes. SSL 2 and 3 do not
     * exist here.
     */
    public enum SslProtocol {
        /** Exactly TLS 1.0 (RFC 2246). Obsolete (RFC 8996). */
        TLS_V1_0(0, 0x0301),
        /** Exactly TLS 1.1 (RFC 4346). Obsolete (RFC 8996). */
        TLS_V1_1(1, 0x0302),
        /** Exactly TLS 1.2 (RFC 5246). */
        TLS_V1_2(2, 0x0303),
        /** Every TLS version that the backend has. */
        ANY_PROTOCOL(3, 0),
        /** The default: TLS 1.2 and newer. */
        SECURE_PROTOCOLS(4, 0),
        /** TLS 1.0 and newer. */
        TLS_V1_0_OR_LATER(5, 0),
        /** TLS 1.1 and newer. */
        TLS_V1_1_OR_LATER(6, 0),
        /** TLS 1.2 and newer. */
        TLS_V1_2_OR_LATER(7, 0),
        /** Exactly DTLS 1.0 (RFC 4347). Obsolete (RFC 8996). */
        DTLS_V1_0(8, 0xFEFF),
        /** DTLS 1.0 and newer. */
        DTLS_V1_0_OR_LATER(9, 0),
        /** Exactly DTLS 1.2 (RFC 6347). */
        DTLS_V1_2(10, 0xFEFD),
        /** DTLS 1.2 and newer: the default for datagrams. */
        DTLS_V1_2_OR_LATER(11, 0),
        /** Exactly TLS 1.3 (RFC 8446). */
        TLS_V1_3(12, 0x0304),
        /** TLS 1.3 and newer. */
        TLS_V1_3_OR_LATER(13, 0),
        /** Nothing was negotiated. Cannot be asked for. */
        UNKNOWN_PROTOCOL(-1, 0);

        private static final Set<SslProtocol> TLS =
                Collections.unmodifiableSet(EnumSet.of(TLS_V1_0, TLS_V1_1, TLS_V1_2, TLS_V1_3));
        private static final Set<SslProtocol> DTLS = Collections.unmodifiableSet(EnumSet.of(DTLS_V1_0, DTLS_V1_2));

        private final int value;
        private final int wireVersion;

        SslProtocol(int value, int wireVersion) {
            this.value = value;
            this.wireVersion = wireVersion;
        }

        /**
         * {@return the concrete version with this number in a hello message, or {@code UNKNOWN_PROTOCOL}}
         *
         * @param wireVersion as on the wire, such as 0x0304
         */
        public static SslProtocol ofWireVersion(int wireVersion) {
            for (SslProtocol protocol : values()) {
                if (protocol.wireVersion == wireVersion && wireVersion != 0) {
                    return protocol;
                }
            }
            return UNKNOWN_PROTOCOL;
        }

        /** {@return Qt 6's number for this constant} */
        public int value() {
            return value;
        }

        /** {@return the number in a hello message (0x0303 for TLS 1.2), or 0 if this is not one concrete version} */
        public int wireVersion() {
            return wireVersion;
        }

        /** {@return whether this names exactly one version} */
        public boolean isConcrete() {
            return wireVersion != 0;
        }

        /** {@return whether this is a version or range of DTLS} */
        public boolean isDatagram() {
            return switch (this) {
                case DTLS_V1_0, DTLS_V1_0_OR_LATER, DTLS_V1_2, DTLS_V1_2_OR_LATER -> true;
                default -> false;
            };
        }

        /** {@return the concrete versions that this allows, oldest first; empty for {@code UNKNOWN_PROTOCOL}} */
        public Set<SslProtocol> versions() {
            return switch (this) {
                case TLS_V1_0, TLS_V1_1, TLS_V1_2, TLS_V1_3, DTLS_V1_0, DTLS_V1_2 ->
                    Collections.unmodifiableSet(EnumSet.of(this));
                case ANY_PROTOCOL, TLS_V1_0_OR_LATER -> TLS;
                case TLS_V1_1_OR_LATER -> Collections.unmodifiableSet(EnumSet.of(TLS_V1_1, TLS_V1_2, TLS_V1_3));
                case SECURE_PROTOCOLS, TLS_V1_2_OR_LATER -> Collections.unmodifiableSet(EnumSet.of(TLS_V1_2, TLS_V1_3));
                case TLS_V1_3_OR_LATER -> Collections.unmodifiableSet(EnumSet.of(TLS_V1_3));
                case DTLS_V1_0_OR_LATER -> DTLS;
                case DTLS_V1_2_OR_LATER -> Collections.unmodifiableSet(EnumSet.of(DTLS_V1_2));
                case UNKNOWN_PROTOCOL -> Set.of();
            };
        }

        /** {@return the usual spelling of a concrete version, such as {@code TLSv1.3}; else the constant's name} */
        public String displayName() {
            return switch (this) {
                case TLS_V1_0 -> "TLSv1";
                case TLS_V1_1 -> "TLSv1.1";
                case TLS_V1_2 -> "TLSv1.2";
                case TLS_V1_3 -> "TLSv1.3";
                case DTLS_V1_0 -> "DTLSv1";
                case DTLS_V1_2 -> "DTLSv1.2";
                default -> name();
            };
        }
    }

    /** Switches of a configuration; each is a bit. A backend that cannot honour a changed one refuses it by name. */
    public enum SslOption {
        /** No empty fragments before CBC records. On by default. */
        DISABLE_EMPTY_FRAGMENTS(0x01, true),
        /** No session tickets are offered or accepted. */
        DISABLE_SESSION_TICKETS(0x02, false),
        /** No TLS compression. On by default; compression never happens (RFC 7525, section 3.3). */
        DISABLE_COMPRESSION(0x04, true),
        /** The client does not name the server it wants. */
        DISABLE_SERVER_NAME_INDICATION(0x08, false),
        /** No renegotiation without RFC 5746. On by default; no renegotiation ever happens. */
        DISABLE_LEGACY_RENEGOTIATION(0x10, true),
        /** No session is kept for reuse inside this process. */
        DISABLE_SESSION_SHARING(0x20, false),
        /** The session is not exposed through {@code sessionTicket()}. On by default. */
        DISABLE_SESSION_PERSISTENCE(0x40, true),
        /** The server follows the client's order of cipher suites instead of its own. */
        DISABLE_SERVER_CIPHER_PREFERENCE(0x80, false);

        private final int value;
        private final boolean onByDefault;

        SslOption(int value, boolean onByDefault) {
            this.value = value;
            this.onByDefault = onByDefault;
        }

        /** {@return Qt's bit for this option} */
        public int value() {
            return value;
        }

        /** {@return whether a new configuration has it on} */
        public boolean isOnByDefault() {
            return onByDefault;
        }
    }

    /** How much of the peer's certificate is asked for and checked. */
    public enum PeerVerifyMode {
        /** The peer is not asked for a certificate, and what it sends is not checked. */
        VERIFY_NONE(0),
        /** The peer is asked for a certificate; errors are reported but fatal to nothing. */
        QUERY_PEER(1),
        /** The peer must show a valid certificate. */
        VERIFY_PEER(2),
        /** The default: {@code QUERY_PEER} on servers, {@code VERIFY_PEER} on clients. */
        AUTO_VERIFY_PEER(3);

        private final int value;

        PeerVerifyMode(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** What a socket does with its bytes. */
    public enum SslMode {
        /** Plain TCP. */
        UNENCRYPTED_MODE(0),
        /** TLS as client: in the handshake, or encrypted. */
        SSL_CLIENT_MODE(1),
        /** TLS as server: in the handshake, or encrypted. */
        SSL_SERVER_MODE(2);

        private final int value;

        SslMode(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** How serious an alert is. */
    public enum AlertLevel {
        /** The connection may go on. */
        WARNING(0),
        /** The connection is over. */
        FATAL(1),
        /** The library does not say. */
        UNKNOWN(2);

        private final int value;

        AlertLevel(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** What an alert says (RFC 8446, section 6; the TLS Alerts registry). */
    public enum AlertType {
        /** The sender will send nothing more. */
        CLOSE_NOTIFY(0),
        /** A message came out of turn. */
        UNEXPECTED_MESSAGE(10),
        /** A record is not authentic. */
        BAD_RECORD_MAC(20),
        /** A record is too long. */
        RECORD_OVERFLOW(22),
        /** Reserved. */
        DECOMPRESSION_FAILURE(30),
        /** No acceptable set of parameters. */
        HANDSHAKE_FAILURE(40),
        /** Reserved (SSL 3). */
        NO_CERTIFICATE(41),
        /** A certificate is corrupt or its signature wrong. */
        BAD_CERTIFICATE(42),
        /** The kind of certificate is not supported. */
        UNSUPPORTED_CERTIFICATE(43),
        /** The certificate was revoked. */
        CERTIFICATE_REVOKED(44),
        /** The certificate is out of its validity period. */
        CERTIFICATE_EXPIRED(45),
        /** Some other problem with the certificate. */
        CERTIFICATE_UNKNOWN(46),
        /** A field is out of range or inconsistent. */
        ILLEGAL_PARAMETER(47),
        /** No path to a trusted authority. */
        UNKNOWN_CA(48),
        /** A valid identity, but not allowed in. */
        ACCESS_DENIED(49),
        /** A message cannot be decoded. */
        DECODE_ERROR(50),
        /** A cryptographic operation of the handshake failed. */
        DECRYPT_ERROR(51),
        /** Reserved. */
        EXPORT_RESTRICTION(60),
        /** The version is recognised but not supported. */
        PROTOCOL_VERSION(70),
        /** The server wants stronger parameters. */
        INSUFFICIENT_SECURITY(71),
        /** An error that has nothing to do with the peer. */
        INTERNAL_ERROR(80),
        /** A client fell back although it need not have (RFC 7507). */
        INAPPROPRIATE_FALLBACK(86),
        /** The user gave up. */
        USER_CANCELLED(90),
        /** The sender does not renegotiate. */
        NO_RENEGOTIATION(100),
        /** A mandatory extension is missing. */
        MISSING_EXTENSION(109),
        /** An extension that was not offered came back. */
        UNSUPPORTED_EXTENSION(110),
        /** Reserved. */
        CERTIFICATE_UNOBTAINABLE(111),
        /** No server of that name here. */
        UNRECOGNIZED_NAME(112),
        /** The stapled response is invalid. */
        BAD_CERTIFICATE_STATUS_RESPONSE(113),
        /** Reserved. */
        BAD_CERTIFICATE_HASH_VALUE(114),
        /** No such pre-shared key. */
        UNKNOWN_PSK_IDENTITY(115),
        /** A client certificate is required. */
        CERTIFICATE_REQUIRED(116),
        /** No common application protocol (RFC 7301). */
        NO_APPLICATION_PROTOCOL(120),
        /** A code that this enumeration lacks, or one that the library does not disclose. */
        UNKNOWN_ALERT_MESSAGE(255);

        private final int value;

        AlertType(int value) {
            this.value = value;
        }

        /**
         * {@return the constant of this code, or {@code UNKNOWN_ALERT_MESSAGE}}
         *
         * @param code one byte, 0 to 255
         */
        public static AlertType ofCode(int code) {
            for (AlertType type : values()) {
                if (type.value == code) {
                    return type;
                }
            }
            return UNKNOWN_ALERT_MESSAGE;
        }

        /** {@return the code on the wire} */
        public int value() {
            return value;
        }
    }

    /** A class of this library that a backend can make work. */
    public enum ImplementedClass {
        /** {@code QSslKey}. */
        KEY(0),
        /** {@code QSslCertificate}. */
        CERTIFICATE(1),
        /** {@code QSslSocket}. */
        SOCKET(2),
        /** {@code QSslDiffieHellmanParameters}: a server can be given its own. */
        DIFFIE_HELLMAN(3),
        /** {@code QSslEllipticCurve}: the groups of a handshake can be chosen. */
        ELLIPTIC_CURVE(4),
        /** {@code QDtls}. */
        DTLS(5),
        /** {@code QDtlsClientVerifier}. */
        DTLS_COOKIE(6);

        private final int value;

        ImplementedClass(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }

    /** A feature that a backend has in at least one role and protocol version. {@code Capabilities} tells which. */
    public enum SupportedFeature {
        /** {@code QSslCertificate.verify} works. */
        CERTIFICATE_VERIFICATION(0),
        /** A client can offer application protocols. */
        CLIENT_SIDE_ALPN(1),
        /** A server can choose an application protocol. */
        SERVER_SIDE_ALPN(2),
        /** OCSP stapling. */
        OCSP(3),
        /** Pre-shared keys. */
        PSK(4),
        /** Sessions can be taken out as bytes and put back. */
        SESSION_TICKET(5),
        /** Alerts are reported. */
        ALERTS(6);

        private final int value;

        SupportedFeature(int value) {
            this.value = value;
        }

        /** {@return Qt's number for this constant} */
        public int value() {
            return value;
        }
    }
}
