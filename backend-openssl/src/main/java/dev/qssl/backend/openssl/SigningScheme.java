package dev.qssl.backend.openssl;

import dev.qssl.QSsl.SslProtocol;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The signature schemes of TLS 1.2 and 1.3 that keys outside of OpenSSL's memory are tried with, in OpenSSL's order. */
enum SigningScheme {
    ECDSA_SECP256R1_SHA256(Kind.ECDSA, 256),
    ECDSA_SECP384R1_SHA384(Kind.ECDSA, 384),
    ECDSA_SECP521R1_SHA512(Kind.ECDSA, 512),
    ED25519(Kind.EDWARDS, 0),
    ED448(Kind.EDWARDS, 0),
    RSA_PSS_PSS_SHA256(Kind.PSS_ONLY, 256),
    RSA_PSS_PSS_SHA384(Kind.PSS_ONLY, 384),
    RSA_PSS_PSS_SHA512(Kind.PSS_ONLY, 512),
    RSA_PSS_RSAE_SHA256(Kind.PSS, 256),
    RSA_PSS_RSAE_SHA384(Kind.PSS, 384),
    RSA_PSS_RSAE_SHA512(Kind.PSS, 512),
    RSA_PKCS1_SHA256(Kind.PKCS1, 256),
    RSA_PKCS1_SHA384(Kind.PKCS1, 384),
    RSA_PKCS1_SHA512(Kind.PKCS1, 512);

    /** What a scheme does, but for the hash. */
    private enum Kind {
        ECDSA,
        EDWARDS,
        PSS_ONLY,
        PSS,
        PKCS1
    }

    private static final int LARGEST_FIELD = 521;

    private final Kind kind;
    private final int hash;

    SigningScheme(Kind kind, int hash) {
        this.kind = kind;
        this.hash = hash;
    }

    /** {@return its name in IANA's registry} */
    String iana() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** {@return whether it is one of the kind of key that belongs to this one} */
    boolean isFor(PublicKey key) {
        return switch (kind) {
            case ECDSA -> key instanceof ECPublicKey;
            case EDWARDS ->
                key instanceof EdECPublicKey edwards
                        && edwards.getParams().getName().equalsIgnoreCase(name());
            case PSS_ONLY -> key.getAlgorithm().equals("RSASSA-PSS");
            case PSS, PKCS1 -> key.getAlgorithm().equals("RSA");
        };
    }

    /** {@return whether handshakes of this version can be signed with it, by the key that belongs to this one} */
    boolean signs(SslProtocol protocol, PublicKey key) {
        return switch (protocol) {
            case TLS_V1_2 -> true;
            case TLS_V1_3 -> kind != Kind.PKCS1 && (!(key instanceof ECPublicKey curve) || fieldBits(curve) == field());
            default -> false;
        };
    }

    private static int fieldBits(ECPublicKey key) {
        return key.getParams().getCurve().getField().getFieldSize();
    }

    /** TLS 1.3 has one curve for each hash (RFC 8446, section 4.2.3). */
    private int field() {
        return hash == 512 ? LARGEST_FIELD : hash;
    }

    /**
     * {@return whether it is what the library asks for with these}
     *
     * @param pss whether RSA is to pad by PSS
     * @param bits the hash's; 0 for a scheme without
     */
    boolean matches(boolean pss, int bits) {
        return switch (kind) {
            case PSS, PSS_ONLY -> pss && hash == bits;
            case PKCS1, ECDSA -> !pss && hash == bits;
            case EDWARDS -> bits == 0;
        };
    }

    /** {@return the names that providers of the JCA have for it, the usual one first} */
    List<String> names() {
        return switch (kind) {
            case ECDSA -> List.of("SHA" + hash + "withECDSA");
            case EDWARDS -> List.of(this == ED25519 ? "Ed25519" : "Ed448", "EdDSA");
            case PSS, PSS_ONLY -> List.of("RSASSA-PSS", "SHA" + hash + "withRSAandMGF1");
            case PKCS1 -> List.of("SHA" + hash + "withRSA");
        };
    }

    /** {@return what it has to be told before it signs: the salt is as long as the hash (RFC 8446, section 4.2.3)} */
    Optional<AlgorithmParameterSpec> parameters() {
        if (kind != Kind.PSS && kind != Kind.PSS_ONLY) {
            return Optional.empty();
        }
        String name = "SHA-" + hash;
        return Optional.of(new PSSParameterSpec(
                name, "MGF1", new MGF1ParameterSpec(name), hash / Byte.SIZE, PSSParameterSpec.TRAILER_FIELD_BC));
    }
}
